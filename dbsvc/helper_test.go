package dbsvc_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	_ "modernc.org/sqlite"

	"rosey/bus"
	"rosey/config"
	"rosey/dbsvc"
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
		time.Sleep(2 * time.Millisecond)
	}
}

// nats is an embedded server and how to connect to it.
type nats struct {
	server *bus.Server
	config config.NATS
	state  string
	store  string
}

// startNATS starts the embedded server on a port of its own.
func startNATS(tb testing.TB, sync string) *nats {
	tb.Helper()
	n := &nats{config: config.NATS{URL: "nats://127.0.0.1:0", Sync: sync, ReconnectDelay: 0.05}, state: tb.TempDir(), store: tb.TempDir()}
	n.start(tb)
	tb.Cleanup(func() { n.stop(tb) })
	return n
}

func (n *nats) start(tb testing.TB) {
	tb.Helper()
	srv, err := bus.StartServer(testContext(tb), bus.ServerOptions{NATS: n.config, StateDir: n.state, StoreDir: n.store})
	if err != nil {
		tb.Fatal(err)
	}
	n.server, n.config.URL = srv, srv.URL()
}

func (n *nats) stop(tb testing.TB) {
	tb.Helper()
	if n.server == nil {
		return
	}
	if err := n.server.Shutdown(testContext(tb)); err != nil {
		tb.Error(err)
	}
	n.server = nil
}

// startPlainNATS runs a server without JetStream, without credentials.
func startPlainNATS(tb testing.TB) *nats {
	tb.Helper()
	srv, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true})
	if err != nil {
		tb.Fatal(err)
	}
	srv.Start()
	tb.Cleanup(func() { srv.Shutdown(); srv.WaitForShutdown() })
	eventually(tb, "server ready", func() bool { return srv.ReadyForConnections(time.Second) })
	return &nats{config: config.NATS{URL: srv.ClientURL()}, state: tb.TempDir()}
}

func (n *nats) connect(tb testing.TB, role bus.Role) *bus.Conn {
	tb.Helper()
	c, err := bus.Connect(testContext(tb), bus.ConnectOptions{NATS: n.config, Role: role, Name: "test-" + string(role), StateDir: n.state})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close(testContext(tb)) })
	return c
}

// logs keeps what a service logs.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), text)
}

// dbPath is a file that does not exist yet.
func dbPath(tb testing.TB) string { return filepath.Join(tb.TempDir(), "bot_data.db") }

// serve starts a database service on path. Close is called at the end unless
// the test did.
func (n *nats) serve(tb testing.TB, path string, change ...func(*dbsvc.Options)) *dbsvc.Service {
	tb.Helper()
	opts := dbsvc.Options{
		Conn:     n.connect(tb, bus.RoleDB),
		Database: config.Database{Path: path, BatchDelay: 0.005},
		Logger:   slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Instance: "test",
	}
	for _, f := range change {
		f(&opts)
	}
	s, err := dbsvc.Start(testContext(tb), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close(testContext(tb)) })
	return s
}

// publish sends payloads as v0.5.0's Python does: plainly. Where there is a
// stream it returns when the stream has them, which a flush does not tell.
func publish(tb testing.TB, c *bus.Conn, subject string, payloads ...any) {
	tb.Helper()
	before, streams := lastWrite(tb, c)
	for _, p := range payloads {
		data, ok := p.([]byte)
		if text, isText := p.(string); isText {
			data, ok = []byte(text), true
		}
		if !ok {
			var err error
			if data, err = json.Marshal(p); err != nil {
				tb.Fatal(err)
			}
		}
		if err := c.NC.Publish(subject, data); err != nil {
			tb.Fatal(err)
		}
	}
	if err := c.NC.FlushTimeout(testTimeout); err != nil {
		tb.Fatal(err)
	}
	if streams {
		eventually(tb, "the stream has what was published", func() bool {
			now, _ := lastWrite(tb, c)
			return now >= before+uint64(len(payloads))
		})
	}
}

// lastWrite is the number of the last write in the stream.
func lastWrite(tb testing.TB, c *bus.Conn) (seq uint64, streams bool) {
	tb.Helper()
	stream, err := c.JS.Stream(testContext(tb), bus.StreamWrites)
	if err != nil {
		return 0, false
	}
	return stream.CachedInfo().State.LastSeq, true
}

// applied waits until the stream is stored as far as it goes.
func applied(tb testing.TB, c *bus.Conn, s *dbsvc.Service) {
	tb.Helper()
	eventually(tb, "everything is stored", func() bool {
		last, streams := lastWrite(tb, c)
		return streams && s.Health().Applied >= last
	})
}

// rows reads the file as any other program would, columns separated by |.
func rows(tb testing.TB, path, query string) []string {
	tb.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	found, err := db.QueryContext(tb.Context(), query)
	if err != nil {
		tb.Fatal(err)
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		tb.Fatal(err)
	}
	list := []string{}
	for found.Next() {
		values, into, texts := make([]any, len(columns)), make([]any, len(columns)), make([]string, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := found.Scan(into...); err != nil {
			tb.Fatal(err)
		}
		for i, v := range values {
			texts[i] = fmt.Sprint(v)
		}
		list = append(list, strings.Join(texts, "|"))
	}
	if err := found.Err(); err != nil {
		tb.Fatal(err)
	}
	return list
}

func expectRows(tb testing.TB, path, query string, want ...string) {
	tb.Helper()
	if got := rows(tb, path, query); strings.Join(got, "\n") != strings.Join(want, "\n") {
		tb.Errorf("%s:\n got %q\nwant %q", query, got, want)
	}
}

func configOf(path string) config.Database { return config.Database{Path: path, BatchDelay: 0.005} }

// configEvents are the stream's limits: none.
var configEvents config.Events
