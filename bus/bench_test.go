package bus_test

import (
	"context"
	"testing"

	"rosey/bus"
	"rosey/config"
)

// BenchmarkServerStart is the time until the embedded server can be used: with
// a store that is new each time, and with the streams of an earlier run.
func BenchmarkServerStart(b *testing.B) {
	for _, name := range []string{"new", "again"} {
		b.Run(name, func(b *testing.B) {
			opts := bus.ServerOptions{
				NATS: config.NATS{URL: "nats://127.0.0.1:0"}, StateDir: b.TempDir(), StoreDir: b.TempDir(),
			}
			b.ReportAllocs()
			for b.Loop() {
				if name == "new" {
					b.StopTimer()
					opts.StateDir, opts.StoreDir = b.TempDir(), b.TempDir()
					b.StartTimer()
				}
				srv, err := bus.StartServer(b.Context(), opts)
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if name == "again" {
					makeStreams(b, testServer{srv, opts.StateDir})
				}
				if err := srv.Shutdown(b.Context()); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}

func makeStreams(tb testing.TB, srv testServer) {
	tb.Helper()
	for role, ensure := range map[bus.Role]func(context.Context, *bus.Conn, config.Events) error{
		bus.RoleBot: bus.EnsureEvents, bus.RoleDB: bus.EnsureWrites,
	} {
		c, err := bus.Connect(testContext(tb), bus.ConnectOptions{
			NATS: config.NATS{URL: srv.URL()}, Server: srv.Server, Role: role, Name: "bench",
		})
		if err != nil {
			tb.Fatal(err)
		}
		if err := ensure(testContext(tb), c, config.Events{}); err != nil {
			tb.Fatal(err)
		}
		if err := c.Close(testContext(tb)); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkRequest is one typed question and its answer.
func BenchmarkRequest(b *testing.B) {
	srv := startServer(b)
	for _, name := range []string{"tcp", "inprocess"} {
		b.Run(name, func(b *testing.B) {
			over := func(o *bus.ConnectOptions) {
				if name == "inprocess" {
					o.Server = srv.Server
				}
			}
			db := srv.connect(b, bus.RoleDB, over)
			viewer := srv.connect(b, bus.RoleViewer, over)
			answer := func(context.Context, bus.RecentQuery) []bus.RecentRow {
				return []bus.RecentRow{{Timestamp: 1, Username: "ada", Message: "hello"}}
			}
			if _, err := bus.Respond(db, bus.SubjectRecentChat, answer); err != nil {
				b.Fatal(err)
			}
			if err := db.NC.Flush(); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				rows, err := bus.Request[[]bus.RecentRow](b.Context(), viewer, bus.SubjectRecentChat, bus.RecentQuery{Limit: 1})
				if err != nil || len(rows) != 1 {
					b.Fatal(rows, err)
				}
			}
		})
	}
}
