package bus

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/time/rate"

	"rosey/bus/room"
	"rosey/config"
)

const (
	defaultURL               = "nats://localhost:4222"
	defaultConnectionTimeout = 5 * time.Second
	defaultReconnectDelay    = 2 * time.Second
	// firstReconnectDelay is the wait before the first try after a loss: most
	// losses are a restart of the server.
	firstReconnectDelay = 250 * time.Millisecond
	// A peer that is silent for pingInterval × (maxPings + 1) is gone.
	pingInterval = time.Second
	maxPings     = 2
)

// Connect connects. The error says what to do and is one of ErrUnreachable,
// ErrAuth, ErrTLS, ErrPortInUse and ErrSettings for errors.Is.
func Connect(ctx context.Context, opts ConnectOptions) (*Conn, error) {
	if opts.NATS.URL == "" || opts.Server != nil {
		opts.NATS.URL = defaultURL // never dialled with a Server, and its user part would go before ours
	}
	c := &Conn{
		role:   opts.Role,
		where:  config.RedactURL(opts.NATS.URL),
		closed: make(chan struct{}),
		faults: faults{stats: Stats{Since: time.Now()}, logs: rate.Sometimes{First: 10, Interval: time.Second}},
		log:    opts.Logger,
	}
	if opts.Server != nil {
		c.where = inProcess
	}
	c.links = newLinks(c.where)
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.life, c.end = context.WithCancel(context.WithoutCancel(ctx))
	if err := c.dial(ctx, opts); err != nil {
		c.end()
		return nil, err
	}
	if opts.OnLink != nil {
		c.tell(opts.OnLink)
	}
	return c, nil
}

func (c *Conn) dial(ctx context.Context, opts ConnectOptions) error {
	trying, tried := context.WithCancel(ctx)
	defer tried()
	natsOpts, err := c.options(trying, opts)
	if err != nil {
		return err
	}
	nc, err := nats.Connect(opts.NATS.URL, natsOpts...)
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("connect to NATS at %s: %w", c.where, context.Cause(ctx))
		}
		return c.explain(err)
	}
	c.NC = nc
	c.made.Store(nc)
	if nc.IsConnected() {
		c.onConnect(nc)
	}
	if c.JS, err = jetstream.New(nc); err != nil {
		nc.Close()
		return fmt.Errorf("make JetStream context: %w", err)
	}
	return nil
}

// options is everything that the client library is told.
func (c *Conn) options(ctx context.Context, opts ConnectOptions) ([]nats.Option, error) {
	n := opts.NATS
	for _, address := range strings.Split(n.URL, ",") {
		if _, err := parseURL(strings.TrimSpace(address)); err != nil {
			return nil, err
		}
	}
	timeout := orDefault(n.ConnectionTimeout, defaultConnectionTimeout)
	if until, ok := ctx.Deadline(); ok && !opts.Wait {
		timeout = max(min(timeout, time.Until(until)), time.Millisecond)
	}
	attempts := n.MaxReconnectAttempts
	if attempts <= 0 {
		attempts = -1
	}
	o := []nats.Option{
		nats.Name(opts.Name),
		nats.Timeout(timeout),
		nats.RetryOnFailedConnect(opts.Wait),
		nats.MaxReconnects(attempts),
		nats.ReconnectBufSize(-1),
		nats.IgnoreAuthErrorAbort(),
		nats.CustomReconnectDelay(c.reconnectDelay(orDefault(n.ReconnectDelay, defaultReconnectDelay))),
		nats.PingInterval(pingInterval),
		nats.MaxPingsOutstanding(maxPings),
		nats.DrainTimeout(30 * time.Second),
		nats.CustomInboxPrefix(opts.Role.inboxPrefix()),
		nats.ConnectHandler(c.onConnect),
		nats.ReconnectHandler(c.onConnect),
		nats.DisconnectErrHandler(c.onDisconnect),
		nats.ReconnectErrHandler(c.onReconnectErr),
		nats.ClosedHandler(c.onClosed),
		nats.ErrorHandler(c.onError),
	}
	if opts.Server != nil {
		return append(o, nats.InProcessServer(opts.Server),
			nats.UserInfo(string(opts.Role), opts.Server.password(opts.Role))), nil
	}
	o = append(o, nats.SetCustomDialer(&dialer{ctx: ctx, wait: opts.Wait, timeout: timeout, links: c.links, made: &c.made}))
	secure, err := tlsOptions(n.TLS)
	if err != nil {
		return nil, err
	}
	var who []nats.Option
	who, c.generated, err = authOptions(opts)
	if err != nil {
		return nil, err
	}
	return append(append(o, secure...), who...), nil
}

func orDefault(s config.Seconds, fallback time.Duration) time.Duration {
	if s <= 0 {
		return fallback
	}
	return s.Duration()
}

// dialer is the library's way to TCP. It lets the caller of Connect give up
// early, and shows each try.
type dialer struct {
	ctx     context.Context // of the first connect, ends with it
	wait    bool
	timeout time.Duration
	links   *links
	made    *atomic.Pointer[nats.Conn] // set once the first connect has succeeded
}

// Dial is called by the client library, which holds its lock meanwhile.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	ctx := context.Background()
	first := false
	d.links.set(func(l *Link) {
		first = l.State == room.LinkConnecting && l.Attempt == 0
		l.State = room.LinkConnecting
	})
	if first && !d.wait {
		ctx = d.ctx
	}
	nd := net.Dialer{Timeout: d.timeout}
	conn, err := nd.DialContext(ctx, network, address)
	if err == nil && first && !d.wait {
		d.cut(conn)
	}
	return conn, err
}

// cut ends the wait for the server's first words when the caller gives up.
func (d *dialer) cut(conn net.Conn) {
	context.AfterFunc(d.ctx, func() {
		if d.made.Load() == nil {
			_ = conn.SetDeadline(time.Unix(1, 0)) // reading fails at once, if there still is a connection
		}
	})
}

// reconnectDelay waits a little before the first try and delay, jittered by a
// quarter, before the others, so that many clients do not come back at once.
func (c *Conn) reconnectDelay(delay time.Duration) func(int) time.Duration {
	return func(tries int) time.Duration {
		wait := delay
		if tries == 1 {
			wait = min(delay, firstReconnectDelay)
		}
		wait += time.Duration(rand.Int64N(int64(wait)/4 + 1))
		var refusal error
		if nc := c.made.Load(); nc != nil {
			refusal = nc.LastError() // told by no callback when the server let us in never before
		}
		c.links.set(func(l *Link) {
			l.State, l.Attempt, l.RetryAt = room.LinkDown, tries, time.Now().Add(wait)
			if refusal != nil {
				l.Reason = room.Clean(c.explain(refusal).Error())
			}
		})
		return wait
	}
}

func (c *Conn) onConnect(nc *nats.Conn) {
	address := config.RedactURL(nc.ConnectedUrl())
	fresh := false
	c.links.set(func(l *Link) {
		fresh = l.State != room.LinkUp
		l.State, l.Reason, l.Attempt, l.RetryAt = room.LinkUp, "", 0, time.Time{}
		if address != "" && l.URL != inProcess {
			l.URL = address
		}
	})
	if fresh {
		c.log.Info("NATS link is up", "url", c.where)
	}
}

func (c *Conn) onDisconnect(nc *nats.Conn, err error) {
	if nc.IsClosed() {
		return // on purpose; onClosed follows
	}
	reason := "the connection to NATS was lost"
	if err != nil {
		reason += ": " + room.Clean(err.Error())
	}
	c.log.Warn("NATS link is down", "reason", reason)
	c.links.set(func(l *Link) { l.State, l.Reason = room.LinkDown, reason })
}

func (c *Conn) onReconnectErr(_ *nats.Conn, err error) {
	reason := room.Clean(c.explain(err).Error())
	c.links.set(func(l *Link) { l.Reason = reason })
}

func (c *Conn) onClosed(nc *nats.Conn) {
	reason := "closed"
	if err := nc.LastError(); err != nil {
		reason += ": " + room.Clean(err.Error())
	}
	c.links.set(func(l *Link) {
		l.State, l.Reason, l.RetryAt = room.LinkStopped, reason, time.Time{}
	})
	close(c.closed)
	c.end()
}

// tell calls onLink with the present link and each transition after it. The
// last one is the closed connection's, which comes whatever else was dropped.
func (c *Conn) tell(onLink func(Link)) {
	transitions, stop := c.links.listen()
	c.told.Go(func() {
		defer stop()
		l := c.Link()
		for onLink(l); l.State != room.LinkStopped; onLink(l) {
			l = <-transitions
		}
	})
}

// explain gives the error of a try to connect its kind and its sentence.
func (c *Conn) explain(err error) error {
	var (
		badName  x509.HostnameError
		notTLS   tls.RecordHeaderError
		alert    tls.AlertError
		badChain *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired),
		errors.Is(err, nats.ErrAuthRevoked), errors.Is(err, nats.ErrAccountAuthExpired):
		return &failure{kind: ErrAuth, cause: err,
			text: "NATS at " + c.where + " refused the credentials: " + c.otherCredentials()}
	case errors.Is(err, nats.ErrSecureConnRequired), errors.Is(err, nats.ErrSecureConnWanted),
		errors.As(err, &badName), errors.As(err, &notTLS), errors.As(err, &alert), errors.As(err, &badChain):
		return &failure{kind: ErrTLS, cause: err,
			text: "no encrypted connection to NATS at " + c.where + ": make nats.tls fit that server, and nats.tls.ca the authority that signed its certificate"}
	case errors.Is(err, nats.ErrNoInfoReceived):
		return &failure{kind: ErrPortInUse, cause: err,
			text: "what answers at " + c.where + " is not NATS: correct nats.url"}
	}
	return &failure{kind: ErrUnreachable, cause: err,
		text: "no NATS server answers at " + c.where + ": start one there, or correct nats.url"}
}
