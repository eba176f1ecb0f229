package tui

import (
	"fmt"
	"strings"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
)

// Borders are drawn as lines, not by a font: a font's are not as tall as a row,
// so that a border of theirs is broken between any two.

// A border is which ways a border's character goes from the middle of its cell.
type border struct{ up, right, down, left, heavy bool }

var borderChars = map[rune]border{
	'─': {right: true, left: true},
	'│': {up: true, down: true},
	'┌': {right: true, down: true}, '╭': {right: true, down: true},
	'┐': {down: true, left: true}, '╮': {down: true, left: true},
	'└': {up: true, right: true}, '╰': {up: true, right: true},
	'┘': {up: true, left: true}, '╯': {up: true, left: true},
	'├': {up: true, right: true, down: true},
	'┤': {up: true, down: true, left: true},
	'┬': {right: true, down: true, left: true},
	'┴': {up: true, right: true, left: true},
	'┼': {up: true, right: true, down: true, left: true},
	'━': {right: true, left: true, heavy: true},
	'╸': {left: true, heavy: true},
}

func borderOf(c *uv.Cell) (border, bool) {
	first, _ := utf8.DecodeRuneInString(c.Content)
	r, ok := borderChars[first]
	return r, ok
}

// drawBorders draws the borders in a stretch of one style.
func drawBorders(b *strings.Builder, cells uv.Line, x, y int) {
	var light, heavy strings.Builder
	middle := rowAt(y) + cellHeight/2
	for i := 0; i < len(cells); i++ {
		r, _ := borderOf(&cells[i])
		path := &light
		if r.heavy {
			path = &heavy
		}
		centre := columnAt(x+i) + cellWidth/2
		if r.up {
			fmt.Fprintf(path, "M%.1f %.1fV%.1f", centre, middle, rowAt(y))
		}
		if r.down {
			fmt.Fprintf(path, "M%.1f %.1fV%.1f", centre, middle, rowAt(y+1))
		}
		from, to := centre, centre
		if r.left {
			from = columnAt(x + i)
		}
		for ; r.right; i++ {
			to = columnAt(x + i + 1)
			if i+1 == len(cells) {
				break
			}
			if next, _ := borderOf(&cells[i+1]); next != (border{right: true, left: true, heavy: r.heavy}) {
				break
			}
		}
		if from < to {
			fmt.Fprintf(path, "M%.1f %.1fH%.1f", from, middle, to)
		}
	}
	fg, _ := inks(cells[0].Style)
	for _, p := range []struct {
		d     string
		width int
	}{{light.String(), 1}, {heavy.String(), 3}} {
		if p.d != "" {
			fmt.Fprintf(b, `<path d="%s" stroke="%s" stroke-width="%d" fill="none"%s/>`+"\n", p.d, fg, p.width, attributes(cells[0].Style))
		}
	}
}
