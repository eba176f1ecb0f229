package bot

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"rosey/bus"
	"rosey/bus/room"
)

func drained(o *outbox) string {
	var ids []string
	for p := o.take(1 << 30); p != nil; p = o.take(1 << 30) {
		ids = append(ids, p.id)
	}
	return strings.Join(ids, " ")
}

func TestOutboxOrder(t *testing.T) {
	o := newOutbox()
	for i := range 5 {
		o.put(&parcel{id: fmt.Sprint(i)})
	}
	if p := o.take(2); p.id != "0" || o.take(2).id != "1" || o.take(2) != nil {
		t.Fatal("the window of two was not kept")
	}
	o.arrived()
	if p := o.take(2); p.id != "2" {
		t.Fatalf("took %s", p.id)
	}
	o.rewind()
	if got := drained(o); got != "1 2 3 4" {
		t.Errorf("sent again: %s", got)
	}
}

func TestOutboxDrops(t *testing.T) {
	o := newOutbox()
	o.max = 4
	o.put(&parcel{id: "sent", stale: true})
	o.take(10)
	for _, p := range []*parcel{{id: "a"}, {id: "tick", stale: true}, {id: "b"}, {id: "c"}, {id: "tock", stale: true}} {
		o.put(p)
	}
	// The stale one goes first, then the oldest; what is on its way stays, and
	// so does what has just come.
	if got := drained(o); got != "b c tock" {
		t.Errorf("kept %q", got)
	}
	if pending, dropped := o.counts(); pending != 4 || dropped != 2 {
		t.Errorf("pending %d, dropped %d", pending, dropped)
	}
}

// What was on its way is as good to drop as before once it is to be sent again.
func TestOutboxDropsWhatIsStaleAgain(t *testing.T) {
	o := newOutbox()
	o.max = 4
	for _, p := range []*parcel{{id: "a"}, {id: "tick", stale: true}, {id: "b"}, {id: "tock", stale: true}} {
		o.put(p)
	}
	o.take(10)
	o.take(10)
	o.put(&parcel{id: "c"}) // tock goes
	o.take(10)
	o.putBack()
	o.rewind()
	o.put(&parcel{id: "d"}) // tick
	o.put(&parcel{id: "e"}) // a
	if got := drained(o); got != "b c d e" {
		t.Errorf("kept %q", got)
	}
}

// What NATS has not taken yet is in no stream, and the memory has let go of the
// most of it: whoever asks for it must not be told that it is gone.
func TestHistoryHasWhatWaitsForNATS(t *testing.T) {
	const n = ringEvents + 1500
	d := &desk{room: "main", out: newOutbox(), ring: &ring{}}
	for i := range n {
		d.publish(happening{&room.Drinks{Count: i}, time.UnixMilli(int64(i))})
	}
	d.shown.Store(&snapshot{seq: n})
	h := &history{desk: d, log: quiet()}
	for _, tt := range []struct {
		req  bus.HistoryRequest
		want string
		more bool
	}{
		{bus.HistoryRequest{AfterSeq: 1}, "2-501", true},
		{bus.HistoryRequest{AfterSeq: 1400, Limit: 200}, "1401-1600", true},
		{bus.HistoryRequest{BeforeSeq: 1600, Limit: 200}, "1400-1599", true},
		{bus.HistoryRequest{BeforeSeq: 301}, "1-300", false},
		{bus.HistoryRequest{Limit: 3}, "3498-3500", true},
	} {
		if r := h.page(t.Context(), tt.req); span(r.Events) != tt.want || r.More != tt.more {
			t.Errorf("%+v: got %s more=%v, want %s more=%v", tt.req, span(r.Events), r.More, tt.want, tt.more)
		}
	}
}

// What the memory answers alone costs no look through all that waits, and the
// answer tells how far back one may ask.
func TestHistoryFromMemoryLeavesTheOutboxAlone(t *testing.T) {
	const n = ringEvents + 1500
	d := &desk{room: "main", out: newOutbox(), ring: &ring{}}
	for i := range n {
		d.publish(happening{&room.Drinks{Count: i}, time.UnixMilli(int64(i))})
	}
	d.shown.Store(&snapshot{seq: n})
	h := &history{desk: d, log: quiet()}
	for _, req := range []bus.HistoryRequest{{}, {AfterSeq: n - 300}, {BeforeSeq: n - 100}} {
		if r := h.page(t.Context(), req); r.FirstSeq != 1 || len(r.Events) < 300 {
			t.Errorf("%+v: %d events, the first that can be had is %d", req, len(r.Events), r.FirstSeq)
		}
		if each := testing.AllocsPerRun(5, func() { h.page(t.Context(), req) }); each > 100 {
			t.Errorf("%+v: %.0f allocations", req, each)
		}
	}
}

// BenchmarkOutboxFull puts a parcel into an outbox that is full, as in a flood
// that NATS does not keep up with.
func BenchmarkOutboxFull(b *testing.B) {
	o := newOutbox()
	for range outboxParcels {
		o.put(&parcel{})
	}
	for range publishWindow {
		o.take(publishWindow)
	}
	for b.Loop() {
		o.put(&parcel{})
	}
}

func TestOutboxRefuse(t *testing.T) {
	o := newOutbox()
	for _, id := range []string{"a", "huge", "b"} {
		o.put(&parcel{id: id, data: []byte(id)})
	}
	o.take(10)
	o.take(10)
	o.refuse()
	o.rewind()
	if got := drained(o); got != "a b" || o.bytes != 2 {
		t.Errorf("kept %q, %d bytes", got, o.bytes)
	}
}

// After a long outage what the stream has is not sent again.
func TestOutboxArrivedThrough(t *testing.T) {
	sent := struct{ jetstream.PubAckFuture }{}
	for _, tt := range []struct {
		seq  uint64
		want string
	}{
		{0, "e7 w7 e8 w8 e9 w9"},
		{7, "w7 e8 w8 e9 w9"}, // whether the write behind it arrived is not known
		{8, "w8 e9 w9"},
		{9, "w8 e9 w9"}, // 9 was never sent
	} {
		o := newOutbox()
		for seq := uint64(7); seq <= 9; seq++ {
			o.put(&parcel{id: fmt.Sprint("e", seq), seq: seq})
			o.put(&parcel{id: fmt.Sprint("w", seq)})
		}
		for range 4 {
			o.take(10).ack = sent
		}
		o.arrivedThrough(tt.seq, false)
		if got := drained(o); got != tt.want {
			t.Errorf("through %d: left %q, want %q", tt.seq, got, tt.want)
		}
	}
}

// Writes have a stream of their own: that an event behind them has arrived
// says nothing about them when that stream was stuck.
func TestOutboxKeepsWritesOfAStuckStream(t *testing.T) {
	o := newOutbox()
	for _, p := range []*parcel{{id: "e1", seq: 1}, {id: "w1"}, {id: "e2", seq: 2}, {id: "w2"}, {id: "e3", seq: 3}} {
		p.ack = sentAck{}
		o.put(p)
	}
	o.arrivedThrough(2, true)
	if got := drained(o); got != "w1 w2 e3" {
		t.Errorf("left %q", got)
	}
}

// sentAck is the acknowledgement of something that was sent, still to come.
type sentAck struct{ jetstream.PubAckFuture }

// What has arrived is counted by subject, however it is known to have arrived.
func TestOutboxCountsWrites(t *testing.T) {
	o := newOutbox()
	for _, p := range []*parcel{{subject: "w"}, {subject: "e", seq: 1}, {subject: "w"}, {subject: "v"}, {subject: "e", seq: 2}, {subject: "w"}} {
		o.put(p)
	}
	for range 5 {
		o.take(10).ack = sentAck{}
	}
	o.arrived()
	o.arrivedThrough(2, false)
	if got := o.published(); len(got) != 2 || got["w"] != 2 || got["v"] != 1 {
		t.Errorf("published %v", got)
	}
}

// A command that says it is done outlasts a kill: what it wrote is in NATS by
// then. When NATS is silent it says so.
func TestSettleWaitsUntilNATSHasTheWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk("r", "c", "e", nil, 0, quiet())
		d.out, d.ledger = newOutbox(), newLedger("r", "c", time.Now())
		var running sync.WaitGroup
		running.Go(d.run)
		var err error
		settled := false
		settle := func() {
			err = d.settle(t.Context(), write{subject: bus.SubjectSanctionSet, payload: bus.SanctionWrite{}})
			settled = true
		}
		running.Go(settle)
		synctest.Wait()
		if settled || d.out.take(1) == nil {
			t.Error("it did not wait, or nothing was sent")
		}
		d.out.arrived()
		synctest.Wait()
		if !settled || err != nil {
			t.Errorf("settled %v, %v", settled, err)
		}
		settle()
		if err == nil {
			t.Error("it was content without NATS")
		}
		close(d.in)
		running.Wait()
	})
}

// A desk that is too busy for the write of a command's outcome counts it as
// lost.
func TestDeskCountsTheWritesItDrops(t *testing.T) {
	d := newDesk("r", "c", "e", nil, 0, quiet())
	d.out = newOutbox()
	for range deskQueue + 2 {
		d.extra(write{subject: bus.SubjectActionLog})
	}
	if _, dropped := d.out.counts(); dropped != 2 {
		t.Errorf("%d counted as dropped, want 2", dropped)
	}
}
