package cytube

import (
	"bytes"
	"encoding/json"
	"maps"
	"sync"
	"sync/atomic"

	"rosey/bus/room"
)

// maxUnknownNames bounds the table of unknown events.
const maxUnknownNames = 64

// counters are written by the reader and read by anyone.
type counters struct {
	frames, events, ignored, malformed, unknowns atomic.Uint64

	heard atomic.Int64 // Unix ms of the last frame

	mu    sync.Mutex
	names map[string]uint64
}

func (c *counters) unknown(name string) {
	c.unknowns.Add(1)
	name = room.Clean(cut(name, maxName))
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, seen := c.names[name]; !seen && len(c.names) >= maxUnknownNames {
		return
	}
	if c.names == nil {
		c.names = map[string]uint64{}
	}
	c.names[name]++
}

func (c *counters) stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{
		Frames:       c.frames.Load(),
		Events:       c.events.Load(),
		Ignored:      c.ignored.Load(),
		Unknown:      c.unknowns.Load(),
		Malformed:    c.malformed.Load(),
		UnknownNames: maps.Clone(c.names),
	}
}

// acks are the acknowledgements that somebody waits for.
type acks struct {
	mu      sync.Mutex
	last    uint64
	waiting map[uint64]chan json.RawMessage
}

func (a *acks) open() (uint64, <-chan json.RawMessage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = map[uint64]chan json.RawMessage{}
	}
	a.last++
	answer := make(chan json.RawMessage, 1)
	a.waiting[a.last] = answer
	return a.last, answer
}

func (a *acks) drop(id uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, id)
}

// answer hands data, which is copied, to whoever waits for it.
func (a *acks) answer(id uint64, data []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if answer, ok := a.waiting[id]; ok {
		delete(a.waiting, id)
		answer <- bytes.Clone(data)
	}
}
