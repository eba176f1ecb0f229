package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// A stage is a room whose server is the test: said decides what comes of each
// line.
type stage struct {
	mu      sync.Mutex
	state   room.State
	lines   []string
	at      []time.Time
	speaker *speaker
	board   *switchboard
	said    func(n int, to, text string) room.Event // what the room shows; nil for nothing
	broken  error
}

func (s *stage) Chat(_ context.Context, text string) error { return s.take("", text) }

func (s *stage) PM(_ context.Context, to, text string) error { return s.take(to, text) }

func (s *stage) take(to, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return s.broken
	}
	s.lines, s.at = append(s.lines, text), append(s.at, time.Now())
	if e := s.said(len(s.lines), to, text); e != nil {
		s.board.heard(&s.state, e)
	}
	return nil
}

func (s *stage) Emit(context.Context, string, any) error { return nil }

func (s *stage) EmitAck(ctx context.Context, _ string, _ any) (json.RawMessage, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// echo is the room showing a line.
func echo(_ int, to, text string) room.Event {
	switch {
	case to != "":
		return &room.PM{User: "Rosey", Recipient: to, Content: text}
	case text == "/afk":
		return &room.UserAFK{User: "rosey", AFK: true}
	}
	return &room.Message{User: "rosey", Content: text}
}

// newStage is a room in which Rosey is, with Alice. It must be made inside the
// test's bubble; stop ends the speaker.
func newStage() (s *stage, board *switchboard, stop func()) {
	s = &stage{state: room.New(), said: echo}
	for _, e := range []room.Event{
		&room.Login{Success: true, Name: "Rosey"}, &room.SelfRank{Rank: 3},
		&room.Permissions{Needs: map[string]float64{"chat": 0}},
		users("Alice", "Rosey"), &room.Connection{State: room.LinkUp},
	} {
		s.state = room.Apply(s.state, e)
	}
	d := newDesk("main", "movienight", "test", nil, 0, quiet())
	d.ledger = newLedger("main", "movienight", time.Now())
	d.shown.Store(&snapshot{state: s.state})
	s.speaker = newSpeaker(d.now)
	s.speaker.attach(s)
	p := start(context.Background(), s.speaker.run)
	board = newSwitchboard(d, s.speaker)
	s.board = board
	return s, board, func() {
		p.stop()
		board.close()
	}
}

func (s *stage) show(b *switchboard) { b.desk.shown.Store(&snapshot{state: s.state}) }

func find(tb testing.TB, name string) *command {
	tb.Helper()
	c := findCommand(name)
	if c == nil {
		tb.Fatalf("no command %s", name)
	}
	return c
}

func TestCommands(t *testing.T) {
	apply := func(events ...room.Event) func(*stage, *bus.Command) {
		return func(s *stage, _ *bus.Command) {
			for _, e := range events {
				s.state = room.Apply(s.state, e)
			}
		}
	}
	notice := func(n room.Notice) func(*stage, *bus.Command) {
		return func(s *stage, _ *bus.Command) {
			s.said = func(int, string, string) room.Event { return &n }
		}
	}
	for _, tt := range []struct {
		name, verb string
		args       []string
		change     func(*stage, *bus.Command)
		want       bus.CommandStatus
		text       string
		lines      int
	}{
		{"say", "say", []string{"hello", "there"}, nil, bus.StatusDone, "Sent: hello there", 1},
		{"say lines", "say", []string{"a\nb\nc"}, nil, bus.StatusDone, "Sent: 3 lines", 3},
		{"afk", "say", []string{"/afk"}, nil, bus.StatusDone, "Sent: /afk", 1},
		{"pm", "pm", []string{"alice", "psst"}, nil, bus.StatusDone, "PM sent to Alice: psst", 1},
		{"nothing", "say", nil, nil, bus.StatusRefused, "Usage: say <message>", 0},
		{"blank", "say", []string{" "}, nil, bus.StatusRefused, "Usage: say", 0},
		{"a command", "say", []string{"/kick Alice"}, nil, bus.StatusRefused, "/kick is not said", 0},
		{"pm to nobody", "pm", []string{"bob", "psst"}, nil, bus.StatusRefused, `no user with name "bob"`, 0},
		{"pm to oneself", "pm", []string{"rosey", "psst"}, nil, bus.StatusRefused, "the bot itself", 0},
		{"pm without text", "pm", []string{"alice"}, nil, bus.StatusRefused, "Usage: pm <user> <message>", 0},
		{"not joined", "say", []string{"x"}, apply(&room.Connection{State: room.LinkDown, Reason: "no network"}), bus.StatusRefused, "not in the room (down): no network", 0},
		{"muted", "say", []string{"x"}, apply(&room.UserMeta{User: "Rosey", Meta: room.Meta{Muted: true}}), bus.StatusRefused, "muted", 0},
		{"muted, but PMs pass", "pm", []string{"alice", "x"}, apply(&room.UserMeta{User: "Rosey", Meta: room.Meta{Muted: true}}), bus.StatusDone, "PM sent", 1},
		{"no permission", "say", []string{"x"}, apply(&room.Permissions{Needs: map[string]float64{"chat": 4}}), bus.StatusRefused, "needs rank 4.0", 0},
		{"no name", "say", []string{"x"}, apply(&room.Login{Success: true}), bus.StatusRefused, "without a name", 0},
		{"noflood", "say", []string{"x"}, notice(room.Notice{Kind: room.NoticeNoflood, Text: "You have been muted."}), bus.StatusRefused, "You have been muted.", 1},
		{"spam filter", "say", []string{"http://x"}, notice(room.Notice{Kind: room.NoticeSpamFiltered, Code: "NEW_USER_CHAT_LINK"}), bus.StatusRefused, "links of new accounts", 1},
		{"errorMsg", "pm", []string{"alice", "x"}, notice(room.Notice{Kind: room.NoticeError, Text: "That user is not on this channel"}), bus.StatusRefused, "not on this channel", 1},
		{"endless cooldown", "say", []string{"x"}, notice(room.Notice{Kind: room.NoticeCooldown, Wait: 100}), bus.StatusRefused, "throttle", maxCooldowns},
		{"silence", "say", []string{"x"}, func(s *stage, _ *bus.Command) {
			s.said = func(int, string, string) room.Event { return nil }
		}, bus.StatusNoEffect, "did not show", 1},
		{"lost half way", "say", []string{"a\nb\nc"}, func(s *stage, _ *bus.Command) {
			s.said = func(n int, to, text string) room.Event {
				if n == 2 {
					go s.speaker.attach(nil)
					return nil
				}
				return echo(n, to, text)
			}
		}, bus.StatusNoEffect, "1 of 3 lines were said", 2},
		{"a broken connection", "say", []string{"x"}, func(s *stage, _ *bus.Command) { s.broken = errors.New("broken pipe") }, bus.StatusNoEffect, "broken pipe", 0},
		{"too late", "say", []string{"x"}, func(_ *stage, c *bus.Command) { c.Deadline = time.Now().Add(-time.Second).UnixMilli() }, bus.StatusRefused, "deadline", 0},
		{"too late for its turn", "say", []string{"x"}, func(s *stage, c *bus.Command) {
			c.Deadline = time.Now().Add(time.Second).UnixMilli()
			s.speaker.fresh = false
			s.speaker.pace.cooldown(time.Now().Add(3 * time.Second))
		}, bus.StatusRefused, "deadline passed before its turn", 0},
		{"dry run", "say", []string{"a\nb"}, func(_ *stage, c *bus.Command) { c.DryRun = true }, bus.StatusPreview, "would say 2 line(s)", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, board, stop := newStage()
				defer stop()
				c := bus.Command{ID: "1", Operator: "mod", Args: tt.args}
				if tt.change != nil {
					tt.change(s, &c)
					s.show(board)
				}
				r := board.handle(context.Background(), find(t, tt.verb), c)
				if r.Status != tt.want || !strings.Contains(r.Text, tt.text) || r.ID != "1" {
					t.Errorf("got %+v, want %s %q", r, tt.want, tt.text)
				}
				if len(s.lines) != tt.lines {
					t.Errorf("%d lines were sent (%q), want %d", len(s.lines), s.lines, tt.lines)
				}
			})
		})
	}
}

func TestCommandTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, board, stop := newStage()
		defer stop()
		c := bus.Command{ID: "same", Args: []string{"once"}}
		first := board.handle(context.Background(), find(t, "say"), c)
		second := board.handle(context.Background(), find(t, "say"), c)
		if !reflect.DeepEqual(first, second) || first.Status != bus.StatusDone || len(s.lines) != 1 {
			t.Errorf("%+v, %+v, lines %q", first, second, s.lines)
		}
		for i := range rememberCommands + 10 {
			board.remember(find(t, "say"), bus.Command{ID: fmt.Sprint(i)})
		}
		if len(board.asked) != rememberCommands || len(board.recent) != rememberCommands {
			t.Errorf("%d commands are remembered", len(board.asked))
		}
	})
}

func TestCooldownSendsTheLineAgainInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, board, stop := newStage()
		defer stop()
		s.said = func(n int, to, text string) room.Event {
			if n == 2 {
				return &room.Notice{Kind: room.NoticeCooldown, Wait: 1000}
			}
			return echo(n, to, text)
		}
		r := board.handle(context.Background(), find(t, "say"), bus.Command{Args: []string{"a\nb\nc"}})
		if got := strings.Join(s.lines, " "); r.Status != bus.StatusDone || got != "a b b c" {
			t.Errorf("%+v, sent %q", r, got)
		}
		if gap := s.at[2].Sub(s.at[1]); gap < time.Second {
			t.Errorf("sent again after %v", gap)
		}
	})
}

// A hundred lines keep their order and the throttle's pace; an asker who
// cannot wait that long is told so, and gets the outcome by asking again.
func TestManyCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, board, stop := newStage()
		defer stop()
		s.said = func(n int, to, text string) room.Event {
			time.Sleep(20 * time.Millisecond)
			return echo(n, to, text)
		}
		text := strings.TrimSuffix(strings.Repeat("x\n", maxLines), "\n")
		var replies sync.WaitGroup
		pending := 0
		var mu sync.Mutex
		for i := range 6 {
			replies.Go(func() {
				c := bus.Command{ID: fmt.Sprint(i), Args: []string{text}}
				r := board.handle(context.Background(), find(t, "say"), c)
				for r.Status == bus.StatusPending {
					mu.Lock()
					pending++
					mu.Unlock()
					r = board.handle(context.Background(), find(t, "say"), c)
				}
				if r.Status != bus.StatusDone {
					t.Errorf("%+v", r)
				}
			})
		}
		replies.Wait()
		if len(s.lines) != 6*maxLines || pending == 0 {
			t.Errorf("%d lines, %d times pending", len(s.lines), pending)
		}
		var server throttle
		for i, at := range s.at {
			if server.drops(at) {
				t.Fatalf("line %d was dropped", i)
			}
		}
	})
}

func TestFullQueueRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, board, stop := newStage()
		s.said = func(int, string, string) room.Event { return nil }
		var waiting sync.WaitGroup
		for i := range speakQueue + 1 {
			waiting.Go(func() {
				board.handle(context.Background(), find(t, "say"), bus.Command{ID: fmt.Sprint(i), Args: []string{"x"}})
			})
			synctest.Wait()
		}
		r := board.handle(context.Background(), find(t, "say"), bus.Command{ID: "late", Args: []string{"x"}})
		if r.Status != bus.StatusRefused || !strings.Contains(r.Text, "wait to be said already") {
			t.Errorf("%+v", r)
		}
		stop()
		waiting.Wait()
	})
}
