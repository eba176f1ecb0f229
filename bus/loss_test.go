package bus

import (
	"testing"
	"time"
)

// lossBench turns the clock of a meter and of the two sides that it hears.
type lossBench struct {
	m         LossMeter
	at        time.Time
	published map[string]uint64
	stored    map[string]uint64
	bot, db   string // instances
	pending   int
	chatter   bool // another subject's writes come all the time
}

func newLossBench() *lossBench {
	return &lossBench{at: time.Unix(1_700_000_000, 0), bot: "a", db: "b", published: map[string]uint64{SubjectMessageLog: 700}, stored: map[string]uint64{SubjectMessageLog: 90}}
}

// pass lets seconds pass in which both sides say their figures.
func (b *lossBench) pass(seconds int) {
	for range seconds {
		b.at = b.at.Add(time.Second)
		if b.chatter {
			b.published[SubjectUserCount]++
			b.stored[SubjectUserCount]++
		}
		b.m.Heartbeat(b.at, Heartbeat{Room: "main", Instance: b.bot, Published: b.published, Pending: b.pending})
		b.m.Health(b.at, DBHealth{Instance: b.db, Stored: b.stored})
	}
}

func (b *lossBench) row() LossRow {
	for _, r := range b.m.Rows() {
		if r.Subject == SubjectMessageLog {
			return r
		}
	}
	return LossRow{}
}

func TestLossMeter(t *testing.T) {
	const s = SubjectMessageLog
	for _, tt := range []struct {
		what string
		do   func(*lossBench)
		want LossRow
	}{
		{"what was before does not count", func(*lossBench) {}, LossRow{Compared: true, Subject: s}},
		{"all is stored", func(b *lossBench) {
			b.published[s], b.stored[s] = 705, 95
		}, LossRow{Compared: true, Subject: s, Published: 5, Stored: 5}},
		{"two are gone", func(b *lossBench) {
			b.published[s], b.stored[s] = 705, 93
		}, LossRow{Compared: true, Subject: s, Published: 5, Stored: 3, Missing: 2}},
		{"others write too", func(b *lossBench) {
			b.published[s], b.stored[s] = 705, 99
		}, LossRow{Compared: true, Subject: s, Published: 5, Stored: 9, Others: 4}},
		{"they are on their way", func(b *lossBench) {
			b.published[s], b.pending = 705, 3
		}, LossRow{Compared: true, Subject: s, Published: 5, Waiting: 5}},
		{"another subject is busy all the time", func(b *lossBench) {
			b.published[s], b.stored[s], b.chatter = 705, 93, true
		}, LossRow{Compared: true, Subject: s, Published: 5, Stored: 3, Missing: 2}},
		{"the bot begins anew", func(b *lossBench) {
			b.bot, b.published = "c", map[string]uint64{s: 4}
			b.stored[s] = 97
		}, LossRow{Compared: true, Subject: s, Published: 4, Stored: 7}},
		{"what was missing stays so when the database begins anew", func(b *lossBench) {
			b.published[s], b.stored[s] = 705, 93
			b.pass(10)
			b.db, b.stored = "d", map[string]uint64{s: 1}
		}, LossRow{Compared: true, Subject: s, Published: 5, Stored: 4, Missing: 2}},
	} {
		b := newLossBench()
		b.pass(10)
		if !b.m.Ready() || !b.row().Compared {
			t.Fatalf("%s: nothing is compared after ten quiet seconds", tt.what)
		}
		tt.do(b)
		b.pass(10)
		got := b.row()
		if b.at.Sub(got.Since) < 17*time.Second || b.at.Sub(got.Since) > 30*time.Second {
			t.Errorf("%s: counted since %s, at %s", tt.what, got.Since, b.at)
		}
		if got.Since = (time.Time{}); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.what, got, tt.want)
		}
	}
}

// While the database is silent, what it has not stored is waiting.
func TestLossMeterWithoutDatabase(t *testing.T) {
	b := newLossBench()
	b.pass(10)
	b.published[SubjectMessageLog] += 5
	for range 60 {
		b.at = b.at.Add(time.Second)
		b.m.Heartbeat(b.at, Heartbeat{Room: "main", Instance: b.bot, Published: b.published})
	}
	if r := b.row(); r.Missing != 0 || r.Waiting != 5 {
		t.Errorf("%+v", r)
	}
}

// While lines come nothing is called missing: the two sides are heard a second
// apart.
func TestLossMeterIsPatient(t *testing.T) {
	b := newLossBench()
	b.pass(10)
	for range 60 {
		b.published[SubjectMessageLog] += 10
		b.pass(1)
		if r := b.row(); r.Missing > 0 || r.Waiting == 0 && r.Published > r.Stored {
			t.Fatalf("in the middle: %+v", r)
		}
		b.stored[SubjectMessageLog] += 10
	}
}

// TestLossMeterSumsRooms: there is one database for all rooms, so what the bots
// of two rooms published is held against it together.
func TestLossMeterSumsRooms(t *testing.T) {
	const s = SubjectMessageLog
	var m LossMeter
	at := time.Unix(1_700_000_000, 0)
	pass := func(seconds int, one, two, stored uint64) LossRow {
		for range seconds {
			at = at.Add(time.Second)
			m.Heartbeat(at, Heartbeat{Room: "one", Instance: "bot", Published: map[string]uint64{s: one}})
			m.Heartbeat(at, Heartbeat{Room: "two", Instance: "bot", Published: map[string]uint64{s: two}})
			m.Health(at, DBHealth{Instance: "db", Stored: map[string]uint64{s: stored}})
		}
		for _, r := range m.Rows() {
			if r.Subject == s {
				return r
			}
		}
		return LossRow{}
	}
	pass(10, 100, 50, 140)
	if r := pass(10, 105, 52, 147); r.Published != 7 || r.Stored != 7 || r.Missing != 0 || r.Others != 0 {
		t.Errorf("all is stored: %+v", r)
	}
	if r := pass(10, 106, 53, 148); r.Published != 9 || r.Stored != 8 || r.Missing != 1 {
		t.Errorf("one is gone: %+v", r)
	}
}

// TestLossMeterHearsTwoInTurns: two instances that both speak for a room, as
// after a bus was divided, are no restart each second.
func TestLossMeterHearsTwoInTurns(t *testing.T) {
	b := newLossBench()
	b.pass(10)
	for n := range 20 {
		b.published = map[string]uint64{SubjectMessageLog: 700}
		if b.bot = "a"; n%2 == 1 {
			b.bot, b.published = "other", map[string]uint64{SubjectMessageLog: 3}
		}
		b.pass(1)
	}
	if r := b.row(); r.Published != 3 {
		t.Errorf("%d published, want the three of the other", r.Published)
	}
}
