package bus_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"rosey/bus"
	"rosey/config"
)

func streamConfig(t *testing.T, c *bus.Conn, name string) jetstream.StreamConfig {
	t.Helper()
	s, err := c.JS.Stream(testContext(t), name)
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().Config
}

func TestEnsureStreams(t *testing.T) {
	srv := startServer(t)
	bot, db, admin := srv.connect(t, bus.RoleBot), srv.connect(t, bus.RoleDB), srv.connect(t, bus.RoleAdmin)
	limits := config.Events{MaxAgeHours: 1, MaxBytes: 1 << 20, WriteBytes: 2 << 20}
	both := func(limits config.Events) {
		t.Helper()
		for range 2 { // the second time changes nothing
			if err := errors.Join(
				bus.EnsureEvents(testContext(t), bot, limits),
				bus.EnsureWrites(testContext(t), db, limits),
			); err != nil {
				t.Fatal(err)
			}
		}
	}
	both(limits)
	events, writes := streamConfig(t, admin, bus.StreamEvents), streamConfig(t, admin, bus.StreamWrites)
	if events.MaxAge.Hours() != 1 || events.MaxBytes != 1<<20 || !events.AllowDirect ||
		!slices.Equal(events.Subjects, []string{"rosey.events.>"}) {
		t.Errorf("events: %+v", events)
	}
	want := []string{
		"rosey.db.user.joined", "rosey.db.user.left", "rosey.db.message.log",
		"rosey.db.stats.user_count", "rosey.db.stats.high_water", "rosey.db.status.update",
		"rosey.db.messages.outbound.mark_sent", "rosey.db.messages.outbound.mark_failed", "rosey.db.action.log",
		"rosey.db.sanction.set", "rosey.db.sanction.end", "rosey.db.note.set",
	}
	if writes.MaxBytes != 2<<20 || !slices.Equal(writes.Subjects, want) {
		t.Errorf("writes: %+v", writes)
	}
	for _, c := range []jetstream.StreamConfig{events, writes} {
		if c.Storage != jetstream.FileStorage || c.NoAck || c.Duplicates <= 0 || c.Retention != jetstream.LimitsPolicy {
			t.Errorf("%s: %+v", c.Name, c)
		}
	}

	// What we do not decide stays as somebody has set it.
	events.MaxMsgSize = 12345
	if _, err := admin.JS.UpdateStream(testContext(t), events); err != nil {
		t.Fatal(err)
	}
	both(config.Events{MaxAgeHours: 2})
	events = streamConfig(t, admin, bus.StreamEvents)
	if events.MaxAge.Hours() != 2 || events.MaxBytes != -1 || events.MaxMsgSize != 12345 {
		t.Errorf("after a change: %+v", events)
	}
}

// TestBotMakesTheStreamOfWrites has the bot come first on a server of one's
// own: it makes the stream, and leaves alone one that stands.
func TestBotMakesTheStreamOfWrites(t *testing.T) {
	ns := startNATS(t, &server.Options{JetStream: true, StoreDir: t.TempDir()})
	bot, err := bus.Connect(testContext(t), bus.ConnectOptions{NATS: config.NATS{URL: ns.ClientURL()}, Role: bus.RoleBot, StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer bot.Close(testContext(t))
	for _, bytes := range []int64{1 << 20, 2 << 20} {
		if err := bus.EnsureWrites(testContext(t), bot, config.Events{WriteBytes: bytes}); err != nil {
			t.Fatal(err)
		}
	}
	if got := streamConfig(t, bot, bus.StreamWrites).MaxBytes; got != 1<<20 {
		t.Errorf("the bot changed the stream's limit to %d", got)
	}
}

// TestWritesAreKept publishes before any service has come, and reads as the
// database service does.
func TestWritesAreKept(t *testing.T) {
	srv := startServer(t)
	bot := srv.connect(t, bus.RoleBot)
	// As v0.5.0's Python does: plainly, without asking for an answer.
	if err := bot.NC.Publish(bus.SubjectMessageLog, []byte(`{"username":"ada","message":"hello"}`)); err != nil {
		t.Fatal(err)
	}
	if err := bot.NC.Flush(); err != nil {
		t.Fatal(err)
	}

	db := srv.connect(t, bus.RoleDB)
	if err := bus.EnsureWrites(testContext(t), db, config.Events{}); err != nil {
		t.Fatal(err)
	}
	consumer, err := db.JS.CreateOrUpdateConsumer(testContext(t), bus.StreamWrites, jetstream.ConsumerConfig{
		Durable: bus.ConsumerDB, AckPolicy: jetstream.AckAllPolicy,
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := consumer.Next(jetstream.FetchMaxWait(testTimeout))
	if err != nil {
		t.Fatal(err)
	}
	if m.Subject() != bus.SubjectMessageLog {
		t.Errorf("got %s", m.Subject())
	}
	if err := m.DoubleAck(testContext(t)); err != nil {
		t.Error(err)
	}
	if s := db.Stats(); s.Denied != 0 {
		t.Errorf("the database was denied something: %+v", s)
	}
}

// TestEventsOutliveTheServer publishes, restarts, and reads the last event of
// one room as the bot does to go on counting.
func TestEventsOutliveTheServer(t *testing.T) {
	opts := bus.ServerOptions{NATS: config.NATS{URL: "nats://127.0.0.1:0", Sync: "always"}, StateDir: t.TempDir(), StoreDir: t.TempDir()}
	run := func(do func(*bus.Conn)) {
		t.Helper()
		srv, err := bus.StartServer(testContext(t), opts)
		if err != nil {
			t.Fatal(err)
		}
		c, err := bus.Connect(testContext(t), bus.ConnectOptions{NATS: config.NATS{URL: srv.URL()}, Role: bus.RoleBot, StateDir: opts.StateDir})
		if err != nil {
			t.Fatal(err)
		}
		if err := bus.EnsureEvents(testContext(t), c, config.Events{}); err != nil {
			t.Error(err)
		}
		do(c)
		if s := c.Stats(); s.Denied != 0 {
			t.Errorf("the bot was denied something: %+v", s)
		}
		if err := errors.Join(c.Close(testContext(t)), srv.Shutdown(testContext(t))); err != nil {
			t.Fatal(err)
		}
	}
	run(func(c *bus.Conn) {
		for i := range 20 {
			room := []string{"one", "two"}[i%2]
			subject := bus.EventSubject(room, []string{"message", "user_join"}[i/2%2])
			if _, err := c.JS.Publish(testContext(t), subject, fmt.Append(nil, i)); err != nil {
				t.Fatal(err)
			}
		}
	})
	run(func(c *bus.Conn) {
		s, err := c.JS.Stream(testContext(t), bus.StreamEvents)
		if err != nil {
			t.Fatal(err)
		}
		last, err := s.GetLastMsgForSubject(testContext(t), bus.EventSubject("one", "*"))
		if err != nil {
			t.Fatal(err)
		}
		if string(last.Data) != "18" {
			t.Errorf("the last event of room one is %s, want 18", last.Data)
		}
		next, err := s.GetMsg(testContext(t), 1, jetstream.WithGetMsgSubject(bus.EventSubject("two", "*")))
		if err != nil || string(next.Data) != "1" {
			t.Errorf("the first event of room two: %v, %v", next, err)
		}
	})
}

func TestNoJetStream(t *testing.T) {
	ns := startNATS(t, &server.Options{})
	c, err := bus.Connect(testContext(t), bus.ConnectOptions{NATS: config.NATS{URL: ns.ClientURL()}, Role: bus.RoleBot, StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(testContext(t))
	for _, ensure := range []func(context.Context, *bus.Conn, config.Events) error{bus.EnsureEvents, bus.EnsureWrites} {
		if err := ensure(testContext(t), c, config.Events{}); !errors.Is(err, bus.ErrNoJetStream) {
			t.Errorf("got %v, want %v", err, bus.ErrNoJetStream)
		}
	}
}
