package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// While the chat stands still the outcome stands in the input row, also when
// what was done lies below what is shown, and goes after a minute.
func TestAnOutcomeIsToldWhereOneStands(t *testing.T) {
	m, bot := operate(t, 80, 24)
	press(t, m, "esc")
	for m.room().chat.selected().name != "dave" {
		press(t, m, "k")
	}
	for range 30 {
		m.Update(updates("movienight", event(message("21:04", "Alice", "and another line"))))
	}
	press(t, m, "K")
	armed(m)
	going := press(t, m, "tab", "enter")
	row := func() string { return screen(m)[22] }
	if !strings.Contains(row(), "kick dave …") {
		t.Errorf("under way: %q", row())
	}
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Kicked dave", Took: 300}
	settle(m, going)
	press(t, m, "k")
	if !strings.Contains(row(), "kick dave … ✓ left after 0.3 s") {
		t.Errorf("done: %q", row())
	}
	requireShape(t, m, 80, 24)
	m.Update(tickMsg(evening.Add(2 * time.Minute)))
	if strings.Contains(row(), "kick") {
		t.Errorf("two minutes later: %q", row())
	}
}

// What is too long for a row is told in full, and the keys stay.
func TestALongRefusalIsToldInFull(t *testing.T) {
	m, bot := operate(t, 80, 24)
	why := "CyTube says: " + strings.Repeat("because of this and of that ", 6) + "and that is all"
	bot.reply = bus.CommandReply{Status: bus.StatusRefused, Text: why}
	press(t, m, "esc")
	for m.room().chat.selected().name != "dave" {
		press(t, m, "k")
	}
	press(t, m, "K")
	armed(m)
	settle(m, press(t, m, "tab", "enter"))
	shows(t, m, "and that is all")
	shows(t, m, "F7 in full")
	shows(t, m, "esc back to live")
	requireShape(t, m, 80, 24)
	press(t, m, "k")
	shows(t, m, "F7 in full")

	press(t, m, "esc")
	m.room().chat.clear()
	typeText(m, "/bannnnnnnnnn somebody")
	press(t, m, "enter")
	shows(t, m, "/help") // the end of it
	shows(t, m, "/bannnnnnnnnn somebody")
	for _, s := range [][2]int{{40, 8}, {40, 10}, {200, 60}} {
		m.status = strings.Repeat("a long sentence ", 60)
		m.Update(tea.WindowSizeMsg{Width: s[0], Height: s[1]})
		requireShape(t, m, s[0], s[1])
	}
}

// In another view, over a dialog and in another room it is told in the last row.
func TestAnOutcomeIsToldInOtherViews(t *testing.T) {
	m, bot := operate(t, 120, 40)
	m.addRoom("den")
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Kicked dave", Took: 300}
	press(t, m, "f4")
	v := m.room()
	cmd, _ := m.confirmCommand(v, testTree.Commands[1], []string{"dave"})
	settle(m, cmd)
	shows(t, m, "Kick dave in movienight")
	armed(m)
	settle(m, press(t, m, "tab", "enter"))
	shows(t, m, "kick dave … ✓ left after 0.3 s")

	m, bot = operate(t, 80, 24) // over a list of hits, which covers the input row
	bot.db = cardAnswers()
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Kicked bob", Took: 300}
	press(t, m, "esc", "/")
	typeText(m, "zebra")
	settle(m, press(t, m, "enter"))
	settle(m, press(t, m, "K"))
	armed(m)
	settle(m, press(t, m, "tab", "enter"))
	if row := screen(m)[23]; !strings.Contains(row, "kick bob … ✓ left after 0.3 s") {
		t.Errorf("over the hits: %q", row)
	}
}

func TestUntilWhenAMuteLasts(t *testing.T) {
	m, bot := operate(t, 120, 40)
	typeText(m, "/mute dave")
	press(t, m, "enter")
	shows(t, m, "time, reason ▸ 10m")
	shows(t, m, "For 10 minutes, until 21:14, unless you write another time.")
	shows(t, m, "tab to the other button")
	shows(t, m, "enter press ‹Leave dave alone›")
	armed(m)
	press(t, m, "ctrl+u")
	shows(t, m, "Until somebody unmutes them, unless a time stands first")
	typeText(m, "1d12h ")
	shows(t, m, "For 1 day 12 hours, until Sat 22 Nov 09:04")
	m.room().rememberReason("caps")
	m.dialog().(*question).field.offers = m.room().reasons
	press(t, m, "down")
	if got := m.dialog().(*question).field.value(); got != "1d12h caps" {
		t.Errorf("an earlier reason makes it %q", got)
	}
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Muted dave for 1d 12h: caps"}
	settle(m, press(t, m, "tab", "enter"))
	shows(t, m, "mute dave 1d12h caps … ✓ done · until Sat 22 Nov 09:04")
	if got := m.room().reasons[0]; got != "caps" {
		t.Errorf("remembered %q as the reason", got)
	}
	m.Update(updates("movienight", event(&room.Action{
		ID: "x", Actor: "kim", Verb: "mute", Target: "bob", Line: "mute bob 1h", Status: string(bus.StatusDone), Text: "Muted bob for 1h", Time: evening.UnixMilli(),
	})))
	shows(t, m, "mute bob 1h … ✓ done · until 22:04")
	settle(m, m.openCard(m.room(), "bob"))
	shows(t, m, "until 22:04")
}

// A ban is for good unless one says otherwise.
func TestABanBeginsWithoutATime(t *testing.T) {
	info := testTree.Commands[4]
	info.Args = []bus.ArgInfo{info.Args[0], {Name: "duration", Type: bus.ArgDuration, Optional: true}, info.Args[1]}
	m, _ := operate(t, 120, 40)
	cmd, _ := m.confirmCommand(m.room(), info, []string{"dave"})
	settle(m, cmd)
	shows(t, m, "For good, unless a time stands first: 10m, 2h, 3d.")
	if got := m.dialog().(*question).field.value(); got != "" {
		t.Errorf("begins with %q", got)
	}
}

func TestTheTruthAboutWhoIsNotThere(t *testing.T) {
	m, _ := operate(t, 120, 40)
	typeText(m, "/kick erin")
	press(t, m, "enter")
	shows(t, m, "cannot kick erin: left at 21:03 · a ban reaches the name all the same")
	press(t, m, "ctrl+u")
	typeText(m, "/ban erin")
	press(t, m, "enter")
	shows(t, m, "erin · left at 21:03")
	shows(t, m, "whoever comes by this name is turned away")
	armed(m)
	press(t, m, "esc", "ctrl+u")
	typeText(m, "/mute guest42")
	press(t, m, "enter")
	shows(t, m, "a guest, not registered")
	armed(m)
	press(t, m, "esc", "ctrl+u")
	typeText(m, "/kick dave")
	press(t, m, "enter")
	m.Update(updates("movienight", event(&room.UserLeave{User: "dave"})))
	shows(t, m, "this reaches nobody now")
}

func TestAQuestionNamesTheItemAndTheRoom(t *testing.T) {
	m, _ := operate(t, 120, 40)
	m.addRoom("den")
	typeText(m, "/remove 2")
	press(t, m, "enter")
	shows(t, m, "Remove in movienight")
	shows(t, m, "remove 2 in movienight")
	shows(t, m, "│ Metropolis (1927) restored")
	shows(t, m, "‹ Leave it (n) ›")
	hides(t, m, "Leave it alone")
}
