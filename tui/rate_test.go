package tui

import (
	"testing"
	"time"
)

func TestRate(t *testing.T) {
	var r rate
	now := evening
	r.advance(now)
	for range 12 {
		r.add(1)
		now = now.Add(5 * time.Second)
		r.advance(now)
	}
	if got := r.text(); got != "11 lines/min" {
		t.Errorf("%q", got)
	}
	for range 5 {
		r.add(40)
		now = now.Add(time.Second)
		r.advance(now)
	}
	if got := r.text(); got != "40 lines/s" {
		t.Errorf("%q", got)
	}
	r.advance(now.Add(-time.Hour)) // the clock was set back
	r.add(1)
	if got := r.text(); got != "1 line/min" {
		t.Errorf("%q", got)
	}
}
