package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rosey/config"
)

// ConnectOptions says how to connect and as whom.
type ConnectOptions struct {
	NATS config.NATS
	Role Role
	Name string // shown by the server, such as rosey-bot or rosey-tui@host

	// Server connects in process instead of over TCP.
	Server *Server

	// StateDir is where the generated credentials lie: a nats folder below
	// it. Empty is rosey's folder in the XDG state folder.
	StateDir string

	// Wait returns at once, in state connecting, and tries for ever; without
	// it the first try must succeed within NATS.ConnectionTimeout.
	Wait bool

	// OnLink is told each transition, one after another. It must not block
	// and must not close the connection.
	OnLink func(Link)

	Logger *slog.Logger // nil logs nothing
}

// Conn is one connection to NATS. It reconnects for ever by itself. While it is
// not up, publishing fails at once: nothing is kept back to be said later,
// when the one who said it has long been told that it failed.
type Conn struct {
	NC *nats.Conn
	JS jetstream.JetStream // present also where the server has none: calls then fail

	role      Role
	where     string                    // address for people
	generated string                    // file of the generated password that we say; empty: another
	made      atomic.Pointer[nats.Conn] // NC, for callbacks that may come before Connect has set it
	links     *links
	closed    chan struct{} // closed when NC is
	faults    faults
	served    served

	handlers handlers // of RespondConcurrent
	log      *slog.Logger
	life     context.Context // ends with the connection: handlers run under it
	end      context.CancelFunc
	told     sync.WaitGroup // the goroutine that calls OnLink
}

// Link tells where the connection stands.
func (c *Conn) Link() Link { return c.links.get() }

// Links gives each transition from now on, until stop is called. A listener
// that is far behind loses the oldest ones.
func (c *Conn) Links() (transitions <-chan Link, stop func()) { return c.links.listen() }

// Role is who the connection is.
func (c *Conn) Role() Role { return c.role }

// longestRTT is how long an answer to a ping is waited for.
const longestRTT = 10 * time.Second

// RTT measures the way to the server and back. There is none while NATS is not
// connected: the ping would lie in the buffer until it is.
func (c *Conn) RTT(ctx context.Context) (time.Duration, error) {
	if !c.NC.IsConnected() {
		return 0, fmt.Errorf("measure round trip to NATS: %w", nats.ErrDisconnected)
	}
	ctx, cancel := context.WithTimeout(ctx, longestRTT)
	defer cancel()
	start := time.Now()
	if err := c.NC.FlushWithContext(ctx); err != nil {
		return 0, fmt.Errorf("measure round trip to NATS: %w", err)
	}
	return time.Since(start), nil
}

// Close stops the subscriptions, lets what was received be handled and what
// was published leave, then closes. When ctx ends first it closes at once and
// says so.
func (c *Conn) Close(ctx context.Context) error {
	defer c.told.Wait()
	defer c.end()
	c.handlers.finish(ctx)
	if err := c.NC.Drain(); err != nil {
		c.NC.Close()
		if errors.Is(err, nats.ErrConnectionClosed) || errors.Is(err, nats.ErrConnectionReconnecting) {
			return nil
		}
		return fmt.Errorf("drain NATS connection: %w", err)
	}
	select {
	case <-c.closed:
		return nil
	case <-ctx.Done():
		c.NC.Close()
		return fmt.Errorf("drain NATS connection: %w", ctx.Err())
	}
}
