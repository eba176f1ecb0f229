package dbsvc

import (
	"maps"
	"sync"
	"time"

	"rosey/bus"
)

// counters are what the health message tells.
type counters struct {
	mu     sync.Mutex
	health bus.DBHealth
	faults map[string]string // what is wrong now, by part
}

func newCounters(instance string) *counters {
	return &counters{
		health: bus.DBHealth{Instance: instance, Since: time.Now().UnixMilli(), Stored: map[string]uint64{}},
		faults: map[string]string{},
	}
}

// change changes the figures.
func (c *counters) change(f func(*bus.DBHealth)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.health)
}

// fault says what is wrong with a part, nil that nothing is any more. It tells
// whether that is news.
func (c *counters) fault(part string, err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.faults[part]
	if err == nil {
		delete(c.faults, part)
		return before != ""
	}
	c.faults[part] = err.Error()
	return before != err.Error()
}

// snapshot is the health now.
func (c *counters) snapshot(now time.Time, bytes int64) bus.DBHealth {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.health
	h.Time, h.Bytes = now.UnixMilli(), bytes
	h.Stored = maps.Clone(h.Stored)
	h.Last = max(h.Last, h.Applied)
	h.Behind = h.Last - h.Applied
	for _, part := range []string{partWriter, partReader, partUpkeep} {
		if h.Error == "" {
			h.Error = c.faults[part]
		}
	}
	return h
}

// The parts that can be at fault, the gravest first.
const (
	partWriter = "writer"
	partReader = "reader"
	partUpkeep = "upkeep"
)
