package tui

import (
	"errors"
	"fmt"
	"strings"

	"rosey/bus/room"
	"rosey/config"
)

// How the wizard's steps draw themselves.

// wizardNames are the steps as the trail has them.
var wizardNames = [...]string{"File", "Keys", "Choose", "Compare", "Apply", "Start", "Verify", "Done"}

// trail shows the way and where one stands on it.
func (p *wizardPage) trail(m *model, w int) string {
	s := m.styles
	at := p.step
	if at == wizardBack {
		return s.warn.paint("↶ ") + s.strong.paint("Roll back")
	}
	parts := make([]string, len(wizardNames))
	for i, name := range wizardNames {
		switch step := wizardStep(i); {
		case step < at, p.step == wizardDone:
			parts[i] = s.good.paint("✓ ") + s.muted.paint(name)
		case step == at:
			parts[i] = s.accent.paint("● ") + s.strong.paint(name)
		default:
			parts[i] = s.muted.paint("· " + name)
		}
	}
	for _, gap := range []string{"   ", "  ", " "} {
		if row := strings.Join(parts, gap); m.by.StringWidth(row) <= w {
			return row
		}
	}
	return s.accent.paint("● ") + s.strong.paint(wizardNames[at]) + s.muted.paint(fmt.Sprintf("  step %d of %d", at+1, len(wizardNames)))
}

// foot says what enter does.
func (p *wizardPage) foot(m *model) string {
	s := m.styles
	words, _ := p.part().next(m)
	if words == "" {
		return ""
	}
	row := "  " + s.accent.paint("▸ ") + s.strong.paint("enter") + "  " + s.text.paint(words)
	if below := len(p.roll.rows) - p.roll.top - p.roll.space; below > 0 && p.roll.space > 0 {
		row = spread(m.by, row, s.muted.paint(fmt.Sprintf("↓ %d more rows  ", below)), p.w)
	}
	return row
}

// wrapped is text in rows of w cells at most.
func (m *model) wrapped(k ink, text string, w int) []string {
	wrap := wrapper{by: m.by}
	rows := wrap.wrap([]piece{{text, k}}, max(1, w), "")
	return rows
}

// marked is text behind a mark, its further rows under its first.
func (m *model) marked(mark string, k ink, text string, w int) []string {
	n := m.by.StringWidth(mark)
	rows := m.wrapped(k, text, w-n)
	for i := range rows {
		if i == 0 {
			rows[i] = mark + rows[i]
		} else {
			rows[i] = blank(n) + rows[i]
		}
	}
	return rows
}

// refusal is an error in rows: each problem with what to do about it.
func (m *model) refusal(err error, w int) []string {
	s := m.styles
	var bad *config.Error
	if !errors.As(err, &bad) {
		return m.marked(s.bad.paint("✗ "), s.text, room.Clean(err.Error()), w)
	}
	var rows []string
	for _, problem := range bad.Problems {
		rows = append(rows, m.marked(s.bad.paint("✗ "), s.text, room.Clean(problem.String()), w)...)
	}
	return rows
}

// fact is one row of a list of names and what they stand for.
func (m *model) fact(name, text string, w int) []string {
	return m.marked(m.styles.muted.paint(fit(m.by, name, 12)), m.styles.text, room.Clean(text), w)
}

// indentBy is indent by n cells.
func indentBy(n int, rows []string) []string {
	for i := range rows {
		rows[i] = blank(n) + rows[i]
	}
	return rows
}
