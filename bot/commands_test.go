package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rosey/bot/cytube/cytubetest"
	"rosey/bus"
	"rosey/bus/room"
)

// A floor is a room with a bot of rank 3 in it, and people to act on.
type floor struct {
	*world
	op      *bus.Conn
	witness *witness
	people  map[string]*cytubetest.Puppet
	n       int
}

func newFloor(t *testing.T) *floor {
	t.Helper()
	w := newWorld(t)
	f := &floor{world: w, people: map[string]*cytubetest.Puppet{}}
	for name, rank := range map[string]float64{"Alice": 1, "Bob_x": 1, "Mod": 2, "Owner": 5} {
		f.people[name] = w.channel.Puppet(name, rank)
	}
	w.bot("one")
	f.op = w.connect(bus.RoleOperator)
	f.witness = w.watch("main")
	f.witness.until(room.LinkUp)
	eventually(t, "the bot answers", func() bool {
		_, err := bus.Request[bus.TreeReply](testContext(t), f.op, bus.TreeSubject("main"), struct{}{})
		return err == nil
	})
	return f
}

// ask sends a command as it stands and waits for its outcome.
func (f *floor) ask(verb string, c bus.Command) bus.CommandReply {
	f.tb.Helper()
	f.n++
	if c.ID == "" {
		c.ID = fmt.Sprint("c", f.n)
	}
	if c.Operator == "" {
		c.Operator = "carol"
	}
	for {
		r, err := bus.Request[bus.CommandReply](testContext(f.tb), f.op, bus.CommandSubject("main", verb), c)
		if err != nil {
			f.tb.Fatal(err)
		}
		if r.Status != bus.StatusPending {
			return r
		}
	}
}

// typed asks as a person types.
func (f *floor) typed(line string) bus.CommandReply {
	f.tb.Helper()
	word, rest, _ := strings.Cut(line, " ")
	cmd := findCommand(word)
	if cmd == nil {
		f.tb.Fatalf("no command %s", word)
	}
	words, err := cmd.SplitCommand(rest)
	if err != nil {
		f.tb.Fatal(err)
	}
	return f.ask(cmd.Name, bus.Command{Args: words})
}

// want types a line and checks what comes of it.
func (f *floor) want(line string, status bus.CommandStatus, text string) bus.CommandReply {
	f.tb.Helper()
	r := f.typed(line)
	if r.Status != status || !strings.Contains(r.Text, text) {
		f.tb.Errorf("%s: %s %q, want %s %q", line, r.Status, r.Text, status, text)
	}
	return r
}

// got waits until a person has received an event with a text in it.
func (f *floor) got(who, event, text string) {
	f.tb.Helper()
	_, err := f.people[who].Wait(testContext(f.tb), event, func(e cytubetest.Event) bool {
		return strings.Contains(string(e.Arg), text)
	})
	if err != nil {
		f.tb.Errorf("%s never saw %s with %s", who, event, text)
	}
}

// action waits for the action of a command, as consoles see it.
func (f *floor) action(ok func(*room.Action) bool) *room.Action {
	f.tb.Helper()
	var found *room.Action
	eventually(f.tb, "the action", func() bool {
		f.witness.mu.Lock()
		defer f.witness.mu.Unlock()
		for _, e := range f.witness.events {
			if a, is := e.(*room.Action); is && ok(a) {
				found = a
				return true
			}
		}
		return false
	})
	return found
}

func TestTreeOnTheBus(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	r, err := bus.Request[bus.TreeReply](testContext(t), f.op, bus.TreeSubject("main"), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Version != "1.2.3" || len(r.Commands) != len(tree()) {
		t.Errorf("version %s, %d commands", r.Version, len(r.Commands))
	}
	data, _ := json.Marshal(r.Commands)
	if !strings.Contains(string(data), `"usage":"kick \u003cuser\u003e [reason]"`) {
		t.Errorf("%s", data)
	}
}

// The NATS server itself, not our code, keeps viewers from commanding.
func TestViewersMayNotCommand(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	viewer := f.connect(bus.RoleViewer)
	for _, c := range tree() {
		_, err := bus.Request[bus.CommandReply](testContext(t), viewer, bus.CommandSubject("main", c.Name), bus.Command{Args: []string{"alice"}})
		if !errors.Is(err, bus.ErrNotAllowed) {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}
