package bus_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"rosey/bus"
	"rosey/config"
)

// BenchmarkServerStart is the time until the embedded server and its streams
// can be used: with a store that is new each time, and with that of an earlier
// run.
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
				if err := srv.Shutdown(b.Context()); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
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

// BenchmarkPublish is one event of usual size, stored: many under way at once,
// as the bot publishes them, with each way of flushing to disk.
func BenchmarkPublish(b *testing.B) {
	const underWay = 256
	payload := fmt.Appendf(nil, `{"v":1,"seq":123456,"time":1790000000000,"room":"main","channel":"example","event":"message","data":{"user":"ada","text":%q}}`,
		strings.Repeat("some words of chat ", 8))
	for _, sync := range []string{"always", "2m"} {
		b.Run("sync="+sync, func(b *testing.B) {
			srv := startServer(b, func(o *bus.ServerOptions) { o.NATS.Sync = sync })
			bot := srv.connect(b, bus.RoleBot, func(o *bus.ConnectOptions) { o.Server = srv.Server })
			acks := make(chan jetstream.PubAckFuture, underWay)
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			for b.Loop() {
				if len(acks) == underWay {
					<-(<-acks).Ok()
				}
				ack, err := bot.JS.PublishAsync(bus.EventSubject("main", "message"), payload)
				if err != nil {
					b.Fatal(err)
				}
				acks <- ack
			}
			<-bot.JS.PublishAsyncComplete()
		})
	}
}

// BenchmarkAskNATS asks what a server with 2,000 connections is doing: it sorts
// them and tells the first 200. Each question has another limit, since the
// same one is answered from memory for a moment.
func BenchmarkAskNATS(b *testing.B) {
	srv := startServer(b)
	password := readPassword(b, srv.state, bus.RoleViewer)
	for range 2000 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL(), "nats://"))
		if err != nil {
			b.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, `CONNECT {"verbose":false,"user":"viewer","pass":%q}`+"\r\n", password)
	}
	viewer := srv.connect(b, bus.RoleViewer)
	total := func(limit int) int {
		return bus.AskNATS(testContext(b), viewer, bus.NATSQuery{Sort: bus.SortPending, Limit: limit}).ConnTotal
	}
	eventually(b, "all are connected", func() bool { return total(1) >= 2000 })
	n := 0
	for b.Loop() {
		n++
		if total(190+n%10) < 2000 {
			b.Fatal("connections are missing")
		}
	}
}
