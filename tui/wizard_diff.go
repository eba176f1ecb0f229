package tui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/migrate"
)

// A wizardDiffPart is the fourth step: the difference, secrets masked.
type wizardDiffPart struct {
	page *wizardPage
	of   *migrate.Plan // that both are of
	two  []migrate.Row
	one  string
}

func (d *wizardDiffPart) open(*model) tea.Cmd {
	if d.of != d.page.plan {
		d.of = d.page.plan
		d.two, d.one = d.of.Rows(), d.of.Diff()
	}
	return nil
}

func (d *wizardDiffPart) next(*model) (string, func(*model) tea.Cmd) {
	return "go on to writing it (nothing is written yet)", d.page.going(wizardApply)
}

func (d *wizardDiffPart) key(*model, tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }

func (d *wizardDiffPart) keys(m *model) []key.Binding {
	return []key.Binding{m.keys.Figures.Down, m.keys.PageDown}
}

// sideWidth is the width from which both files fit side by side.
const sideWidth = 110

func (d *wizardDiffPart) rows(m *model, w int) []string {
	if w < sideWidth {
		return m.unified(d.one, w)
	}
	s := m.styles
	half := (w - 3) / 2
	rows := []string{s.title.paint(fit(m.by, "VERSION 1", half)) + "   " + s.title.paint("VERSION 2")}
	for _, r := range d.two {
		old, fresh := s.muted, s.muted
		if r.Changed {
			old, fresh = s.bad, s.good
		}
		rows = append(rows, m.diffSide(r.OldLine, r.Old, old, r.Changed, half)+s.border.paint(" │ ")+m.diffSide(r.NewLine, r.New, fresh, r.Changed, half))
	}
	return rows
}

// diffSide is one side's line.
func (m *model) diffSide(line int, text string, k ink, changed bool, w int) string {
	if line == 0 {
		return blank(w)
	}
	if !changed {
		k = m.styles.text
	}
	return m.styles.muted.paint(fmt.Sprintf("%4d ", line)) + k.paint(fit(m.by, diffLine(text), w-5))
}

// unified is a unified difference in colours.
func (m *model) unified(text string, w int) []string {
	s := m.styles
	var rows []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		k := s.text
		switch {
		case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"), strings.HasPrefix(line, "@@"):
			k = s.muted
		case strings.HasPrefix(line, "+"):
			k = s.good
		case strings.HasPrefix(line, "-"):
			k = s.bad
		}
		rows = append(rows, m.wrapped(k, diffLine(line), w)...)
	}
	return rows
}

// diffLine is a file's line, clean, as far indented as it was.
func diffLine(line string) string { return room.Clean(strings.ReplaceAll(line, "\t", "    ")) }
