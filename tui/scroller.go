package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A scroller is a page of figures: a head that stands and rows that scroll under
// it. The rows are made anew when a second has passed or something changed,
// not with each frame.
type scroller struct {
	head, rows []string
	drawn      scrollerKey
	fresh      bool
	top        int // first row shown
	space      int // rows that there was room for
}

// scrollerKey is what rows depend on besides the page's own doing.
type scrollerKey struct {
	second  int64
	look    int
	w, h    int
	version int
}

// stale has the rows made anew.
func (r *scroller) stale() { r.fresh = false }

// lowPage is the height below which the head scrolls with the rest.
const lowPage = 14

// A figuresFunc makes what a page shows.
type figuresFunc func(*model) (head, rows []string)

// draw gives h rows of w cells. version changes when what figures shows does.
func (r *scroller) draw(m *model, w, h, version int, figures figuresFunc) []string {
	r.ready(m, w, h, version, figures)
	out := append([]string{}, r.head...)
	out = append(out, r.rows[r.top:min(len(r.rows), r.top+r.space)]...)
	return m.page(out, w, h)
}

// ready makes the rows that there are now to scroll through.
func (r *scroller) ready(m *model, w, h, version int, figures figuresFunc) {
	if w < minWidth {
		return // nothing is shown on a screen too small, but keys come all the same
	}
	k := scrollerKey{m.now.Unix(), m.look, w, h, version}
	if !r.fresh || r.drawn != k {
		head, rows := figures(m)
		if h < lowPage {
			head, rows = nil, append(head, rows...)
		}
		r.head, r.rows = m.page(head, w, len(head)), m.page(rows, w, len(rows))
		r.drawn, r.fresh = k, true
	}
	r.space = max(1, h-len(r.head))
	r.scroll(0)
}

// scroll moves the rows and keeps the last of them at the foot at most.
func (r *scroller) scroll(n int) { r.top = max(0, min(r.top+n, len(r.rows)-r.space)) }

func (r *scroller) key(m *model, msg tea.KeyPressMsg) {
	k := m.keys.Figures
	switch {
	case key.Matches(msg, k.Up):
		r.scroll(-1)
	case key.Matches(msg, k.Down):
		r.scroll(1)
	case key.Matches(msg, m.keys.PageUp):
		r.scroll(-r.space)
	case key.Matches(msg, m.keys.PageDown):
		r.scroll(r.space)
	case key.Matches(msg, k.Top):
		r.top = 0
	case key.Matches(msg, k.Bottom):
		r.scroll(len(r.rows))
	}
}

func (r *scroller) pointer(e pointer) {
	if e.what == pointerWheel {
		r.scroll(e.wheel)
	}
}

// heading is the title of a part and what is said beside it.
func (m *model) heading(title, note string) string {
	out := m.styles.strong.paint(title)
	if note != "" {
		out += "  " + m.styles.muted.paint(note)
	}
	return out
}

// columns puts two lists of rows side by side.
func (m *model) columns(left, right []string, w int) []string {
	const gap = 4
	half := (w - gap) / 2
	rows := make([]string, max(len(left), len(right)))
	for i := range rows {
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		rows[i] = fit(m.by, l, half) + blank(gap) + fit(m.by, r, w-half-gap)
	}
	return rows
}
