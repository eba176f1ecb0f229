package cytubetest

import (
	"math"
	"time"
)

// bucket is CyTube's token bucket: it refills in whole tokens.
type bucket struct {
	capacity int
	rate     float64 // tokens a second
	count    int
	refilled time.Time
}

func newBucket(capacity int, rate float64, now time.Time) *bucket {
	return &bucket{capacity: capacity, rate: rate, count: capacity, refilled: now}
}

func (b *bucket) take(now time.Time) bool {
	if more := int(math.Floor(now.Sub(b.refilled).Seconds() * b.rate)); more > 0 {
		b.count = min(b.capacity, b.count+more)
		b.refilled = now
	}
	if b.count == 0 {
		return false
	}
	b.count--
	return true
}

// throttle is CyTube's limit for chat and queueing: a burst, then a steady
// rate, and the whole burst again after a pause.
type throttle struct {
	count int
	last  time.Time
}

// pace is what a throttle allows. A rate of 0 lets nothing through between
// the burst and the end of the pause.
type pace struct {
	burst int
	rate  float64 // a second
	pause time.Duration
}

func perSecond(burst int, rate float64) pace {
	return pace{burst, rate, time.Duration(float64(burst) / rate * float64(time.Second))}
}

// exceeded counts one try and says whether it is too many.
func (t *throttle) exceeded(p pace, now time.Time) bool {
	switch {
	case t.last.Before(now.Add(-p.pause)):
		t.count = 1
	case t.count < p.burst:
		t.count++
	case p.rate == 0 || now.Sub(t.last).Seconds() < 1/p.rate:
		return true
	}
	t.last = now
	return false
}

// settle calls f at once and then at most once in a while, and always once
// after the last request. It is lodash's debounce with a maximal wait, which
// CyTube uses for usercount.
type settle struct {
	loop  *loop
	every time.Duration
	f     func()

	called, ran time.Time
	pending     bool
	timer       *timer
}

func (d *settle) request() {
	now := d.loop.now()
	due := d.due(now)
	d.called, d.pending = now, true
	switch {
	case due && d.timer == nil:
		d.timer = d.loop.after(d.every, d.expired)
		d.run(now)
	case due:
		d.timer.stop()
		d.timer = d.loop.after(d.every, d.expired)
		d.run(now)
	case d.timer == nil:
		d.timer = d.loop.after(d.every, d.expired)
	}
}

func (d *settle) due(now time.Time) bool {
	return d.called.IsZero() || now.Sub(d.called) >= d.every || now.Sub(d.ran) >= d.every
}

func (d *settle) expired() {
	now := d.loop.now()
	if !d.due(now) {
		d.timer = d.loop.after(min(d.every-now.Sub(d.called), d.every-now.Sub(d.ran)), d.expired)
		return
	}
	d.timer = nil
	if d.pending {
		d.run(now)
	}
}

func (d *settle) run(now time.Time) {
	d.ran, d.pending = now, false
	d.f()
}
