package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// script is a bot of which a test says what it answers: only so can each way a
// command may end be had at will.
type script struct {
	t      testing.TB
	server *bus.Server
	conn   *bus.Conn

	mu   sync.Mutex
	seen []bus.Command
	acts []string // what was done, dry runs and previews left out
}

var scriptTree = bus.TreeReply{Version: "test", Commands: []bus.CommandInfo{
	{Name: "say", Group: "Chat", Usage: "say <message>", Help: "Say a line.", Args: []bus.ArgInfo{{Name: "message", Type: bus.ArgText, Rest: true}}},
	{Name: "users", Aliases: []string{"who"}, Group: "Asking", Usage: "users", Help: "Who is here.", Asks: true},
	{Name: "kick", Group: "Moderating", Usage: "kick <user> [reason]", Help: "Throw a person out.", Needs: "kick", Destructive: true,
		Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgUser}, {Name: "reason", Type: bus.ArgReason, Optional: true, Rest: true}}},
	{Name: "kickanons", Group: "Moderating", Usage: "kickanons", Help: "Throw all without a name out.", Destructive: true, Bulk: true},
	{Name: "mute", Group: "Moderating", Usage: "mute <user>", Help: "Silence a person.", Inverse: "unmute", Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgUser}}},
	{Name: "slow", Group: "Testing", Usage: "slow", Help: "Takes a while."},
	{Name: "lost", Group: "Testing", Usage: "lost", Help: "Nothing comes of it."},
	{Name: "refuse", Group: "Testing", Usage: "refuse", Help: "Is refused."},
}}

// newScript starts NATS for h and the bot on it, in the room den.
func newScript(t testing.TB, h home) *script {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	state := filepath.Join(h.dir, "state", "rosey")
	server, err := bus.StartServer(ctx, bus.ServerOptions{NATS: config.NATS{URL: "nats://127.0.0.1:0", Sync: "2m"}, StateDir: state, StoreDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := bus.Connect(ctx, bus.ConnectOptions{NATS: config.NATS{URL: server.URL()}, Role: bus.RoleBot, Name: "test-bot", Server: server, StateDir: state})
	if err != nil {
		t.Fatal(err)
	}
	b := &script{t: t, server: server, conn: conn}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = conn.Close(ctx)
		_ = server.Shutdown(ctx)
	})
	answer(b, bus.SubjectRooms, func(struct{}) bus.RoomsReply {
		return bus.RoomsReply{Rooms: []bus.RoomInfo{{Room: "den", Channel: "den"}}}
	})
	answer(b, bus.TreeSubject("den"), func(struct{}) bus.TreeReply { return scriptTree })
	answer(b, bus.StateSubject("den"), func(struct{}) bus.StateReply {
		return bus.StateReply{Room: "den", State: room.State{Users: []room.User{{Name: "Alice"}, {Name: "bob_one"}, {Name: "bob_two"}}}}
	})
	for _, c := range scriptTree.Commands {
		answer(b, bus.CommandSubject("den", c.Name), func(cmd bus.Command) bus.CommandReply { return b.act(c.Name, cmd) })
	}
	if err := conn.NC.FlushTimeout(patience); err != nil {
		t.Fatal(err)
	}
	return b
}

func answer[Req, Reply any](b *script, subject string, fn func(Req) Reply) {
	b.t.Helper()
	if _, err := bus.Respond(b.conn, subject, func(_ context.Context, q Req) Reply { return fn(q) }); err != nil {
		b.t.Fatal(err)
	}
}

func (b *script) act(verb string, cmd bus.Command) bus.CommandReply {
	b.mu.Lock()
	defer b.mu.Unlock()
	again := slices.ContainsFunc(b.seen, func(c bus.Command) bool { return c.ID == cmd.ID })
	b.seen = append(b.seen, cmd)
	did := verb + strings.Join(append([]string{""}, cmd.Args...), "|")
	reply := bus.CommandReply{ID: cmd.ID, Status: bus.StatusDone, Text: "done: " + did, Took: 3}
	switch {
	case verb == "refuse":
		reply.Status, reply.Text = bus.StatusRefused, "kicking needs rank 2.0 here\x1b[31m"
		return reply
	case cmd.DryRun:
		reply.Text = "would " + did
		return reply
	case verb == "kickanons" && cmd.Confirm == "":
		reply.Status, reply.Text, reply.Targets, reply.Confirm = bus.StatusPreview, "2 would be kicked", []string{"anon 1", "anon 2"}, "c1"
		return reply
	case verb == "lost":
		reply.Status, reply.Text = bus.StatusNoEffect, "nothing came of it"
	case verb == "slow" && !again:
		reply.Status = bus.StatusPending
		return reply
	case verb == "mute":
		reply.Undo = "unmute " + cmd.Args[0]
	case verb == "users":
		reply.Text, reply.Data = "Users (3):\n  Alice", json.RawMessage(`{"users":["Alice","b\u001b[2Job"]}`)
	}
	b.acts = append(b.acts, did)
	return reply
}

// did is what was acted on so far, and forgets it.
func (b *script) did() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	acts := b.acts
	b.acts = nil
	return acts
}

// shell runs `rosey shell` with in on its standard input.
func (b *script) shell(h home, in string, args ...string) result {
	b.t.Helper()
	cmd := h.command(b.t, append([]string{"shell", "--nats", b.server.URL()}, args...)...)
	cmd.Stdin = strings.NewReader(in)
	var out, errOut strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		b.t.Fatal(err)
	}
	return result{out: out.String(), err: errOut.String(), code: cmd.ProcessState.ExitCode()}
}

func TestShellOneCommand(t *testing.T) {
	h := newHome(t)
	b := newScript(t, h)
	for _, test := range []struct {
		args []string
		code int
		says string // on standard output or, where code is not 0, standard error
		did  string
	}{
		{[]string{"say", "hi", "there"}, 0, "done: say|hi|there\n", "say|hi|there"},
		{[]string{`say he said  "hi"`}, 0, `done: say|he said  "hi"`, `say|he said  "hi"`},
		{[]string{"kick", "bob", "caps lock"}, 0, "done: kick|bob|caps lock\n", "kick|bob|caps lock"}, // nobody to ask
		{[]string{"WHO"}, 0, "Users (3):\n  Alice\n", "users"},
		{[]string{"slow"}, 0, "done: slow\n", "slow"},
		{[]string{"--dry-run", "kick", "bob"}, 0, "would kick|bob\n", ""},
		{[]string{"--dry-run", "kickanons"}, 0, "would kickanons\n", ""},
		{[]string{"kickanons"}, exitRefused, "--yes", ""},
		{[]string{"--yes", "kickanons"}, 0, "done: kickanons\n", "kickanons"},
		{[]string{"users", "-c", "my.yaml"}, exitUsage, "-c stands behind the command users", ""},
		{[]string{"kick", "bob", "--dry-run"}, exitUsage, "--dry-run stands behind the command kick", ""},
		{[]string{"kick", "bob", "--nats=nats://x"}, exitUsage, "--nats=nats://x stands behind", ""},
		{[]string{"say", "x", "-x", "--why", "-"}, 0, "done: say|x|-x|--why|-", "say|x|-x|--why|-"},
		{[]string{"--", "say", "--yes", "is", "text"}, 0, "done: say|--yes|is|text\n", "say|--yes|is|text"},
		{[]string{"refuse"}, exitRefused, "refused: kicking needs rank 2.0 here\n", ""},
		{[]string{"lost"}, exitNoEffect, "no effect: nothing came of it\n", "lost"},
		{[]string{"kcik", "bob"}, exitUsage, "did you mean kick?", ""},
		{[]string{"xyzzy"}, exitUsage, "help lists them all", ""},
		{[]string{"kick", "b\x1b[2Job"}, exitUsage, "control character", ""},
		{[]string{"say", strings.Repeat("x", 20_000)}, exitUsage, "too long", ""},
		{[]string{"kick 'bob"}, exitUsage, "quote is left open", ""},
		{[]string{""}, exitUsage, "the command is empty", ""},
		{[]string{"--room", "elsewhere", "users"}, exitNATS, "no bot is there", ""},
		{[]string{"--help"}, 0, "nobody is asked", ""}, // as the kick above shows
		{[]string{"help"}, 0, "kick <user> [reason]", ""},
		{[]string{"help", "mute"}, 0, "taken back by: unmute", ""},
		{[]string{"help", "kcik"}, exitUsage, "did you mean kick?", ""},
	} {
		t.Run(strings.Join(test.args, " ")[:min(30, len(strings.Join(test.args, " ")))], func(t *testing.T) {
			r := b.shell(h, "", test.args...)
			said := r.out
			if test.code != 0 {
				said = r.err
			}
			if did := strings.Join(b.did(), ","); r.code != test.code || !strings.Contains(said, test.says) || did != test.did {
				t.Errorf("exit %d, did %q, printed\n%s%s", r.code, did, r.out, r.err)
			}
			if strings.ContainsRune(r.out+r.err, 0x1b) {
				t.Errorf("an escape went to the terminal: %q", r.out+r.err)
			}
		})
	}
	for _, c := range b.seen {
		if c.Source != room.SourceShell || c.Operator == "" || c.ID == "" || c.Deadline < time.Now().UnixMilli()-int64(patience/time.Millisecond) {
			t.Errorf("a command without source, operator, id or deadline: %+v", c)
		}
	}
}

func TestShellNamesTheOperator(t *testing.T) {
	h := newHome(t)
	b := newScript(t, h)
	b.shell(h, "", "--operator", "Night Shift", "users")
	cmd := h.command(t, "shell", "--nats", b.server.URL(), "users")
	cmd.Env = h.env("ROSEY_OPERATOR=fromenv")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.seen) != 2 || b.seen[0].Operator != "Night Shift" || b.seen[1].Operator != "fromenv" {
		t.Errorf("operators: %+v", b.seen)
	}
}

func TestShellLinesAsJSON(t *testing.T) {
	h := newHome(t)
	b := newScript(t, h)
	in := "mute bob\n\n# a comment\nusers\r\nkcik x\nlost\n" + strings.Repeat("y", 200_000) + "\nkickanons\nsay the end"
	r := b.shell(h, in, "--json")
	if r.code != exitUsage {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
	var got []string
	for line := range strings.Lines(r.out) {
		var o outcome
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%v: %.200s", err, line)
		}
		got = append(got, fmt.Sprintf("%.9s/%s/%d", o.Line, o.Status, len(o.Targets)))
		if o.Line == "mute bob" && (o.Undo != "unmute bob" || o.ID == "" || o.Took != 3) {
			t.Errorf("mute: %+v", o)
		}
		if o.Line == "users" && !strings.Contains(string(o.Data), `"Alice"`) {
			t.Errorf("users: %+v", o)
		}
	}
	want := []string{"mute bob/done/0", "users/done/0", "kcik x/refused/0", "lost/no_effect/0", "yyyyyyyyy/refused/0", "kickanons/preview/2", "say the e/done/0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if help := b.shell(h, "", "--json", "help", "kick"); !strings.Contains(help.out, `"usage":"kick <user> [reason]"`) {
		t.Errorf("data is not as jq shows it: %s", help.out)
	}
	if strings.Contains(r.out, `\u001b`) {
		t.Errorf("data was not cleaned: %s", r.out)
	}
	if did := b.did(); !slices.Equal(did, []string{"mute|bob", "users", "lost", "say|the end"}) {
		t.Errorf("did %q", did)
	}
}

func TestShellWithoutABot(t *testing.T) {
	h := newHome(t)
	b := newScript(t, h)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := b.conn.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if r := b.shell(h, "", "users"); r.code != exitNATS || !strings.Contains(r.err, "rosey run") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if r := h.run(t, "shell", "--nats", "nats://"+freeAddress(t), "users"); r.code != exitNATS {
		t.Errorf("without NATS: exit %d: %s", r.code, r.err)
	}
	for _, more := range []string{"--yes", "--nats=nats://" + freeAddress(t)} {
		r := b.shell(h, "", "--json", more, "kick", "bob", "caps lock")
		var o outcome
		if err := json.Unmarshal([]byte(r.out), &o); err != nil || r.code != exitNATS || o.Line != `kick bob "caps lock"` || o.Status != statusNoBot || o.Text == "" {
			t.Errorf("as JSON with %s: exit %d, %v, %s%s", more, r.code, err, r.out, r.err)
		}
	}
}

func TestShellPrompt(t *testing.T) {
	h := newHome(t)
	b := newScript(t, h)
	x := h.terminal(t, 80, 24, "shell", "--nats", b.server.URL())
	x.waitFor("den> ")
	x.send("mu\t")
	x.waitFor("den> mute ")
	x.send("B\t")
	x.waitFor("den> mute bob_")
	x.send("\t")
	x.waitFor("bob_one  bob_two")
	x.send("t\t\r")
	x.waitFor("done: mute|bob_two", "(undo: unmute bob_two)")
	x.send("kick Alice caps\r")
	x.waitFor("Kick|Alice|caps? Throw a person out. [y/N] ")
	x.send("\r")
	x.waitFor("you did not say yes")
	x.send("\x1b[A") // what was typed before
	x.waitFor("den> kick Alice caps")
	x.send("\r")
	waitUntil(t, "the second question", func() bool { return strings.Count(x.text(), "[y/N]") == 2 })
	x.send("y\r")
	x.waitFor("done: kick|Alice|caps")
	x.send("kickanons\r")
	x.waitFor("2 would be kicked:", "  anon 2", "Go ahead? [y/N] ")
	waitUntil(t, "the third question", func() bool { return strings.Count(x.text(), "[y/N]") == 3 })
	x.send("yes\r")
	x.waitFor("done: kickanons")
	if did := b.did(); !slices.Equal(did, []string{"mute|bob_two", "kick|Alice|caps", "kickanons"}) {
		t.Errorf("did %q", did)
	}
	x.send("\x04")
	if code := x.exit(); code != exitRefused {
		t.Errorf("exit %d, want that of the line refused", code)
	}
	leftTerminal(t, x)
}

func TestShellLeavesTheTerminalOnASignal(t *testing.T) {
	h := newHome(t)
	b := newScript(t, h)
	x := h.terminal(t, 80, 24, "shell", "--nats", b.server.URL())
	x.waitFor("den> ")
	if err := x.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	x.exit()
	leftTerminal(t, x)
}
