package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"rosey/bot/cytube/cytubetest"
	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

const (
	testChannel  = "testroom"
	testPassword = "correct horse"
)

// A world is a CyTube server and a bus, into which tests put bots.
type world struct {
	*testBus
	cytube  *cytubetest.Server
	channel *cytubetest.Channel
	unsent  string // the bots' StateDir
	logging config.Logging
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	srv, err := cytubetest.New(cytubetest.Options{
		NoConnectionBucket: true,
		Accounts:           []cytubetest.Account{{Name: "Rosey", Password: testPassword, ChannelRank: 3}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := srv.Close(); err != nil {
			tb.Error(err)
		}
	})
	return &world{testBus: startBus(tb), cytube: srv, channel: srv.Channel(testChannel)}
}

func (w *world) platform(name string) config.Platform {
	return config.Platform{
		Type: "cytube", Name: name, Enabled: true, Domain: w.cytube.URL(), Channel: testChannel,
		User: "Rosey", Password: testPassword,
	}
}

// bot starts a bot with a connection of its own; no platforms means the one
// room "main".
func (w *world) bot(instance string, platforms ...config.Platform) (*Bot, *bus.Conn) {
	w.tb.Helper()
	if platforms == nil {
		platforms = []config.Platform{w.platform("main")}
	}
	conn := w.connect(bus.RoleBot)
	log := quiet()
	if os.Getenv("BOT_TEST_LOG") != "" {
		log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})).With("instance", instance)
	}
	b, err := Start(testContext(w.tb), Options{
		Conn: conn, Config: &config.Config{Platforms: platforms, Logging: w.logging}, Instance: instance, Version: "1.2.3", Logger: log, StateDir: w.unsent,
	})
	if err != nil {
		w.tb.Fatal(err)
	}
	w.tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_ = b.Close(ctx) // the test may have left NATS down
	})
	return b, conn
}

// A witness follows a room as a console does.
type witness struct {
	tb testing.TB

	mu     sync.Mutex
	seqs   []uint64
	events []room.Event
	state  room.State
	beat   bus.Heartbeat
	links  []room.Connection // as they were, one after another
	at     int               // the place in links up to which until has waited
}

func (w *world) watch(roomName string) *witness {
	w.tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	watcher := bus.Watch(ctx, w.connect(bus.RoleViewer), bus.WatchOptions{Room: roomName})
	s := &witness{tb: w.tb, state: room.New()}
	var reading sync.WaitGroup
	reading.Go(func() {
		for u := range watcher.Updates() {
			s.take(u)
		}
	})
	w.tb.Cleanup(func() {
		cancel()
		reading.Wait()
	})
	return s
}

func (s *witness) take(u bus.Update) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch u.Kind {
	case bus.UpdateState:
		s.state = u.State
		s.links = append(s.links, s.state.Connection)
	case bus.UpdateEvent:
		s.state = room.Apply(s.state, u.Event)
		s.events, s.seqs = append(s.events, u.Event), append(s.seqs, u.Seq)
		if _, ok := u.Event.(*room.Connection); ok {
			s.links = append(s.links, s.state.Connection)
		}
	case bus.UpdateHeartbeat:
		s.beat = u.Heartbeat
	}
}

// lines are the texts seen so far.
func (s *witness) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, e := range s.events {
		if m, ok := e.(*room.Message); ok && !m.Server {
			list = append(list, m.Content)
		}
	}
	return list
}

func (s *witness) link() room.Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.Connection
}

// until waits for the link to CyTube to come into a state, or to be in it since
// the last wait; also one that did not last is seen.
func (s *witness) until(state room.LinkState) (link room.Connection) {
	s.tb.Helper()
	eventually(s.tb, "the link is "+string(state), func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for ; s.at < len(s.links); s.at++ {
			if link = s.links[s.at]; link.State == state {
				return true
			}
		}
		s.at = max(0, len(s.links)-1)
		return false
	})
	return link
}

// sees waits until each text was seen, and checks that none came twice.
func (s *witness) sees(texts ...string) {
	s.tb.Helper()
	for _, want := range texts {
		eventually(s.tb, "the line "+want, func() bool {
			n := 0
			for _, got := range s.lines() {
				if got == want {
					n++
				}
			}
			if n > 1 {
				s.tb.Fatalf("the line %q came %d times", want, n)
			}
			return n == 1
		})
	}
}

// command asks the room as an operator.
func (w *world) command(c *bus.Conn, verb, text string, args ...string) bus.CommandReply {
	w.tb.Helper()
	r, err := bus.Request[bus.CommandReply](testContext(w.tb), c, bus.CommandSubject("main", verb),
		bus.Command{Operator: "tester", Args: append(args, text)})
	if err != nil {
		w.tb.Fatal(err)
	}
	return r
}

// written are the database writes of a subject, as JSON, in order.
func (w *world) written(subject string) []string {
	w.tb.Helper()
	var list []string
	for _, m := range w.stored(bus.StreamWrites) {
		if m.Subject == subject {
			list = append(list, string(m.Data))
		}
	}
	return list
}

// sessions tells, for each user, how often they were written as joined and
// as left.
func (w *world) sessions() map[string][2]int {
	w.tb.Helper()
	count := map[string][2]int{}
	for i, subject := range []string{bus.SubjectUserJoined, bus.SubjectUserLeft} {
		for _, data := range w.written(subject) {
			var u bus.UserWrite
			if err := json.Unmarshal([]byte(data), &u); err != nil {
				w.tb.Fatal(err)
			}
			n := count[strings.ToLower(u.Username)]
			n[i]++
			count[strings.ToLower(u.Username)] = n
		}
	}
	return count
}

func (w *world) close(b *Bot) {
	w.tb.Helper()
	if err := b.Close(testContext(w.tb)); err != nil {
		w.tb.Fatal(err)
	}
}

// closeSoon closes a bot that cannot flush.
func closeSoon(b *Bot) error {
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	return b.Close(ctx)
}
