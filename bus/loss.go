package bus

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// LossMeter holds what bots say that they published against what the database
// says that it stored, for each subject of writes. The zero value is ready.
//
// Both sides count from their own start and speak a second apart, so the two
// can be compared only while nothing is on its way. The first such moment is
// where the meter starts from; at each later one, what was published and is
// not stored is missing, and what was stored and not published is of others.
type LossMeter struct {
	bots  map[string]*countedBy // by room
	db    countedBy
	quiet time.Time // since when nothing is on its way
	base  map[string]int64
	found map[string]int64 // published and not stored, at the last quiet moment
}

// countedBy is what one side counted.
type countedBy struct {
	instance string
	last     map[string]uint64 // what it said last
	sum      map[string]uint64 // what was added since the meter looks
	pending  bool
	heard    time.Time
}

// lossAfter is how long nothing must have moved before the two sides are
// compared.
const lossAfter = 3 * time.Second

// goneAfter is when a side that says nothing more is waited for no longer.
const goneAfter = 10 * time.Second

// LossRow is one subject. Published and Stored count since the meter looks.
type LossRow struct {
	Subject   string
	Published uint64
	Stored    uint64
	Waiting   uint64 // published, and not stored yet
	Missing   uint64 // published and never stored: lost on the way, or refused as unreadable
	Others    uint64 // stored and published by programs that do not say what they publish
}

// Heartbeat takes what a room's bot says. Programs that do not count their
// writes are no part of it.
func (m *LossMeter) Heartbeat(at time.Time, h Heartbeat) {
	if h.Published == nil {
		return
	}
	if m.bots == nil {
		m.bots = map[string]*countedBy{}
	}
	c := m.bots[h.Room]
	if c == nil {
		c = &countedBy{}
		m.bots[h.Room] = c
	}
	m.take(c, at, h.Instance, h.Published, h.Pending > 0)
}

// Health takes what the database service says.
func (m *LossMeter) Health(at time.Time, h DBHealth) {
	m.take(&m.db, at, h.Instance, h.Stored, h.Behind > 0)
}

func (m *LossMeter) take(c *countedBy, at time.Time, instance string, counts map[string]uint64, pending bool) {
	moved, restarted := c.add(instance, counts)
	if restarted {
		m.base = nil // what it counted last before its end was not heard
	}
	c.pending, c.heard = pending, at
	busy := m.db.pending
	for _, b := range m.bots {
		busy = busy || b.pending && at.Sub(b.heard) < goneAfter
	}
	switch {
	case moved || busy || m.quiet.IsZero():
		m.quiet = at
	case m.Ready() && at.Sub(m.quiet) >= lossAfter:
		m.compare()
	}
}

// add adds what was counted since the last time.
func (c *countedBy) add(instance string, counts map[string]uint64) (moved, restarted bool) {
	if c.sum == nil {
		c.sum = map[string]uint64{}
	}
	first := c.last == nil
	restarted = first || instance != c.instance
	for subject, n := range counts {
		before := c.last[subject]
		if n < before {
			restarted = true
		}
		if restarted {
			before = 0
		}
		if !first && n != before {
			c.sum[subject] += n - before
			moved = true
		}
	}
	c.instance, c.last = instance, maps.Clone(counts)
	if c.last == nil {
		c.last = map[string]uint64{}
	}
	return moved, restarted
}

// Ready tells whether both sides have been heard.
func (m *LossMeter) Ready() bool { return len(m.bots) > 0 && m.db.last != nil }

// Compared tells whether there was a quiet moment yet.
func (m *LossMeter) Compared() bool { return m.base != nil }

// ahead is how many more of a subject were published than stored.
func (m *LossMeter) ahead(subject string) int64 {
	n := -int64(m.db.sum[subject])
	for _, b := range m.bots {
		n += int64(b.sum[subject])
	}
	return n
}

func (m *LossMeter) compare() {
	if m.found == nil {
		m.found = map[string]int64{}
	}
	start := m.base == nil
	if start {
		m.base = map[string]int64{}
	}
	for _, s := range writeSubjects {
		if start {
			m.base[s] = m.ahead(s) - m.found[s] // what was found missing stays so
		}
		m.found[s] = m.ahead(s) - m.base[s]
	}
}

// Rows are the subjects, in order of their names.
func (m *LossMeter) Rows() []LossRow {
	rows := make([]LossRow, 0, len(writeSubjects))
	for _, s := range slices.Sorted(slices.Values(writeSubjects)) {
		r := LossRow{Subject: s, Stored: m.db.sum[s]}
		for _, b := range m.bots {
			r.Published += b.sum[s]
		}
		r.Missing, r.Others = uint64(max(0, m.found[s])), uint64(max(0, -m.found[s]))
		if m.base != nil {
			r.Waiting = uint64(max(0, m.ahead(s)-m.base[s]-m.found[s]))
		}
		rows = append(rows, r)
	}
	return rows
}

// ShortSubject is one of our subjects without what all of its kind begin with.
func ShortSubject(subject string) string {
	return strings.TrimPrefix(strings.TrimPrefix(subject, "rosey."), "db.")
}
