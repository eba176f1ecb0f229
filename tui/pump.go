package tui

import (
	"context"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// frame is the least time between two batches on a fast terminal: View runs after every
	// message, so one message for each update would draw the screen thousands
	// of times a second.
	frame = 33 * time.Millisecond
	// maxBatch bounds one batch. A full one waits for its frame, and what
	// feeds the pump waits with it: nothing is dropped here.
	maxBatch = 4096
)

// batchMsg is what happened in the rooms since the batch before, in order.
type batchMsg struct {
	at      time.Time
	updates []roomUpdate
	merged  uint64 // updates left out because a later one says it all, since start
}

type roomUpdate struct {
	room string
	bus.Update
	presence *bus.Presence // of another console; the Update is empty then
}

// A pump gathers the updates of all rooms into batches. Heartbeats, database
// health and the player's ticks are merged into their latest; everything else
// arrives, in order.
type pump struct {
	in     chan roomUpdate
	send   func(tea.Msg)
	every  atomic.Int64 // the least time between two batches
	merged uint64
}

func newPump(send func(tea.Msg)) *pump {
	p := &pump{in: make(chan roomUpdate, 256), send: send}
	p.slowTo(frame)
	return p
}

// slowTo sets the least time between two batches.
func (p *pump) slowTo(d time.Duration) { p.every.Store(int64(d)) }

// feed passes a room's updates on until they end or ctx does.
func (p *pump) feed(ctx context.Context, room string, updates <-chan bus.Update) {
	for {
		select {
		case <-ctx.Done():
			return
		case u, ok := <-updates:
			if !ok {
				return
			}
			select {
			case p.in <- roomUpdate{room: room, Update: u}:
			case <-ctx.Done():
				return
			}
		}
	}
}

// run sends batches until ctx ends. The first update after a quiet frame goes
// out at once with whatever else is there.
func (p *pump) run(ctx context.Context) {
	var last time.Time
	for {
		var b batch
		select {
		case <-ctx.Done():
			return
		case u := <-p.in:
			b.add(u)
		}
		due := time.NewTimer(time.Duration(p.every.Load()) - time.Since(last))
		if !p.gather(ctx, &b, due.C) {
			due.Stop()
			return
		}
		p.merged += b.merged
		last = time.Now()
		p.send(batchMsg{at: last, updates: b.take(), merged: p.merged})
	}
}

// gather fills b until due, and then with what waits already; false when ctx
// has ended.
func (p *pump) gather(ctx context.Context, b *batch, due <-chan time.Time) bool {
	for waiting := true; waiting; {
		in := p.in
		if b.full() {
			in = nil
		}
		select {
		case <-ctx.Done():
			return false
		case <-due:
			waiting = false
		case u := <-in:
			b.add(u)
		}
	}
	for !b.full() {
		select {
		case u := <-p.in:
			b.add(u)
		default:
			return true
		}
	}
	return true
}

// A batch under way. An update that a later one makes needless is marked and
// left out in the end, so that the others keep their order.
type batch struct {
	updates []roomUpdate
	gone    []bool
	latest  map[mergeKey]int
	merged  uint64
}

type mergeKey struct {
	room string
	what string
}

func (b *batch) full() bool { return len(b.updates) >= maxBatch }

func (b *batch) add(u roomUpdate) {
	if what := mergeable(u); what != "" {
		if b.latest == nil {
			b.latest = map[mergeKey]int{}
		}
		k := mergeKey{u.room, what}
		if i, ok := b.latest[k]; ok {
			b.gone[i] = true
			b.merged++
		}
		b.latest[k] = len(b.updates)
	}
	b.updates = append(b.updates, u)
	b.gone = append(b.gone, false)
}

func (b *batch) take() []roomUpdate {
	if b.merged == 0 {
		return b.updates
	}
	kept := b.updates[:0]
	for i, u := range b.updates {
		if !b.gone[i] {
			kept = append(kept, u)
		}
	}
	return kept
}

// mergeable names what an update is the newest word on; empty for updates of
// which each counts.
func mergeable(u roomUpdate) string {
	if u.presence != nil {
		return "presence of " + u.presence.Console
	}
	switch u.Kind {
	case bus.UpdateHeartbeat:
		return "heartbeat"
	case bus.UpdateDB:
		return "db"
	case bus.UpdatePublished:
		return "published in " + u.Heartbeat.Room
	case bus.UpdateEvent:
		if _, ok := u.Event.(*room.MediaUpdate); ok {
			return "media"
		}
	}
	return ""
}
