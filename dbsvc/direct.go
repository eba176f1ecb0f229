package dbsvc

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bus"
	"rosey/bus/room"
)

// directBuffer is how many writes wait where there is no stream to keep them.
// When it is full the client library drops the newest and we count them.
const directBuffer = 1 << 16

// direct takes writes from plain subscriptions, in the order in which the
// server sent them, until ctx ends or the server has JetStream after all. What
// is in flight when the process dies is lost.
func (r *reader) direct(ctx context.Context, out chan<- item, ready func()) error {
	conn := r.s.opts.Conn
	links, stop := conn.Links()
	defer stop()
	received := make(chan *nats.Msg, directBuffer)
	subs, err := r.subscribe(ctx, received)
	defer func() { r.unsubscribe(subs, received, out) }()
	if err != nil {
		return err
	}
	r.s.counts.change(func(h *bus.DBHealth) { h.JetStream = false })
	r.reads()
	r.s.log.Warn("NATS has no JetStream: writes that come while the database service is away are lost")
	ready()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case m := <-received:
			r.hand(m, out)
		case l := <-links:
			if l.State == room.LinkUp && r.hasJetStream(ctx) {
				return errLinkBack
			}
		}
	}
}

func (r *reader) subscribe(ctx context.Context, received chan *nats.Msg) (subs []*nats.Subscription, err error) {
	for subject := range writes {
		sub, err := r.s.opts.Conn.NC.ChanSubscribe(subject, received)
		if err != nil {
			return subs, fmt.Errorf("subscribe to %s: %w", subject, err)
		}
		subs = append(subs, sub)
	}
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	if err := r.s.opts.Conn.NC.FlushWithContext(ctx); err != nil {
		return subs, fmt.Errorf("subscribe to writes: %w", err)
	}
	return subs, nil
}

// unsubscribe ends the subscriptions and hands over what they still hold.
func (r *reader) unsubscribe(subs []*nats.Subscription, received chan *nats.Msg, out chan<- item) {
	var dropped uint64
	for _, sub := range subs {
		if n, err := sub.Dropped(); err == nil {
			dropped += uint64(n)
		}
		_ = sub.Unsubscribe() // the connection may be closed already: nothing is left to undo
	}
	if dropped > 0 {
		r.s.counts.change(func(h *bus.DBHealth) { h.Lost += dropped })
		r.s.log.Error("writes were lost: they came faster than they could be stored", "count", dropped)
	}
	for {
		select {
		case m := <-received:
			r.hand(m, out)
		default:
			return
		}
	}
}

// hand reads a message and passes it on. It waits for the writer, who takes
// until the last.
func (r *reader) hand(m *nats.Msg, out chan<- item) {
	it := r.s.item(m.Subject, m.Data, time.Now().UnixNano())
	if it.entry.Write == nil {
		r.s.opts.Conn.Refuse(m, errUnreadable)
		return
	}
	out <- it
}

func (r *reader) hasJetStream(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	_, err := r.s.opts.Conn.JS.AccountInfo(ctx)
	return err == nil
}
