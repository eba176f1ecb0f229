package bus

import (
	"slices"
	"strings"
	"time"
)

// LossMeter holds what bots say that they published against what the database
// says that it stored, for each subject of writes. The zero value is ready.
//
// Both sides count from their own start and speak a second apart, so a subject
// can be compared only when none of its writes is on its way. The first such
// moment is where its row starts from; at each later one, what was published
// and is not stored is missing, and what was stored and not published is of
// others.
type LossMeter struct {
	bots map[string]*countedBy // by room
	db   countedBy
	rows map[string]*comparison
}

// countedBy is what one side counted. The instances of a side count each for
// itself: two that speak in turns, as when a bus was divided, are no restarts.
type countedBy struct {
	last    map[string]map[string]uint64 // what each instance said last
	sum     map[string]uint64            // what was added since the meter looks
	pending bool
	heard   time.Time
}

// comparison is what is known of one subject.
type comparison struct {
	moved time.Time // when one of the sides counted last
	since time.Time // the first quiet moment, from which found counts; zero before it
	based bool      // base is known
	base  int64     // how far publishing was ahead where the row starts
	found int64     // published and not stored, at the last quiet moment
}

const (
	// lossAfter is for how long neither side must have counted a subject
	// before it is compared: each speaks once a second.
	lossAfter = 2 * time.Second
	// goneAfter is when a side that says nothing more is waited for no longer.
	goneAfter = 10 * time.Second

	// maxSides bounds the rooms that are counted, and the instances of each:
	// whoever may say heartbeats could name any number.
	maxSides = 256
)

// LossRow is one subject. Published and Stored count since the meter looks.
type LossRow struct {
	Subject   string
	Published uint64
	Stored    uint64
	Waiting   uint64 // published, and not stored yet
	Missing   uint64 // published and never stored: lost on the way, or refused as unreadable
	Others    uint64 // stored and published by programs that do not say what they publish
	Compared  bool   // there was a quiet moment: Missing and Others are known

	// Since is that moment, from which Missing and Others count.
	Since time.Time
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
	if c == nil && len(m.bots) >= maxSides {
		return
	}
	if c == nil {
		c = &countedBy{}
		m.bots[h.Room] = c
	}
	m.take(c, at, h.Instance, h.Published, h.Pending > 0)
}

// Health takes what the database service says.
func (m *LossMeter) Health(at time.Time, h DBHealth) {
	if h.Stored == nil {
		return
	}
	m.take(&m.db, at, h.Instance, h.Stored, h.Behind > 0)
}

func (m *LossMeter) take(c *countedBy, at time.Time, instance string, counts map[string]uint64, pending bool) {
	if m.rows == nil {
		m.rows = map[string]*comparison{}
		for _, s := range writeSubjects {
			m.rows[s] = &comparison{moved: at}
		}
	}
	moved, restarted := c.add(instance, counts)
	c.pending, c.heard = pending, at
	for _, s := range moved {
		if r := m.rows[s]; r != nil {
			r.moved = at
		}
	}
	for s, r := range m.rows {
		if restarted {
			r.based, r.moved = false, at // what it counted last before its end was not heard
		}
		if m.Ready() && !m.busy(at) && at.Sub(r.moved) >= lossAfter {
			r.compare(at, m.ahead(s))
		}
	}
}

// busy tells whether a write of any kind is on its way, or may be: while the
// database is silent, nobody knows.
func (m *LossMeter) busy(at time.Time) bool {
	if at.Sub(m.db.heard) >= lossAfter {
		return true
	}
	for _, b := range m.bots {
		if b.pending && at.Sub(b.heard) < goneAfter {
			return true
		}
	}
	return m.db.pending
}

func (r *comparison) compare(at time.Time, ahead int64) {
	if r.since.IsZero() {
		r.since = at
	}
	if !r.based {
		r.based, r.base = true, ahead-r.found // what was found missing stays so
	}
	r.found = ahead - r.base
}

// add adds what was counted since the last time and tells of which subjects.
// What the first instance had counted before it was heard is no part of it;
// what a later one has is, since it began while the meter looked.
func (c *countedBy) add(instance string, counts map[string]uint64) (moved []string, restarted bool) {
	first := c.last == nil
	if first || len(c.last) >= maxSides {
		c.last = map[string]map[string]uint64{}
	}
	if c.sum == nil {
		c.sum = map[string]uint64{}
	}
	last, known := c.last[instance]
	restarted = !known
	for _, s := range writeSubjects {
		restarted = restarted || counts[s] < last[s]
	}
	now := make(map[string]uint64, len(counts))
	for _, s := range writeSubjects {
		n, before := counts[s], last[s]
		if restarted {
			before = 0
		}
		if !first && n != before {
			c.sum[s] += n - before
			moved = append(moved, s)
		}
		if n > 0 {
			now[s] = n
		}
	}
	c.last[instance] = now
	return moved, restarted
}

// Ready tells whether both sides have been heard.
func (m *LossMeter) Ready() bool { return len(m.bots) > 0 && m.db.last != nil }

// ahead is how many more of a subject were published than stored.
func (m *LossMeter) ahead(subject string) int64 {
	n := -int64(m.db.sum[subject])
	for _, b := range m.bots {
		n += int64(b.sum[subject])
	}
	return n
}

// Rows are the subjects, in order of their names.
func (m *LossMeter) Rows() []LossRow {
	rows := make([]LossRow, 0, len(writeSubjects))
	for _, s := range slices.Sorted(slices.Values(writeSubjects)) {
		r := LossRow{Subject: s, Stored: m.db.sum[s]}
		for _, b := range m.bots {
			r.Published += b.sum[s]
		}
		if c := m.rows[s]; c != nil {
			r.Missing, r.Others, r.Compared = uint64(max(0, c.found)), uint64(max(0, -c.found)), c.based
			r.Since = c.since
			if c.based {
				r.Waiting = uint64(max(0, m.ahead(s)-c.base-c.found))
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// ShortSubject is one of our subjects without what all of its kind begin with.
func ShortSubject(subject string) string {
	return strings.TrimPrefix(strings.TrimPrefix(subject, "rosey."), "db.")
}
