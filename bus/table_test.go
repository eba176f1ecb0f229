package bus_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"rosey/bus"
)

// matrix is what each role may do, written out by hand and apart from the role
// table: b bot, d database, o operator, v viewer. Admin may everything.
var matrix = []struct{ subject, publish, subscribe string }{
	// Events and heartbeats.
	{"rosey.events.main.message", "b", "bov"},
	{"rosey.events.main.user_join", "b", "bov"},
	{"rosey.events.main.*", "-", "bov"},
	{"rosey.events.>", "-", "bov"},
	{"rosey.room.main.heartbeat", "b", "bov"},
	{"rosey.room.*.heartbeat", "-", "bov"},
	{"rosey.db.health", "d", "bov"},

	// Questions to the bot.
	{"rosey.rooms", "bov", "b"},
	{"rosey.room.main.state", "bov", "b"},
	{"rosey.room.main.history", "bov", "b"},

	// Commands.
	{"rosey.cmd.main.say", "o", "b"},
	{"rosey.cmd.main.kick", "o", "b"},
	{"rosey.cmd.main.*", "-", "b"},
	{"rosey.cmd.>", "-", "b"},

	// Database writes.
	{"rosey.db.user.joined", "b", "d"},
	{"rosey.db.user.left", "b", "d"},
	{"rosey.db.message.log", "b", "d"},
	{"rosey.db.stats.user_count", "b", "d"},
	{"rosey.db.stats.high_water", "b", "d"},
	{"rosey.db.status.update", "b", "d"},
	{"rosey.db.messages.outbound.mark_sent", "b", "d"},
	{"rosey.db.messages.outbound.mark_failed", "b", "d"},
	{"rosey.db.action.log", "b", "d"},
	{"rosey.db.messages.outbound.enqueue", "bo", "d"},

	// Database queries.
	{"rosey.db.messages.outbound.get", "bov", "d"},
	{"rosey.db.stats.recent_chat.get", "bov", "d"},
	{"rosey.db.stats.user.get", "bov", "d"},
	{"rosey.db.stats.users.get", "bov", "d"},
	{"rosey.db.stats.channel.get", "bov", "d"},
	{"rosey.db.stats.top_chatters.get", "bov", "d"},
	{"rosey.db.stats.count_history.get", "bov", "d"},
	{"rosey.db.chat.search", "bov", "d"},
	{"rosey.db.actions.get", "bov", "d"},
	{"rosey.db.sanctions.get", "bov", "d"},
	{"rosey.db.notes.get", "bov", "d"},
	{"rosey.db.sanction.set", "b", "d"},
	{"rosey.db.sanction.end", "b", "d"},
	{"rosey.db.note.set", "b", "d"},
	{"rosey.room.main.commands", "bov", "b"},
	{"rosey.presence", "ov", "bov"},

	// What the NATS server is doing.
	{"rosey.nats.server", "bov", ""},
	{"rosey.nats.seen", "bov", "d"},
	{"rosey.nats.other", "", ""},
	{"rosey.nats.>", "-", ""},

	// Service discovery.
	{"$SRV.PING", "ov", "bd"},
	{"$SRV.PING.rosey-bot", "ov", "bd"},
	{"$SRV.INFO", "ov", "bd"},
	{"$SRV.INFO.rosey-bot.abc", "ov", "bd"},
	{"$SRV.STATS", "ov", "bd"},
	{"$SRV.STATS.rosey-db", "ov", "bd"},
	{"$SRV.OTHER", "", ""},
	{"$SRV.>", "-", ""},

	// Inboxes.
	{"_INBOX.abc.1", "bd", "bd"},
	{"_INBOX.>", "-", "bd"},
	{"_INBOX_operator.abc.1", "bd", "o"},
	{"_INBOX_operator.>", "-", "o"},
	{"_INBOX_viewer.abc.1", "bd", "v"},
	{"_INBOX_viewer.>", "-", "v"},
	{"_INBOX_admin.abc.1", "bd", ""},
	{"_INBOX_admin.>", "-", ""},
	{"_INBOX_other.abc.1", "", ""},

	// JetStream.
	{"$JS.API.INFO", "bd", ""},
	{"$JS.API.STREAM.INFO.ROSEY_EVENTS", "bd", ""},
	{"$JS.API.STREAM.CREATE.ROSEY_EVENTS", "b", ""},
	{"$JS.API.STREAM.UPDATE.ROSEY_EVENTS", "b", ""},
	{"$JS.API.STREAM.DELETE.ROSEY_EVENTS", "", ""},
	{"$JS.API.STREAM.PURGE.ROSEY_EVENTS", "", ""},
	{"$JS.API.STREAM.MSG.GET.ROSEY_EVENTS", "b", ""},
	{"$JS.API.STREAM.MSG.DELETE.ROSEY_EVENTS", "", ""},
	{"$JS.API.DIRECT.GET.ROSEY_EVENTS", "b", ""},
	{"$JS.API.DIRECT.GET.ROSEY_EVENTS.rosey.events.main.message", "b", ""},
	{"$JS.API.CONSUMER.CREATE.ROSEY_EVENTS", "", ""},
	{"$JS.API.CONSUMER.CREATE.ROSEY_EVENTS.x", "", ""},
	{"$JS.API.STREAM.INFO.ROSEY_DB", "bd", ""},
	{"$JS.API.STREAM.CREATE.ROSEY_DB", "bd", ""},
	{"$JS.API.STREAM.UPDATE.ROSEY_DB", "d", ""},
	{"$JS.API.STREAM.DELETE.ROSEY_DB", "", ""},
	{"$JS.API.STREAM.PURGE.ROSEY_DB", "", ""},
	{"$JS.API.STREAM.MSG.GET.ROSEY_DB", "", ""},
	{"$JS.API.DIRECT.GET.ROSEY_DB", "", ""},
	{"$JS.API.CONSUMER.CREATE.ROSEY_DB.rosey-db", "d", ""},
	{"$JS.API.CONSUMER.CREATE.ROSEY_DB.rosey-db.rosey.db.message.log", "d", ""},
	{"$JS.API.CONSUMER.CREATE.ROSEY_DB.other", "", ""},
	{"$JS.API.CONSUMER.INFO.ROSEY_DB.rosey-db", "d", ""},
	{"$JS.API.CONSUMER.MSG.NEXT.ROSEY_DB.rosey-db", "d", ""},
	{"$JS.API.CONSUMER.DELETE.ROSEY_DB.rosey-db", "d", ""},
	{"$JS.API.CONSUMER.DELETE.ROSEY_DB.other", "", ""},
	{"$JS.ACK.ROSEY_DB.rosey-db.1.2.3.4.5", "d", ""},
	{"$JS.ACK._.hash.ROSEY_DB.rosey-db.1.2.3.4.5", "d", ""},
	{"$JS.ACK.ROSEY_DB.other.1.2.3.4.5", "", ""},
	{"$JS.API.STREAM.CREATE.OTHER", "", ""},
	{"$JS.API.STREAM.LIST", "", ""},
	{"$JS.API.>", "-", ""},
	{"$JS.>", "-", ""},

	// What a server tells about itself.
	{"$SYS.REQ.SERVER.PING.VARZ", "d", ""},
	{"$SYS.REQ.SERVER.PING.JSZ", "d", ""},
	{"$SYS.REQ.SERVER.PING.CONNZ", "d", ""},
	{"$SYS.REQ.ACCOUNT.PING.STATZ", "d", ""},
	{"$SYS.REQ.ACCOUNT.PING.CONNZ", "", ""},
	{"$SYS.REQ.SERVER.PING.SUBSZ", "", ""},

	// Everything else.
	{"$SYS.REQ.SERVER.PING", "", ""},
	{"$SYS.>", "-", ""},
	{"foo.bar", "", ""},
	{"rosey", "", ""},
	{"rosey.other", "", ""},
	{"rosey.room.main.other", "", ""},
	{"rosey.room.>", "-", ""},
	{"rosey.db.other", "", ""},
	{"rosey.db.>", "-", ""},
	{"rosey.*.main.message", "-", ""},
	{"rosey.*.>", "-", ""},
	{"rosey.>", "-", ""},
	{"*.>", "-", ""},
	{">", "-", ""},
}

var letters = map[bus.Role]string{
	bus.RoleBot: "b", bus.RoleDB: "d", bus.RoleOperator: "o", bus.RoleViewer: "v",
}

func TestRoleMatrix(t *testing.T) {
	srv := startServer(t)
	for _, role := range bus.Roles() {
		t.Run(string(role), func(t *testing.T) {
			checkMatrix(t, srv.URL(), role, readPassword(t, srv.state, role))
		})
	}
}

// TestMatrixNamesTheTable keeps the matrix as long as the table is.
func TestMatrixNamesTheTable(t *testing.T) {
	for _, row := range bus.Table() {
		covered := slices.ContainsFunc(matrix, func(m struct{ subject, publish, subscribe string }) bool {
			return server.SubjectsCollide(row.Subject, m.subject) && m.publish != "-"
		})
		if !covered {
			t.Errorf("the matrix has nothing for %s", row.Subject)
		}
	}
}

// checkMatrix compares what a server lets role do with the matrix.
func checkMatrix(t *testing.T, url string, role bus.Role, password string) {
	t.Helper()
	quiet := func(*nats.Conn, *nats.Subscription, error) {} // LastError tells
	nc, err := nats.Connect(url, nats.UserInfo(string(role), password), nats.ErrorHandler(quiet), nats.Timeout(testTimeout))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	for _, m := range matrix {
		check := func(verb, who string, do func() error) {
			want := role == bus.RoleAdmin || strings.Contains(who, letters[role])
			if err := do(); err != nil {
				t.Fatalf("%s to %s: %v", verb, m.subject, err)
			}
			// A refusal comes before the answer to the flush.
			if err := nc.Flush(); err != nil {
				t.Fatal(err)
			}
			if got := !denied(nc, verb, m.subject); got != want {
				t.Errorf("%s may %s to %s: %v, want %v", role, verb, m.subject, got, want)
			}
		}
		if m.publish != "-" {
			check("publish", m.publish, func() error { return nc.Publish(m.subject, nil) })
		}
		check("subscribe", m.subscribe, func() error {
			sub, err := nc.SubscribeSync(m.subject)
			if err == nil {
				t.Cleanup(func() { _ = sub.Unsubscribe() }) // the connection is closed by then
			}
			return err
		})
	}
}

// denied tells whether the server refused verb on subject.
func denied(nc *nats.Conn, verb, subject string) bool {
	err := nc.LastError()
	what := map[string]string{"publish": "publish", "subscribe": "subscription"}[verb]
	return errors.Is(err, nats.ErrPermissionViolation) &&
		strings.Contains(strings.ToLower(err.Error()), strings.ToLower(fmt.Sprintf(`for %s to "%s"`, what, subject)))
}

func readPassword(tb testing.TB, state string, role bus.Role) string {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(state, "nats", string(role)+".password"))
	if err != nil {
		tb.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

// TestPermissionsBlock runs a server of one's own from the printed block.
func TestPermissionsBlock(t *testing.T) {
	for _, r := range bus.Roles() {
		t.Setenv("ROSEY_"+strings.ToUpper(string(r))+"_PASSWORD", "secret-of-"+string(r))
	}
	path := filepath.Join(t.TempDir(), "nats.conf")
	conf := "listen: \"127.0.0.1:-1\"\n" + bus.PermissionsBlock()
	if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	opts, err := server.ProcessConfigFile(path)
	if err != nil {
		t.Fatal(err)
	}
	opts.NoLog, opts.NoSigs = true, true
	ns, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	defer ns.Shutdown()
	if !ns.ReadyForConnections(testTimeout) {
		t.Fatal("server is not ready")
	}
	for _, role := range bus.Roles() {
		t.Run(string(role), func(t *testing.T) {
			checkMatrix(t, ns.ClientURL(), role, "secret-of-"+string(role))
		})
	}
	if _, err := nats.Connect(ns.ClientURL(), nats.Timeout(testTimeout)); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("without credentials: %v, want %v", err, nats.ErrAuthorization)
	}
}
