package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
)

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
	shows(t, m, "↑ brings it back")
	for _, s := range [][2]int{{40, 8}, {40, 10}, {200, 60}} {
		m.status = strings.Repeat("a long sentence ", 60)
		m.Update(tea.WindowSizeMsg{Width: s[0], Height: s[1]})
		requireShape(t, m, s[0], s[1])
	}
}

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

// An outcome does not stand there as the answer to what was refused after it.
func TestAnOldOutcomeGoesWhenTheNextCommandIsRefused(t *testing.T) {
	m, bot := operate(t, 120, 12)
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "kicked bob"}
	v := m.room()
	for range 30 {
		m.Update(updates("movienight", event(message("21:04", "Alice", "one more"))))
	}
	press(t, m, "esc", "pgup")
	info, _ := v.command("kick")
	settle(m, m.send(newErrand(m, v, info, []string{"bob"})))
	if m.deed(v) == nil {
		t.Fatal("the outcome is not told")
	}
	press(t, m, "k") // says nothing
	if m.deed(v) == nil {
		t.Error("the outcome is gone at the next key")
	}
	press(t, m, "u") // refused: nothing can be taken back
	shows(t, m, "cannot be taken back")
	press(t, m, "k")
	if m.deed(v) != nil {
		t.Error("the old outcome stands there after what was told later")
	}
	settle(m, m.send(newErrand(m, v, info, []string{"dave"})))
	if e := m.deed(v); e == nil || e.words[0] != "dave" {
		t.Errorf("the newest outcome is not told: %+v", e)
	}
}
