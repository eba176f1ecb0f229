package tui

import (
	"testing"
	"time"
)

func TestNumbersAsPeopleReadThem(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{clockLength(0), "0:00"}, {clockLength(245), "4:05"}, {clockLength(4742), "1:19:02"}, {clockLength(-3), "-0:03"},
		{spoken(300), "a moment"}, {spoken(42_000), "42 s"}, {spoken(180_000), "3 min"}, {spoken(7_500_000), "2 h 5 min"},
		{count(1, "line"), "1 line"}, {count(12_344, "line"), "12,344 lines"}, {grouped(1_002_003), "1,002,003"},
		{milliseconds(0.12), "0.1ms"}, {milliseconds(41.4), "41ms"}, {milliseconds(2300), "2.3s"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

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

func TestMentions(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"Rosey hello", true}, {"hi @rosey!", true}, {"ROSEY", true}, {"hello", false},
		{"roseys", false}, {"proseyx", false}, {"roseys rosey", true}, {"日rosey本", false}, {"", false},
	} {
		if got := names(c.text, "Rosey"); got != c.want {
			t.Errorf("%q: %v", c.text, got)
		}
	}
}
