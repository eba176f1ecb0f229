package bus_test

import (
	"context"
	"testing"
	"time"

	"rosey/bus"
	"rosey/config"
)

// testTimeout is how long anything in a test may take before it has failed.
const testTimeout = time.Minute

func testContext(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
	tb.Cleanup(cancel)
	return ctx
}

// eventually waits until ok holds.
func eventually(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	deadline := time.Now().Add(testTimeout)
	for !ok() {
		if time.Now().After(deadline) {
			tb.Fatalf("never: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// testServer is an embedded server on a port of its own and what is needed to
// connect to it.
type testServer struct {
	*bus.Server
	state string
}

func startServer(tb testing.TB, change ...func(*bus.ServerOptions)) testServer {
	tb.Helper()
	opts := bus.ServerOptions{
		NATS:     config.NATS{URL: "nats://127.0.0.1:0", Sync: "2m"},
		StateDir: tb.TempDir(),
		StoreDir: tb.TempDir(),
	}
	for _, f := range change {
		f(&opts)
	}
	srv, err := bus.StartServer(testContext(tb), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
		defer cancel()
		if err := srv.Shutdown(ctx); err != nil {
			tb.Error(err)
		}
	})
	return testServer{srv, opts.StateDir}
}

// connect connects over TCP with the generated credentials of role.
func (s testServer) connect(tb testing.TB, role bus.Role, change ...func(*bus.ConnectOptions)) *bus.Conn {
	tb.Helper()
	opts := bus.ConnectOptions{
		NATS:     config.NATS{URL: s.URL(), ReconnectDelay: 0.05},
		Role:     role,
		Name:     "test-" + string(role),
		StateDir: s.state,
	}
	for _, f := range change {
		f(&opts)
	}
	c, err := bus.Connect(testContext(tb), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
		defer cancel()
		if err := c.Close(ctx); err != nil {
			tb.Error(err)
		}
	})
	return c
}
