package tui

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

func TestCompletionFitsThePlace(t *testing.T) {
	m, _ := operate(t, 120, 40)
	v := m.room()
	v.state.Emotes = []room.Emote{{Name: ":bowl:"}}
	v.rememberReason("caps lock")
	v.heardOf("boris") // spoke and left
	for _, c := range []struct {
		before string
		want   []string
	}{
		{"hello b", []string{"bob "}},
		{"hi :bo", []string{":bowl: "}},
		{"@da", []string{"@dave "}},
		{"/ki", []string{"/kick "}},
		{"/kick ", []string{"Alice ", "dave ", "zoë_42 ", "bob "}}, // as they spoke last
		{"/kick bo", []string{"bob "}},
		{"/ban bo", []string{"bob ", "boris "}}, // a ban works on who has left
		{"/kick bob c", []string{"caps lock "}},
		{"/kick bob caps l", []string{"caps lock "}},
		{"/mute bob 1", []string{"10m ", "1h ", "1d "}},
		{"/mute bob c", []string{"caps lock "}},
		{"/mode o", []string{"on ", "off "}},
		{"/jump ", []string{"1 ", "2 ", "3 "}},
		{"/pm bo", []string{"bob "}},
		{"  /kick   bo", []string{"bob "}}, // however many blanks
		{"/kick  ", []string{"Alice "}},
		{"/kick  bob   caps l", []string{"caps lock "}},
		{"/mute  bob  1", []string{"10m "}},
		{"/pm   bo", []string{"bob "}},
	} {
		_, got := offers(v, c.before, false)
		if len(got) < len(c.want) || !slices.Equal(got[:len(c.want)], c.want) {
			t.Errorf("%q gives %q, want %q first", c.before, got, c.want)
		}
	}
	typeText(m, "/kick bob caps l")
	press(t, m, "tab")
	if got := v.edit.value(); got != "/kick bob caps lock " {
		t.Errorf("completed to %q", got)
	}
	v.edit, v.tab = editor{}, completion{}
	typeText(m, "/kick  bo")
	press(t, m, "tab")
	if got := v.edit.value(); got != "/kick  bob " {
		t.Errorf("completed to %q", got)
	}
}

func TestMovingToTheUsersAndActing(t *testing.T) {
	m, _ := operate(t, 120, 40)
	press(t, m, "esc", "l", "j", "j", "j")
	if got := m.room().users.sel; got != "dave" { // from Rosey, who said the last line
		t.Errorf("chosen %q", got)
	}
	// Whoever comes and goes meanwhile, the choice is dave.
	m.Update(updates("movienight", event(&room.UserJoin{User: "aaron", UserData: user("aaron", 1)})))
	shows(t, m, "› + dave")
	press(t, m, "K")
	shows(t, m, "Leave dave alone")
	press(t, m, "esc")
	armed(m)
	press(t, m, "esc", "h")
	if m.room().users.focus {
		t.Error("h does not lead back to the chat")
	}
}

func TestCopyingALine(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	cmd := press(t, m, "esc", "y")
	want := reflect.ValueOf(tea.SetClipboard("2025-11-20 21:04:00 Rosey: good evening")())
	if cmd == nil || reflect.ValueOf(cmd()).String() != want.String() {
		t.Errorf("copied %v", cmd())
	}
	shows(t, m, "copied · ")
	if m.copy(strings.Repeat("x", 100<<10)); m.status != "copied the first 64 kB" {
		t.Errorf("a long copy says %q", m.status)
	}
}

func TestLinksAreShownInFull(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	press(t, m, "esc", "o")
	shows(t, m, "no link in this line")
	for !strings.Contains(m.room().chat.selected().text(), "look at") {
		press(t, m, "k")
	}
	press(t, m, "o")
	shows(t, m, "› https://example.org/x")
	if cmd := press(t, m, "y"); cmd == nil || m.dialog() != nil {
		t.Error("y does not copy the link")
	}
}

// find is where text stands on the screen.
func find(tb testing.TB, m *model, text string) (x, y int) {
	tb.Helper()
	for y, row := range screen(m) {
		if i := strings.Index(row, text); i >= 0 {
			return m.by.StringWidth(row[:i]), y
		}
	}
	tb.Fatalf("%q is not on the screen", text)
	return 0, 0
}

func click(m *model, x, y int) tea.Cmd {
	_, cmd := m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	return cmd
}

func TestTheMouseDoesWhatAHandExpects(t *testing.T) {
	m, _ := operate(t, 120, 40)
	x, y := find(t, m, "~ Alice")
	click(m, x+3, y)
	if c, ok := m.dialog().(*card); !ok || c.name != "Alice" {
		t.Fatalf("a click on a user opens %v", m.dialog())
	}
	press(t, m, "esc")
	x, y = find(t, m, "what's playing?")
	click(m, x, y)
	if l := m.room().chat.selected(); l == nil || l.text() != "what's playing?" {
		t.Fatalf("a click on a line chooses %+v", l)
	}
	x, y = find(t, m, "bob  what's playing?")
	click(m, x, y)
	if c, ok := m.dialog().(*card); !ok || c.name != "bob" {
		t.Fatalf("a click on a name opens %v", m.dialog())
	}
	press(t, m, "esc", "esc")
	x, y = find(t, m, "https://example.org/x")
	click(m, x, y)
	if _, ok := m.dialog().(*linkList); !ok {
		t.Fatalf("a click on a link opens %v", m.dialog())
	}
	press(t, m, "esc")
	at := m.layout.users.x - 1
	click(m, at, 10)
	m.Update(tea.MouseMotionMsg{X: at - 10, Y: 10, Button: tea.MouseLeft})
	m.Update(tea.MouseReleaseMsg{X: at - 10, Y: 10})
	if got := m.layout.users.x - 1; got != at-10 {
		t.Errorf("the divider is at %d, not %d", got, at-10)
	}
	requireShape(t, m, 120, 40)
	press(t, m, "alt+x")
	if m.View().MouseMode != tea.MouseModeNone {
		t.Error("the mouse is not off")
	}
}

func TestReasonsOfOldAndTheNextCompletionAreOffered(t *testing.T) {
	m, bot := operate(t, 120, 40)
	bot.db = cardAnswers()
	m.room().rememberReason("spoilers")
	settle(m, m.wantReasons(m.room()))
	if got := m.room().reasons; !slices.Equal(got, []string{"spoilers", "caps"}) {
		t.Errorf("reasons %q", got)
	}
	typeText(m, "hello bo")
	shows(t, m, "tab bob")
	press(t, m, "ctrl+u")
	typeText(m, "/kick bob c")
	shows(t, m, "tab caps")
	press(t, m, "enter")
	shows(t, m, "↑ ↓ earlier reasons")
}

// A click on a hint does what its key does, wherever the person is.
func TestAClickOnAHintPressesItsKey(t *testing.T) {
	m, bot := operate(t, 160, 50)
	hint := func(text string) {
		t.Helper()
		x, y := find(t, m, text)
		if y != 49 {
			t.Fatalf("%q stands in row %d", text, y)
		}
		settle(m, click(m, x+1, y))
		requireShape(t, m, 160, 50)
	}
	hint("F5 bus")
	if m.shown != viewBus {
		t.Fatalf("view %d is shown", m.shown)
	}
	hint("s sort")
	if p := m.views[viewBus].(*busPage); p.sort != 1 {
		t.Error("the bus page is sorted as before")
	}
	hint("esc room")
	hint("esc select")
	if !m.room().chat.selecting() {
		t.Fatal("nothing is selected")
	}
	hint("enter card")
	if _, ok := m.dialog().(*card); !ok {
		t.Errorf("the dialog is %T", m.dialog())
	}
	press(t, m, "esc", "esc")
	if m.room().chat.selecting() {
		press(t, m, "esc")
	}
	hint("ctrl+p commands")
	if _, ok := m.dialog().(*finder); !ok {
		t.Fatalf("the dialog is %T", m.dialog())
	}
	click(m, 3, 49) // there is none now
	press(t, m, "esc")
	// A question takes the mouse no earlier than its keys.
	typeText(m, "/kick bob")
	press(t, m, "enter")
	hint("esc leave it")
	if m.dialog() == nil {
		t.Fatal("a click is not swallowed before the question was seen")
	}
	armed(m)
	hint("esc leave it")
	if m.dialog() != nil || len(bot.asked) > 0 {
		t.Errorf("the dialog is %T, asked %v", m.dialog(), bot.asked)
	}
	click(m, 159, 49) // beside all hints
	x, y := find(t, m, "alt+g")
	if click(m, x, y); m.detail.tab != detailCard {
		t.Error("the pane's key is not pressed")
	}
}

// What can be taken back is two keys, and a click presses both.
func TestAClickTakesBack(t *testing.T) {
	m, bot := operate(t, 120, 40)
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Undo: "unmute bob"}
	typeText(m, "/mute bob")
	press(t, m, "enter")
	armed(m)
	settle(m, press(t, m, "tab", "enter"))
	x, y := find(t, m, "esc u")
	settle(m, click(m, x, y))
	if len(bot.verbs) != 2 || bot.verbs[1] != "unmute" {
		t.Errorf("asked %v", bot.verbs)
	}
}

// Only where the keys go is there a ›, with colours or without.
func TestOnlyTheFocusHasTheCursor(t *testing.T) {
	m, _ := operate(t, 120, 40)
	press(t, m, "esc", "l")
	shown := strings.Join(screen(m), "\n")
	if n := strings.Count(shown, "›"); n != 1 {
		t.Errorf("%d cursors with the focus in the list:\n%s", n, shown)
	}
	shows(t, m, "\n·21:04")
	press(t, m, "h")
	if n := strings.Count(strings.Join(screen(m), "\n"), "›"); n != 1 {
		t.Errorf("%d cursors with the focus in the chat", n)
	}
}
