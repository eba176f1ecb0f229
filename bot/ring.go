package bot

import (
	"cmp"
	"slices"
	"sync"

	"rosey/bus"
)

const (
	// ringEvents and ringBytes bound the events kept in memory for history
	// requests.
	ringEvents = 2000
	ringBytes  = 16 << 20

	// pageBytes bounds one history page, so that it fits the smallest
	// max_payload in common use, which is 1 MiB.
	pageBytes = 512 << 10

	// envelopeSize is what an envelope takes in JSON besides its data and names.
	envelopeSize = 120
)

// sizeOf is roughly how many bytes env takes in JSON.
func sizeOf(env bus.Envelope) int {
	return len(env.Data) + len(env.Event) + len(env.Room) + len(env.Channel) + envelopeSize
}

// A ring keeps a room's newest events, by number and bytes. It is safe for use
// by several goroutines.
type ring struct {
	mu     sync.Mutex
	events []bus.Envelope // oldest first; never changed in place, readers have it too
	bytes  int
	gone   int // bytes of events let go that the array behind events still holds
}

// add appends env and lets the oldest go where the bounds ask for it. The
// newest is always kept.
func (r *ring) add(env bus.Envelope) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, env)
	r.bytes += sizeOf(env)
	for len(r.events) > 1 && (len(r.events) > ringEvents || r.bytes > ringBytes) {
		size := sizeOf(r.events[0])
		r.bytes -= size
		r.gone += size
		r.events = r.events[1:]
	}
	if r.gone > ringBytes/2 {
		r.events, r.gone = slices.Clone(r.events), 0
	}
}

// all is what the ring holds, oldest first. It is not to be changed.
func (r *ring) all() []bus.Envelope {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clip(r.events)
}

// A page is a run of events, oldest first.
type page struct {
	events []bus.Envelope
	more   bool // further ones lie beyond the end that the request walks towards
	ended  bool // older ones were left out because of Since
}

func limitOf(req bus.HistoryRequest) int {
	if req.Limit <= 0 || req.Limit > bus.MaxHistory {
		return bus.MaxHistory
	}
	return req.Limit
}

// cut takes from events, which are in order, what req asks for: the first ones
// after AfterSeq, or else the last ones before BeforeSeq. A page holds at
// least one event however large that is.
func cut(events []bus.Envelope, req bus.HistoryRequest) page {
	from, found := place(events, req.AfterSeq)
	if found {
		from++
	}
	to := len(events)
	if req.BeforeSeq > 0 {
		to, _ = place(events, req.BeforeSeq)
	}
	window := events[from:max(from, to)]
	walk := slices.Backward(window)
	if req.AfterSeq > 0 {
		walk = slices.All(window)
	}
	var p page
	bytes := 0
	for _, env := range walk {
		if env.Time < req.Since {
			p.ended = true
			continue // clocks jump: a later one may be older
		}
		bytes += sizeOf(env)
		if len(p.events) == limitOf(req) || bytes > pageBytes && len(p.events) > 0 {
			p.more = true
			break
		}
		p.events = append(p.events, env)
	}
	if req.AfterSeq == 0 {
		slices.Reverse(p.events)
	}
	return p
}

// place is where the event numbered seq stands, or would.
func place(events []bus.Envelope, seq uint64) (int, bool) {
	return slices.BinarySearchFunc(events, seq, func(e bus.Envelope, seq uint64) int { return cmp.Compare(e.Seq, seq) })
}
