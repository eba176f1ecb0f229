package bus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"rosey/config"
)

// probeTimeout bounds the question whether NATS answers at an address of this
// machine. A server says INFO at once, unless the machine is very busy.
const probeTimeout = 3 * time.Second

// NeedServer tells what nats.embedded means now: true when the embedded
// server is to be started. For errors.Is: ErrServerRunning when it must be
// started and one runs, ErrPortInUse when something else answers there.
func NeedServer(ctx context.Context, n config.NATS) (bool, error) {
	if n.Embedded == config.EmbeddedNo {
		return false, nil
	}
	if n.URL == "" {
		n.URL = defaultURL
	}
	must := n.Embedded == config.EmbeddedYes
	if !must && (strings.Contains(n.URL, ",") || usesTLS(n)) {
		return false, nil // several servers, or encryption: a server of one's own
	}
	u, err := parseURL(n.URL)
	if err != nil {
		return false, err
	}
	if !isLoopback(u.Hostname()) {
		return must, nil // StartServer says why it cannot
	}
	running, err := probe(ctx, u.Host)
	if err != nil {
		return false, err
	}
	if must && running {
		return false, &failure{kind: ErrServerRunning,
			text: "nats.embedded is true and a NATS server runs already at " + u.Host + ": set it to auto or false to use that one, or stop it"}
	}
	return !running, nil
}

func usesTLS(n config.NATS) bool {
	return n.TLS != config.TLS{} || strings.HasPrefix(n.URL, "tls://") || strings.HasPrefix(n.URL, "wss://")
}

// probe tells whether a NATS server answers at host:port.
func probe(ctx context.Context, address string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return false, nil // nobody listens; what else is wrong shows when listening or connecting
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetReadDeadline(deadline); err != nil {
		return false, fmt.Errorf("probe %s: %w", address, err)
	}
	greeting := make([]byte, len("INFO "))
	n, err := io.ReadFull(conn, greeting)
	if bytes.Equal(greeting, []byte("INFO ")) {
		return true, nil
	}
	if err != nil && !errors.Is(err, io.EOF) && n > 0 {
		err = nil // it spoke, and not NATS
	}
	return false, &failure{kind: ErrPortInUse, cause: err,
		text: "something that is not NATS answers at " + address + ": stop it, or give nats.url another port"}
}
