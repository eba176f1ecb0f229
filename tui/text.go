package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Widths are measured by the method that the renderer uses for this terminal:
// per grapheme where the terminal said that it can, per code point otherwise.
// Measured any other way a family emoji would push its row out of line.

const ellipsis = "…"

// truncate cuts s to at most w cells, with tail at its end where it was cut.
// The library's own looks at the grapheme width first, whatever the method, and
// would leave a family of emoji as wide as it is by code points: padding makes
// it look twice.
func truncate(by ansi.Method, s string, w int, tail string) string {
	if by.StringWidth(s) <= w {
		return s
	}
	return by.Truncate(s+blank(w+1), w, tail)
}

// fit cuts or pads s to exactly w cells; s may be styled.
func fit(by ansi.Method, s string, w int) string {
	if w <= 0 {
		return ""
	}
	s = truncate(by, s, w, ellipsis)
	return s + blank(w-by.StringWidth(s))
}

// cutName cuts a name to at most w cells in its middle: people whose names begin
// alike are told apart by how they end.
func cutName(by ansi.Method, name string, w int) string {
	n := by.StringWidth(name)
	if n <= w || w < 5 {
		return truncate(by, name, max(0, w), ellipsis)
	}
	tail := w / 2
	head := truncate(by, name, w-1-tail, "")
	end := by.TruncateLeft(name, n-tail, "")
	return head + ellipsis + truncate(by, end, w-1-by.StringWidth(head), "")
}

// fitRight is fit with the padding in front.
func fitRight(by ansi.Method, s string, w int) string {
	if w <= 0 {
		return ""
	}
	s = truncate(by, s, w, ellipsis)
	return blank(w-by.StringWidth(s)) + s
}

// spread puts left and right at the ends of a row of w cells; left gives way.
func spread(by ansi.Method, left, right string, w int) string {
	n := by.StringWidth(right)
	if n >= w {
		return fit(by, right, w)
	}
	return fit(by, left, w-n) + right
}

var spaces = strings.Repeat(" ", 512)

func blank(n int) string {
	switch {
	case n <= 0:
		return ""
	case n <= len(spaces):
		return spaces[:n]
	}
	return strings.Repeat(" ", n)
}

// overlay lays box over rows with its corner at x, y. Rows are w cells wide.
func overlay(by ansi.Method, rows, box []string, x, y, w int) {
	for i, b := range box {
		at := y + i
		if at < 0 || at >= len(rows) {
			continue
		}
		n := by.StringWidth(b)
		left := fit(by, truncate(by, rows[at], x, ""), x)
		right := fitRight(by, by.TruncateLeft(rows[at], x+n, ""), w-x-n)
		rows[at] = left + ansi.ResetStyle + b + right
	}
}
