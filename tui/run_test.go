package tui

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// freePort is a port of the loopback address on which nobody listens. It lies
// below those that systems give out of themselves, so that nobody else gets it
// meanwhile.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 10_000 + rand.IntN(20_000)
		l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatal("no port is free")
	return 0
}

// A stage is a NATS server that can be stopped and started, with its folder.
type stage struct {
	t      *testing.T
	nats   config.NATS
	dir    string
	server *bus.Server
}

func newStage(t *testing.T) *stage {
	s := &stage{t: t, dir: t.TempDir(), nats: config.Default().NATS}
	s.nats.URL = "nats://127.0.0.1:" + strconv.Itoa(freePort(t))
	s.nats.ReconnectDelay = 0.1
	s.nats.StoreDir = s.dir
	s.start()
	t.Cleanup(s.stop)
	return s
}

func (s *stage) start() {
	s.t.Helper()
	var err error
	s.server, err = bus.StartServer(s.t.Context(), bus.ServerOptions{NATS: s.nats, Events: config.Default().Events, StateDir: s.dir})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) stop() {
	if s.server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.server.Shutdown(ctx); err != nil {
		s.t.Error(err)
	}
	s.server = nil
}

func (s *stage) connect(role bus.Role) *bus.Conn {
	s.t.Helper()
	c, err := bus.Connect(s.t.Context(), bus.ConnectOptions{NATS: s.nats, Role: role, Name: string(role), StateDir: s.dir})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = c.Close(ctx) // the server may be gone before it
	})
	return c
}

// A player stands in for the bot of one room: it says what it is asked to say
// and keeps what it said.
type player struct {
	t    *testing.T
	conn *bus.Conn
	room string

	mu     sync.Mutex
	events []bus.Envelope
	state  room.State
	quiet  bool // no heartbeats
}

func newPlayer(t *testing.T, conn *bus.Conn, name string) *player {
	p := &player{t: t, conn: conn, room: name, state: movieNight()}
	respond(t, conn, bus.SubjectRooms, func(context.Context, struct{}) bus.RoomsReply {
		return bus.RoomsReply{Rooms: []bus.RoomInfo{{Room: name}}}
	})
	respond(t, conn, bus.StateSubject(name), func(context.Context, struct{}) bus.StateReply {
		p.mu.Lock()
		defer p.mu.Unlock()
		return bus.StateReply{Room: name, Seq: uint64(len(p.events)), State: p.state}
	})
	respond(t, conn, bus.HistorySubject(name), p.history)
	respond(t, conn, bus.TreeSubject(name), func(context.Context, struct{}) bus.TreeReply { return testTree })
	respond(t, conn, bus.CommandSubject(name, "kick"), func(_ context.Context, c bus.Command) bus.CommandReply {
		a := &room.Action{ID: c.ID, Actor: c.Operator, Verb: "kick", Target: c.Args[0], Line: "kick " + c.Args[0], Source: c.Source, Status: string(bus.StatusPending), Time: time.Now().UnixMilli()}
		p.publish(a)
		done := *a
		done.Status, done.Text, done.Took = string(bus.StatusDone), "Kicked "+c.Args[0], 300
		p.publish(&done)
		return bus.CommandReply{ID: c.ID, Status: bus.StatusDone, Text: done.Text, Took: done.Took}
	})
	respond(t, conn, bus.CommandSubject(name, "say"), func(_ context.Context, c bus.Command) bus.CommandReply {
		p.say("Rosey", c.Args[len(c.Args)-1])
		return bus.CommandReply{ID: c.ID, Status: bus.StatusDone}
	})
	ctx, stop := context.WithCancel(t.Context())
	var beating sync.WaitGroup
	beating.Go(func() { p.beat(ctx) })
	t.Cleanup(func() {
		stop()
		beating.Wait()
	})
	return p
}

func respond[Req, Reply any](t *testing.T, conn *bus.Conn, subject string, fn func(context.Context, Req) Reply) {
	t.Helper()
	if _, err := bus.Respond(conn, subject, fn); err != nil {
		t.Fatal(err)
	}
	if err := conn.NC.Flush(); err != nil { // who asks before the server knows of it finds nobody
		t.Fatal(err)
	}
}

func (p *player) history(_ context.Context, r bus.HistoryRequest) bus.HistoryReply {
	p.mu.Lock()
	defer p.mu.Unlock()
	var page []bus.Envelope
	for _, e := range p.events {
		if e.Seq > r.AfterSeq && (r.BeforeSeq == 0 || e.Seq < r.BeforeSeq) {
			page = append(page, e)
		}
	}
	page = page[max(0, len(page)-r.Limit):]
	return bus.HistoryReply{Events: page, FirstSeq: 1, LastSeq: uint64(len(p.events))}
}

func (p *player) beat(ctx context.Context) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		p.mu.Lock()
		data, err := json.Marshal(bus.Heartbeat{Room: p.room, Instance: "i", Seq: uint64(len(p.events)), RTT: 41, Link: p.state.Connection})
		if err == nil && !p.quiet {
			_ = p.conn.NC.Publish(bus.HeartbeatSubject(p.room), data) // without a link there is no heartbeat
		}
		p.mu.Unlock()
	}
}

func (p *player) setQuiet(quiet bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.quiet = quiet
}

// say publishes a line and keeps it, also while the link is down.
func (p *player) say(who, text string) {
	p.publish(&room.Message{User: who, Content: text, Time: time.Now().UnixMilli()})
}

func (p *player) publish(event room.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	data, err := json.Marshal(event)
	if err != nil {
		p.t.Error(err)
		return
	}
	e := bus.Envelope{V: bus.EnvelopeVersion, Seq: uint64(len(p.events) + 1), Time: time.Now().UnixMilli(), Room: p.room, Event: event.EventName(), Data: data}
	p.events = append(p.events, e)
	data, err = json.Marshal(e)
	if err != nil {
		p.t.Error(err)
		return
	}
	_ = p.conn.NC.Publish(bus.EventSubject(p.room, e.Event), data) // without a link the history has it
}

func TestTheConsoleOverARealBus(t *testing.T) {
	s := newStage(t)
	p := newPlayer(t, s.connect(bus.RoleBot), "movienight")
	p.say("bob", "said before")
	o := testOptions()
	o.Rooms = nil // found over the bus
	o.Conn = s.connect(bus.RoleOperator)
	term := openTerminal(t, 120, 40, func(with ...tea.ProgramOption) error { return run(t.Context(), o, with...) })

	term.waitText("said before")
	term.waitText("CyTube ●")
	p.say("bob", "said now")
	term.waitText("said now")
	term.press("typed here\r")
	term.waitText("Rosey  typed here")
	term.waitText("41ms")

	p.setQuiet(true)
	term.waitText("the bot of movienight is silent")
	term.waitText("CyTube ?")
	p.setQuiet(false)
	term.waitText("CyTube ●")

	s.stop()
	term.waitText("NATS ○")
	for n := range 3 {
		p.say("bob", fmt.Sprint("missed ", n))
	}
	s.start()
	term.waitText("missed 2")
	term.waitText("offline, 3 lines filled in")
	term.waitText("NATS ●")
	term.press("\x03")
	if err := term.ended(); err != nil {
		t.Error(err)
	}
}

// Two operators and one who only watches, on one bus: each sees what the
// others are about to do and what they do.
func TestConsolesSeeEachOther(t *testing.T) {
	s := newStage(t)
	p := newPlayer(t, s.connect(bus.RoleBot), "movienight")
	p.state.Perms = map[string]float64{"kick": 2}
	open := func(operator string, role bus.Role) *terminal {
		o := testOptions()
		o.Operator, o.ReadOnly, o.Conn = operator, role == bus.RoleViewer, s.connect(role)
		return openTerminal(t, 160, 40, func(with ...tea.ProgramOption) error { return run(t.Context(), o, with...) })
	}
	sam, kim, eve := open("sam", bus.RoleOperator), open("kim", bus.RoleOperator), open("eve", bus.RoleViewer)
	sam.waitText("with eve (watching), kim")
	kim.waitText("with eve (watching), sam")

	for _, term := range []*terminal{sam, kim} {
		term.press("/ki")
		term.waitFor("the bot's commands to be known", func(screen string) bool {
			term.press("\t")
			return strings.Contains(screen, "/kick ")
		})
	}
	sam.press("bob\r")
	sam.waitText("Leave bob alone")
	kim.waitText("sam → bob")
	eve.waitText("sam → bob")
	kim.press("bob\r")
	kim.waitText("! sam is about to act on bob as well")
	kim.press("\x1b")

	sam.waitText("‹ Leave bob alone ›")
	time.Sleep(grace) // what is typed before is swallowed, and this test is about what comes after
	sam.press("\t\r")
	sam.waitText("kick bob … ✓ left after 0.3 s")
	kim.waitText("✂ sam  kick bob … ✓ left after 0.3 s")
	eve.waitText("✂ sam  kick bob … ✓ left after 0.3 s")
	eve.waitText("READ ONLY")
	eve.press("/kick bob\r")
	sam.press("\x03")
	if err := sam.ended(); err != nil {
		t.Error(err)
	}
	kim.waitFor("sam to be gone", func(screen string) bool {
		return !strings.Contains(screen, "sam,") && !strings.Contains(screen, ", sam")
	})
	if n := strings.Count(eve.screen(), "✂"); n != 1 {
		t.Errorf("the viewer's screen tells of %d kicks:\n%s", n, eve.screen())
	}
}

func TestTheConsoleWaitsForABot(t *testing.T) {
	s := newStage(t)
	o := testOptions()
	o.Conn = s.connect(bus.RoleViewer)
	o.ReadOnly = true
	term := openTerminal(t, 100, 24, func(with ...tea.ProgramOption) error { return run(t.Context(), o, with...) })
	term.waitText("no bot answers for room movienight on " + s.nats.URL)
	p := newPlayer(t, s.connect(bus.RoleBot), "movienight")
	p.say("bob", "here I am")
	term.waitText("here I am")
	term.press("q")
	if err := term.ended(); err != nil {
		t.Error(err)
	}
}

func TestTheConsoleEndsWithItsContext(t *testing.T) {
	s := newStage(t)
	o := testOptions()
	o.Conn = s.connect(bus.RoleOperator)
	ctx, stop := context.WithCancel(t.Context())
	told := false
	watch := tea.WithFilter(func(_ tea.Model, msg tea.Msg) tea.Msg {
		_, is := msg.(toldMsg)
		told = told || is
		return msg
	})
	term := openTerminal(t, 80, 24, func(with ...tea.ProgramOption) error { return run(ctx, o, append(with, watch)...) })
	term.waitText("movienight")
	stop()
	if err := term.ended(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if term.emu.IsAltScreen() {
		t.Error("the terminal was not given back")
	}
	if !told {
		t.Error("it was cut off, and what the terminal still answers goes into the shell")
	}
}

// A signal may come while the terminal is asked whether it keeps up.
// A console that is so busy that it takes no word is ended in time all the same.
func TestWhoDoesNotHearThatItIsToLeaveIsEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		ctx, kill := context.WithCancel(t.Context())
		tellToLeave(func(tea.Msg) { <-ctx.Done() }, kill)
		if took := time.Since(began); took != leaveWait {
			t.Errorf("it took %s", took)
		}
	})
}

func TestWhoIsToldToLeaveTakesTheTerminalsAnswer(t *testing.T) {
	m, _ := sceneModel(t, 80, 24)
	m.pace.fresh, m.pace.throttle = true, func(time.Duration) {}
	m.Update(askTerminalMsg(evening))
	if _, cmd := m.Update(toldMsg{}); quits(cmd) {
		t.Error("it leaves before the answer")
	}
	if _, cmd := m.Update(answeredMsg(evening)); !quits(cmd) {
		t.Error("it does not leave behind the answer")
	}
	m, _ = sceneModel(t, 80, 24)
	if _, cmd := m.Update(toldMsg{}); !quits(cmd) {
		t.Error("it waits for nothing")
	}
}

// TestTheDatabaseIsHeardOnce: two rooms are watched, and there is one database.
func TestTheDatabaseIsHeardOnce(t *testing.T) {
	s := newStage(t)
	db := s.connect(bus.RoleDB)
	o := testOptions()
	o.Conn, o.Rooms = s.connect(bus.RoleViewer), []string{"movienight", "anime"}
	p := newPump(func(tea.Msg) {})
	ctx, stop := context.WithCancel(t.Context())
	var following sync.WaitGroup
	following.Go(func() { follow(ctx, o, p, func(tea.Msg) {}) })
	t.Cleanup(func() {
		stop()
		following.Wait()
	})
	heard := map[uint64]int{}
	until := func(kind bus.UpdateKind, rows uint64) {
		for u := range p.in {
			if u.Kind == bus.UpdateDB {
				heard[u.Health.Rows]++
			}
			if u.Kind == kind && u.Health.Rows == rows {
				return
			}
		}
	}
	until(bus.UpdateDBLost, 0) // it listens by now
	for rows := range uint64(3) {
		data, err := json.Marshal(bus.DBHealth{Instance: "d", Rows: rows + 1})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.NC.Publish(bus.SubjectDBHealth, data); err != nil {
			t.Fatal(err)
		}
		until(bus.UpdateDB, rows+1)
	}
	for rows, n := range heard {
		if n != 1 {
			t.Errorf("health %d was heard %d times", rows, n)
		}
	}
}
