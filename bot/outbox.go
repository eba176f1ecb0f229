package bot

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"rosey/bus"
)

const (
	// outboxParcels and outboxBytes bound what waits for NATS in one room. At
	// a busy room's ten lines a second, two parcels each, that is over an hour.
	outboxParcels = 100_000
	outboxBytes   = 64 << 20
)

// A parcel is one message on its way to NATS: an event or a database write.
type parcel struct {
	subject string
	id      string // Nats-Msg-Id: JetStream takes a parcel of one id once
	data    []byte
	seq     uint64 // of an event; 0 for a database write

	// stale parcels are those that a later one replaces: player ticks, user
	// counts, the status row. They go first when the outbox is full.
	stale bool

	ack   jetstream.PubAckFuture // of the last time it was sent; nil before
	first time.Time              // when it was sent for the first time
	done  chan<- struct{}        // closed when it has arrived; nil when nobody waits for that
}

// An outbox holds, in order, what NATS has not yet acknowledged. The desk puts
// parcels in and never blocks; the publisher sends them and takes out what has
// arrived.
//
// When it is full the oldest stale parcel that was not sent yet is dropped; if
// there is none, the oldest unsent one of any kind. Each is counted, and the
// number that a dropped event had stays unused, so that whoever follows the
// room sees a gap where one is.
type outbox struct {
	wake chan struct{} // has an element when there is something new to send

	mu      sync.Mutex
	parcels []*parcel
	sent    int // the first ones of parcels, which are on their way
	stale   int // how many of the others are
	bytes   int
	dropped uint64
	writes  map[string]uint64 // database writes that arrived, by subject
	max     int
}

func newOutbox() *outbox {
	return &outbox{wake: make(chan struct{}, 1), max: outboxParcels, writes: map[string]uint64{}}
}

// put appends p.
func (o *outbox) put(p *parcel) {
	o.mu.Lock()
	o.parcels = append(o.parcels, p)
	o.bytes += len(p.data)
	o.markStale(p, 1)
	for len(o.parcels)-o.sent > 1 && (len(o.parcels) > o.max || o.bytes > outboxBytes) {
		o.dropOne()
	}
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// dropOne makes room. The newest parcel is not considered: it has just come.
// A full outbox drops one for each that comes, so the search is for when there
// is something to find.
func (o *outbox) dropOne() {
	victim := o.sent
	for i := o.sent; o.stale > 0 && i < len(o.parcels)-1; i++ {
		if o.parcels[i].stale {
			victim = i
			break
		}
	}
	o.markStale(o.parcels[victim], -1)
	o.remove(victim)
	o.dropped++
}

// markStale counts p in or out of the stale parcels that were not sent.
func (o *outbox) markStale(p *parcel, by int) {
	if p.stale {
		o.stale += by
	}
}

// take gives the first parcel that is to be sent and counts it as on its way;
// nil when there is none or window of them are on their way already.
func (o *outbox) take(window int) *parcel {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.sent >= len(o.parcels) || o.sent >= window {
		return nil
	}
	p := o.parcels[o.sent]
	o.sent++
	o.markStale(p, -1)
	return p
}

// head is the oldest parcel on its way, nil when there is none.
func (o *outbox) head() *parcel {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.sent == 0 {
		return nil
	}
	return o.parcels[0]
}

// waiting is for how long the oldest parcel has been sent and not arrived; 0
// when it was not sent yet.
func (o *outbox) waiting() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.parcels) == 0 || o.parcels[0].first.IsZero() {
		return 0
	}
	return time.Since(o.parcels[0].first)
}

// arrived takes the head out.
func (o *outbox) arrived() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.count(o.parcels[0])
	o.bytes -= len(o.parcels[0].data)
	o.parcels[0] = nil
	o.parcels = o.parcels[1:]
	o.sent--
}

// putBack undoes the last take: the parcel was not sent.
func (o *outbox) putBack() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent--
	o.markStale(o.parcels[o.sent], 1)
}

// arrivedThrough takes out what is known to have arrived, because event seq,
// sent behind it on one connection, has. Only what was sent at some time is
// taken, and nothing behind that event. With eventsOnly the database writes
// stay: they go into a stream of their own, which may have been stuck.
func (o *outbox) arrivedThrough(seq uint64, eventsOnly bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for i, p := range o.parcels {
		if p.ack == nil || p.seq > seq {
			break
		}
		if p.seq > 0 {
			n = i + 1
		}
	}
	rest := make([]*parcel, 0, len(o.parcels))
	for i, p := range o.parcels {
		if i < n && (p.seq > 0 || !eventsOnly) {
			o.count(p)
			o.bytes -= len(p.data)
			continue
		}
		rest = append(rest, p)
	}
	o.parcels = rest
	o.unsend()
}

// rewind makes everything that has not arrived be sent again, in order.
func (o *outbox) rewind() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unsend()
}

// unsend takes every parcel for one that is not on its way.
func (o *outbox) unsend() {
	o.sent, o.stale = 0, 0
	for _, p := range o.parcels {
		o.markStale(p, 1)
	}
}

// refuse drops the parcel that take gave last, because it can never be sent.
func (o *outbox) refuse() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent--
	o.remove(o.sent)
	o.dropped++
}

// lost counts what was dropped before it came here.
func (o *outbox) lost() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dropped++
}

// remove takes the parcel at i out. Those in front of it move: what goes is near
// the head, unless all that is stale stands far behind it.
func (o *outbox) remove(i int) {
	o.bytes -= len(o.parcels[i].data)
	copy(o.parcels[1:i+1], o.parcels[:i])
	o.parcels[0] = nil
	o.parcels = o.parcels[1:]
}

// left gives what has not arrived, without what a later parcel replaces.
func (o *outbox) left() []*parcel {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.parcels), func(p *parcel) bool { return p.stale && p.seq == 0 })
}

// count counts a parcel that arrived, and tells who waits for it.
func (o *outbox) count(p *parcel) {
	if p.seq == 0 {
		o.writes[p.subject]++
	}
	if p.done != nil {
		close(p.done)
	}
}

// published tells how many database writes have arrived, by subject.
func (o *outbox) published() map[string]uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.writes)
}

// events gives, in order, what req asks for of the events in front of the one
// numbered edge that have not arrived: one more than a page where there are.
func (o *outbox) events(req bus.HistoryRequest, edge uint64) (events []bus.Envelope) {
	if req.BeforeSeq > 0 {
		edge = min(edge, req.BeforeSeq)
	}
	o.mu.Lock()
	var wanted []*parcel
	for _, p := range o.parcels {
		if p.seq > req.AfterSeq && p.seq < edge {
			wanted = append(wanted, p)
		}
	}
	o.mu.Unlock()
	if n := limitOf(req) + 1; len(wanted) > n && req.AfterSeq > 0 {
		wanted = wanted[:n]
	} else if len(wanted) > n {
		wanted = wanted[len(wanted)-n:]
	}
	for _, p := range wanted {
		if env, ok := readable(p.data); ok {
			events = append(events, env)
		}
	}
	return events
}

// firstEvent is the number of the oldest event that has not arrived, 0 for none.
func (o *outbox) firstEvent() uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.parcels {
		if p.seq > 0 {
			return p.seq
		}
	}
	return 0
}

// counts tells how many wait and how many were dropped since the start.
func (o *outbox) counts() (pending int, dropped uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.parcels), o.dropped
}
