package bus

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"golang.org/x/time/rate"

	"rosey/bus/room"
)

// Stats counts what went wrong on a connection since it was made.
type Stats struct {
	Since         time.Time
	SlowConsumers uint64 // times that a subscription's queue ran full
	Denied        uint64 // publishes and subscriptions that the server forbade
	Bad           uint64 // payloads that could not be read, or told of times that cannot be
	Reflected     uint64 // requests refused because their reply subject is no inbox
	Other         uint64 // any other error that the client library reported
	Reconnects    uint64
	LastError     string // of any kind, for people
}

// faults collects errors that belong to no call.
type faults struct {
	mu      sync.Mutex
	stats   Stats
	logs    rate.Sometimes
	deaf    bool                                             // the server forbids the inbox in which answers come
	waiting map[string]map[*context.CancelCauseFunc]struct{} // requests under way by subject
}

// Stats tells what went wrong so far.
func (c *Conn) Stats() Stats {
	c.faults.mu.Lock()
	defer c.faults.mu.Unlock()
	s := c.faults.stats
	s.Reconnects = c.NC.Stats().Reconnects
	return s
}

// note counts one fault and logs it.
func (c *Conn) note(count func(*Stats), what, subject string) {
	c.faults.mu.Lock()
	count(&c.faults.stats)
	c.faults.stats.LastError = what + " on " + room.Clean(subject)
	c.faults.mu.Unlock()
	// Whoever sends garbage shall not fill the log with it; the counters see
	// each.
	c.faults.logs.Do(func() { c.log.Warn("NATS: "+what, "subject", room.Clean(subject)) })
}

// countBad counts a payload on subject that could not be read.
func (c *Conn) countBad(subject string) {
	c.note(func(s *Stats) { s.Bad++ }, "unreadable payload", subject)
}

// countAbsurd counts a payload on subject that told of times that cannot be.
func (c *Conn) countAbsurd(subject string) {
	c.note(func(s *Stats) { s.Bad++ }, "payload with times that cannot be", subject)
}

// onError is told by the client library whatever belongs to no call.
func (c *Conn) onError(_ *nats.Conn, sub *nats.Subscription, err error) {
	subject := ""
	if sub != nil {
		subject = sub.Subject
	}
	switch {
	case errors.Is(err, nats.ErrSlowConsumer):
		c.note(func(s *Stats) { s.SlowConsumers++ }, "slow consumer, messages were dropped", subject)
	case errors.Is(err, nats.ErrPermissionViolation):
		subject = deniedSubject(err)
		c.note(func(s *Stats) { s.Denied++ }, "role "+string(c.role)+" may not use a subject", subject)
		if strings.HasPrefix(subject, c.role.inboxPrefix()+".") {
			c.faults.denyInbox()
		}
		c.faults.deny(subject)
	case sub == nil && c.Link().State != room.LinkUp:
		c.onReconnectErr(nil, err) // a try to come back, and the server's word on it
	default:
		c.note(func(s *Stats) { s.Other++ }, room.Clean(err.Error()), subject)
	}
}

// deniedSubject reads the subject out of the server's words, where it stands
// in quotes: Permissions Violation for Publish to "foo.bar".
func deniedSubject(err error) string {
	_, rest, _ := strings.Cut(err.Error(), `"`)
	subject, _, _ := strings.Cut(rest, `"`)
	return subject
}

// until gives a context that ends when the server says that subject is
// forbidden. The server says so only asynchronously; without this a forbidden
// request would look like one that nobody answers.
func (f *faults) until(ctx context.Context, subject string) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	key := &cancel
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.waiting == nil {
		f.waiting = map[string]map[*context.CancelCauseFunc]struct{}{}
	}
	if f.waiting[subject] == nil {
		f.waiting[subject] = map[*context.CancelCauseFunc]struct{}{}
	}
	f.waiting[subject][key] = struct{}{}
	return ctx, func() {
		f.mu.Lock()
		delete(f.waiting[subject], key)
		if len(f.waiting[subject]) == 0 {
			delete(f.waiting, subject)
		}
		f.mu.Unlock()
		cancel(nil)
	}
}

func (f *faults) deny(subject string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for cancel := range f.waiting[subject] {
		(*cancel)(ErrNotAllowed)
	}
}

// denyInbox ends every request that waits: its answer cannot be heard.
func (f *faults) denyInbox() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.deaf = true
	for _, waiting := range f.waiting {
		for cancel := range waiting {
			(*cancel)(errDeaf)
		}
	}
}

func (f *faults) isDeaf() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.deaf
}
