package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// withTrouble writes the worst that is wrong on a rule, in its longest stretch
// that has nothing on it yet; where no sentence fits there, over what it has.
// So the keys in the last row stay in sight.
func (m *model) withTrouble(row string) string {
	trouble := m.trouble()
	if len(trouble) == 0 {
		return row
	}
	from, w := bareStretch(row, m.by)
	at, space := from+2, w-6
	text := m.fitting(trouble, space)
	if m.by.StringWidth(text) > space {
		at = 2
		text = truncate(m.by, m.fitting(trouble, m.w-8), m.w-8, ellipsis)
	}
	rows := []string{row}
	overlay(m.by, rows, []string{" " + m.styles.bad.paint("!") + " " + m.styles.warn.paint(text) + " "}, at, 0, m.w)
	return rows[0]
}

// bareStretch is where a rule is longest without a word on it.
func bareStretch(row string, by ansi.Method) (from, w int) {
	at, start := 0, 0
	for _, c := range ansi.Strip(row) {
		n := by.StringWidth(string(c))
		at += n
		if !strings.ContainsRune("─┬┴", c) {
			start = at
		}
		if at-start > w {
			from, w = start, at-start
		}
	}
	return from, w
}
