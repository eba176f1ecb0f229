package tui

import (
	"strings"
	"time"

	"rosey/bus"
)

// What was just done or refused is told in the last row until the next key. What
// does not fit there is told in full over the rows above.

// statusRows are the status where it is too long for one row; nil where it is not.
func (m *model) statusRows() []string {
	if m.status == "" || m.statusFits(m.w) {
		return nil
	}
	wr := wrapper{by: m.by}
	rows := wr.wrap([]piece{{m.status, m.styles.warn}}, max(1, m.w-2), "")
	if most := max(1, m.h-6); len(rows) > most {
		more := m.keys.Views[viewLog].Help().Key + " has the rest"
		rows = append(rows[:most-1], m.styles.muted.paint(ellipsis+" "+more))
	}
	for i := range rows {
		rows[i] = fit(m.by, " "+rows[i], m.w)
	}
	return append([]string{m.styles.border.paint(rule(m.w))}, rows...)
}

func (m *model) statusFits(w int) bool {
	return !strings.Contains(m.status, "\n") && m.by.StringWidth(m.status) < w
}

// coverWithStatus lays a long status over rows: above the input line, which is
// still to be seen, or where a dialog is open above the keys.
func (m *model) coverWithStatus(rows []string) {
	said := m.statusRows()
	foot := m.layout.hint.y
	if m.shown == viewRoom && m.dialog() == nil {
		foot = m.layout.bottom.y
	}
	overlay(m.by, rows, said, 0, max(0, foot-len(said)), m.w)
}

// inSight tells whether the newest line of a room can be seen.
func (m *model) inSight(v *channel) bool {
	return m.shown == viewRoom && m.dialog() == nil && m.layout.chat.w > 0 &&
		(v == m.room() || v == m.second()) && v.chat == v.log && v.chat.follow
}

// tellOutcome tells what came of a command where the person is, when the line
// that says so cannot be seen there.
func (m *model) tellOutcome(v *channel, e *errand) {
	if m.inSight(v) || m.dialog() == nil && m.deed(v) == e && m.by.StringWidth(e.line.text()) < m.layout.input.w {
		return
	}
	m.status = e.line.text()
	if v != m.room() {
		m.status += m.inRoom(v.name)
	}
}

// deedShown is how long an outcome stands in the input row.
const deedShown = time.Minute

// deed is the command whose outcome stands in a room's input row: the last one
// of the last minute, while somebody selects and the chat stands still.
func (m *model) deed(v *channel) *errand {
	if m.shown != viewRoom || v != m.room() || !v.chat.selecting() && !v.users.focus || m.inSight(v) {
		return nil
	}
	for i := len(m.errands) - 1; i >= 0; i-- {
		e := m.errands[i]
		if e == m.outdated {
			return nil
		}
		if e.room != v.name || e.line == nil {
			continue
		}
		if e.over && m.now.Sub(e.ended) > deedShown {
			return nil
		}
		return e
	}
	return nil
}

// outdateDeed takes the last outcome out of the input row once something else
// was told after it, such as why the next command is refused: it would look like
// what came of that one.
func (m *model) outdateDeed() {
	if n := len(m.errands); m.status != "" && n > 0 && m.errands[n-1].over {
		m.outdated = m.errands[n-1]
	}
}

// deedRow is what was done and what came of it, in w cells.
func (m *model) deedRow(e *errand, w int) string {
	s, text := m.styles, ""
	for _, span := range e.line.spans {
		k := s.text
		if e.over && (e.err != nil || e.reply.Status != bus.StatusDone) {
			k = s.warn
		}
		text += k.paint(strings.ReplaceAll(span.Text, "\n", " · "))
	}
	if m.by.StringWidth(text) <= w-2 {
		return fit(m.by, " "+text, w)
	}
	full := "  " + m.keys.Views[viewLog].Help().Key + " in full "
	return " " + fit(m.by, text, w-1-len(full)) + s.muted.paint(full)
}
