package tui

import (
	"time"

	"rosey/bus"
)

// gauges are the figures that are gathered whatever view is shown: what passes
// by costs nothing to count, and cannot be asked for later.
type gauges struct {
	loss   bus.LossMeter
	events bus.Rates // what happened in the rooms, by event
	stored bus.Rates // what the database wrote
	rtt    bus.Histogram

	counted map[string]uint64 // events since start, by name
	commit  []float64         // ms, the newest last
	behind  []float64
}

// Names in gauges.stored beside the subjects of writes.
const (
	storedRows = "rows"
	storedBad  = "bad"
	storedLost = "lost"
)

// record notes what a batch has for the views of figures and for the log,
// whether or not they are shown.
func (m *model) record(b batchMsg) {
	for _, u := range b.updates {
		m.gauges.take(u.Update, b.at)
		m.journal.take(u.room, u.Update, b.at)
	}
}

// take counts one update.
func (g *gauges) take(u bus.Update, at time.Time) {
	switch u.Kind {
	case bus.UpdateEvent:
		if g.counted == nil {
			g.counted = map[string]uint64{}
		}
		g.counted[u.Event.EventName()]++
	case bus.UpdatePublished:
		g.loss.Heartbeat(at, u.Heartbeat)
	case bus.UpdateDB:
		h := u.Health
		g.loss.Health(at, h)
		totals := map[string]uint64{storedRows: h.Rows, storedBad: h.Bad, storedLost: h.Lost}
		for subject, n := range h.Stored {
			totals[subject] = n
		}
		g.stored.Read(time.UnixMilli(h.Time), totals)
		g.commit = remember(g.commit, h.CommitMS)
		g.behind = remember(g.behind, float64(h.Behind))
	}
}

// tick reads the counters once a second.
func (g *gauges) tick(now time.Time) { g.events.Read(now, g.counted) }

// remember appends v and forgets the oldest.
func remember(past []float64, v float64) []float64 {
	past = append(past, v)
	return past[max(0, len(past)-bus.RatesPast):]
}
