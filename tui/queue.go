package tui

import (
	"fmt"
	"strconv"
	"strings"

	"rosey/bus/room"
)

// queueRows are all rows of the detail pane with the item that each belongs to, by
// its UID; empty for the others.
type queueRows struct {
	rows  []string
	items []string
	of    queueKey
}

// queueKey is everything that they depend on.
type queueKey struct {
	room string
	rev  uint64
	r    rect
	look int
	skip int
}

func (q *queueRows) add(item string, rows ...string) {
	for _, row := range rows {
		q.rows, q.items = append(q.rows, row), append(q.items, item)
	}
}

// queuePane is what comes next, and the poll where one is open, as far as fits.
func (m *model) queuePane(v *channel, r rect) queueRows {
	s, by := m.styles, m.by
	st, now := room.New(), queueKey{r: r, look: m.look, skip: m.detail.skip}
	if v != nil {
		st, now.room, now.rev = v.state, v.name, v.rev
	}
	if now == m.detail.queue.of {
		return m.detail.queue
	}
	q := queueRows{of: now}
	if p := st.Poll; p != nil {
		q.add("", m.pollPane(p, r.w, r.h/2)...)
	}
	q.add("", m.queueTitle(st, r.w))
	next := upNext(st)
	skip := max(0, min(m.detail.skip, len(next)-1)) // the queue may have become shorter
	for i, it := range next {
		if i < skip {
			continue
		}
		rows := m.queueRow(i+1, it, r.w)
		if left := r.h - len(q.rows); len(rows) > left || len(rows) == left && i < len(next)-1 {
			q.add("", s.muted.paint(fit(by, fmt.Sprintf("     ↓ %d more", len(next)-i), r.w)))
			break
		}
		q.add(strconv.Itoa(it.UID), rows...)
	}
	if len(next) == 0 {
		q.add("", s.muted.paint(fit(by, "     nothing queued", r.w)))
	}
	q.rows = m.page(q.rows, r.w, r.h)
	m.detail.queue = q
	return q
}

func (m *model) queueTitle(st room.State, w int) string {
	note := st.Length.Length
	if st.Locked {
		note = "locked · " + note
	}
	return m.styles.muted.paint(spread(m.by, " UP NEXT", room.Clean(note)+" ", w))
}

// queueRow is an item in a row. A title that is too long for it goes on in a
// second one, and who queued it stands at the end of the last, or below.
func (m *model) queueRow(n int, it room.Item, w int) []string {
	s, by := m.styles, m.by
	who := room.Clean(it.QueueBy)
	length := "live"
	if it.Media.Seconds > 0 {
		length = clockLength(it.Media.Seconds)
	}
	number, title := s.muted.paint(fmt.Sprintf(" %3d ", n)), room.Clean(it.Media.Title)
	tail := "  " + s.muted.paint(fitRight(by, length, 8)) + " "
	column := min(20, max(10, w/5)) // of who queued it
	one := w - by.StringWidth(number) - column - by.StringWidth(tail) - 3
	if by.StringWidth(title) <= one && by.StringWidth(who) <= column {
		return []string{number + " " + fit(by, title, one) + "  " + s.name(who).paint(fitRight(by, who, column)) + tail}
	}
	wide := w - by.StringWidth(number) - by.StringWidth(tail) - 1
	rows := m.hang("", max(1, wide), piece{title, ""})
	if len(rows) > 2 {
		rest := strings.TrimPrefix(title, strings.TrimRight(rows[0], " "))
		rows = []string{rows[0], fit(by, strings.TrimSpace(rest), wide)}
	}
	who = cutName(by, who, wide)
	if last := strings.TrimRight(rows[len(rows)-1], " "); len(rows) == 1 || by.StringWidth(last)+2+by.StringWidth(who) > wide {
		rows = append(rows, "")
	} else {
		rows[len(rows)-1] = last
	}
	rows[len(rows)-1] = spread(by, rows[len(rows)-1], s.name(who).paint(who), wide)
	lead, indent, end := number+" ", blank(by.StringWidth(number)+1), tail
	for i := range rows {
		rows[i] = lead + rows[i] + end
		lead, end = indent, blank(by.StringWidth(tail))
	}
	return rows
}

// upNext are the items after the one that plays; all of them when none does.
func upNext(st room.State) []room.Item {
	for i, it := range st.Playlist {
		if it.UID == st.Current {
			return st.Playlist[i+1:]
		}
	}
	return st.Playlist
}

// playing is the queue's item that plays.
func playing(st room.State) (room.Item, bool) {
	for _, it := range st.Playlist {
		if it.UID == st.Current {
			return it, true
		}
	}
	return room.Item{}, false
}
