package bus

import "time"

// A Histogram sorts durations into steps of 1, 2 and 5. The zero value is
// ready.
type Histogram struct {
	counts [len(histogramSteps) + 1]uint64
	n      uint64
	max    time.Duration
}

// histogramSteps are the upper ends of all steps but the last, which has none.
var histogramSteps = [...]time.Duration{
	50 * time.Microsecond, 100 * time.Microsecond, 200 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond,
	10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond, time.Second,
}

// HistogramStep is one step: how many took at most Under, and longer than the
// step before. Under is 0 for the last, which has no end.
type HistogramStep struct {
	Under time.Duration
	Count uint64
}

// Add counts one.
func (h *Histogram) Add(d time.Duration) {
	i := 0
	for i < len(histogramSteps) && d > histogramSteps[i] {
		i++
	}
	h.counts[i]++
	h.n++
	h.max = max(h.max, d)
}

// Count is how many there were.
func (h *Histogram) Count() uint64 { return h.n }

// Max is the longest.
func (h *Histogram) Max() time.Duration { return h.max }

// Steps are the steps from the first that counted one to the last that did.
func (h *Histogram) Steps() []HistogramStep {
	var out []HistogramStep
	for i, n := range h.counts {
		s := HistogramStep{Count: n}
		if i < len(histogramSteps) {
			s.Under = histogramSteps[i]
		}
		out = append(out, s)
	}
	for len(out) > 0 && out[len(out)-1].Count == 0 {
		out = out[:len(out)-1]
	}
	for len(out) > 0 && out[0].Count == 0 {
		out = out[1:]
	}
	return out
}

// Quantile is the upper end of the step in which the share q of all lies, and
// the longest where that step has none.
func (h *Histogram) Quantile(q float64) time.Duration {
	var seen uint64
	for i, n := range h.counts {
		seen += n
		if seen > 0 && float64(seen) >= q*float64(h.n) {
			if i < len(histogramSteps) {
				return min(histogramSteps[i], h.max)
			}
			return h.max
		}
	}
	return 0
}
