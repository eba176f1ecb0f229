package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"rosey/bus"
	"rosey/bus/room"
)

// deeds are what operators and others did, as it comes over the bus.
func deeds(n int) batchMsg {
	var us []bus.Update
	for i := range n {
		us = append(us, event(&room.Action{
			ID: fmt.Sprint("deed", i), Actor: "kim", Verb: "mute", Target: "carol", Reason: fmt.Sprintf("caps number %d", i),
			Text: "Muted carol for ten minutes", Status: string(bus.StatusDone), Source: room.SourceConsole, Time: evening.UnixMilli() + int64(i),
		}))
	}
	return updates("movienight", us...)
}

func TestTheDetailPane(t *testing.T) {
	for _, s := range []struct{ w, h int }{{160, 50}, {200, 60}} {
		for i, tab := range detailTitles {
			t.Run(tab+"-"+size(s.w, s.h), func(t *testing.T) {
				m, bot := operateWithPoll(t, s.w, s.h)
				bot.db = cardAnswers()
				m.Update(deeds(3))
				settle(m, press(t, m, "esc"))
				for !strings.Contains(m.room().chat.selected().text(), "hello?") {
					press(t, m, "k")
				}
				for range i {
					settle(m, press(t, m, "alt+g"))
				}
				requireShape(t, m, s.w, s.h)
				golden.RequireEqual(t, strings.Join(screen(m), "\n"))
			})
		}
	}
}

func TestTheCardFollowsTheChoice(t *testing.T) {
	m, bot := operate(t, 160, 50)
	bot.db = cardAnswers()
	settle(m, press(t, m, "alt+g"))
	shows(t, m, "nobody is chosen yet")
	settle(m, press(t, m, "esc", "k", "k", "k")) // Rosey, Alice, erin, dave
	shows(t, m, "│ dave ")
	if m.dialog() != nil || !m.room().chat.selecting() {
		t.Fatal("the card took the keys")
	}
	settle(m, press(t, m, "enter"))
	if !m.cardHasFocus() {
		t.Fatal("enter does not bring the keys to the card")
	}
	shows(t, m, "esc close")
	// Whatever happens to the line, the card that has the keys stays who it is.
	m.room().chat.remove(m.room().chat.selected())
	m.Update(tickMsg(evening))
	shows(t, m, "│ dave ")
	press(t, m, "1")
	shows(t, m, "Leave dave alone")
	armed(m)
	press(t, m, "esc")
	if m.dialog() != nil {
		t.Errorf("%T stays", m.dialog())
	}
	settle(m, press(t, m, "l", "j"))
	if name := m.room().users.sel; m.detail.card.name != name {
		t.Errorf("the card is %s's, chosen is %s", m.detail.card.name, name)
	}
	// Narrow, it lies over the room as ever.
	settle(m, press(t, m, "enter"))
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	shows(t, m, "esc close")
	requireShape(t, m, 120, 40)
}

// An answer about somebody who was chosen before must not stand on the card of
// who is chosen now.
func TestTheCardShowsNobodyElsesAnswers(t *testing.T) {
	m, _ := operate(t, 160, 50)
	m.deps.ask = func(subject string, req, reply any) error {
		if q, ok := req.(bus.NotesQuery); ok {
			reply.(*bus.NotesReply).Notes = []bus.NoteWrite{{Text: "note on " + q.Username}}
			if q.Username == "bob" {
				return bus.ErrUnreachable
			}
		}
		return nil
	}
	press(t, m, "alt+g")
	v, c := m.room(), &m.detail.card
	first := c.follow(m, v, "carol")
	v.about = "bob"
	if c.follow(m, v, "bob") == nil {
		t.Log("asked after the first")
	}
	settle(m, first)
	hides(t, m, "note on carol")
	shows(t, m, "NATS is not reachable")
	hides(t, m, "note on bob")
}

func TestTheDetailPaneUnderTheMouse(t *testing.T) {
	m, bot := operate(t, 160, 50)
	bot.db = cardAnswers()
	m.Update(deeds(60))
	x, y := find(t, m, "24/7 lofi radio")
	click(m, x, y)
	if p := m.views[viewPlaylist].(*playlistPage); m.shown != viewPlaylist || p.items.chosen != "4" {
		t.Fatalf("a click on an item shows view %d on item %q", m.shown, p.items.chosen)
	}
	press(t, m, "f2")
	x, y = find(t, m, "  log ")
	click(m, x+3, y)
	shows(t, m, "“caps number 59”")
	wheel := func(b tea.MouseButton) { m.Update(tea.MouseWheelMsg{X: x, Y: y + 5, Button: b}) }
	for range 4 {
		wheel(tea.MouseWheelUp)
	}
	hides(t, m, "“caps number 59”")
	pane := func() string {
		var rows []string
		for _, row := range screen(m)[4:40] {
			rows = append(rows, row[strings.LastIndex(row, "│"):])
		}
		return strings.Join(rows, "\n")
	}
	before := pane()
	m.Update(updates("movienight", event(&room.Action{ID: "late", Actor: "kim", Verb: "ban", Target: "late_one", Status: "done", Time: evening.UnixMilli() + 1000})))
	if after := pane(); before != after {
		t.Errorf("it moved:\n%s\n\n%s", before, after)
	}
	for range 40 {
		wheel(tea.MouseWheelUp)
	}
	shows(t, m, "“caps number 0”")
	requireShape(t, m, 160, 50)
	for range 40 {
		wheel(tea.MouseWheelDown)
	}
	shows(t, m, "ban late_one")
	x, y = find(t, m, "“caps number 59”")
	click(m, x, y)
	shows(t, m, "reason     caps number 59")
	press(t, m, "esc")
	x, y = find(t, m, "‹ log ›")
	click(m, x-5, y) // the card's tab
	settle(m, click(m, 60, 40))
	x, y = find(t, m, "1  kick")
	click(m, x, y)
	if _, ok := m.dialog().(*question); !ok {
		t.Fatalf("a click on what can be done opens %T", m.dialog())
	}
	armed(m)
	press(t, m, "esc")
	click(m, x, 4) // the name at the top
	if !m.cardHasFocus() {
		t.Fatal("a click on the card does not bring the keys there")
	}
	click(m, 60, 40)
	if m.cardHasFocus() {
		t.Error("a click elsewhere leaves the keys at the card")
	}
}

func TestTheDetailPaneComesAndGoes(t *testing.T) {
	m, _ := operate(t, 120, 40)
	press(t, m, "alt+g")
	shows(t, m, "needs 160 columns; here are 120")
	m.Update(tea.WindowSizeMsg{Width: 160, Height: 40})
	press(t, m, "ctrl+u")
	hides(t, m, "UP NEXT")
	press(t, m, "alt+g")
	shows(t, m, "UP NEXT")
	press(t, m, "f7", "alt+g")
	if m.shown != viewRoom || m.detail.tab != detailQueue {
		t.Errorf("from another view it shows view %d, tab %d", m.shown, m.detail.tab)
	}
}

// Titles find room: in a second row where one is too narrow.
func TestTitlesInTheDetailPaneAreWhole(t *testing.T) {
	m, _ := operate(t, 160, 50)
	v := m.room()
	v.state.Playlist = append(v.state.Playlist[:1:1], room.Item{
		UID: 9, QueueBy: "popcorn_pete_the_2nd", Media: room.Media{Title: "Nosferatu, eine Symphonie des Grauens, restored 1922", Seconds: 5650}})
	v.rev++
	shows(t, m, "Nosferatu, eine Symphonie des")
	shows(t, m, "Grauens, restored 1922")
}
