package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// withTrouble writes the worst that is wrong on a rule, in the first stretch of
// it that takes a whole sentence; where none does, in place of what it has. So
// the keys in the last row stay in sight.
func (m *model) withTrouble(row string) string {
	trouble := m.trouble()
	if len(trouble) == 0 {
		return row
	}
	const around = len(" ! ") + len(" ") + 2*2 // two cells of rule on either side
	at, text := 0, ""
	for _, bare := range bareStretches(row, m.by) {
		if one := m.fitting(trouble, bare.w-around); m.by.StringWidth(one) <= bare.w-around {
			at, text = bare.x+2, one
			break
		}
	}
	if text == "" {
		row = m.styles.border.paint(rule(m.w))
		at, text = 2, truncate(m.by, m.fitting(trouble, m.w-around), m.w-around, ellipsis)
	}
	rows := []string{row}
	overlay(m.by, rows, []string{" " + m.styles.bad.paint("!") + " " + m.styles.warn.paint(text) + " "}, at, 0, m.w)
	return rows[0]
}

// bareStretches are where a rule has no words on it, from left to right.
func bareStretches(row string, by ansi.Method) []rect {
	var out []rect
	x, bare := 0, false
	for _, c := range ansi.Strip(row) {
		w := by.StringWidth(string(c))
		switch is := strings.ContainsRune("─┬┴", c); {
		case is && bare:
			out[len(out)-1].w += w
		case is:
			out = append(out, rect{x: x, w: w, h: 1})
			bare = true
		default:
			bare = false
		}
		x += w
	}
	return out
}
