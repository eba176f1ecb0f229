package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"rosey/bus"
	"rosey/config"
)

func respond[Req, Reply any](tb testing.TB, c *bus.Conn, subject string, fn func(Req) Reply) {
	tb.Helper()
	_, err := bus.Respond(c, subject, func(_ context.Context, req Req) Reply { return fn(req) })
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.NC.Flush(); err != nil {
		tb.Fatal(err)
	}
}

func TestRequestAndRespond(t *testing.T) {
	srv := startServer(t)
	db := srv.connect(t, bus.RoleDB)
	viewer := srv.connect(t, bus.RoleViewer)
	inproc := srv.connect(t, bus.RoleViewer, func(o *bus.ConnectOptions) { o.Server = srv.Server })
	respond(t, db, bus.SubjectUserStats, func(q bus.UserStatsQuery) bus.UserStatsReply {
		return bus.UserStatsReply{User: &bus.UserStats{Username: q.Username}}
	})
	for name, c := range map[string]*bus.Conn{"tcp": viewer, "in process": inproc} {
		got, err := bus.Request[bus.UserStatsReply](testContext(t), c, bus.SubjectUserStats, bus.UserStatsQuery{Username: "ada"})
		if err != nil || got.User == nil || got.User.Username != "ada" {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestRequestErrors(t *testing.T) {
	srv := startServer(t)
	db := srv.connect(t, bus.RoleDB)
	viewer := srv.connect(t, bus.RoleViewer)
	release := make(chan struct{})
	defer close(release)
	respond(t, db, bus.SubjectUsers, func(bus.TopQuery) bus.TopReply { <-release; return bus.TopReply{} })
	respond(t, db, bus.SubjectChatSearch, func(bus.ChatSearchQuery) any { return "not an object" })
	respond(t, db, bus.SubjectActions, func(bus.ActionsQuery) bus.ActionsReply {
		return bus.ActionsReply{Error: strings.Repeat("x", int(db.NC.MaxPayload()))}
	})

	ask := func(ctx context.Context, subject string, req any) error {
		_, err := bus.Request[bus.TopReply](ctx, viewer, subject, req)
		return err
	}
	t.Run("nobody answers", func(t *testing.T) {
		if err := ask(testContext(t), bus.SubjectTopChatters, nil); !errors.Is(err, bus.ErrNobody) {
			t.Errorf("got %v, want %v", err, bus.ErrNobody)
		}
	})
	t.Run("forbidden", func(t *testing.T) {
		err := ask(testContext(t), bus.CommandSubject("main", "kick"), bus.Command{})
		if !errors.Is(err, bus.ErrNotAllowed) {
			t.Errorf("got %v, want %v", err, bus.ErrNotAllowed)
		}
		if s := viewer.Stats(); s.Denied != 1 {
			t.Errorf("denied %d, want 1", s.Denied)
		}
	})
	t.Run("too late", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if err := ask(ctx, bus.SubjectUsers, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
	})
	t.Run("unreadable reply", func(t *testing.T) {
		if err := ask(testContext(t), bus.SubjectChatSearch, nil); err == nil {
			t.Error("got no error")
		}
	})
	t.Run("reply too large", func(t *testing.T) {
		var refusal *bus.ReplyError
		if err := ask(testContext(t), bus.SubjectActions, nil); !errors.As(err, &refusal) {
			t.Errorf("got %v, want a *bus.ReplyError", err)
		}
	})
	t.Run("refused by the other side", func(t *testing.T) {
		var refusal *bus.ReplyError
		if err := ask(testContext(t), bus.SubjectActions, "not an object"); !errors.As(err, &refusal) {
			t.Errorf("got %v, want a *bus.ReplyError", err)
		}
	})
}

func TestRespondToAnything(t *testing.T) {
	srv := startServer(t)
	db := srv.connect(t, bus.RoleDB)
	admin := srv.connect(t, bus.RoleAdmin)
	calls := make(chan int, 16)
	respond(t, db, bus.SubjectRecentChat, func(q bus.RecentQuery) []bus.RecentRow {
		calls <- q.Limit
		return []bus.RecentRow{{Username: "ada"}}
	})
	respond(t, db, bus.SubjectChannelStats, func(struct{}) bus.ChannelStatsReply { return bus.ChannelStatsReply{} })

	for _, tt := range []struct {
		name, subject, payload, want string
		refused                      bool
	}{
		{"good", bus.SubjectRecentChat, `{"limit":5}`, `[{"timestamp":0,"username":"ada","message":""}]`, false},
		{"empty", bus.SubjectRecentChat, ``, `[{"timestamp":0,"username":"ada","message":""}]`, false},
		{"garbage for an array", bus.SubjectRecentChat, `{"limit":`, `[]`, true},
		{"wrong type for an array", bus.SubjectRecentChat, `{"limit":"5"}`, `[]`, true},
		{"garbage for an object", bus.SubjectChannelStats, "\x00\xff", `{"error":`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := admin.NC.Request(tt.subject, []byte(tt.payload), testTimeout)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(m.Data), tt.want) {
				t.Errorf("got %s, want %s", m.Data, tt.want)
			}
			if got := m.Header.Get(micro.ErrorHeader) != ""; got != tt.refused {
				t.Errorf("refused: %v, want %v", got, tt.refused)
			}
		})
	}
	if bad := db.Stats().Bad; bad != 3 {
		t.Errorf("counted %d bad payloads, want 3", bad)
	}

	// Without a reply subject it is handled all the same.
	for len(calls) > 0 {
		<-calls
	}
	if err := admin.NC.Publish(bus.SubjectRecentChat, []byte(`{"limit":7}`)); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-calls:
		if got != 7 {
			t.Errorf("got limit %d, want 7", got)
		}
	case <-time.After(testTimeout):
		t.Error("the handler was not called")
	}
}

var inbox = regexp.MustCompile(`^_INBOX(_operator|_viewer|_admin)?\.`)

// TestNoReflection has everyone who may ask name every subject there is as
// reply subject. Nothing but inboxes may ever be answered.
func TestNoReflection(t *testing.T) {
	srv := startServer(t)
	bot, db := srv.connect(t, bus.RoleBot), srv.connect(t, bus.RoleDB)
	admin := srv.connect(t, bus.RoleAdmin)
	if err := errors.Join(
		bus.EnsureEvents(testContext(t), bot, config.Events{}),
		bus.EnsureWrites(testContext(t), db, config.Events{}),
	); err != nil {
		t.Fatal(err)
	}
	answerAll(t, bot, db)

	heard, err := admin.NC.SubscribeSync(">")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = heard.Unsubscribe() }() // else draining waits for what nobody reads
	if err := heard.SetPendingLimits(-1, -1); err != nil {
		t.Fatal(err)
	}
	if err := admin.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	for _, role := range []bus.Role{bus.RoleViewer, bus.RoleOperator} {
		attacker := srv.connect(t, role)
		for _, ask := range matrix {
			if !strings.Contains(ask.publish, letters[role]) {
				continue
			}
			for _, target := range matrix {
				if target.publish == "-" || inbox.MatchString(target.subject) {
					continue
				}
				if err := attacker.NC.PublishRequest(ask.subject, target.subject, nil); err != nil {
					t.Fatal(err)
				}
			}
			if ask.subject == "$SRV.INFO.rosey-bot.abc" || ask.subject == bus.SubjectPresence {
				continue // no instance has that id; presence is told, not asked
			}
			// Handled in order, so after this answer all the others have been.
			if _, err := attacker.NC.Request(ask.subject, nil, testTimeout); err != nil {
				t.Fatalf("%s asks on %s: %v", role, ask.subject, err)
			}
		}
	}
	for _, c := range []*bus.Conn{bot, db, admin} {
		if err := c.NC.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	for {
		m, err := heard.NextMsg(0)
		if errors.Is(err, nats.ErrTimeout) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if len(m.Data) > 0 && !inbox.MatchString(m.Subject) && !strings.HasPrefix(m.Subject, "$JS.EVENT.") {
			t.Errorf("an answer went to %s: %s", m.Subject, m.Data)
		}
	}
	if seen < 1000 || bot.Stats().Reflected == 0 || db.Stats().Reflected == 0 {
		t.Errorf("the attack did not happen: heard %d messages, bot %+v, db %+v", seen, bot.Stats(), db.Stats())
	}
}

// answerAll has bot and db answer every question and command there is.
func answerAll(t *testing.T, bot, db *bus.Conn) {
	t.Helper()
	answer := func(json.RawMessage) bus.CommandReply { return bus.CommandReply{Text: "answer"} }
	for _, row := range bus.Table() {
		if row.Kind != bus.KindQuery && row.Kind != bus.KindCommand {
			continue
		}
		c := db
		if row.Subscribe[0] == bus.RoleBot {
			c = bot
		}
		respond(t, c, row.Subject, answer)
	}
	for name, c := range map[string]*bus.Conn{"rosey-bot": bot, "rosey-db": db} {
		if _, err := bus.AddService(c, name, "a test", "1.0.0", nil); err != nil {
			t.Fatal(err)
		}
		if err := c.NC.Flush(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestService(t *testing.T) {
	srv := startServer(t)
	db, viewer := srv.connect(t, bus.RoleDB), srv.connect(t, bus.RoleViewer)
	respond(t, db, bus.SubjectChannelStats, func(struct{}) bus.ChannelStatsReply { return bus.ChannelStatsReply{} })
	s, err := bus.AddService(db, "rosey-db", "the database", "(devel)", map[string]string{"host": "here"})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.Request[bus.ChannelStatsReply](testContext(t), viewer, bus.SubjectChannelStats, nil); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", ".rosey-db", ".rosey-db." + s.ID()} {
		ping, err := bus.Request[micro.Ping](testContext(t), viewer, "$SRV.PING"+path, nil)
		if err != nil || ping.Name != "rosey-db" || ping.ID != s.ID() || ping.Version != "0.0.0" || ping.Type != micro.PingResponseType {
			t.Errorf("ping%s: %+v, %v", path, ping, err)
		}
	}
	info, err := bus.Request[micro.Info](testContext(t), viewer, "$SRV.INFO.rosey-db", nil)
	if err != nil || info.Description != "the database" || len(info.Endpoints) != 1 || info.Endpoints[0].Subject != bus.SubjectChannelStats {
		t.Errorf("info: %+v, %v", info, err)
	}
	eventually(t, "the request is counted", func() bool {
		stats, err := bus.Request[micro.Stats](testContext(t), viewer, "$SRV.STATS.rosey-db", nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(stats.Endpoints) == 1 && stats.Endpoints[0].NumRequests == 1
	})
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := db.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.Request[micro.Ping](testContext(t), viewer, "$SRV.PING", nil); !errors.Is(err, bus.ErrNobody) {
		t.Errorf("after stopping: %v, want %v", err, bus.ErrNobody)
	}
}
