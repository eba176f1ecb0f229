package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bot/cytube"
	"rosey/bus"
	"rosey/bus/room"
)

// BenchmarkFrameToEvent says a thousand lines a second in a room and measures
// how long after the frame the event is there. event-* is from the frame to a
// subscriber over TCP: decoding, desk, publisher, NATS. When the frame came is
// told by a second session beside the bot's. whole-* begins where the line is
// said, and so has the test server and its websocket in it.
func BenchmarkFrameToEvent(b *testing.B) {
	w := newWorld(b)
	alice := w.channel.Puppet("Alice", 1)
	w.bot("bench")
	w.watch("main").until(room.LinkUp)
	beside, err := cytube.Dial(testContext(b), cytube.Options{Domain: w.cytube.URL(), Channel: testChannel, User: "Beside"})
	if err != nil {
		b.Fatal(err)
	}
	defer beside.Close()
	<-beside.Joined()
	msgs := make(chan *nats.Msg, 1<<16)
	c := w.connect(bus.RoleViewer)
	if _, err := c.NC.ChanSubscribe(bus.EventSubject("main", "message"), msgs); err != nil {
		b.Fatal(err)
	}
	if err := c.NC.Flush(); err != nil {
		b.Fatal(err)
	}
	frames, events := map[string]time.Time{}, map[string]time.Time{}
	var readers sync.WaitGroup
	readers.Go(func() {
		for rec := range beside.Events() {
			if m, ok := rec.Event.(*room.Message); ok && !m.Replay && !m.Server {
				if frames[m.Content] = rec.At; len(frames) == b.N {
					return
				}
			}
		}
	})
	readers.Go(func() {
		for len(events) < b.N {
			m := <-msgs
			now := time.Now()
			var env bus.Envelope
			var line room.Message
			if json.Unmarshal(m.Data, &env) == nil && json.Unmarshal(env.Data, &line) == nil && !line.Server {
				events[line.Content] = now
			}
		}
	})
	b.ResetTimer()
	next := time.Now()
	for range b.N {
		time.Sleep(time.Until(next))
		next = next.Add(time.Millisecond)
		alice.Say(fmt.Sprint(time.Now().UnixNano()))
	}
	readers.Wait()
	b.StopTimer()
	var event, whole []time.Duration
	for text, at := range events {
		said, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		event, whole = append(event, at.Sub(frames[text])), append(whole, at.Sub(time.Unix(0, said)))
	}
	report(b, "event", event)
	report(b, "whole", whole)
}

func report(b *testing.B, what string, took []time.Duration) {
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds()), fmt.Sprintf("%s-p%d-µs", what, p))
	}
}

// BenchmarkDesk measures an event's way through desk and publisher into
// JetStream, as fast as it goes.
func BenchmarkDesk(b *testing.B) {
	bb := startBus(b)
	books := openBooks(b, bb.connect(bus.RoleBot), true, nil)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		books.desk.tell(context.Background(), chatLine("Alice", "hello there", int64(i)), time.Now())
		if i%1000 == 0 {
			for n, _ := books.out.counts(); n > outboxParcels/2; n, _ = books.out.counts() {
				time.Sleep(time.Millisecond)
			}
		}
	}
	books.pub.flush(testContext(b))
	b.StopTimer()
	if _, dropped := books.out.counts(); dropped > 0 {
		b.Errorf("%d were dropped", dropped)
	}
}

// BenchmarkHistory measures a page from memory and one from the stream.
func BenchmarkHistory(b *testing.B) {
	bb := startBus(b)
	conn := bb.connect(bus.RoleBot)
	books := openBooks(b, conn, true, nil)
	const n = 3 * ringEvents
	for i := range n {
		books.tell(&room.Drinks{Count: i})
	}
	books.settle(b, n)
	h := &history{desk: books.desk, archive: newArchive(conn, "main"), log: quiet()}
	for name, req := range map[string]bus.HistoryRequest{
		"memory": {Limit: 100},
		"stream": {AfterSeq: 500, Limit: 100},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if r := h.page(context.Background(), req); len(r.Events) != 100 {
					b.Fatalf("%d events, %s", len(r.Events), r.Error)
				}
			}
		})
	}
}
