package bot

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// testTimeout is how long anything in a test may take before it has failed.
const testTimeout = 2 * time.Minute

// TestMain lets more tests run at once than there are processors: most wait for
// a server or for time to pass.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "6"); err != nil { // -parallel on the command line still counts
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

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
		time.Sleep(2 * time.Millisecond)
	}
}

// A testBus is a NATS server that can be stopped and started again on its
// port, with what is needed to connect to it.
type testBus struct {
	tb     testing.TB
	opts   bus.ServerOptions
	server *bus.Server
}

func startBus(tb testing.TB) *testBus {
	tb.Helper()
	b := &testBus{tb: tb, opts: bus.ServerOptions{
		NATS:     config.NATS{URL: "nats://127.0.0.1:0", Sync: "2m"},
		StateDir: tb.TempDir(), StoreDir: tb.TempDir(),
	}}
	b.start()
	b.opts.NATS.URL = b.server.URL()
	tb.Cleanup(b.stop)
	return b
}

func (b *testBus) start() {
	b.tb.Helper()
	var err error
	if b.server, err = bus.StartServer(testContext(b.tb), b.opts); err != nil {
		b.tb.Fatal(err)
	}
}

func (b *testBus) stop() {
	b.tb.Helper()
	if b.server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
	defer cancel()
	if err := b.server.Shutdown(ctx); err != nil {
		b.tb.Error(err)
	}
	b.server = nil
}

func (b *testBus) connect(role bus.Role) *bus.Conn {
	b.tb.Helper()
	nats := b.opts.NATS
	nats.ReconnectDelay = 0.1
	c, err := bus.Connect(testContext(b.tb), bus.ConnectOptions{
		NATS: nats, Role: role, Name: "test-" + string(role), StateDir: b.opts.StateDir,
	})
	if err != nil {
		b.tb.Fatal(err)
	}
	b.tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
		defer cancel()
		_ = c.Close(ctx) // a test may have left the server down
	})
	return c
}

// stored reads everything that a stream holds, subject and data of each.
func (b *testBus) stored(stream string) []*nats.Msg {
	b.tb.Helper()
	ctx := testContext(b.tb)
	c := b.connect(bus.RoleAdmin)
	info, err := c.JS.Stream(ctx, stream)
	if err != nil {
		b.tb.Fatal(err)
	}
	var msgs []*nats.Msg
	for seq := info.CachedInfo().State.FirstSeq; seq <= info.CachedInfo().State.LastSeq; seq++ {
		m, err := info.GetMsg(testContext(b.tb), seq) // each has its time: there may be thousands
		if err != nil {
			b.tb.Fatal(err)
		}
		msgs = append(msgs, &nats.Msg{Subject: m.Subject, Data: m.Data})
	}
	return msgs
}

// events are the room events in the stream, in its order.
func (b *testBus) events() []bus.Envelope {
	b.tb.Helper()
	var list []bus.Envelope
	for _, m := range b.stored(bus.StreamEvents) {
		var env bus.Envelope
		if err := json.Unmarshal(m.Data, &env); err != nil {
			b.tb.Fatal(err)
		}
		list = append(list, env)
	}
	return list
}

// texts are the chat lines among events, in order.
func texts(events []bus.Envelope) []string {
	var list []string
	for _, env := range events {
		var m room.Message
		if env.Event == "message" && json.Unmarshal(env.Data, &m) == nil {
			list = append(list, m.Content)
		}
	}
	return list
}

// logged are the texts of the lines written to the database, in order.
func (b *testBus) logged() []string {
	b.tb.Helper()
	var list []string
	for _, m := range b.stored(bus.StreamWrites) {
		var w bus.MessageWrite
		if m.Subject == bus.SubjectMessageLog && json.Unmarshal(m.Data, &w) == nil {
			list = append(list, w.Text)
		}
	}
	return list
}

// books are a desk and its publisher at work, without a room.
type books struct {
	*desk
	pub  *publisher
	stop func()
}

func openBooks(tb testing.TB, c *bus.Conn, streams bool, past []bus.Envelope) *books {
	tb.Helper()
	if streams {
		if _, err := ensureStreams(testContext(tb), c, config.Events{}); err != nil {
			tb.Fatal(err)
		}
	}
	pub := newPublisher(c, "main", config.Events{}, quiet(), func() bus.Heartbeat { return bus.Heartbeat{Room: "main", Instance: "test"} })
	pub.streams.Store(streams)
	d := newDesk("main", "movienight", rand.Text()[:8], past, uint64(len(past)), quiet())
	d.out = pub.out
	d.ledger = newLedger("main", "movienight", time.Now())
	d.listen = func(*room.State, room.Event) {}
	d.record = func(*room.State, room.Event, time.Time) {}
	publisher := start(context.Background(), pub.run)
	desk := start(context.Background(), func(context.Context) { d.run() })
	stop := sync.OnceFunc(func() {
		close(d.in)
		desk.stop()
		publisher.stop()
	})
	tb.Cleanup(stop)
	return &books{desk: d, pub: pub, stop: stop}
}

// settle waits until event seq and all before it have arrived.
func (b *books) settle(tb testing.TB, seq int) {
	tb.Helper()
	eventually(tb, "everything arrives", func() bool {
		pending, _ := b.out.counts()
		return pending == 0 && b.now().seq >= uint64(seq)
	})
}

func (b *books) tell(e room.Event) { b.desk.tell(context.Background(), e, time.Now()) }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// chatLine is a line as CyTube would have sent it.
func chatLine(user, text string, ms int64) *room.Message {
	return &room.Message{User: user, Content: text, HTML: text, Time: ms, Timestamp: ms / 1000}
}
