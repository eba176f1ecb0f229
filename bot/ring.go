package bot

import (
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
	events []bus.Envelope // oldest first
	bytes  int
}

// add appends env and lets the oldest go where the bounds ask for it. The
// newest is always kept.
func (r *ring) add(env bus.Envelope) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, env)
	r.bytes += sizeOf(env)
	for len(r.events) > 1 && (len(r.events) > ringEvents || r.bytes > ringBytes) {
		r.bytes -= sizeOf(r.events[0])
		r.events[0] = bus.Envelope{}
		r.events = r.events[1:]
	}
}

// all is what the ring holds, oldest first.
func (r *ring) all() []bus.Envelope {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]bus.Envelope(nil), r.events...)
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
	var p page
	var fit []bus.Envelope
	for _, env := range events {
		switch {
		case env.Seq <= req.AfterSeq || req.BeforeSeq > 0 && env.Seq >= req.BeforeSeq:
		case env.Time < req.Since:
			p.ended = true
		default:
			fit = append(fit, env)
		}
	}
	forward := req.AfterSeq > 0
	limit, bytes, n := limitOf(req), 0, 0
	for n < len(fit) && n < limit {
		env := fit[n]
		if !forward {
			env = fit[len(fit)-1-n]
		}
		if bytes += sizeOf(env); bytes > pageBytes && n > 0 {
			break
		}
		n++
	}
	p.more = n < len(fit)
	if forward {
		p.events = fit[:n]
	} else {
		p.events = fit[len(fit)-n:]
	}
	return p
}
