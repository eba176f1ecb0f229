package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bus"
	"rosey/bus/room"
)

// numbered checks that events are numbered from 1 without a hole, in order.
func numbered(tb testing.TB, events []bus.Envelope, n int) {
	tb.Helper()
	if got, want := span(events), fmt.Sprintf("1-%d", n); got != want {
		tb.Errorf("events %s, want %s", got, want)
	}
}

// NATS is killed and comes back while lines are said: each is in both streams
// once, in order, and the numbers have no hole.
func TestOutageLosesNothing(t *testing.T) {
	t.Parallel()
	b := startBus(t)
	conn := b.connect(bus.RoleBot)
	books := openBooks(t, conn, true, nil)
	var want []string
	say := func(n int) {
		for range n {
			text := fmt.Sprintf("line %d", len(want))
			want = append(want, text)
			books.tell(chatLine("Alice", text, int64(1000+len(want))))
		}
	}
	say(300)
	b.stop()
	say(400)
	b.start()
	eventually(t, "the link comes back", func() bool { return conn.Link().State == room.LinkUp })
	say(300)
	books.settle(t, len(want))

	events := b.events()
	numbered(t, events, len(want))
	if got := texts(events); !slices.Equal(got, want) {
		t.Errorf("%d lines in the event stream", len(got))
	}
	if got := b.logged(); !slices.Equal(got, want) {
		t.Errorf("%d lines were written to the database, want %d in order", len(got), len(want))
	}
}

// The streams are gone when NATS comes back: the publisher makes them anew.
func TestStreamsComeBackEmpty(t *testing.T) {
	t.Parallel()
	b := startBus(t)
	conn := b.connect(bus.RoleBot)
	books := openBooks(t, conn, true, nil)
	books.tell(&room.Drinks{Count: 1})
	books.settle(t, 1)
	b.stop()
	b.opts.StoreDir = t.TempDir()
	b.start()
	books.tell(&room.Drinks{Count: 2})
	books.settle(t, 2)
	if got := span(b.events()); got != "2-2" {
		t.Errorf("the new stream has %s", got)
	}
}

func TestHeartbeatFollowsTheEvents(t *testing.T) {
	t.Parallel()
	b := startBus(t)
	books := openBooks(t, b.connect(bus.RoleBot), true, nil)
	msgs := make(chan *nats.Msg, 4096)
	admin := b.connect(bus.RoleAdmin)
	for _, subject := range []string{bus.EventSubject("main", "*"), bus.HeartbeatSubject("main")} {
		if _, err := admin.NC.ChanSubscribe(subject, msgs); err != nil {
			t.Fatal(err)
		}
	}
	if err := admin.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		books.tell(&room.Drinks{Count: i})
		select {
		case books.pub.beatNow <- struct{}{}:
		default:
		}
	}
	ctx := testContext(t)
	var last uint64
	beats := 0
	for last < 500 || beats < 3 {
		select {
		case m := <-msgs:
			if !strings.HasSuffix(m.Subject, ".heartbeat") {
				var env bus.Envelope
				if err := json.Unmarshal(m.Data, &env); err != nil {
					t.Fatal(err)
				}
				last = env.Seq
				continue
			}
			var h bus.Heartbeat
			if err := json.Unmarshal(m.Data, &h); err != nil {
				t.Fatal(err)
			}
			if beats++; h.Seq != last {
				t.Fatalf("heartbeat says %d behind event %d", h.Seq, last)
			}
		case <-ctx.Done():
			t.Fatalf("event %d, %d heartbeats", last, beats)
		}
	}
}

func TestWithoutJetStream(t *testing.T) {
	t.Parallel()
	b := startBus(t)
	admin := b.connect(bus.RoleAdmin)
	events, err := admin.NC.SubscribeSync(bus.EventSubject("main", "*"))
	if err != nil {
		t.Fatal(err)
	}
	if err := admin.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	books := openBooks(t, b.connect(bus.RoleBot), false, nil)
	books.tell(&room.Drinks{Count: 1})
	if _, err := events.NextMsgWithContext(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if left := books.pub.flush(testContext(t)); left != 0 {
		t.Errorf("%d parcels are left", left)
	}
}

// An event that the server cannot take does not hold up those behind it.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	b := startBus(t)
	conn := b.connect(bus.RoleBot)
	books := openBooks(t, conn, true, nil)
	books.tell(&room.Motd{Text: strings.Repeat("x", int(conn.NC.MaxPayload()))})
	books.tell(&room.Drinks{Count: 1})
	books.settle(t, 2)
	if _, dropped := books.out.counts(); dropped != 1 {
		t.Errorf("dropped %d", dropped)
	}
	if got := span(b.events()); got != "2-2" {
		t.Errorf("the stream has %s", got)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	b := startBus(t)
	conn := b.connect(bus.RoleBot)
	books := openBooks(t, conn, true, nil)
	const n = ringEvents + 1500
	for i := range n {
		books.tell(&room.Drinks{Count: i})
		if i%3 == 0 {
			books.tell(chatLine("Alice", fmt.Sprint(i), int64(i)))
		}
	}
	books.settle(t, n+(n+2)/3)
	last := books.now().seq
	h := &history{desk: books.desk, archive: newArchive(conn, "main"), log: quiet()}
	page := func(req bus.HistoryRequest) (r bus.HistoryReply) {
		t.Helper()
		eventually(t, "the page can be read", func() bool { // a busy machine may need more than the time for one
			r = h.page(t.Context(), req)
			return r.Error == ""
		})
		return r
	}

	edge := books.ring.all()[0].Seq
	for _, tt := range []struct {
		name string
		req  bus.HistoryRequest
		want string
		more bool
	}{
		{"newest", bus.HistoryRequest{Limit: 10}, fmt.Sprintf("%d-%d", last-9, last), true},
		{"after, in memory", bus.HistoryRequest{AfterSeq: last - 3}, fmt.Sprintf("%d-%d", last-2, last), false},
		{"after the newest", bus.HistoryRequest{AfterSeq: last}, "none", false},
		{"first page", bus.HistoryRequest{AfterSeq: 1}, "2-501", true},
		{"across the edge, forward", bus.HistoryRequest{AfterSeq: edge - 100, Limit: 200}, fmt.Sprintf("%d-%d", edge-99, edge+100), true},
		{"across the edge, back", bus.HistoryRequest{BeforeSeq: edge + 50, Limit: 100}, fmt.Sprintf("%d-%d", edge-50, edge+49), true},
		{"before the edge", bus.HistoryRequest{BeforeSeq: edge}, fmt.Sprintf("%d-%d", edge-500, edge-1), true},
		{"to the beginning", bus.HistoryRequest{BeforeSeq: 6}, "1-5", false},
		{"since the future", bus.HistoryRequest{Since: time.Now().Add(time.Hour).UnixMilli()}, "none", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := page(tt.req)
			if got := span(r.Events); got != tt.want || r.More != tt.more {
				t.Errorf("got %s more=%v, want %s more=%v", got, r.More, tt.want, tt.more)
			}
			if r.FirstSeq != 1 || r.LastSeq != last {
				t.Errorf("first %d last %d", r.FirstSeq, r.LastSeq)
			}
		})
	}

	// Walking from either end gives everything once.
	var forward uint64 = 1
	for more := true; more; {
		r := page(bus.HistoryRequest{AfterSeq: forward})
		forward, more = r.Events[len(r.Events)-1].Seq, r.More
	}
	back, total := last+1, 0
	for more := true; more; {
		r := page(bus.HistoryRequest{BeforeSeq: back})
		back, more = r.Events[0].Seq, r.More
		total += len(r.Events)
	}
	if forward != last || back != 1 || total != int(last) {
		t.Errorf("forward to %d, back to %d, %d in all; want %d", forward, back, total, last)
	}
}

// A room's past is read back at the start: the numbers go on, and lines known
// to the stream are not published twice.
func TestPastIsReadBack(t *testing.T) {
	t.Parallel()
	b := startBus(t)
	conn := b.connect(bus.RoleBot)
	books := openBooks(t, conn, true, nil)
	for i := range 50 {
		books.tell(chatLine("Alice", fmt.Sprint(i), int64(i)))
	}
	books.settle(t, 50)
	books.stop()

	past, err := newArchive(conn, "main").newest(testContext(t), ringEvents)
	if err != nil || span(past) != "1-50" {
		t.Fatalf("read back %s, %v", span(past), err)
	}
	again := openBooks(t, conn, true, past)
	known := chatLine("alice", "49", 49)
	missed := chatLine("Bob", "while you were away", 60)
	known.Replay, missed.Replay = true, true
	again.tell(known)
	again.tell(missed)
	again.settle(t, 51)
	events := b.events()
	numbered(t, events, 51)
	if got := texts(events); got[50] != "while you were away" {
		t.Errorf("the last line is %q", got[50])
	}
	if got := b.logged(); len(got) != 51 {
		t.Errorf("%d lines were written to the database", len(got))
	}
	if other, err := newArchive(conn, "elsewhere").newest(testContext(t), 10); err != nil || other != nil {
		t.Errorf("a room without a past: %v, %v", other, err)
	}
}
