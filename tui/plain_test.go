package tui

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// A lineTerminal is a plain console with a person at it.
type lineTerminal struct {
	tb  testing.TB
	in  *io.PipeWriter
	err chan error

	mu  sync.Mutex
	out strings.Builder
}

func (t *lineTerminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.out.Write(p)
}

func (t *lineTerminal) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.out.String()
}

// reaching gives d whatever the context.
func reaching(d deps) func(context.Context) deps { return func(context.Context) deps { return d } }

func openLines(tb testing.TB, o Options, d deps, more <-chan roomUpdate, ascii bool) *lineTerminal {
	tb.Helper()
	in, w := io.Pipe()
	t := &lineTerminal{tb: tb, in: w, err: make(chan error, 1)}
	go func() {
		t.err <- plainly(tb.Context(), o, reaching(d), PlainOptions{In: in, Out: t, ASCII: ascii}, playScene(more))
	}()
	tb.Cleanup(func() { _ = w.Close() })
	return t
}

func (t *lineTerminal) typeLine(text string) {
	t.tb.Helper()
	if _, err := io.WriteString(t.in, text+"\n"); err != nil {
		t.tb.Fatal(err)
	}
}

func (t *lineTerminal) waitFor(text string) {
	t.tb.Helper()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(t.text(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.tb.Fatalf("never came: %q in\n%s", text, t.text())
		}
	}
}

func (t *lineTerminal) ended() error {
	t.tb.Helper()
	select {
	case err := <-t.err:
		return err
	case <-time.After(time.Minute):
		t.tb.Fatalf("did not end:\n%s", t.text())
		return nil
	}
}

// treeBot knows a few commands, and notes what it was asked.
type treeBot struct {
	mu    sync.Mutex
	asked []bus.Command
	verbs []string
}

func (b *treeBot) deps() deps {
	return deps{request: b.request, ask: b.ask, rtt: func() (time.Duration, error) { return time.Millisecond, nil }}
}

func (b *treeBot) ask(subject string, _, reply any) error {
	tree, ok := reply.(*bus.TreeReply)
	if !ok {
		return nil
	}
	if subject != bus.TreeSubject("movienight") {
		return errors.New("wrong subject " + subject)
	}
	user, reason := bus.ArgInfo{Name: "user", Type: bus.ArgUser}, bus.ArgInfo{Name: "reason", Type: bus.ArgReason, Optional: true, Rest: true}
	tree.Commands = []bus.CommandInfo{
		{Name: "kick", Aliases: []string{"k"}, Usage: "kick USER [REASON]", Help: "Throws a person out.", Args: []bus.ArgInfo{user, reason}, Destructive: true, Needs: "kick"},
		{Name: "unban", Usage: "unban USER", Help: "Lets a person in again.", Args: []bus.ArgInfo{user}},
		{Name: "sweep", Usage: "sweep WORD", Help: "Removes what matches.", Destructive: true, Bulk: true},
		{Name: "pm", Usage: "pm USER TEXT", Help: "Whispers."},
		{Name: "users", Usage: "users", Help: "Tells who is here.", Asks: true},
		{Name: "stats", Usage: "stats", Help: "Tells figures.", Asks: true},
	}
	return nil
}

func (b *treeBot) request(_, verb string, c bus.Command) (bus.CommandReply, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked, b.verbs = append(b.asked, c), append(b.verbs, verb)
	switch {
	case verb == "stats":
		return bus.CommandReply{Status: bus.StatusDone, Text: "two lines\nof figures"}, nil
	case verb == "sweep" && c.Confirm == "":
		return bus.CommandReply{Status: bus.StatusPreview, Targets: []string{"Plan 9", "Metropolis"}, Confirm: "token", Text: "2 would go."}, nil
	case verb == "kick":
		return bus.CommandReply{Status: bus.StatusDone, Text: "bob left", Took: 300, Undo: "unban bob"}, nil
	}
	return bus.CommandReply{Status: bus.StatusDone}, nil
}

// last waits for a command of that verb.
func (b *treeBot) last(tb testing.TB, verb string) bus.Command {
	tb.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		b.mu.Lock()
		i := len(b.verbs) - 1
		if i >= 0 && b.verbs[i] == verb {
			defer b.mu.Unlock()
			return b.asked[i]
		}
		b.mu.Unlock()
	}
	tb.Fatalf("nobody asked for %s", verb)
	return bus.Command{}
}

func plainOptions() Options {
	o := testOptions()
	o.TUI.ClockFormat = "24h"
	return o
}

func TestPlainTellsTheRoomInWords(t *testing.T) {
	more := make(chan roomUpdate)
	term := openLines(t, plainOptions(), (&treeBot{}).deps(), more, false)
	for _, want := range []string{
		"-- NATS is up\n", "-- CyTube is up\n", "-- DB is up\n",
		" * dave waves\n", " erin joined  · also known as er1n, erin_\n",
		" private, bob: (to you) can you add a video?\n",
		" mention, bob: @Rosey hello?\n", " moderation, bob was muted\n",
		" shadow-muted, troll: nobody hears me\n", "[spoiler: it is the butler]\n", "missed and gone",
	} {
		term.waitFor(want)
	}
	for _, bad := range []string{"\x1b", "\a", "\r"} {
		if strings.Contains(term.text(), bad) {
			t.Errorf("%q is written", bad)
		}
	}
	more <- roomUpdate{room: "movienight", Update: event(&room.Connection{State: room.LinkDown, Reason: "the server closed the connection"})}
	term.waitFor("-- CyTube is down: the server closed the connection")
	term.typeLine("/users")
	term.waitFor("-- carol, a user, muted")
	term.typeLine("/now")
	term.waitFor("-- next 1: Metropolis (1927) restored, by bob")
	term.typeLine("/radar")
	term.waitFor("-- calm: ")
	_ = term.in.Close()
	if err := term.ended(); err != nil {
		t.Error(err)
	}
}

func TestPlainCommandsAskInLine(t *testing.T) {
	bot := &treeBot{}
	term := openLines(t, plainOptions(), bot.deps(), nil, false)
	term.typeLine("hello there")
	if c := bot.last(t, "say"); strings.Join(c.Args, "|") != "hello there" {
		t.Errorf("said %q", c.Args)
	}
	term.typeLine("/help")
	term.waitFor("-- /kick USER [REASON]: Throws a person out.")
	term.waitFor("-- /quit: leave")
	term.waitFor("-- /stats: Tells figures.")
	for _, twice := range []string{"-- /users", "-- /pm "} {
		if n := strings.Count(term.text(), twice); n != 1 {
			t.Errorf("the help has %q %d times", twice, n)
		}
	}
	term.typeLine("/help k")
	term.waitFor("-- also: k\n")
	term.typeLine("/nonsense x")
	term.waitFor("/nonsense is no command here, so it was not sent")

	term.typeLine("/kick bob no links, please")
	term.waitFor("-- kick bob no links, please in movienight. Type yes to do it")
	term.typeLine("no")
	term.waitFor("-- not done")
	term.typeLine("/k bob no links, please")
	term.typeLine("yes")
	if c := bot.last(t, "kick"); strings.Join(c.Args, "|") != "bob|no links, please" || c.Operator != "tester" || c.Source != room.SourceConsole {
		t.Errorf("asked for %+v", c)
	}
	term.waitFor("-- kick: done after 0.3 s: bob left\n-- to take it back: /undo, or /unban bob\n")
	term.typeLine("/undo")
	if c := bot.last(t, "unban"); strings.Join(c.Args, "|") != "bob" {
		t.Errorf("took it back with %q", c.Args)
	}
	term.waitFor("-- unban: done")
	term.typeLine("/undo")
	term.waitFor("-- taken back already (unban bob): nothing more to take back\n")

	term.typeLine("/sweep x")
	term.waitFor("-- 1. Plan 9\n-- 2. Metropolis\n-- 2 would go. Type yes")
	term.typeLine("yes")
	term.waitFor("-- sweep: done")
	if c := bot.last(t, "sweep"); c.Confirm != "token" {
		t.Errorf("confirmed with %q", c.Confirm)
	}
	term.typeLine("/stats")
	term.waitFor("-- two lines\n-- of figures\n")
	term.typeLine("/quit")
	if err := term.ended(); err != nil {
		t.Error(err)
	}
}

// What a script pipes in is done before the console ends with its input.
func TestPlainFinishesWhatWasPipedIn(t *testing.T) {
	bot := &treeBot{}
	var out lineTerminal
	err := plainly(t.Context(), plainOptions(), reaching(bot.deps()), PlainOptions{In: strings.NewReader("one\ntwo\n/kick bob\nyes\n"), Out: &out}, playScene(nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(bot.verbs, " "); got != "say say kick" {
		t.Errorf("asked for %q:\n%s", got, out.text())
	}
}

func TestPlainTellsWhereEvidenceIsBeforeItLeaves(t *testing.T) {
	for _, piped := range []string{"/evidence\n/quit\n", "/evidence\n"} {
		o := plainOptions()
		o.DataDir = t.TempDir()
		var out lineTerminal
		err := plainly(t.Context(), o, reaching((&treeBot{}).deps()), PlainOptions{In: strings.NewReader(piped), Out: &out}, playScene(nil))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.text(), "evidence saved: "+o.DataDir) {
			t.Errorf("%q ended with\n%s", piped, out.text())
		}
		readSaved(t, o.DataDir, ".md")
	}
}

func TestPlainInASCII(t *testing.T) {
	term := openLines(t, plainOptions(), (&treeBot{}).deps(), nil, true)
	term.waitFor("also known as er1n")
	term.waitFor("mention, bob")
	term.waitFor("good evening")
	for i, c := range term.text() {
		if c > 126 {
			t.Fatalf("%q at %d", c, i)
		}
	}
}

func TestPlainReadOnlySendsNothing(t *testing.T) {
	o := plainOptions()
	o.ReadOnly = true
	bot := &treeBot{}
	term := openLines(t, o, bot.deps(), nil, false)
	for _, text := range []string{"hello", "/me waves", "/kick bob"} {
		before := strings.Count(term.text(), "READ ONLY")
		term.typeLine(text)
		for deadline := time.Now().Add(time.Minute); strings.Count(term.text(), "READ ONLY") == before; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s is not refused:\n%s", text, term.text())
			}
		}
	}
	term.typeLine("/stats") // asks, and changes nothing
	term.waitFor("of figures")
	if got := strings.Join(bot.verbs, " "); got != "stats" {
		t.Errorf("asked for %q", got)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestPlainEndsWhenNobodyReadsIt(t *testing.T) {
	in, w := io.Pipe()
	defer w.Close()
	err := plainly(t.Context(), plainOptions(), reaching((&treeBot{}).deps()), PlainOptions{In: in, Out: brokenPipe{}}, playScene(nil))
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("ended with %v", err)
	}
}

// A flood is told line by line, and none is lost.
func TestPlainTellsEveryLineOfAFlood(t *testing.T) {
	in, w := io.Pipe()
	defer w.Close()
	var out lineTerminal
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	go func() {
		done <- plainly(ctx, plainOptions(), reaching((&treeBot{}).deps()), PlainOptions{In: in, Out: &out}, func(ctx context.Context, p *pump, _ func(tea.Msg)) {
			for i := range 5000 {
				p.in <- roomUpdate{room: "movienight", Update: event(message("21:04", "bob", strings.Repeat("x", i%7)+" flood"))}
			}
			<-ctx.Done()
		})
	}()
	for deadline := time.Now().Add(time.Minute); strings.Count(out.text(), " flood\n") < 5000; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d lines of 5000", strings.Count(out.text(), " flood\n"))
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// What comes of one's own command is told once, by its answer; what others do
// by the bus.
func TestPlainTellsAnOutcomeOnce(t *testing.T) {
	bot := &treeBot{}
	more := make(chan roomUpdate)
	term := openLines(t, plainOptions(), bot.deps(), more, false)
	term.waitFor("good evening")
	term.typeLine("/kick bob caps")
	term.typeLine("yes")
	term.waitFor("-- kick: done after 0.3 s: bob left")
	acted := func(id, actor string, status bus.CommandStatus) {
		more <- roomUpdate{room: "movienight", Update: event(&room.Action{ID: id, Actor: actor, Verb: "kick", Target: "bob", Reason: "caps", Source: room.SourceConsole, Status: string(status), Text: "bob left"})}
	}
	own := bot.last(t, "kick").ID
	acted(own, "tester", bus.StatusPending)
	acted(own, "tester", bus.StatusDone)
	acted("other", "sam", bus.StatusDone)
	term.waitFor("moderation, sam kick bob · caps … ✓ left")
	if strings.Contains(term.text(), "moderation, tester") {
		t.Errorf("told twice:\n%s", term.text())
	}
}

// A command under way is waited for when the console ends, and hears of the
// end.
func TestPlainWaitsForWhatItStarted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, w := io.Pipe()
		ctx, stop := context.WithCancel(t.Context())
		var out lineTerminal
		heard, asked, release := false, make(chan struct{}), make(chan struct{})
		reach := func(ctx context.Context) deps {
			d := (&treeBot{}).deps()
			d.request = func(string, string, bus.Command) (bus.CommandReply, error) {
				close(asked)
				<-ctx.Done()
				heard = true
				<-release
				return bus.CommandReply{}, ctx.Err()
			}
			return d
		}
		done := make(chan error, 1)
		go func() { done <- plainly(ctx, plainOptions(), reach, PlainOptions{In: in, Out: &out}, playScene(nil)) }()
		if _, err := io.WriteString(w, "hello\n"); err != nil {
			t.Fatal(err)
		}
		<-asked
		stop()
		synctest.Wait()
		if len(done) > 0 || !heard {
			t.Errorf("ended %v before its command, which heard of the end: %v", len(done) > 0, heard)
		}
		close(release)
		if err := <-done; err != nil {
			t.Error(err)
		}
		_ = w.Close()
	})
}
