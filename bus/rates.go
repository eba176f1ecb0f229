package bus

import "time"

// RatesPast is how many rates of each counter are remembered.
const RatesPast = 120

// Rates turns counters that are read now and then into rates, and remembers
// their recent past. The zero value is ready. A counter that fell, as after a
// restart of what counts, has no rate until it is read once more; one that is
// not in a reading is forgotten.
type Rates struct {
	at       time.Time
	counters map[string]*counterRate
}

type counterRate struct {
	total uint64
	now   float64
	past  []float64
}

// Read takes the counters as they were at a time. A reading from before the
// last one, or from the same moment, changes nothing.
func (r *Rates) Read(at time.Time, totals map[string]uint64) {
	passed := at.Sub(r.at).Seconds()
	if !r.at.IsZero() && passed <= 0 {
		return
	}
	before := r.counters
	r.counters = make(map[string]*counterRate, len(totals))
	for name, total := range totals {
		c := before[name]
		switch {
		case c == nil:
			c = &counterRate{}
		case total < c.total: // it began anew
			c.now = 0
		default:
			c.now = float64(total-c.total) / passed
			c.past = append(c.past, c.now)
			if len(c.past) > RatesPast {
				c.past = c.past[len(c.past)-RatesPast:]
			}
		}
		c.total = total
		r.counters[name] = c
	}
	r.at = at
}

// Of is how much a second name has grown between the last two readings.
func (r *Rates) Of(name string) float64 {
	if c := r.counters[name]; c != nil {
		return c.now
	}
	return 0
}

// Total is the counter as it was read last.
func (r *Rates) Total(name string) uint64 {
	if c := r.counters[name]; c != nil {
		return c.total
	}
	return 0
}

// Past is the rates of name, oldest first. It is not to be changed and holds
// until the next Read.
func (r *Rates) Past(name string) []float64 {
	if c := r.counters[name]; c != nil {
		return c.past
	}
	return nil
}
