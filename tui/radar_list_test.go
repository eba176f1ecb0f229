package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// besieged is a console whose room is being raided by n look-alikes.
func besieged(tb testing.TB, n int) (*model, *answers) {
	tb.Helper()
	m, a := sceneModel(tb, 120, 40)
	var us []bus.Update
	for i := range n {
		name := fmt.Sprintf("sock%c", 'a'+i)
		us = append(us, event(&room.UserJoin{User: name, UserData: user(name, 0)}))
		us = append(us, event(message("21:04", name, fmt.Sprintf("JOIN OUR SERVER example.org/%d", i))))
	}
	us = append(us, event(&room.UserJoin{User: "helper", UserData: user("helper", 2)}))
	m.Update(updates("movienight", us...))
	m.Update(tickMsg(evening.Add(time.Second)))
	return m, a
}

func TestTheHeaderSaysARaidAndTheListLeavesOutModerators(t *testing.T) {
	m, _ := besieged(t, 10)
	shows(t, m, "◬ RAID")
	shows(t, m, "radar: this looks like a raid: 12 joins in a minute")
	press(t, m, "alt+a")
	shows(t, m, "[x] socka")
	shows(t, m, "says what others say")
	shows(t, m, "Not listed: 1 moderator, 1 registered, of whom the database has not told")
	hides(t, m, "] helper")
	requireShape(t, m, 120, 40)
	for _, s := range [][2]int{{40, 10}, {80, 24}, {200, 60}, {1, 1}} {
		m.Update(tea.WindowSizeMsg{Width: s[0], Height: s[1]})
		requireShape(t, m, s[0], s[1])
	}
}

func TestTheHeaderReturnsToCalmAfterARaid(t *testing.T) {
	m, _ := besieged(t, 10)
	shows(t, m, "◬ RAID 12/min")
	m.Update(tickMsg(evening.Add(63 * time.Second)))
	shows(t, m, "◬ raid over, 10 joined")
	shows(t, m, "radar: raid over, 10 strangers joined")
	m.Update(tickMsg(evening.Add(2*time.Minute + 4*time.Second)))
	if header := screen(m)[0]; strings.Contains(header, "◬") {
		t.Errorf("two minutes later: %s", header)
	}
}

func TestABulkActionAsksThenSendsOneByOne(t *testing.T) {
	m, a := besieged(t, 4)
	m.deps.request = func(name, verb string, c bus.Command) (bus.CommandReply, error) {
		reply, err := a.request(name, verb, c)
		if strings.HasPrefix(c.Args[0], "sockb") {
			reply = bus.CommandReply{Status: bus.StatusRefused, Text: "sockb has equal or higher rank"}
		}
		return reply, err
	}
	space := tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	press(t, m, "alt+a", "a", "down", "down")
	m.Update(space) // sockc stays
	press(t, m, "right", "right", "tab", "ctrl+u")
	typeText(m, "spam raid")
	press(t, m, "enter", "enter")
	shows(t, m, "ban 3 people")
	d := m.dialog().(guarded)
	press(t, m, "y") // before it was seen
	if len(a.asked) > 0 {
		t.Fatal("the question did not swallow a key that came too soon")
	}
	m.Update(armMsg{d})
	press(t, m, "enter")
	if len(a.asked) > 0 {
		t.Fatal("the safe button is not the default")
	}
	press(t, m, "enter")
	m.Update(armMsg{m.dialog().(guarded)})
	_, cmd := m.Update(tea.KeyPressMsg{Code: 'y', Text: "y"})
	for cmd != nil {
		msgs := flatten(cmd)
		if len(msgs) != 1 {
			t.Fatalf("%d commands at once", len(msgs))
		}
		_, cmd = m.Update(msgs[0])
	}
	var names []string
	for i, c := range a.asked {
		names = append(names, c.Args[0])
		if a.verbs[i] != "ban" || c.Args[1] != "spam raid" || c.Operator != "tester" || c.Source != room.SourceConsole || c.Deadline == 0 {
			t.Errorf("%s %+v", a.verbs[i], c)
		}
	}
	if strings.Join(names, " ") != "socka sockb sockd" {
		t.Errorf("names %q", names)
	}
	shows(t, m, "✗ refused: sockb has equal or higher rank")
	shows(t, m, "left alone")
	shows(t, m, "✓")
}

// Hands are quicker than lists: who was thrown out already is not kicked again,
// and can be banned.
func TestWhoHasLeftIsOnlyBanned(t *testing.T) {
	m, _ := besieged(t, 10)
	m.Update(updates("movienight", event(&room.UserLeave{User: "sockb"})))
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	press(t, m, "alt+a")
	for range 9 { // the last: nothing but a ban reaches them
		press(t, m, "j")
	}
	shows(t, m, " ·  sockb")
	shows(t, m, "has left")
	shows(t, m, "enter kick 9 people")
	press(t, m, "right", "right")
	shows(t, m, "[x] sockb")
	shows(t, m, "enter ban 10 people")
}

func TestAClosedListSendsNoMore(t *testing.T) {
	m, a := besieged(t, 5)
	press(t, m, "alt+a", "a", "enter")
	m.Update(armMsg{m.dialog().(guarded)})
	_, cmd := m.Update(tea.KeyPressMsg{Code: 'y', Text: "y"})
	msg := flatten(cmd)[0]
	press(t, m, "esc")
	if _, cmd = m.Update(msg); cmd != nil || len(a.asked) != 1 {
		t.Errorf("goes on after it was closed: %d sent", len(a.asked))
	}
	shows(t, m, "the rest of the list was not acted on: 4 people")
}

func TestReadOnlyMayOnlyLook(t *testing.T) {
	m, a := besieged(t, 5)
	m.opts.ReadOnly = true
	press(t, m, "alt+a", "a", "enter")
	if len(a.asked) > 0 {
		t.Error("a viewer acts")
	}
	m2, _ := sceneModel(t, 80, 24)
	m2.room().radar = radar{}
	press(t, m2, "alt+a")
	shows(t, m2, "Nobody new has come")
}

// drain carries a bulk action out to its end.
func drain(tb testing.TB, m *model, cmd tea.Cmd) {
	tb.Helper()
	for cmd != nil {
		msgs := flatten(cmd)
		if len(msgs) != 1 {
			tb.Fatalf("%d commands at once", len(msgs))
		}
		_, cmd = m.Update(msgs[0])
	}
}

func TestABulkActionIsTakenBackFromOneList(t *testing.T) {
	m, a := besieged(t, 5)
	m.deps.request = func(name, verb string, c bus.Command) (bus.CommandReply, error) {
		reply, err := a.request(name, verb, c)
		reply.Undo = map[string]string{"mute": "unmute ", "unmute": "mute "}[verb] + c.Args[0]
		if verb == "mute" && c.Args[0] == "sockb" {
			reply = bus.CommandReply{Status: bus.StatusRefused, Text: "sockb has equal or higher rank"}
		}
		return reply, err
	}
	press(t, m, "alt+a", "a", "right", "enter")
	m.Update(armMsg{m.dialog().(guarded)})
	_, cmd := m.Update(tea.KeyPressMsg{Code: 'y', Text: "y"})
	drain(t, m, cmd)
	press(t, m, "enter")
	for _, name := range []string{"socka", "sockc", "sockd", "socke"} {
		setMute(m.room(), name, true)
	}
	shows(t, m, "esc u unmute 4 people")
	setMute(m.room(), "socke", false) // somebody else has taken it back
	shows(t, m, "esc u unmute 3 people")

	a.asked, a.verbs = nil, nil
	press(t, m, "esc", "u")
	shows(t, m, "Takes back what was done to all of them")
	shows(t, m, "[x] socka")
	hides(t, m, "] sockb")
	hides(t, m, "] socke")
	requireShape(t, m, 120, 40)
	press(t, m, "x") // socka stays muted
	if len(a.asked) > 0 {
		t.Fatal("something was done before the person said so")
	}
	shows(t, m, "enter unmute 2 people")
	drain(t, m, press(t, m, "enter"))
	if strings.Join(a.verbs, " ") != "unmute unmute" || a.asked[0].Args[0] != "sockc" || len(a.asked[0].Args) != 1 || a.asked[1].Args[0] != "sockd" {
		t.Errorf("did %q %+v", a.verbs, a.asked)
	}
	press(t, m, "enter", "esc")
	shows(t, m, "esc u unmute socka") // who was left out
	m.Update(tickMsg(evening.Add(11 * time.Minute)))
	hides(t, m, "esc u unmute")
	press(t, m, "esc", "u")
	shows(t, m, "nothing of the last ten minutes can be taken back")
}

// Why one of many was refused is told in full at 80 columns too.
func TestTheListSaysRefusalsInFull(t *testing.T) {
	m, a := besieged(t, 3)
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	a.reply = bus.CommandReply{Status: bus.StatusRefused, Text: "CyTube says: socka is on the ban list already, and that is that"}
	press(t, m, "alt+a", "a", "enter")
	m.Update(armMsg{m.dialog().(guarded)})
	_, cmd := m.Update(tea.KeyPressMsg{Code: 'y', Text: "y"})
	drain(t, m, cmd)
	shows(t, m, "that is that")
	requireShape(t, m, 80, 24)
}

// At 80 columns what speaks against a person goes on below.
func TestTheListSaysAllThatSpeaksAgainstAPerson(t *testing.T) {
	m, _ := besieged(t, 30)
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	press(t, m, "alt+a")
	d := m.dialog().(*radarList)
	d.people[1].signs = []string{"says what others say", "looks like somebody who is here", "the end"}
	shows(t, m, "the end")
	for range d.people {
		if n := strings.Count(strings.Join(screen(m), "\n"), "│ › "); n != 1 {
			t.Fatalf("%d chosen in sight at %d", n, d.at)
		}
		requireShape(t, m, 80, 24)
		press(t, m, "j")
	}
}

func TestTheRadarListBeginsWithTheWorst(t *testing.T) {
	m, _ := besieged(t, 8)
	flood := make([]bus.Update, 0, 12)
	for range 12 {
		flood = append(flood, event(message("21:04", "sockf", "JOIN OUR SERVER example.org/now")))
	}
	m.Update(updates("movienight", append(flood, event(&room.UserLeave{User: "sockg"}))...))
	press(t, m, "alt+a")
	d := m.dialog().(*radarList)
	if d.people[0].name != "sockf" || d.people[len(d.people)-1].name != "sockg" {
		t.Errorf("the order is %+v", d.people)
	}
	shows(t, m, "Not listed: 1 moderator")
}

func TestWhereAllHaveLeftABanIsSuggested(t *testing.T) {
	m, _ := besieged(t, 3)
	for i := range 3 {
		m.Update(updates("movienight", event(&room.UserLeave{User: fmt.Sprintf("sock%c", 'a'+i)})))
	}
	press(t, m, "alt+a", "n")
	shows(t, m, "all on the list have left: → to ban, which reaches their names")
	press(t, m, "a")
	hides(t, m, "0 people")
	shows(t, m, "all on the list have left: → to ban, which reaches their names")
	shows(t, m, "←→ what · tab reason · esc close")
	press(t, m, "space") // no row shows a tick, so none is taken away
	press(t, m, "enter")
	if _, ok := m.dialog().(*radarList); !ok {
		t.Fatal("something is asked about nobody")
	}
	press(t, m, "right", "right")
	shows(t, m, "enter ban 3 people")
	press(t, m, "n")
	shows(t, m, "nobody is ticked")
	requireShape(t, m, 120, 40)
}

func TestSpaceChangesNoTickThatIsNotShown(t *testing.T) {
	m, _ := besieged(t, 3)
	m.Update(updates("movienight", event(&room.UserLeave{User: "sockb"})))
	press(t, m, "alt+a", "n", "a")
	press(t, m, "j", "j", "j", "j") // whatever the order, the last has left
	shows(t, m, "›  ·  sockb")
	press(t, m, "space", "right", "right")
	shows(t, m, "[x] sockb")
	press(t, m, "space")
	shows(t, m, "[ ] sockb")
}

func TestCapsLookLikeCaps(t *testing.T) {
	m, _ := operate(t, 120, 40)
	v := m.room()
	v.reading = reading{level: alarmRaid, joins: radarPeople}
	shows(t, m, "RAID 500+/min")
	for text, want := range map[string]string{
		atLeast(499, radarPeople, "join"): "499 joins", atLeast(500, radarPeople, "join"): "500+ joins", atLeast(1, radarLines, "line"): "1 line",
		strangersJoined(700): "500+ strangers joined",
	} {
		if text != want {
			t.Errorf("%q, want %q", text, want)
		}
	}
}
