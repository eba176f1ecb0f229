package tui

import (
	"fmt"
	"time"
)

// A rate counts what happened in each of the last sixty seconds.
type rate struct {
	seconds [60]int
	now     int64 // Unix second of the newest bucket
}

// advance moves on to now and forgets what is a minute old.
func (r *rate) advance(now time.Time) {
	s := now.Unix()
	if s-r.now >= int64(len(r.seconds)) || s < r.now {
		r.seconds, r.now = [60]int{}, s
		return
	}
	for r.now < s {
		r.now++
		r.seconds[r.now%60] = 0
	}
}

func (r *rate) add(n int) { r.seconds[r.now%60] += n }

// recent is how many came in the last five whole seconds.
func (r *rate) recent() (n int) {
	for i := int64(1); i <= 5 && r.now >= i; i++ {
		n += r.seconds[(r.now-i)%60]
	}
	return n
}

// flood tells whether more comes than one can read.
func (r *rate) flood() bool { return r.recent() >= 15 }

// text is the calm figure for a quiet room and the urgent one for a flood.
func (r *rate) text() string {
	minute := 0
	for _, n := range r.seconds {
		minute += n
	}
	if r.flood() {
		return fmt.Sprintf("%d lines/s", r.recent()/5)
	}
	return count(uint64(minute), "line") + "/min"
}
