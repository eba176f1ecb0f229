package tui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
)

// logRows are rows of the detail pane with the entry that each belongs to; nil
// for a day's.
type logRows struct {
	rows    []string
	entries []*logEntry
	of      logKey
}

// logKey is everything that they depend on.
type logKey struct {
	version int // of the journal
	held    *logEntry
	r       rect
	look    int
	rooms   int
}

// logPane is what operators and others did, the newest last: as many entries
// as fit over the one at the foot, each in full.
func (m *model) logPane(r rect) logRows {
	now := logKey{m.journal.version, m.detail.held, r, m.look, len(m.rooms)}
	if now == m.detail.log.of {
		return m.detail.log
	}
	up := logRows{of: now} // from the foot up
	add := func(row string, e *logEntry) {
		up.rows, up.entries = append(up.rows, row), append(up.entries, e)
	}
	day := func(e *logEntry) string { return time.UnixMilli(e.at).In(m.loc).Format("Mon 2 Jan 2006") }
	var below *logEntry
	for i := m.logFoot(); i >= 0 && len(up.rows) < r.h; i = m.logBefore(i) {
		e := m.journal.entries[i]
		if below != nil && day(below) != day(e) {
			add(m.dayRule(day(below), r.w), nil)
		}
		for _, row := range slices.Backward(m.logEntryRows(e, r.w)) {
			add(row, e)
		}
		below = e
	}
	if below == nil {
		return logRows{rows: m.page([]string{"", "  " + m.styles.muted.paint("nothing was done yet")}, r.w, r.h)}
	}
	if len(up.rows) < r.h {
		add(m.dayRule(day(below), r.w), nil)
	}
	up.rows, up.entries = up.rows[:min(r.h, len(up.rows))], up.entries[:min(r.h, len(up.rows))]
	for len(up.rows) < r.h {
		add("", nil)
	}
	for i := range up.rows {
		up.rows[i] = fit(m.by, up.rows[i], r.w)
	}
	slices.Reverse(up.rows)
	slices.Reverse(up.entries)
	m.detail.log = up
	return up
}

// logBefore is the place of the action before place i; -1 when there is none.
func (m *model) logBefore(i int) int {
	for i--; i >= 0 && m.journal.entries[i].kind == entryService; i-- {
	}
	return i
}

// logFoot is the place of the entry at the pane's foot: the newest, or the one
// at which it stands still.
func (m *model) logFoot() int {
	if i := slices.Index(m.journal.entries, m.detail.held); m.detail.held != nil && i >= 0 {
		return i
	}
	return m.logBefore(len(m.journal.entries))
}

// logEntryRows are an entry in rows of w cells.
func (m *model) logEntryRows(e *logEntry, w int) []string {
	s := m.styles
	pieces := []piece{{e.who, s.name(e.who)}, {" " + e.verb, s.strong}}
	if e.target != "" {
		pieces = append(pieces, piece{" " + e.target, s.name(e.target)})
	}
	if e.reason != "" {
		pieces = append(pieces, piece{" “" + e.reason + "”", s.muted})
	}
	if e.text != "" && !e.echoed() {
		pieces = append(pieces, piece{" · " + e.text, s.text})
	}
	if len(m.rooms) > 1 && e.room != "" {
		pieces = append(pieces, piece{" · " + e.room, s.muted})
	}
	head := " " + s.muted.paint(clockText(time.UnixMilli(e.at).In(m.loc), m.clock12())) + " " + m.sign(e) + " "
	return m.hang(head, w-1, pieces...)
}

// scrollLogPane moves the pane through what was done; at its top it asks for
// what was before.
func (m *model) scrollLogPane(rows int) tea.Cmd {
	d, r, j := &m.detail, m.layout.detail.below(), &m.journal
	for ; rows < 0; rows++ {
		before := m.logBefore(m.logFoot())
		if before < 0 {
			break
		}
		held := d.held
		d.held = j.entries[before]
		if full := m.logPane(r); full.entries[0] == nil && full.rows[0] == "" {
			d.held = held
			return m.views[viewLog].(*logPage).older(m)
		}
	}
	for ; rows > 0 && d.held != nil; rows-- {
		i := m.logFoot() + 1
		for i < len(j.entries) && j.entries[i].kind == entryService {
			i++
		}
		if d.held = nil; i < len(j.entries) {
			d.held = j.entries[i]
		}
	}
	return nil
}
