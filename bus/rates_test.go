package bus

import (
	"slices"
	"testing"
	"time"
)

func TestRates(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	var r Rates
	for _, step := range []struct {
		what  string
		after time.Duration
		total map[string]uint64
		rate  float64
		past  []float64
	}{
		{"the first reading has no rate", 0, map[string]uint64{"in": 1000}, 0, nil},
		{"per second", 2 * time.Second, map[string]uint64{"in": 1100, "out": 5}, 50, []float64{50}},
		{"the same moment changes nothing", 2 * time.Second, map[string]uint64{"in": 9999}, 50, []float64{50}},
		{"an earlier one neither", time.Second, map[string]uint64{"in": 9999}, 50, []float64{50}},
		{"standing still", 3 * time.Second, map[string]uint64{"in": 1100}, 0, []float64{50, 0}},
		{"a restart has no rate", 4 * time.Second, map[string]uint64{"in": 10}, 0, []float64{50, 0}},
		{"and counts from there", 6 * time.Second, map[string]uint64{"in": 30}, 10, []float64{50, 0, 10}},
		{"gone is forgotten", 7 * time.Second, map[string]uint64{}, 0, nil},
	} {
		r.Read(start.Add(step.after), step.total)
		if got := r.Of("in"); got != step.rate {
			t.Errorf("%s: rate %v, want %v", step.what, got, step.rate)
		}
		if got := r.Past("in"); !slices.Equal(got, step.past) {
			t.Errorf("%s: past %v, want %v", step.what, got, step.past)
		}
	}
	for i := range 3 * RatesPast {
		r.Read(start.Add(time.Duration(10+i)*time.Second), map[string]uint64{"in": uint64(i)})
	}
	if n := len(r.Past("in")); n != RatesPast {
		t.Errorf("%d rates are remembered, want %d", n, RatesPast)
	}
}

func TestHistogram(t *testing.T) {
	var h Histogram
	if h.Count() != 0 || len(h.Steps()) != 0 || h.Quantile(0.5) != 0 {
		t.Error("an empty one has something to say")
	}
	for range 98 {
		h.Add(150 * time.Microsecond)
	}
	h.Add(3 * time.Millisecond)
	h.Add(7 * time.Second)
	if h.Count() != 100 || h.Max() != 7*time.Second {
		t.Errorf("%d, longest %v", h.Count(), h.Max())
	}
	steps := h.Steps()
	if first, last := steps[0], steps[len(steps)-1]; first != (HistogramStep{200 * time.Microsecond, 98}) || last != (HistogramStep{0, 1}) {
		t.Errorf("steps %v", steps)
	}
	for q, want := range map[float64]time.Duration{0.5: 200 * time.Microsecond, 0.99: 5 * time.Millisecond, 1: 7 * time.Second} {
		if got := h.Quantile(q); got != want {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
}
