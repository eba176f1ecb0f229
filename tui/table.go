package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A table is a list with one row chosen. The choice is bound to the row's key,
// not to its place: rows may come, go and move, the choice stays what it was.
type table struct {
	chosen string // the row's key
	at     int    // its place, when last seen
	top    int    // of the window
}

// A tableRow is one row: its key, and its cells as they are drawn. Where there
// are many rows the cells are made when the row is first seen.
type tableRow struct {
	key  string
	text string
	make func() string // nil where text is there
}

// cells are the row's, made only once.
func (r *tableRow) cells() string {
	if r.make != nil {
		r.text, r.make = r.make(), nil
	}
	return r.text
}

// find brings the choice to where its row is now; a row that is gone leaves the
// choice at its place.
func (t *table) find(rows []tableRow) {
	if t.at < len(rows) && t.at >= 0 && rows[t.at].key == t.chosen {
		return
	}
	for i, r := range rows {
		if r.key == t.chosen {
			t.at = i
			return
		}
	}
	t.choose(rows, t.at)
}

// choose moves the choice to a place, within bounds.
func (t *table) choose(rows []tableRow, at int) {
	t.at = max(0, min(at, len(rows)-1))
	t.chosen = ""
	if t.at < len(rows) {
		t.chosen = rows[t.at].key
	}
}

// key moves the choice; false for keys that do not.
func (t *table) key(k keyMap, msg tea.KeyPressMsg, rows []tableRow, h int) bool {
	t.find(rows)
	switch {
	case key.Matches(msg, k.Up):
		t.choose(rows, t.at-1)
	case key.Matches(msg, k.Down):
		t.choose(rows, t.at+1)
	case key.Matches(msg, k.PageUp):
		t.choose(rows, t.at-max(1, h-1))
	case key.Matches(msg, k.PageDown):
		t.choose(rows, t.at+max(1, h-1))
	case key.Matches(msg, k.First):
		t.choose(rows, 0)
	case key.Matches(msg, k.Last):
		t.choose(rows, len(rows)-1)
	default:
		return false
	}
	return true
}

// draw gives h rows of w cells with the chosen one in sight.
func (t *table) draw(m *model, rows []tableRow, w, h int) []string {
	t.find(rows)
	t.top = max(0, min(t.top, len(rows)-h))
	t.top = max(min(t.top, t.at), t.at-h+1)
	out := make([]string, 0, h)
	for i := t.top; i < len(rows) && len(out) < h; i++ {
		row := fit(m.by, "  "+rows[i].cells(), w)
		if i == t.at {
			row = under(m.styles.selected, fit(m.by, m.styles.accent.paint("› ")+rows[i].cells(), w))
		}
		out = append(out, row)
	}
	for len(out) < h {
		out = append(out, blank(w))
	}
	return out
}

// pointer scrolls with the wheel and chooses what is hit, y being a row of the
// window; true when a row was hit.
func (t *table) pointer(e pointer, rows []tableRow, y int) bool {
	t.find(rows)
	switch e.what {
	case pointerWheel:
		t.choose(rows, t.at+e.wheel)
	case pointerPress:
		if i := t.top + y; y >= 0 && i < len(rows) {
			t.choose(rows, i)
			return true
		}
	}
	return false
}
