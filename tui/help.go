package tui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// help is what can be done where the person is: the live key map and the
// commands. Keys that do not scroll it close it.
type help struct {
	row int // rows scrolled past
}

func (h *help) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	switch k := m.keys; {
	case key.Matches(msg, k.Quit):
		return m.quit(), true
	case key.Matches(msg, k.Down, k.RowDown):
		h.row++
	case key.Matches(msg, k.Up, k.RowUp):
		h.row = max(0, h.row-1)
	case key.Matches(msg, k.PageDown):
		h.row += max(1, m.h-5)
	case key.Matches(msg, k.PageUp):
		h.row = max(0, h.row-max(1, m.h-5))
	default:
		return nil, true
	}
	return nil, false
}

// helpGroups are the keys of everywhere and of the view that is shown.
func (m *model) helpGroups() []keyGroup {
	every := keyGroup{title: "Everywhere"}
	for _, d := range m.everywhere() {
		every.keys = append(every.keys, d.key)
	}
	every.keys = append(every.keys, m.keys.Rooms)
	return append(m.view().help(m), every)
}

func (h *help) box(m *model) []string {
	s, by := m.styles, m.by
	var blocks [][]string
	for _, g := range m.helpGroups() {
		block := []string{s.title.paint(g.title)}
		for _, k := range g.keys {
			block = append(block, s.strong.paint(fit(by, k.Help().Key, 9))+" "+s.text.paint(k.Help().Desc))
		}
		blocks = append(blocks, block)
	}
	if !m.opts.ReadOnly && m.shown == viewRoom {
		blocks = append(blocks, commandHelp(m))
	}
	inner := min(m.w, 84) - 4
	body := twoColumns(m, blocks, inner)
	total := len(body)
	if fits := max(1, m.h-3); len(body) > fits {
		h.row = min(h.row, len(body)-fits)
		body = body[h.row : h.row+fits]
		if below := total - h.row - fits; below > 0 {
			body[fits-1] = s.muted.paint(fmt.Sprintf("↓ %d more rows", below+1))
		}
	} else {
		h.row = 0
	}
	return m.box(viewTable[m.shown].title+" · "+m.version()+" · any key closes", body, inner+4)
}

func commandHelp(m *model) []string {
	s := m.styles
	block := []string{s.title.paint("Commands")}
	for _, c := range commands() {
		block = append(block, s.strong.paint(fit(m.by, strings.TrimSpace("/"+c.name+" "+c.args), 15))+" "+s.text.paint(c.what))
	}
	return append(block, s.strong.paint(fit(m.by, "//TEXT", 15))+" "+s.text.paint("say it with its slash"))
}

func (m *model) version() string {
	if m.opts.Version == "" {
		return "rosey"
	}
	return "rosey " + m.opts.Version
}

// twoColumns sets blocks in two columns of about the same height; in one where
// w is too small for two.
func twoColumns(m *model, blocks [][]string, w int) []string {
	total := 0
	for _, b := range blocks {
		total += len(b) + 1
	}
	var left, right []string
	for _, b := range blocks {
		to := &left
		if w >= 70 && len(left) > 0 && (len(right) > 0 || len(left)+len(b) > total/2+4) {
			to = &right
		}
		if len(*to) > 0 {
			*to = append(*to, "")
		}
		*to = append(*to, b...)
	}
	if len(right) == 0 {
		return left
	}
	rows := make([]string, max(len(left), len(right)))
	half := w / 2
	for i := range rows {
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		rows[i] = fit(m.by, l, half) + r
	}
	return rows
}
