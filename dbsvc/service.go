// Package dbsvc is the NATS face of the database: it writes down what is
// published on the write subjects, answers the queries, and tells how it is.
//
// A write goes from the stream through reader and writer into the file: the
// reader decodes, the writer commits batches. What makes it exact is in the
// file itself, which holds its position in the stream (see dbsvc/store).
package dbsvc

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
	"rosey/dbsvc/store"
)

// Options says what to serve and to whom.
type Options struct {
	Conn     *bus.Conn
	Database config.Database
	Events   config.Events
	Logger   *slog.Logger // nil logs nothing
	Instance string       // tells database services apart
	Version  string       // of the program, for `nats micro ls`
}

const (
	defaultBatchRows = 500
	// startTimeout bounds the wait for the first reading of the stream.
	startTimeout = 5 * time.Second
)

// Service is a running database service.
type Service struct {
	opts   Options
	log    *slog.Logger
	store  *store.Store
	counts *counters
	failed chan error

	refusals rate.Sometimes // what is logged of them

	work      context.Context // ends when Close may wait no longer
	endWork   context.CancelFunc
	life      context.Context // ends when Close is called
	endLife   context.CancelFunc
	intake    context.Context // ends with life, or when nothing can be stored any more
	endIntake context.CancelFunc
	running   sync.WaitGroup
	answers   []func() error // take back what answers requests
}

// Start opens the database and serves it. When it returns, writes published
// from then on are stored, unless the stream could not be reached in time: the
// health message then says so, and it goes on trying. An error is one of
// package store's, or says that subjects cannot be served.
func Start(ctx context.Context, opts Options) (*Service, error) {
	opts.Database.BatchRows = cmp.Or(max(0, opts.Database.BatchRows), defaultBatchRows)
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	db, err := store.Open(ctx, store.Options{Path: opts.Database.Path})
	if err != nil {
		return nil, err
	}
	s := &Service{
		opts: opts, log: opts.Logger, store: db,
		counts: newCounters(opts.Instance), failed: make(chan error, 1),
		refusals: rate.Sometimes{First: 10, Interval: time.Second},
	}
	s.work, s.endWork = context.WithCancel(context.WithoutCancel(ctx))
	s.life, s.endLife = context.WithCancel(s.work)
	s.intake, s.endIntake = context.WithCancel(s.life)
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	return s, nil
}

func (s *Service) start(ctx context.Context) error {
	at, err := s.store.Position(ctx, bus.StreamWrites)
	if err != nil {
		return err
	}
	s.counts.change(func(h *bus.DBHealth) { h.Applied = at.Seq })
	if err := s.answer(); err != nil {
		return err
	}
	items := make(chan item, 4*s.opts.Database.BatchRows)
	begun := make(chan struct{})
	s.running.Go(func() {
		(&reader{s: s, at: at}).run(s.intake, items, sync.OnceFunc(func() { close(begun) }))
	})
	s.running.Go(func() { s.writer(s.work, items) })
	s.running.Go(func() { s.heartbeat(s.life) })
	s.running.Go(func() { s.upkeep(s.life) })

	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	select {
	case <-begun:
	case <-ctx.Done():
		s.log.Warn("the stream of writes is not there yet")
	}
	return nil
}

// Err gives at most one error, after which the service writes nothing more.
func (s *Service) Err() <-chan error { return s.failed }

// Close stops taking writes, commits what was taken and closes the database.
// What cannot be committed before ctx ends stays in the stream.
func (s *Service) Close(ctx context.Context) error {
	s.endLife()
	stop := context.AfterFunc(ctx, s.endWork)
	defer stop()
	s.running.Wait()
	var errs []error
	for _, undo := range s.answers {
		errs = append(errs, undo())
	}
	errs = append(errs, s.store.Close(ctx))
	s.endWork()
	return errors.Join(errs...)
}

// stopping says whether Close was called.
func (s *Service) stopping() bool { return s.life.Err() != nil }

var errUnreadable = errors.New("the payload cannot be read, see the database service's log")

// item decodes a message. One that cannot be read is counted and logged, and
// has no Write.
func (s *Service) item(subject string, data []byte, arrived int64) item {
	w, err := decode(subject, data, arrived/int64(time.Millisecond))
	if err != nil {
		s.refuse(subject, data, err)
		w = nil
	}
	return item{subject: subject, entry: store.Entry{Arrived: arrived, Write: w}}
}

// refuse counts and logs a payload that is not stored.
func (s *Service) refuse(subject string, data []byte, reason error) {
	s.counts.change(func(h *bus.DBHealth) { h.Bad++ })
	const shown = 200
	// Whoever sends garbage shall not fill the disk with it; the counter sees
	// each.
	s.refusals.Do(func() {
		s.log.Warn("write refused", "subject", subject, "reason", room.Clean(reason.Error()),
			"payload", room.Clean(string(data[:min(len(data), shown)])), "bytes", len(data))
	})
}

// heartbeat says every second how the service is.
func (s *Service) heartbeat(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		s.lookAtStream(ctx)
		if err := s.sayHealth(); err != nil {
			s.log.Debug("health was not sent", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Health is what the service says of itself every second.
func (s *Service) Health() bus.DBHealth { return s.counts.snapshot(time.Now(), s.store.Size()) }

func (s *Service) sayHealth() error {
	data, err := json.Marshal(s.Health())
	if err != nil {
		return err
	}
	if err := s.opts.Conn.NC.Publish(bus.SubjectDBHealth, data); err != nil {
		return fmt.Errorf("publish health: %w", err)
	}
	return nil
}

// lookAtStream reads how far the stream is.
func (s *Service) lookAtStream(ctx context.Context) {
	if !s.Health().JetStream || s.opts.Conn.Link().State != room.LinkUp {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	stream, err := s.opts.Conn.JS.Stream(ctx, bus.StreamWrites)
	if err != nil {
		s.log.Debug("stream of writes does not answer", "error", err)
		return
	}
	s.counts.change(func(h *bus.DBHealth) { h.Last = stream.CachedInfo().State.LastSeq })
}
