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

func TestOtherConsolesAreSeen(t *testing.T) {
	m, _ := operate(t, 160, 40)
	say := func(p bus.Presence) { m.Update(batchMsg{at: evening, updates: []roomUpdate{{presence: &p}}}) }
	say(bus.Presence{Console: m.console, Operator: "me"})
	say(bus.Presence{Console: "c2", Operator: "sam\x1b[2J", Acting: "bob"})
	shows(t, m, "with sam → bob")
	m.Update(linkMsg{bus.Link{State: room.LinkDown}})
	hides(t, m, "with sam") // who knows
	m.Update(linkMsg{bus.Link{State: room.LinkUp}})
	shows(t, m, "with sam → bob")
	hides(t, m, "with me")
	m.Update(tea.WindowSizeMsg{Width: 76, Height: 24})
	shows(t, m, "with 1")
	hides(t, m, "with sam")
	m.Update(tea.WindowSizeMsg{Width: 160, Height: 40})
	typeText(m, "/kick bob")
	press(t, m, "enter")
	shows(t, m, "! sam is about to act on bob as well")
	if p := m.presence(); p.Acting != "bob" {
		t.Errorf("this console says %+v", p)
	}
	press(t, m, "esc")
	armed(m)
	press(t, m, "esc")
	if p := m.presence(); p.Acting != "" {
		t.Errorf("afterwards %+v", p)
	}
	m.Update(tickMsg(evening.Add(time.Minute)))
	hides(t, m, "with sam")
}

// Consoles that were killed never say that they go: they must not keep those
// that come later from being heard.
func TestKilledConsolesMakeRoom(t *testing.T) {
	m, _ := operate(t, 160, 40)
	for i := range maxConsoles {
		m.takePresence(bus.Presence{Console: fmt.Sprint("killed", i), Operator: "sam"}, evening)
	}
	m.now = evening.Add(bus.PresenceTTL)
	m.takePresence(bus.Presence{Console: "new", Operator: "kim"}, m.now)
	if got := m.others(); len(got) != 1 || got[0].Operator != "kim" {
		t.Errorf("hears %v", got)
	}
}

func TestPresenceIsSaidOnChangeAndEveryFiveSeconds(t *testing.T) {
	m, _ := operate(t, 120, 40)
	var said []bus.Presence
	m.deps.present = func(p bus.Presence) { said = append(said, p) }
	for s := range 12 {
		settle(m, m.sayPresence())
		m.now = evening.Add(time.Duration(s) * time.Second)
	}
	if len(said) != 3 {
		t.Errorf("said %d times in twelve seconds", len(said))
	}
	typeText(m, "/kick bob")
	settle(m, press(t, m, "enter"))
	if last := said[len(said)-1]; last.Acting != "bob" || last.Room != "movienight" || last.Operator != "tester" {
		t.Errorf("said %+v", last)
	}
}

func TestTheHandoverNoteIsShownOnce(t *testing.T) {
	m, _ := testModel(t, testOptions(), 120, 40)
	st := movieNight()
	st.Handover = room.Handover{Text: "watch zoë_42", By: "kim", Time: evening.UnixMilli()}
	for range 2 {
		m.Update(updates("movienight", linkUp(), bus.Update{Kind: bus.UpdateState, State: st}))
	}
	if n := strings.Count(strings.Join(screen(m), "\n"), "watch zoë_42"); n != 1 {
		t.Errorf("shown %d times", n)
	}
}

func TestTheHandoverNoteFollowsTheConsolesClock(t *testing.T) {
	o := testOptions()
	m, _ := testModel(t, o, 120, 40)
	m.loc = time.FixedZone("far", 9*3600)
	m.restyle()
	st := movieNight()
	st.Handover = room.Handover{Text: "watch zoë_42", By: "kim", Time: evening.UnixMilli()}
	m.Update(updates("movienight", linkUp(), bus.Update{Kind: bus.UpdateState, State: st}))
	shows(t, m, "handover by kim, "+evening.In(m.loc).Format("Mon 2 Jan 15:04")+": watch zoë_42")
	o.TUI.ClockFormat = "12h"
	m.applySettings(o.TUI)
	shows(t, m, "handover by kim, "+evening.In(m.loc).Format("Mon 2 Jan 03:04pm")+": watch zoë_42")
}
