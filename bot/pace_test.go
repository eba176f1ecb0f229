package bot

import (
	"testing"
	"time"
)

// throttle is CyTube's own rate limiter, as the server runs it.
type throttle struct {
	count int
	last  time.Time
}

// drops tells whether the server drops a line that arrives at now.
func (r *throttle) drops(now time.Time) bool {
	switch idle := now.Sub(r.last); {
	case idle > 2*time.Second:
		r.count = 1
	case r.count < 20:
		r.count++
	case idle < 100*time.Millisecond:
		return true
	}
	r.last = now
	return false
}

func TestPaceStaysUnderTheThrottle(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var p pace
	var server throttle
	now := start
	for i := range 500 {
		cost := 1
		if i%50 == 7 {
			cost = 2
		}
		if i%90 == 89 {
			now = now.Add(2500 * time.Millisecond) // a pause fills the burst again
		}
		now = now.Add(p.wait(now, cost))
		p.spend(now, cost)
		for range cost {
			// The way to the server takes a few milliseconds more or less.
			if server.drops(now.Add(time.Duration(i%7) * time.Millisecond)) {
				t.Fatalf("line %d at %v was dropped", i, now.Sub(start))
			}
		}
	}
	if rate := 500 / now.Sub(start).Seconds(); rate < 7 {
		t.Errorf("%.1f lines/s: slower than the throttle asks for", rate)
	}
}

func TestPaceBurst(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		pace pace
		want int // lines before the first wait
	}{
		{"fresh", pace{}, paceBurst},
		{"antiflood", pace{antiflood: true}, paceFloodBurst},
		{"idle", pace{used: paceBurst, last: now.Add(-paceIdle)}, paceBurst},
		{"busy", pace{used: paceBurst - 3, last: now}, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for tt.pace.wait(now, 1) == 0 && n < 100 {
				tt.pace.spend(now, 1)
				n++
			}
			if n != tt.want {
				t.Errorf("%d lines at once, want %d", n, tt.want)
			}
		})
	}
}

func TestPaceCooldown(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var p pace
	p.spend(now, 1)
	p.cooldown(now.Add(time.Second))
	if got, want := p.wait(now, 1), time.Second+paceInterval; got != want {
		t.Errorf("wait in a cooldown: %v, want %v", got, want)
	}
	if got := p.wait(now.Add(time.Second), 1); got != paceInterval {
		t.Errorf("wait after it: %v, want %v", got, paceInterval)
	}
}
