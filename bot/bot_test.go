package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/micro"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

func TestRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.channel.Puppet("Alice", 1)
	alice.Say("before the bot")
	b, _ := w.bot("one")
	s := w.watch("main")
	s.until(room.LinkUp)
	alice.Say("hello <b>Rosey</b>")
	s.sees("hello <b>Rosey</b>")

	operator := w.connect(bus.RoleOperator)
	if r := w.command(operator, "say", "hi Alice"); r.Status != bus.StatusDone || r.Text != "Sent: hi Alice" {
		t.Errorf("say: %+v", r)
	}
	s.sees("hi Alice")
	if r := w.command(operator, "pm", "psst", "alice"); r.Status != bus.StatusDone {
		t.Errorf("pm: %+v", r)
	}
	if e, err := alice.Wait(testContext(t), "pm", nil); err != nil || !strings.Contains(string(e.Arg), "psst") {
		t.Errorf("Alice got %s, %v", e.Arg, err)
	}
	alice.Leave()
	eventually(t, "Alice leaves", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		_, here := s.state.User("Alice")
		return !here
	})

	var rooms []bus.RoomInfo
	eventually(t, "the room is found", func() bool { // who answers late is not waited for
		var err error
		if rooms, err = bus.Rooms(testContext(t), operator); err != nil {
			t.Fatal(err)
		}
		return len(rooms) > 0
	})
	if len(rooms) != 1 || rooms[0].Room != "main" || rooms[0].Bot != "Rosey" || rooms[0].Instance != b.instance {
		t.Errorf("rooms %+v", rooms)
	}
	info, err := bus.Request[micro.Info](testContext(t), w.connect(bus.RoleAdmin), "$SRV.INFO.rosey-bot", struct{}{})
	if err != nil || info.Version != "1.2.3" || info.Metadata["rooms"] != "main" {
		t.Errorf("service %+v, %v", info, err)
	}
	eventually(t, "a heartbeat", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.beat.Link.State == room.LinkUp && s.beat.Frames > 0 && s.beat.Seq > 0
	})

	w.close(b)
	if c := s.until(room.LinkStopped); c.Reason != "the bot was stopped" {
		t.Errorf("reason %q", c.Reason)
	}
	events := w.events()
	numbered(t, events, len(events))
	want := []string{"before the bot", "hello <b>Rosey</b>", "hi Alice"}
	if got := w.logged(); !slices.Equal(got, want) {
		t.Errorf("written to the database: %q", got)
	}
	for name, n := range w.sessions() {
		if n != [2]int{1, 1} {
			t.Errorf("%s joined and left %v times", name, n)
		}
	}
	if got := w.written(bus.SubjectMessageLog)[1]; !strings.Contains(got, `hello \u0026lt;b\u0026gt;`) {
		t.Errorf("the line was written as %s", got)
	}
	// Each is written when it begins and again with its outcome; what a PM says, never.
	if got := w.written(bus.SubjectActionLog); len(got) != 4 || !strings.Contains(got[1], `"details":"say hi Alice"`) ||
		!strings.Contains(got[1], `"outcome":"done"`) || !strings.Contains(got[3], "PM sent to Alice") || strings.Contains(strings.Join(got, ""), "psst") {
		t.Errorf("actions %s", got)
	}
}

// The link breaks while people talk: what the server replays of it is filled
// in, and nothing is told twice.
func TestReconnect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.channel.Puppet("Alice", 1)
	b, _ := w.bot("one")
	s := w.watch("main")
	s.until(room.LinkUp)
	alice.Say("one")
	alice.Say("two")
	s.sees("one", "two")
	if n := w.cytube.Drop("Rosey"); n != 1 {
		t.Fatalf("dropped %d connections", n)
	}
	down := s.until(room.LinkDown)
	if down.RetryAt == 0 || down.Reason == "" || down.Last == 0 || down.Last > down.Since {
		t.Errorf("down: %+v", down)
	}
	alice.Say("three")
	if c := s.until(room.LinkUp); c.Last != down.Last {
		t.Errorf("up: %+v does not say when CyTube was last heard, %d", c, down.Last)
	}
	alice.Say("four")
	s.sees("one", "two", "three", "four")
	w.close(b)
	if got, want := w.logged(), []string{"one", "two", "three", "four"}; !slices.Equal(got, want) {
		t.Errorf("written to the database: %q", got)
	}
	if got := w.sessions(); got["alice"] != [2]int{2, 2} {
		t.Errorf("joined and left: %v", got)
	}
}

func TestServerRestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bot("one")
	s := w.watch("main")
	s.until(room.LinkUp)
	if err := w.cytube.Stop(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // lost, and not reached: told in sentences, what the system said is for the log
		if c := s.until(room.LinkDown); strings.Contains(c.Reason, "tcp") || strings.Contains(c.Reason, "Get ") || strings.Contains(c.Reason, "websocket") {
			t.Errorf("the reason is %q", c.Reason)
		}
	}
	if err := w.cytube.Restart(true); err != nil {
		t.Fatal(err)
	}
	s.until(room.LinkUp)
	w.channel.Puppet("Bob", 1).Say("back again")
	s.sees("back again")
}

func TestLostJoin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cytube.LoseJoins(1)
	w.bot("one")
	s := w.watch("main")
	s.until(room.LinkDown)
	s.until(room.LinkUp)
}

func TestKicked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bot("one")
	s := w.watch("main")
	s.until(room.LinkUp)
	w.channel.Puppet("Mod", 4).Kick("Rosey", "go away")
	c := s.until(room.LinkDown)
	if !strings.Contains(c.Reason, "go away") || c.RetryAt < time.Now().Add(30*time.Second).UnixMilli() {
		t.Errorf("kicked: %+v", c)
	}
	if r := w.command(w.connect(bus.RoleOperator), "say", "x"); r.Status != bus.StatusRefused || !strings.Contains(r.Text, "go away") {
		t.Errorf("say: %+v", r)
	}
}

// A room that cannot be entered stays out and says why; its neighbour in the
// same process does not notice.
func TestPermanentEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wrong := w.platform("wrong")
	wrong.User, wrong.Password, wrong.Channel = "rosey", "not it", "elsewhere"
	b, _ := w.bot("one", w.platform("main"), wrong)
	main, bad := w.watch("main"), w.watch("wrong")
	main.until(room.LinkUp)
	if c := bad.until(room.LinkStopped); !strings.Contains(strings.ToLower(c.Reason), "password") {
		t.Errorf("wrong password: %q", c.Reason)
	}
	opened := w.cytube.Opened()
	w.channel.Puppet("Mod", 4).Ban("Rosey", "enough")
	c := main.until(room.LinkStopped)
	if !strings.Contains(strings.ToLower(c.Reason), "ban") {
		t.Errorf("banned: %q", c.Reason)
	}
	time.Sleep(3 * time.Second) // longer than the first delay of a reconnect
	if n := w.cytube.Opened(); n != opened {
		t.Errorf("%d more connections after the end", n-opened)
	}
	w.close(b)
}

// Two processes with one config never fight over the account. The second
// stands by, and takes over when the first leaves.
func TestTwoInstances(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, _ := w.bot("one")
	s := w.watch("main")
	s.until(room.LinkUp)
	second, _ := w.bot("two")
	alice := w.channel.Puppet("Alice", 1)
	alice.Say("who is here")
	s.sees("who is here")
	time.Sleep(2 * time.Second)
	if w.cytube.Opened() != 1 || s.link().State != room.LinkUp {
		t.Fatalf("%d connections, link %+v", w.cytube.Opened(), s.link())
	}
	if second.rooms[0].holds.Load() || !first.rooms[0].holds.Load() {
		t.Fatal("the wrong one holds the room")
	}
	w.close(first)
	alice.Say("between the two")
	eventually(t, "the second takes over", func() bool { return second.rooms[0].holds.Load() })
	eventually(t, "it joins", func() bool { return s.link().State == room.LinkUp })
	alice.Say("welcome")
	s.sees("who is here", "between the two", "welcome")
	w.close(second)
	events := w.events()
	numbered(t, events, len(events))
	if got, want := w.logged(), []string{"who is here", "between the two", "welcome"}; !slices.Equal(got, want) {
		t.Errorf("written to the database: %q", got)
	}
	if n := w.cytube.Opened(); n != 2 {
		t.Errorf("%d connections in all", n)
	}
}

func TestTwoInstancesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var bots []*Bot
	for i := range 3 {
		b, _ := w.bot(fmt.Sprint(i))
		bots = append(bots, b)
	}
	s := w.watch("main")
	s.until(room.LinkUp)
	time.Sleep(2 * time.Second)
	holders := 0
	for _, b := range bots {
		if b.rooms[0].holds.Load() {
			holders++
		}
	}
	if holders != 1 || w.cytube.Opened() != 1 {
		t.Errorf("%d hold the room, %d connections", holders, w.cytube.Opened())
	}
}

// One instance loses NATS but not CyTube. The other takes the room over, the
// first is thrown out by the server, and neither fights.
func TestDividedBus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, conn := w.bot("one")
	s := w.watch("main")
	s.until(room.LinkUp)
	second, _ := w.bot("two")
	time.Sleep(time.Second)
	conn.NC.Close()
	eventually(t, "the second takes over", func() bool { return second.rooms[0].holds.Load() })
	eventually(t, "the first is out", func() bool {
		m := &first.rooms[0].meters
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.session == nil
	})
	time.Sleep(3 * time.Second)
	if n := w.cytube.Opened(); n != 2 {
		t.Errorf("%d connections", n)
	}
}

func TestRestartGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.channel.Puppet("Alice", 1)
	s := w.watch("main")
	var want []string
	for i := range 3 {
		b, _ := w.bot("one")
		s.until(room.LinkUp)
		want = append(want, fmt.Sprintf("line %d", i), fmt.Sprintf("after %d", i))
		alice.Say(want[len(want)-2])
		s.sees(want[len(want)-2])
		w.close(b)
		s.until(room.LinkStopped)
		alice.Say(want[len(want)-1])
	}
	b, _ := w.bot("one")
	s.until(room.LinkUp)
	s.sees(want...)
	w.close(b)
	events := w.events()
	numbered(t, events, len(events))
	if got := w.logged(); !slices.Equal(got, want) {
		t.Errorf("written to the database: %q", got)
	}
}

// NATS goes away under a bot that people talk to, and comes back: a console
// that was attached has every line once.
func TestNATSRestartUnderTheBot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.channel.Puppet("Alice", 1)
	b, _ := w.bot("one")
	s := w.watch("main")
	s.until(room.LinkUp)
	var want []string
	talk := func(n int) {
		for range n {
			want = append(want, fmt.Sprintf("line %d", len(want)))
			alice.Say(want[len(want)-1])
		}
	}
	talk(50)
	w.stop()
	talk(100)
	w.start()
	talk(50)
	eventually(t, "all lines", func() bool { return len(s.lines()) >= len(want) })
	if got := s.lines(); !slices.Equal(got, want) {
		t.Errorf("%d lines, want %d", len(got), len(want))
	}
	w.close(b)
	events := w.events()
	numbered(t, events, len(events))
	if got := w.logged(); !slices.Equal(got, want) {
		t.Errorf("%d lines were written to the database", len(got))
	}
}

// Close with NATS away gives up in time and says what was lost.
func TestCloseWithoutNATS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.bot("one")
	w.watch("main").until(room.LinkUp)
	w.stop()
	ctx := testContext(t)
	done := make(chan error, 1)
	go func() { done <- closeSoon(b) }()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "did not reach NATS") {
			t.Errorf("error %v", err)
		}
	case <-ctx.Done():
		t.Fatal("Close did not return")
	}
}

func TestStartRefusesAConfigWithoutRooms(t *testing.T) {
	w := &world{testBus: startBus(t)}
	off := config.Platform{Type: "cytube", Name: "main", Domain: "https://cytu.be", Channel: "x", User: "Rosey"}
	_, err := Start(testContext(t), Options{Conn: w.connect(bus.RoleBot), Config: &config.Config{Platforms: []config.Platform{off}}})
	if err == nil || !strings.Contains(err.Error(), "no platform is enabled") {
		t.Errorf("error %v", err)
	}
}

// A state reply folds to the same as the events before it.
func TestStateAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channel.Puppet("Alice", 1)
	w.bot("one")
	w.watch("main").until(room.LinkUp)
	reply, err := bus.Request[bus.StateReply](testContext(t), w.connect(bus.RoleViewer), bus.StateSubject("main"), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	var events []bus.Envelope
	eventually(t, "the stream is as far as the state", func() bool {
		events = w.events()
		return uint64(len(events)) >= reply.Seq
	})
	folded := room.New()
	for _, env := range events {
		if env.Seq > reply.Seq {
			break
		}
		e, err := room.Decode(env.Event, env.Data)
		if err != nil {
			t.Fatal(err)
		}
		folded = room.Apply(folded, e)
	}
	got, _ := json.Marshal(reply.State)
	want, _ := json.Marshal(folded)
	if string(got) != string(want) {
		t.Errorf("state\n%s\nwant\n%s", got, want)
	}
}

// Garbage on any subject of the room is answered with an error or not at all,
// and the room goes on.
func TestGarbage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bot("one")
	s := w.watch("main")
	s.until(room.LinkUp)
	admin := w.connect(bus.RoleAdmin)
	for _, subject := range []string{
		bus.CommandSubject("main", "say"), bus.CommandSubject("main", "pm"), bus.CommandSubject("main", "nonsense"),
		bus.StateSubject("main"), bus.HistorySubject("main"), bus.HeartbeatSubject("main"), bus.SubjectRooms,
	} {
		for _, data := range []string{"", "{", "[]", "null", `{"args":[1]}`, `{"limit":-5,"after_seq":18446744073709551615}`, `{"args":["x"],"id":"` + strings.Repeat("y", 100_000) + `"}`, "\x00\xff"} {
			if err := admin.NC.PublishRequest(subject, admin.NC.NewRespInbox(), []byte(data)); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.channel.Puppet("Alice", 1).Say("still here")
	s.sees("still here")
	if r := w.command(w.connect(bus.RoleOperator), "say", "me too"); r.Status != bus.StatusDone {
		t.Errorf("say: %+v", r)
	}
}
