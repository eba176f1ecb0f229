package dbsvc_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"rosey/bus"
	"rosey/dbsvc"
)

var vocabulary = strings.Fields(`the movie is about to start lol what a great scene who queued this again i love
	that song can we skip popcorn time everyone hello goodnight see you tomorrow haha nice pick never seen it before
	kino soundtrack volume camera plot twist subtitles please director cut`)

// chatLines are payloads as rosey's bot sends them, by two hundred people.
func chatLines(n int) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	lines := make([][]byte, n)
	for i := range lines {
		words := make([]string, 4+r.IntN(10))
		for j := range words {
			words[j] = vocabulary[r.IntN(len(vocabulary))]
		}
		text := strings.Join(words, " ")
		lines[i], _ = json.Marshal(bus.MessageWrite{
			Username: fmt.Sprintf("user_%03d", r.IntN(200)), Message: text, Text: text,
			Time: float64(1763640000000+i) / 1000, Room: "primary",
		})
	}
	return lines
}

// BenchmarkIngest is the way of 200,000 lines from a publisher that waits for
// JetStream's acknowledgements into committed, searchable rows, everything in
// one process, over TCP.
func BenchmarkIngest(b *testing.B) {
	const n = 200_000
	lines := chatLines(n)
	for _, sync := range []string{"2m", "always"} {
		b.Run("sync="+sync, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				b.StopTimer()
				srv := startNATS(b, sync)
				path := dbPath(b)
				s := srv.serve(b, path, func(o *dbsvc.Options) { o.Database.BatchDelay = 0.05 })
				bot := srv.connect(b, bus.RoleBot)
				js, err := jetstream.New(bot.NC, jetstream.WithPublishAsyncMaxPending(4000))
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				start := time.Now()
				for _, line := range lines {
					if _, err := js.PublishAsync(bus.SubjectMessageLog, line, jetstream.WithStallWait(testTimeout)); err != nil {
						b.Fatal(err)
					}
				}
				<-js.PublishAsyncComplete()
				published := time.Since(start)
				for s.Health().Applied < n {
					time.Sleep(time.Millisecond)
				}
				b.ReportMetric(n/time.Since(start).Seconds(), "rows/s")
				b.ReportMetric(n/published.Seconds(), "published/s")
				b.StopTimer()
				expectRows(b, path, "SELECT (SELECT count(*) FROM recent_chat), (SELECT count(*) FROM rosey_chat), (SELECT sum(total_chat_lines) FROM user_stats)",
					fmt.Sprintf("%d|%d|%d", n, n, n))
				if h := s.Health(); h.Lost+h.Bad > 0 {
					b.Errorf("health: %+v", h)
				}
				_ = s.Close(testContext(b))
				srv.stop(b)
			}
		})
	}
}

// BenchmarkRecentChat is what v0.5.0's web page asks every few seconds.
func BenchmarkRecentChat(b *testing.B) {
	srv := startNATS(b, "2m")
	s := srv.serve(b, dbPath(b))
	bot := srv.connect(b, bus.RoleBot)
	for _, line := range chatLines(20_000) {
		if err := bot.NC.Publish(bus.SubjectMessageLog, line); err != nil {
			b.Fatal(err)
		}
	}
	eventually(b, "lines stored", func() bool { return s.Health().Applied == 20_000 })
	took := make([]time.Duration, 0, 1<<16)
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		m, err := bot.NC.Request(bus.SubjectRecentChat, []byte(`{"limit":50}`), testTimeout)
		if err != nil || len(m.Data) < 1000 {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e6, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e6, "p99-ms")
}

func BenchmarkChatSearch(b *testing.B) {
	srv := startNATS(b, "2m")
	s := srv.serve(b, dbPath(b))
	bot := srv.connect(b, bus.RoleBot)
	for _, line := range chatLines(100_000) {
		if err := bot.NC.Publish(bus.SubjectMessageLog, line); err != nil {
			b.Fatal(err)
		}
	}
	eventually(b, "lines stored", func() bool { return s.Health().Applied == 100_000 })
	for name, q := range map[string]bus.ChatSearchQuery{
		"word":   {Text: "movie"},
		"phrase": {Text: `"great scene"`},
		"user":   {Text: "movie -popcorn", User: "user_007"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if r, err := bus.Request[bus.ChatSearchReply](b.Context(), bot, bus.SubjectChatSearch, q); err != nil || len(r.Hits) == 0 {
					b.Fatal(r.Error, err)
				}
			}
		})
	}
}

// BenchmarkStart is from nothing to a service that answers.
func BenchmarkStart(b *testing.B) {
	srv := startNATS(b, "2m")
	conn := srv.connect(b, bus.RoleDB)
	for b.Loop() {
		s, err := dbsvc.Start(b.Context(), dbsvc.Options{Conn: conn, Database: configOf(dbPath(b))})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
