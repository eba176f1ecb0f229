package tui

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// collected is what a pump sent, and when.
type collected struct {
	mu      sync.Mutex
	batches []batchMsg
}

func (c *collected) send(msg tea.Msg) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.batches = append(c.batches, msg.(batchMsg))
}

// all is what has been sent so far.
func (c *collected) all() []batchMsg {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.batches)
}

// startPump runs a pump in the bubble and returns its source and what it sent.
func startPump(t *testing.T) (chan<- bus.Update, *collected) {
	t.Helper()
	got := &collected{}
	p := newPump(got.send)
	ctx, cancel := context.WithCancel(t.Context())
	source := make(chan bus.Update)
	var running sync.WaitGroup
	running.Go(func() { p.run(ctx) })
	running.Go(func() { p.feed(ctx, "r", source) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return source, got
}

func TestPumpSendsAtOnceWhenQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, got := startPump(t)
		time.Sleep(time.Second)
		start := time.Now()
		source <- event(message("21:00", "bob", "hi"))
		synctest.Wait()
		sent := got.all()
		if len(sent) != 1 || !sent[0].at.Equal(start) {
			t.Fatalf("after a quiet second: %d batches", len(sent))
		}
	})
}

func TestPumpBatchesAFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, got := startPump(t)
		const lines = 5000
		for n := range lines {
			source <- event(message("21:00", "bob", fmt.Sprint(n)))
			time.Sleep(time.Second / lines)
		}
		time.Sleep(2 * frame)
		sent := got.all()
		if most := int(time.Second/frame) + 2; len(sent) > most {
			t.Errorf("%d batches in a second, want at most %d", len(sent), most)
		}
		n := 0
		for i, b := range sent {
			if i > 0 && b.at.Sub(sent[i-1].at) < frame {
				t.Errorf("batch %d came %v after the one before", i, b.at.Sub(sent[i-1].at))
			}
			for _, u := range b.updates {
				if text := u.Event.(*room.Message).Content; text != fmt.Sprint(n) {
					t.Fatalf("line %s came where %d was due", text, n)
				}
				n++
			}
		}
		if n != lines {
			t.Errorf("%d lines arrived of %d", n, lines)
		}
	})
}

func TestPumpBoundsABatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, got := startPump(t)
		for range 3 * maxBatch {
			source <- event(message("21:00", "bob", "x"))
		}
		time.Sleep(4 * frame)
		n := 0
		for _, b := range got.all() {
			n += len(b.updates)
			if len(b.updates) > maxBatch {
				t.Errorf("a batch of %d", len(b.updates))
			}
		}
		if n != 3*maxBatch {
			t.Errorf("%d arrived, want %d", n, 3*maxBatch)
		}
	})
}

func TestPumpMergesWhatOnlyTheLatestTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, got := startPump(t)
		source <- event(message("21:00", "bob", "first")) // opens a frame
		synctest.Wait()
		for n := range 50 {
			source <- bus.Update{Kind: bus.UpdateHeartbeat, Heartbeat: bus.Heartbeat{Seq: uint64(n)}}
			source <- bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{Rows: uint64(n)}}
			source <- event(&room.MediaUpdate{Position: float64(n)})
		}
		source <- event(message("21:00", "bob", "last"))
		time.Sleep(2 * frame)
		sent := got.all()
		if len(sent) != 2 {
			t.Fatalf("%d batches", len(sent))
		}
		b := sent[1]
		if len(b.updates) != 4 || b.merged != 3*49 {
			t.Fatalf("%d updates with %d merged", len(b.updates), b.merged)
		}
		if b.updates[0].Heartbeat.Seq != 49 || b.updates[1].Health.Rows != 49 ||
			b.updates[2].Event.(*room.MediaUpdate).Position != 49 {
			t.Errorf("not the latest: %+v", b.updates)
		}
	})
}

func TestPumpEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPump(func(tea.Msg) {})
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { p.run(ctx) })
		running.Go(func() { p.feed(ctx, "r", make(chan bus.Update)) })
		synctest.Wait()
		cancel()
		running.Wait()
	})
}
