package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// A piece is text in one ink.
type piece struct {
	text string
	ink  ink
}

// A cell is one grapheme cluster on its way to a row.
type cell struct {
	text  string
	width int
	ink   ink
}

// A wrapper breaks pieces into rows. It keeps its scratch space, so wrapping
// costs little more than the rows that it returns.
type wrapper struct {
	by    ansi.Method
	cells []cell
	out   strings.Builder
}

// wrap breaks pieces into rows of exactly width cells, at spaces, beside wide
// characters, or anywhere where a word is longer than a row. under is an ink
// that lies below all others. There is at least one row.
func (w *wrapper) wrap(pieces []piece, width int, under ink) []string {
	if width < 1 {
		return []string{""}
	}
	w.split(pieces, width)
	var rows []string
	start := 0
	for {
		end, next := w.breakAt(start, width)
		rows = append(rows, w.row(start, end, width, under))
		if next >= len(w.cells) {
			return rows
		}
		start = next
	}
}

// split cuts pieces into cells; one that cannot fit a row becomes a "?".
func (w *wrapper) split(pieces []piece, width int) {
	w.cells = w.cells[:0]
	for _, p := range pieces {
		for s := p.text; s != ""; {
			if c := s[0]; c == '\n' || c < 0x80 && (len(s) == 1 || s[1] < 0x80) {
				if c == '\n' || c >= ' ' && c != 0x7f {
					w.cells = append(w.cells, cell{s[:1], 1, p.ink})
				}
				s = s[1:]
				continue
			}
			cluster, n := ansi.FirstGraphemeCluster(s, w.by)
			s = s[len(cluster):]
			switch {
			case n > width:
				w.cells = append(w.cells, cell{"?", 1, p.ink})
			case n > 0:
				w.cells = append(w.cells, cell{cluster, n, p.ink})
			}
		}
	}
}

// breakAt says where the row that begins at start ends and the next begins.
func (w *wrapper) breakAt(start, width int) (end, next int) {
	used, brk := 0, -1 // brk: the last place where a row may end, exclusive
	for i := start; i < len(w.cells); i++ {
		c := w.cells[i]
		if i > start && c.text != " " && (c.width > 1 || w.cells[i-1].width > 1) {
			brk = i
		}
		switch {
		case c.text == "\n":
			return i, i + 1
		case c.text == " ":
			if used+1 > width {
				return i, i + 1
			}
			brk = i
		case used+c.width > width:
			if brk <= start {
				return i, i
			}
			if w.cells[brk].text == " " {
				return brk, brk + 1
			}
			return brk, brk
		}
		used += c.width
	}
	return len(w.cells), len(w.cells)
}

func (w *wrapper) row(start, end, width int, under ink) string {
	w.out.Reset()
	used := 0
	for i := start; i < end; {
		k := w.cells[i].ink
		open := k != "" || under != ""
		w.out.WriteString(string(k))
		w.out.WriteString(string(under))
		for ; i < end && w.cells[i].ink == k; i++ {
			w.out.WriteString(w.cells[i].text)
			used += w.cells[i].width
		}
		if open {
			w.out.WriteString(ansi.ResetStyle)
		}
	}
	w.out.WriteString(under.paint(blank(width - used)))
	return w.out.String()
}

// hang breaks pieces into rows of w cells behind a head: what does not fit the
// first goes on below, under the text.
func (m *model) hang(head string, w int, pieces ...piece) []string {
	n := m.by.StringWidth(head)
	m.scratch.by = m.by
	rows := m.scratch.wrap(pieces, max(1, w-n), "")
	for i := range rows {
		rows[i] = head + rows[i]
		head = blank(n)
	}
	return rows
}
