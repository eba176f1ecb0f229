package dbsvc

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/dbsvc/store"
)

// reader hands over what the stream of writes holds, in order and without
// holes, from where the file says that it stands.
//
// The file's position is the truth, not the consumer's: after a power cut the
// file may be behind what was acknowledged, and another file may have been put
// in its place. So the consumer is made anew, at the file's position, at each
// start, after each loss of the link, and when something is out of step.
type reader struct {
	s  *Service
	at store.Position // of the last item handed over

	// rewound says that the stream does not hold what we applied last: it has
	// given the numbers again.
	rewound bool
}

// What ends a round of following the stream without being a fault.
var (
	errLinkBack  = errors.New("the link to NATS is back")
	errOutOfStep = errors.New("messages came out of order")
	errRewound   = errors.New("the stream has lost its end")
)

var errTakenAway = errors.New("the stream's consumer was taken away: if a second database service runs, stop one of the two")

const (
	apiTimeout = 5 * time.Second
	// prefetch is how many messages the client asks for ahead of the writer.
	prefetch = 4096
	// prefetchBytes bounds the same by size: the server throws out a client
	// that has more than 64 MiB waiting.
	prefetchBytes = 16 << 20
	// maxUnacked bounds what is between the server and the file: prefetched,
	// queued and in a batch.
	maxUnacked = 1 << 16
	// ackWait is when the server sends again what was not acknowledged. We
	// never need that, we start anew; it must only not come while a full disk
	// makes us wait.
	ackWait = time.Hour
)

// run follows the stream, or plain subscriptions where there is none, until
// ctx ends. It closes out. ready is called when the first round has begun or
// failed.
func (r *reader) run(ctx context.Context, out chan<- item, ready func()) {
	defer close(out)
	defer ready()
	for wait := firstRetry; ctx.Err() == nil; wait = min(2*wait, lastRetry) {
		began := time.Now()
		err := r.round(ctx, out, ready)
		ready()
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > lastRetry {
			wait = firstRetry
		}
		switch {
		case errors.Is(err, errLinkBack), errors.Is(err, errOutOfStep), errors.Is(err, errRewound):
			r.s.log.Info("the stream of writes is read anew", "reason", err)
			continue
		case errors.Is(err, jetstream.ErrConsumerDeleted):
			err = errTakenAway
		}
		if r.s.counts.fault(partReader, err) {
			r.s.log.Warn("writes cannot be read", "error", err)
		}
		r.pause(ctx, wait+rand.N(wait/2))
	}
}

// pause waits, but not longer than until the link is up again.
func (r *reader) pause(ctx context.Context, d time.Duration) {
	links, stop := r.s.opts.Conn.Links()
	defer stop()
	after := time.After(d)
	for {
		select {
		case <-ctx.Done():
			return
		case <-after:
			return
		case l := <-links:
			if l.State == room.LinkUp {
				return
			}
		}
	}
}

// round follows until something changes.
func (r *reader) round(ctx context.Context, out chan<- item, ready func()) error {
	err := bus.EnsureWrites(ctx, r.s.opts.Conn, r.s.opts.Events)
	switch {
	case errors.Is(err, bus.ErrNoJetStream):
		return r.direct(ctx, out, ready)
	case err != nil:
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	links, stop := r.s.opts.Conn.Links()
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case l := <-links:
				if l.State == room.LinkUp {
					cancel(errLinkBack)
				}
			}
		}
	})
	defer watch.Wait()
	defer stop()
	defer cancel(nil)
	err = r.stream(ctx, out, ready)
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// stream follows the stream of writes.
func (r *reader) stream(ctx context.Context, out chan<- item, ready func()) error {
	messages, check, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer messages.Stop()
	r.s.counts.change(func(h *bus.DBHealth) { h.JetStream = true })
	r.reads()
	ready()
	for next := uint64(1); ; next++ {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("read stream of writes: %w", err)
		}
		meta, err := msg.Metadata()
		if err != nil {
			return fmt.Errorf("read stream of writes: %w", err)
		}
		if meta.Sequence.Consumer != next {
			return errOutOfStep
		}
		at := store.Position{Source: r.at.Source, Seq: meta.Sequence.Stream, Time: meta.Timestamp.UnixNano()}
		if check && at.Seq == r.at.Seq {
			if r.rewound = at.Time != r.at.Time; r.rewound {
				return errRewound
			}
			continue // applied already
		}
		it := r.s.item(msg.Subject(), msg.Data(), at.Time)
		it.source, it.entry.Seq, it.ack = at.Source, at.Seq, msg.Reply()
		select {
		case out <- it:
			r.missing(at.Seq)
			r.at = at
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// reads says that writes come in, where that was in doubt.
func (r *reader) reads() {
	if r.s.counts.fault(partReader, nil) {
		r.s.log.Info("writes are read again")
	}
}

// missing counts what is gone between the last message and the one at seq.
func (r *reader) missing(seq uint64) {
	if r.at.Seq == 0 || seq <= r.at.Seq+1 {
		return
	}
	lost := seq - r.at.Seq - 1
	r.s.counts.change(func(h *bus.DBHealth) { h.Lost += lost })
	r.s.log.Error("writes were lost: the stream's limits took them before they were stored, raise events.write_bytes", "count", lost)
}

// open makes the consumer at our position. check says that the first message
// may be the last one applied, to see whether it still is the same.
func (r *reader) open(ctx context.Context) (messages jetstream.MessagesContext, check bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	js := r.s.opts.Conn.JS
	stream, err := js.Stream(ctx, bus.StreamWrites)
	if err != nil {
		return nil, false, fmt.Errorf("look at stream of writes: %w", err)
	}
	config, check := r.startAt(stream.CachedInfo())
	if err := stream.DeleteConsumer(ctx, bus.ConsumerDB); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil, false, fmt.Errorf("remove consumer: %w", err)
	}
	consumer, err := stream.CreateConsumer(ctx, config)
	if err != nil {
		return nil, false, fmt.Errorf("make consumer: %w", err)
	}
	messages, err = consumer.Messages(jetstream.PullMaxMessagesWithBytesLimit(prefetch, prefetchBytes), jetstream.PullExpiry(10*time.Second))
	if err != nil {
		return nil, false, fmt.Errorf("read stream of writes: %w", err)
	}
	return messages, check, nil
}

// startAt says where in the stream to go on.
func (r *reader) startAt(info *jetstream.StreamInfo) (config jetstream.ConsumerConfig, check bool) {
	config = jetstream.ConsumerConfig{
		Durable:       bus.ConsumerDB,
		Description:   "rosey's database service",
		AckPolicy:     jetstream.AckAllPolicy,
		AckWait:       ackWait,
		MaxAckPending: maxUnacked,
		MemoryStorage: true, // what it knows is in the file
	}
	created := info.Created.UnixNano()
	switch last := info.State.LastSeq; {
	case r.at.Created != created: // another stream: all of it is new to us
		r.at = store.Position{Source: store.Source{Stream: bus.StreamWrites, Created: created}}
	case r.at.Seq == 0:
	case r.at.Seq > last || r.rewound: // it lost its end, what is younger is new
		after := time.Unix(0, r.at.Time+1)
		config.DeliverPolicy, config.OptStartTime = jetstream.DeliverByStartTimePolicy, &after
		r.at.Seq, r.rewound = 0, false
	default:
		config.DeliverPolicy, config.OptStartSeq = jetstream.DeliverByStartSequencePolicy, r.at.Seq
		check = true
	}
	return config, check
}
