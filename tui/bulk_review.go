package tui

import (
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A bulkReview shows what a bulk command would be done to, before it is: each line
// can be unticked, and nothing happens until the person says so.
type bulkReview struct {
	errand *errand
	ticked []bool
	at     int
	seen   bool
}

func newBulkReview(e *errand) *bulkReview {
	r := &bulkReview{errand: e, ticked: make([]bool, len(e.reply.Targets))}
	for i := range r.ticked {
		r.ticked[i] = true
	}
	return r
}

func (r *bulkReview) arm()        { r.seen = true }
func (r *bulkReview) armed() bool { return r.seen }

func (r *bulkReview) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := m.keys
	switch {
	case key.Matches(msg, k.Cancel):
		r.errand.leftAlone(m)
		return nil, true
	case key.Matches(msg, k.Up, k.HistoryPrev):
		r.at = max(0, r.at-1)
	case key.Matches(msg, k.Down, k.HistoryNext):
		r.at = max(0, min(len(r.ticked)-1, r.at+1))
	case key.Matches(msg, k.Tick):
		if r.at < len(r.ticked) {
			r.ticked[r.at] = !r.ticked[r.at]
		}
	case key.Matches(msg, k.GoAhead):
		return r.goAhead(m)
	}
	return nil, false
}

// goAhead sends the command for what is ticked.
func (r *bulkReview) goAhead(m *model) (tea.Cmd, bool) {
	var only []string
	for i, t := range r.errand.reply.Targets {
		if r.ticked[i] {
			only = append(only, t)
		}
	}
	v := m.roomNamed(r.errand.room)
	if v == nil || len(only) == 0 {
		m.status = "nothing is ticked"
		return nil, false
	}
	next := newErrand(m, v, r.errand.info, r.errand.words)
	next.confirm, next.only, next.line, next.tell = r.errand.reply.Confirm, only, r.errand.line, r.errand.tell
	if next.line != nil {
		next.line.actionID = next.id
		v.log.amend(next.line, next.typed+" … ")
	}
	return m.send(next), true
}

func (r *bulkReview) box(m *model) []string {
	s, w := m.styles, min(m.w-2, 72)
	targets := r.errand.reply.Targets
	body := wrapText(m, r.errand.reply.Text, w-4)
	body = append(body, "")
	count := 0
	var rows []string
	at := 0 // the row of the chosen one
	for i, t := range targets {
		box, below := "[ ] ", ink("")
		if r.ticked[i] {
			box = "[x] "
			count++
		}
		if i == r.at {
			below, at = s.selected, len(rows)
		}
		for _, row := range wrapText(m, veiledAnswer(t), w-8) {
			rows = append(rows, under(below, fit(m.by, s.accent.paint(box)+row, w-4)))
			box = blank(len(box))
		}
	}
	n := max(1, min(len(rows), m.h-7-len(body)))
	from := max(0, min(at-n/2, len(rows)-n))
	body = append(body, rows[from:from+n]...)
	hints := m.keyHints([]key.Binding{m.keys.Tick, m.keys.GoAhead, m.keys.Cancel})
	body = append(body, "", s.muted.paint(fmt.Sprintf("%d of %d ticked   ", count, len(targets)))+hints)
	return m.box(title(r.errand.info.Name)+m.inRoom(r.errand.room), body, w)
}

// wrapText breaks a plain text into rows of w cells.
func wrapText(m *model, text string, w int) []string {
	wr := wrapper{by: m.by}
	return wr.wrap([]piece{{text, m.styles.text}}, max(1, w), "")
}
