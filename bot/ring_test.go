package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"rosey/bus"
)

// envelopes makes events numbered from first to last, each a second later.
func envelopes(first, last uint64) []bus.Envelope {
	var list []bus.Envelope
	for seq := first; seq <= last; seq++ {
		list = append(list, bus.Envelope{V: 1, Seq: seq, Time: int64(seq) * 1000, Event: "drinks", Data: json.RawMessage(`{"count":1}`)})
	}
	return list
}

// span tells the numbers of a run of events, "3-7".
func span(events []bus.Envelope) string {
	if len(events) == 0 {
		return "none"
	}
	for i := 1; i < len(events); i++ {
		if events[i].Seq != events[i-1].Seq+1 {
			return fmt.Sprintf("hole behind %d", events[i-1].Seq)
		}
	}
	return fmt.Sprintf("%d-%d", events[0].Seq, events[len(events)-1].Seq)
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		name        string
		req         bus.HistoryRequest
		want        string
		more, ended bool
	}{
		{"newest", bus.HistoryRequest{Limit: 3}, "8-10", true, false},
		{"all", bus.HistoryRequest{}, "1-10", false, false},
		{"after", bus.HistoryRequest{AfterSeq: 4, Limit: 3}, "5-7", true, false},
		{"after, to the end", bus.HistoryRequest{AfterSeq: 7, Limit: 3}, "8-10", false, false},
		{"after the end", bus.HistoryRequest{AfterSeq: 10}, "none", false, false},
		{"after the highest number", bus.HistoryRequest{AfterSeq: 1<<64 - 1}, "none", false, false},
		{"before", bus.HistoryRequest{BeforeSeq: 6, Limit: 2}, "4-5", true, false},
		{"between", bus.HistoryRequest{AfterSeq: 2, BeforeSeq: 6}, "3-5", false, false},
		{"since", bus.HistoryRequest{Since: 7000}, "7-10", false, true},
		{"limit above the highest", bus.HistoryRequest{Limit: 9999}, "1-10", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := cut(envelopes(1, 10), tt.req)
			if got := span(p.events); got != tt.want || p.more != tt.more || p.ended != tt.ended {
				t.Errorf("got %s more=%v ended=%v, want %s more=%v ended=%v", got, p.more, p.ended, tt.want, tt.more, tt.ended)
			}
		})
	}
}

func TestCutBytes(t *testing.T) {
	events := envelopes(1, 4)
	for i := range events {
		events[i].Data = json.RawMessage(`"` + strings.Repeat("x", pageBytes/2) + `"`)
	}
	if p := cut(events, bus.HistoryRequest{}); span(p.events) != "4-4" || !p.more {
		t.Errorf("newest: %s more=%v", span(p.events), p.more)
	}
	if p := cut(events, bus.HistoryRequest{AfterSeq: 1}); span(p.events) != "2-2" || !p.more {
		t.Errorf("forward: %s more=%v", span(p.events), p.more)
	}
	events[3].Data = json.RawMessage(`"` + strings.Repeat("x", 2*pageBytes) + `"`)
	if p := cut(events, bus.HistoryRequest{}); span(p.events) != "4-4" {
		t.Errorf("one event larger than a page: %s", span(p.events))
	}
}

func TestRingBounds(t *testing.T) {
	var r ring
	for _, env := range envelopes(1, ringEvents+5) {
		r.add(env)
	}
	if got, want := span(r.all()), fmt.Sprintf("6-%d", ringEvents+5); got != want {
		t.Errorf("holds %s, want %s", got, want)
	}
	big := bus.Envelope{Seq: ringEvents + 6, Data: json.RawMessage(`"` + strings.Repeat("x", ringBytes) + `"`)}
	r.add(big)
	if got := r.all(); len(got) != 1 || got[0].Seq != big.Seq {
		t.Errorf("beside a huge event it holds %s", span(got))
	}
}
