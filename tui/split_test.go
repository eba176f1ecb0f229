package tui

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"rosey/bus"
	"rosey/bus/room"
)

// twoRooms are side by side where w has the room, and what they are asked is
// noted with the room's name.
func twoRooms(tb testing.TB, w, h int) (m *model, asked *[]string) {
	o := testOptions()
	o.Rooms = []string{"movienight", "den"}
	m, a := testModel(tb, o, w, h)
	asked = &[]string{}
	m.deps.request = func(room, verb string, c bus.Command) (bus.CommandReply, error) {
		*asked = append(*asked, room+" "+verb+" "+strings.Join(c.Args, " "))
		return a.request(room, verb, c)
	}
	_, cmd := m.Update(scene())
	settle(m, cmd)
	st := room.New()
	st.Connection = room.Connection{State: room.LinkUp}
	st.Self = room.Self{Name: "Rosey", Rank: 3}
	st.Users = []room.User{user("Rosey", 3), user("zed", 1), user("yan", 1)}
	st.Perms = map[string]float64{"kick": 2}
	_, cmd = m.Update(updates("den",
		bus.Update{Kind: bus.UpdateState, State: st},
		event(message("21:00", "zed", "quiet in here")),
		event(message("21:01", "yan", "as it should be"))))
	settle(m, cmd)
	settle(m, press(tb, m, "alt+z"))
	return m, asked
}

func TestTwoRooms(t *testing.T) {
	for _, s := range []struct{ w, h int }{{160, 50}, {200, 60}, {240, 60}, {300, 80}} {
		t.Run(size(s.w, s.h), func(t *testing.T) {
			m, _ := twoRooms(t, s.w, s.h)
			typeText(m, "begun in the first")
			press(t, m, "alt+j")
			m.Update(updates("movienight", event(message("21:04", "bob", "Rosey are you there?"))))
			typeText(m, "written to the second")
			requireShape(t, m, s.w, s.h)
			golden.RequireEqual(t, strings.Join(screen(m), "\n"))
		})
	}
}

func TestWhatIsTypedGoesToTheRoomThatHasTheFocus(t *testing.T) {
	m, asked := twoRooms(t, 160, 50)
	shows(t, m, "Rosey in movienight ▸")
	typeText(m, "one")
	settle(m, press(t, m, "enter"))
	press(t, m, "alt+j")
	shows(t, m, "Rosey in den ▸")
	typeText(m, "two")
	if c := m.View().Cursor; c == nil || c.X < m.layout.chat.x || m.layout.chat.x == 0 {
		t.Errorf("the cursor is at %+v, the room at %+v", c, m.layout.chat)
	}
	settle(m, press(t, m, "enter"))
	typeText(m, "/kick zed")
	press(t, m, "enter")
	shows(t, m, "Leave zed alone")
	armed(m)
	settle(m, press(t, m, "tab", "enter"))
	click(m, m.layout.other.x+5, 20) // the first room, which is to the left
	shows(t, m, "Rosey in movienight ▸")
	typeText(m, "three")
	settle(m, press(t, m, "enter"))
	want := []string{"movienight say one", "den say two", "den kick zed", "movienight say three"}
	if !slices.Equal(*asked, want) {
		t.Errorf("asked %q, want %q", *asked, want)
	}
}

func TestTwoRoomsScrollAndCountEachOnItsOwn(t *testing.T) {
	m, _ := twoRooms(t, 160, 12)
	for range 3 {
		m.Update(tea.MouseWheelMsg{X: 5, Y: 6, Button: tea.MouseWheelUp})
	}
	left := func() []string {
		var rows []string
		for _, r := range screen(m)[3:9] {
			rows = append(rows, strings.SplitN(r, "│", 2)[0])
		}
		return rows
	}
	before := left()
	m.Update(updates("movienight", event(message("21:04", "bob", "new here"))))
	m.Update(updates("den", event(message("21:04", "zed", "new there"))))
	if after := left(); !slices.Equal(before[1:], after[1:]) {
		t.Errorf("it moved:\n%s\n\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	shows(t, m, "↓ 1 new")
	shows(t, m, "new there")
	if a, b := m.rooms[0], m.rooms[1]; a.unread != 0 || b.unread != 0 {
		t.Errorf("unread %d and %d", a.unread, b.unread)
	}
	m.rooms[1].log.choose(m.rooms[1].log.lines[0].id)
	m.Update(updates("den", event(message("21:04", "zed", "out of sight"))))
	shows(t, m, "den  1 new")
	press(t, m, "alt+j")
	if after := left(); !slices.Equal(before[1:], after[1:]) {
		t.Error("moving the focus moved the text")
	}
	if m.rooms[1].unread != 0 {
		t.Error("what has the focus is not read")
	}
	// The other wheel, which is not where the focus is.
	m.Update(tea.MouseWheelMsg{X: 5, Y: 6, Button: tea.MouseWheelUp})
	if after := left(); slices.Equal(before[1:], after[1:]) {
		t.Error("the wheel over the other room does nothing")
	}
}

func TestTwoRoomsFallBackToOneAndComeBack(t *testing.T) {
	m, _ := twoRooms(t, 160, 30)
	press(t, m, "alt+j", "esc", "k")
	chosen := m.rooms[1].chat.sel
	for _, w := range []int{120, 80, 60, 159} {
		m.Update(tea.WindowSizeMsg{Width: w, Height: 30})
		requireShape(t, m, w, 30)
		if m.second() != nil || m.room().name != "den" {
			t.Errorf("%d columns show %v", w, m.room().name)
		}
	}
	// What is shown alone can change, and each room keeps its side.
	press(t, m, "alt+1", "alt+2")
	m.Update(tea.WindowSizeMsg{Width: 170, Height: 30})
	requireShape(t, m, 170, 30)
	if m.second() != m.rooms[0] || m.layout.chat.x < m.layout.other.x || m.rooms[1].chat.sel != chosen {
		t.Errorf("grown again: beside %v, at %+v and %+v", m.second(), m.layout.chat, m.layout.other)
	}
	press(t, m, "alt+z")
	if m.second() != nil || m.room().name != "den" {
		t.Error("alt+z does not end it")
	}
	m, _ = operate(t, 200, 60)
	press(t, m, "alt+z")
	shows(t, m, "there is no second room")
}

func TestTwoRoomsFitEverySize(t *testing.T) {
	m, _ := twoRooms(t, 160, 50)
	for w := 150; w <= 400; w += 17 {
		for h := 8; h <= 70; h += 9 {
			m.Update(tea.WindowSizeMsg{Width: w, Height: h})
			for range 2 {
				press(t, m, "alt+j")
				for range detailTitles {
					press(t, m, "alt+g")
					requireShape(t, m, w, h)
				}
				if !m.split {
					press(t, m, "alt+z")
					requireShape(t, m, w, h)
				}
			}
		}
	}
}

func TestWhyNoSecondRoomIsShownGoesWithTheWidth(t *testing.T) {
	m, _ := sceneModel(t, 80, 24)
	m.addRoom("lounge")
	press(t, m, "alt+z")
	shows(t, m, "here are 80")
	m.Update(tea.WindowSizeMsg{Width: 170, Height: 30})
	hides(t, m, "here are 80")
	if m.second() == nil {
		t.Error("the second room is not shown")
	}
}
