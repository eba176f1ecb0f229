package dbsvc

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"rosey/bus"
	"rosey/dbsvc/store"
)

// item is a write on its way from the bus to the file.
type item struct {
	source  store.Source // zero where there is no JetStream
	entry   store.Entry  // without a Write when the payload could not be read
	subject string
	ack     string // where to acknowledge; empty where there is nothing to
}

const (
	firstRetry = 100 * time.Millisecond
	lastRetry  = 5 * time.Second
)

// writer commits what the reader hands over, in batches, one after another.
func (s *Service) writer(ctx context.Context, items <-chan item) {
	for batch := []item(nil); ; {
		var next *item
		batch, next = s.gather(items, batch)
		if len(batch) == 0 {
			return
		}
		if err := s.commit(ctx, batch); err != nil {
			s.giveUp(err, batch, items)
			return
		}
		batch = batch[:0]
		if next != nil {
			batch = append(batch, *next)
		}
	}
}

// gather adds to batch until it is full, its first row has waited long enough
// or the reader is done. A batch is of one source; next is the first item of
// another.
func (s *Service) gather(items <-chan item, batch []item) (_ []item, next *item) {
	if len(batch) == 0 {
		it, ok := <-items
		if !ok {
			return nil, nil
		}
		batch = append(batch, it)
	}
	wait := time.NewTimer(s.opts.Database.BatchDelay.Duration())
	defer wait.Stop()
	for len(batch) < s.opts.Database.BatchRows {
		select {
		case it, ok := <-items:
			if !ok {
				return batch, nil
			}
			if it.source != batch[0].source {
				return batch, &it
			}
			batch = append(batch, it)
		case <-wait.C:
			return batch, nil
		}
	}
	return batch, nil
}

// commit writes the batch and acknowledges it. It tries until it can, or the
// database is beyond help, or the service stops.
func (s *Service) commit(ctx context.Context, batch []item) error {
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		err := s.apply(ctx, batch)
		if err == nil {
			if s.counts.fault(partWriter, nil) {
				s.log.Info("database is written again")
			}
			return nil
		}
		if ctx.Err() != nil {
			return err
		}
		if s.counts.fault(partWriter, err) {
			s.log.Error("database cannot be written", "error", err)
		}
		if errors.Is(err, store.ErrCorrupt) || errors.Is(err, store.ErrNotDatabase) {
			return err
		}
		if s.stopping() && batch[0].ack != "" {
			return err // the stream keeps it for the next start
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait + rand.N(wait/2)):
		}
	}
}

// apply commits the batch. A row that the database refuses is found by
// halving, counted and left out: it must not hold up the others.
func (s *Service) apply(ctx context.Context, batch []item) error {
	start := time.Now()
	entries := make([]store.Entry, len(batch))
	for i, it := range batch {
		entries[i] = it.entry
	}
	result, err := s.store.Apply(ctx, batch[0].source, entries)
	if errors.Is(err, store.ErrRefused) {
		if len(batch) == 1 {
			s.refuse(batch[0].subject, nil, err)
			batch[0].entry.Write = nil // so that it is passed over
			return s.apply(ctx, batch)
		}
		if err := s.apply(ctx, batch[:len(batch)/2]); err != nil {
			return err
		}
		return s.apply(ctx, batch[len(batch)/2:])
	}
	if err != nil {
		return err
	}
	last := batch[len(batch)-1]
	if last.ack != "" {
		// It only tells onlookers how far we are: where we go on is what the
		// file says.
		if err := s.opts.Conn.NC.Publish(last.ack, nil); err != nil {
			s.log.Debug("acknowledgement was not sent", "error", err)
		}
	}
	s.count(batch, result, last.entry.Seq, time.Since(start))
	return nil
}

func (s *Service) count(batch []item, result store.Result, seq uint64, took time.Duration) {
	s.counts.change(func(h *bus.DBHealth) {
		h.Applied = seq
		h.CommitMS = float64(took.Microseconds()) / 1000
		if result.Skipped == len(batch) {
			return
		}
		for _, it := range batch {
			if it.entry.Write != nil {
				h.Rows++
				h.Stored[it.subject]++
			}
		}
	})
}

// giveUp ends the service's writing: what is left in the stream stays there,
// what came without one is lost and counted. Queries and health go on.
func (s *Service) giveUp(err error, batch []item, items <-chan item) {
	var lost uint64
	for _, it := range batch {
		if it.ack == "" {
			lost++
		}
	}
	s.endIntake()
	for it := range items {
		if it.ack == "" {
			lost++
		}
	}
	if lost > 0 {
		s.counts.change(func(h *bus.DBHealth) { h.Lost += lost })
		s.log.Error("writes were lost", "count", lost, "error", err)
	}
	if !s.stopping() {
		s.failed <- err
	}
}
