package bus

import (
	"context"
	"sync"

	"github.com/nats-io/nats.go"
)

// RespondConcurrent is Respond for requests that take their time, such as a
// command that is followed to its outcome: up to atOnce of them are handled at
// once, in no order, so fn must bear that. The next ones wait, in the order
// they came.
//
// Unsubscribing leaves what is under way to come to its end; Conn.Close waits
// for it.
func RespondConcurrent[Req, Reply any](c *Conn, subject string, atOnce int, fn func(context.Context, Req) Reply) (*nats.Subscription, error) {
	handle := answering(c, subject, fn)
	places := make(chan struct{}, atOnce)
	return c.serve(subject, func(m *nats.Msg) {
		places <- struct{}{}
		c.handlers.run(func() {
			defer func() { <-places }()
			handle(m)
		})
	})
}

// handlers are the requests under way beside their subscriptions' goroutines.
type handlers struct {
	mu      sync.Mutex
	closing bool
	running sync.WaitGroup
}

// run handles one request on a goroutine of its own; while the connection
// closes on the caller's, for which draining waits.
func (h *handlers) run(handle func()) {
	h.mu.Lock()
	closing := h.closing
	if !closing {
		h.running.Go(handle)
	}
	h.mu.Unlock()
	if closing {
		handle()
	}
}

// finish waits until no request is under way or ctx ends.
func (h *handlers) finish(ctx context.Context) {
	h.mu.Lock()
	h.closing = true
	h.mu.Unlock()
	idle := make(chan struct{})
	go func() {
		defer close(idle)
		h.running.Wait()
	}()
	select {
	case <-idle:
	case <-ctx.Done():
	}
}
