package bot

import (
	"encoding/json"
	"testing"

	"rosey/bus"
	"rosey/bus/room"
)

// When CyTube was last heard is known from the events of a bot that is gone.
func TestLastHeard(t *testing.T) {
	const start = int64(1_790_000_000_000)
	link := func(s room.LinkState, last int64) room.Event { return &room.Connection{State: s, Last: last} }
	for name, c := range map[string]struct {
		events []room.Event // a second apart
		want   int64
	}{
		"nothing kept":              {nil, 0},
		"killed in the room":        {[]room.Event{link(room.LinkUp, 0), &room.Drinks{Count: 1}, &room.Drinks{Count: 2}}, start + 2000},
		"killed while it was out":   {[]room.Event{link(room.LinkUp, 0), link(room.LinkDown, start+300), link(room.LinkConnecting, start+300)}, start + 300},
		"stopped":                   {[]room.Event{link(room.LinkUp, 0), link(room.LinkStopped, start+400)}, start + 400},
		"out, of a bot that is old": {[]room.Event{link(room.LinkUp, 0), link(room.LinkDown, 0), link(room.LinkConnecting, 0)}, start + 1000},
		"no word of the link":       {[]room.Event{&room.Drinks{Count: 1}}, start},
	} {
		var past []bus.Envelope
		for i, e := range c.events {
			data, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			past = append(past, bus.Envelope{V: bus.EnvelopeVersion, Seq: uint64(i + 1), Time: start + int64(i)*1000, Event: e.EventName(), Data: data})
		}
		if got := lastHeard(past); got != c.want {
			t.Errorf("%s: %d, not %d", name, got-start, c.want-start)
		}
	}
}
