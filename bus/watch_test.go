package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"rosey/bus/room"
	"rosey/config"
)

// scriptedBot answers for one room out of memory, so that a test decides what
// is published, what is only kept, and what is forgotten.
type scriptedBot struct {
	t    *testing.T
	conn *Conn

	mu     sync.Mutex
	events []Envelope
	seq    uint64
	asked  int // for the state
	paged  int // for the history
}

func newScriptedBot(t *testing.T, conn *Conn) *scriptedBot {
	b := &scriptedBot{t: t, conn: conn}
	if _, err := Respond(conn, StateSubject("den"), func(context.Context, struct{}) StateReply {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.asked++
		return StateReply{Room: "den", Seq: b.seq, Time: time.Now().UnixMilli(), State: room.New()}
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := Respond(conn, HistorySubject("den"), func(_ context.Context, r HistoryRequest) HistoryReply {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.paged++
		return b.page(r)
	}); err != nil {
		t.Fatal(err)
	}
	if err := conn.NC.Flush(); err != nil { // who asks before the server knows of it finds nobody
		t.Fatal(err)
	}
	return b
}

func (b *scriptedBot) page(r HistoryRequest) HistoryReply {
	reply := HistoryReply{LastSeq: b.seq}
	var fit []Envelope
	for _, e := range b.events {
		if e.Seq > r.AfterSeq && (r.BeforeSeq == 0 || e.Seq < r.BeforeSeq) {
			fit = append(fit, e)
		}
	}
	if len(b.events) > 0 {
		reply.FirstSeq = b.events[0].Seq
	}
	if len(fit) > r.Limit {
		reply.More = true
		if r.AfterSeq > 0 {
			fit = fit[:r.Limit]
		} else {
			fit = fit[len(fit)-r.Limit:]
		}
	}
	reply.Events = fit
	return reply
}

// keep adds a line without saying it on the bus: whoever listens has missed it.
func (b *scriptedBot) keep(text string) Envelope {
	b.mu.Lock()
	defer b.mu.Unlock()
	data, err := json.Marshal(&room.Message{User: "bob", Content: text})
	if err != nil {
		b.t.Fatal(err)
	}
	b.seq++
	env := Envelope{V: EnvelopeVersion, Seq: b.seq, Time: 1_700_000_000_000 + int64(1000*b.seq), Room: "den", Event: "message", Data: data}
	b.events = append(b.events, env)
	return env
}

func (b *scriptedBot) say(text string) {
	env := b.keep(text)
	b.publish(EventSubject("den", "message"), env)
}

func (b *scriptedBot) beat(instance string) {
	b.mu.Lock()
	seq := b.seq
	b.mu.Unlock()
	b.publish(HeartbeatSubject("den"), Heartbeat{Room: "den", Instance: instance, Seq: seq})
}

func (b *scriptedBot) publish(subject string, v any) {
	b.t.Helper()
	publishJSON(b.t, b.conn, subject, v)
}

func publishJSON(t *testing.T, conn *Conn, subject string, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.NC.Publish(subject, data); err != nil {
		t.Fatal(err)
	}
	if err := conn.NC.Flush(); err != nil {
		t.Fatal(err)
	}
}

func (b *scriptedBot) forget(upTo uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.events) > 0 && b.events[0].Seq <= upTo {
		b.events = b.events[1:]
	}
}

// watchBench is a server with a bot's and a viewer's connection.
type watchBench struct {
	server          *Server
	bot, db, viewer *Conn
}

func newWatchBench(t *testing.T) watchBench {
	t.Helper()
	dir := t.TempDir()
	n := config.Default().NATS
	server, err := StartServer(t.Context(), ServerOptions{NATS: n, StateDir: dir, StoreDir: dir + "/js", InProcess: true})
	if err != nil {
		t.Fatal(err)
	}
	b := watchBench{server: server}
	for _, c := range []struct {
		role Role
		to   **Conn
	}{{RoleBot, &b.bot}, {RoleDB, &b.db}, {RoleViewer, &b.viewer}} {
		*c.to, err = Connect(t.Context(), ConnectOptions{NATS: n, Role: c.role, Name: "test-" + string(c.role), Server: server, StateDir: dir})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		ctx := context.Background()
		_ = b.viewer.Close(ctx)
		_ = b.bot.Close(ctx)
		_ = b.db.Close(ctx)
		_ = server.Shutdown(ctx)
	})
	return b
}

// next reads updates until one of a kind comes, and returns it.
func next(t *testing.T, w *Watcher, kind UpdateKind) Update {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		select {
		case u, ok := <-w.Updates():
			if !ok {
				t.Fatal("watcher ended")
			}
			if u.Kind == kind {
				return u
			}
		case <-deadline:
			t.Fatalf("no update of kind %d came", kind)
		}
	}
}

func wantLine(t *testing.T, u Update, text string) {
	t.Helper()
	m, ok := u.Event.(*room.Message)
	if !ok || m.Content != text {
		t.Fatalf("got %#v at %d, want the line %q", u.Event, u.Seq, text)
	}
}

func watchDen(t *testing.T, b watchBench, backlog int) *Watcher {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := Watch(ctx, b.viewer, WatchOptions{Room: "den", Backlog: backlog})
	t.Cleanup(func() {
		cancel()
		for range w.Updates() { // until it has ended
		}
	})
	return w
}

func TestWatchGivesBacklogThenStateThenLive(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	for i := range 5 {
		bot.keep(fmt.Sprint("old ", i+1))
	}
	w := watchDen(t, b, 3)
	for _, want := range []string{"old 3", "old 4", "old 5"} {
		wantLine(t, next(t, w, UpdateBacklog), want)
	}
	if u := next(t, w, UpdateState); u.Seq != 5 {
		t.Fatalf("state stands at %d, want 5", u.Seq)
	}
	bot.say("new")
	wantLine(t, next(t, w, UpdateEvent), "new")
}

func TestWatchFillsAGap(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	for i := range 1200 { // more than two pages
		bot.keep(fmt.Sprint("missed ", i))
	}
	bot.say("after")
	for i := range 1200 {
		wantLine(t, next(t, w, UpdateEvent), fmt.Sprint("missed ", i))
	}
	wantLine(t, next(t, w, UpdateEvent), "after")
	if u := next(t, w, UpdateState); u.Seq != 1201 {
		t.Fatalf("state stands at %d, want 1201", u.Seq)
	}
}

func TestWatchTrustsTheHeartbeat(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	bot.keep("missed, and nothing after it")
	bot.beat("one")
	wantLine(t, next(t, w, UpdateEvent), "missed, and nothing after it")
}

func TestWatchDrawsWhatIsGoneAsAGap(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	for i := range 10 {
		bot.keep(fmt.Sprint("line ", i+1))
	}
	bot.forget(7)
	bot.say("line 11")
	g, ok := next(t, w, UpdateEvent).Event.(*room.Gap)
	if !ok || g.From != 1 || g.To != 7 {
		t.Fatalf("got %#v, want a gap from 1 to 7", g)
	}
	for _, want := range []string{"line 8", "line 9", "line 10", "line 11"} {
		wantLine(t, next(t, w, UpdateEvent), want)
	}
}

func TestWatchSaysWhenNoBotIsThereAndRecovers(t *testing.T) {
	b := newWatchBench(t)
	w := watchDen(t, b, 0)
	next(t, w, UpdateNoBot)
	bot := newScriptedBot(t, b.bot)
	bot.keep("said before")
	bot.beat("one")
	if u := next(t, w, UpdateState); u.Seq != 1 {
		t.Fatalf("state stands at %d, want 1", u.Seq)
	}
	next(t, w, UpdateBotLost) // its heartbeats stop
	bot.keep("said in silence")
	bot.beat("two")
	wantLine(t, next(t, w, UpdateEvent), "said in silence")
	next(t, w, UpdateState)
}

func TestWatchSurvivesABotThatStartsOver(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	for range 5 {
		bot.keep("old")
	}
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	bot.mu.Lock()
	bot.events, bot.seq = nil, 0
	bot.mu.Unlock()
	bot.beat("another")
	if _, ok := next(t, w, UpdateEvent).Event.(*room.Gap); !ok {
		t.Fatal("want a gap where the numbers start over")
	}
	if u := next(t, w, UpdateState); u.Seq != 0 {
		t.Fatalf("state stands at %d, want 0", u.Seq)
	}
	bot.say("first of the new")
	wantLine(t, next(t, w, UpdateEvent), "first of the new")
}

func TestWatchIgnoresGarbage(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	for _, garbage := range []string{"", "{", "[]", "null", `{"seq":"x"}`, "\xff\x00"} {
		if err := b.bot.NC.Publish(EventSubject("den", "message"), []byte(garbage)); err != nil {
			t.Fatal(err)
		}
		if err := b.bot.NC.Publish(HeartbeatSubject("den"), []byte(garbage)); err != nil {
			t.Fatal(err)
		}
	}
	bot.say("still here")
	wantLine(t, next(t, w, UpdateEvent), "still here")
}

// TestWatchFillsALongAbsence misses more than one step of a repair.
func TestWatchFillsALongAbsence(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	const missed = repairStep + 1500
	for i := range missed {
		bot.keep(fmt.Sprint("missed ", i))
	}
	bot.say("after")
	for i := range missed {
		wantLine(t, next(t, w, UpdateEvent), fmt.Sprint("missed ", i))
	}
	wantLine(t, next(t, w, UpdateEvent), "after")
}

// TestWatchIsNotShakenByALateHeartbeat: the state may be ahead of what is
// published, and so of the heartbeat.
func TestWatchIsNotShakenByALateHeartbeat(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	for range 3 {
		bot.keep("in the state")
	}
	w := watchDen(t, b, 0)
	bot.beat("one")
	next(t, w, UpdateState)
	bot.publish(HeartbeatSubject("den"), Heartbeat{Room: "den", Instance: "one", Seq: 1})
	bot.say("live")
	for u := range w.Updates() {
		switch {
		case u.Kind == UpdateState && u.Seq > 3:
			t.Fatal("it asked for the state again instead of going on")
		case u.Kind == UpdateEvent:
			wantLine(t, u, "live")
			return
		}
	}
	t.Fatal("the watcher ended")
}
