package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"rosey/bus"
	"rosey/bus/room"
)

// keep puts events of the room den into the stream as they are.
func keep(t *testing.T, c *bus.Conn, payloads ...string) {
	t.Helper()
	for _, p := range payloads {
		if _, err := c.JS.Publish(testContext(t), bus.EventSubject("den", "message"), []byte(p)); err != nil {
			t.Fatal(err)
		}
	}
}

func envelope(t *testing.T, seq uint64, text string) string {
	t.Helper()
	data, err := json.Marshal(&room.Message{User: "bob", Content: text})
	if err != nil {
		t.Fatal(err)
	}
	env, err := json.Marshal(bus.Envelope{V: bus.EnvelopeVersion, Seq: seq, Room: "den", Event: "message", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return string(env)
}

// TestGarbageInTheStreamIsPassedOver has unreadable messages first, last and
// between: none may keep the bot from its past.
func TestGarbageInTheStreamIsPassedOver(t *testing.T) {
	t.Parallel()
	c := startBus(t).connect(bus.RoleBot)
	keep(t, c, "garbage", "null", envelope(t, 1, "a"), "{}", envelope(t, 2, "b"), strings.Repeat("[", 5000), "garbage", envelope(t, bus.MaxSeq, "far out"), "garbage")
	a := newArchive(c, "den")
	past, err := a.newest(testContext(t), 10)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(texts(past)); got != "[a b]" {
		t.Errorf("the past is %s", got)
	}
	if last, err := a.lastSeq(testContext(t)); err != nil || last != 2 {
		t.Errorf("the last number is %d (%v)", last, err)
	}
}

// TestHistoryReachesBehindDroppedNumbers walks back over a hole that is wider
// than a page.
func TestHistoryReachesBehindDroppedNumbers(t *testing.T) {
	t.Parallel()
	c := startBus(t).connect(bus.RoleBot)
	keep(t, c, envelope(t, 1, "a"), envelope(t, 2, "b"), envelope(t, 5000, "c"))
	a := newArchive(c, "den")
	p, err := a.page(testContext(t), bus.HistoryRequest{BeforeSeq: 5000, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(texts(p.events)); got != "[a b]" {
		t.Errorf("the page is %s", got)
	}
}

// TestLargeEventsAreReadByTheirSize asks for more than may be read at once:
// the newest are given, and paging back reaches the others.
func TestLargeEventsAreReadByTheirSize(t *testing.T) {
	t.Parallel()
	c := startBus(t).connect(bus.RoleBot)
	const count, limit, bytes = 4, 8, 2 << 20 // small: a busy machine takes long for each try
	large := strings.Repeat("x", 800_000)
	for i := range count {
		keep(t, c, envelope(t, uint64(i+1), large))
	}
	a := newArchive(c, "den")
	s, oldest, newest, _, err := a.open(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	past, err := a.lastBefore(testContext(t), s, count+1, limit, bytes, oldest, newest)
	if err != nil {
		t.Fatal(err)
	}
	if len(past) == 0 || len(past) == count || past[len(past)-1].Seq != count {
		t.Fatalf("%d events were read", len(past))
	}
	for before := uint64(count + 1); before > 1; before-- {
		p, err := a.page(testContext(t), bus.HistoryRequest{BeforeSeq: before, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.events) != 1 || p.events[0].Seq != before-1 {
			t.Fatalf("the page before %d has %d events, want the one large one", before, len(p.events))
		}
	}
}
