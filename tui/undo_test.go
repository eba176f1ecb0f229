package tui

import (
	"slices"
	"strings"
	"testing"

	"rosey/bus"
)

// muted is a room in which the operator has muted these, each taken back by unmute.
func muted(tb testing.TB, w, h int, names ...string) (*model, *answers) {
	tb.Helper()
	m, bot := operate(tb, w, h)
	for _, name := range names {
		bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Muted " + name, Undo: "unmute " + name, Took: 300}
		typeText(m, "/mute "+name)
		press(tb, m, "enter")
		armed(m)
		settle(m, press(tb, m, "tab", "enter"))
	}
	bot.asked, bot.verbs = nil, nil
	return m, bot
}

// The key pressed twice neither does again what it has undone nor reaches for
// what was done before.
func TestUndoDoesNotToggle(t *testing.T) {
	m, bot := muted(t, 80, 24, "bob", "dave")
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Unmuted dave", Undo: "mute dave"}
	undo := press(t, m, "esc", "u")
	press(t, m, "u")
	shows(t, m, "unmute dave is under way")
	settle(m, undo)
	hides(t, m, "u unmute")
	hides(t, m, "u mute dave")
	settle(m, press(t, m, "u", "u"))
	shows(t, m, "taken back already (unmute dave): nothing more to take back")
	if !slices.Equal(bot.verbs, []string{"unmute"}) || m.dialog() != nil {
		t.Errorf("did %q", bot.verbs)
	}
}

// What is under way is what is meant: the key does not reach behind it.
func TestUndoDoesNotReachBehindWhatIsUnderWay(t *testing.T) {
	m, bot := muted(t, 80, 24, "bob")
	typeText(m, "/mute dave")
	press(t, m, "enter")
	armed(m)
	press(t, m, "tab", "enter", "esc") // nobody has answered yet
	settle(m, press(t, m, "u"))
	shows(t, m, "mute dave 10m is under way")
	if len(bot.verbs) > 0 {
		t.Errorf("did %q", bot.verbs)
	}
}

func TestAnUndoThatFailedCanBeTriedAgain(t *testing.T) {
	m, bot := muted(t, 80, 24, "dave")
	bot.reply = bus.CommandReply{Status: bus.StatusRefused, Text: "CyTube says: no"}
	settle(m, press(t, m, "esc", "u"))
	shows(t, m, "unmute dave … ✗ refused: CyTube says: no")
	shows(t, m, "u unmute dave")
	settle(m, press(t, m, "u"))
	if !slices.Equal(bot.verbs, []string{"unmute", "unmute"}) {
		t.Errorf("did %q", bot.verbs)
	}
}

// What an unmute is taken back with harms: it asks, with its time.
func TestUndoOfAnUnmuteAsks(t *testing.T) {
	m, bot := operate(t, 80, 24)
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Unmuted dave", Undo: "mute dave"}
	typeText(m, "/unmute dave")
	settle(m, press(t, m, "enter"))
	settle(m, press(t, m, "esc", "u"))
	shows(t, m, "Leave dave alone")
	shows(t, m, "For 10 minutes, until 21:14")
	if len(bot.verbs) != 1 {
		t.Errorf("did %q", bot.verbs)
	}
}

// An undo that harms asks first, and is taken back no more than any other.
func TestAnUndoThatAsksDoesNotToggle(t *testing.T) {
	m, bot := operate(t, 80, 24)
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Unmuted dave", Undo: "mute dave 8m caps"}
	typeText(m, "/unmute dave")
	settle(m, press(t, m, "enter"))
	press(t, m, "esc", "u")
	armed(m)
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Muted dave", Undo: "unmute dave"}
	settle(m, press(t, m, "tab", "enter"))
	settle(m, press(t, m, "u"))
	shows(t, m, "taken back already (mute dave 8m caps): nothing more to take back")
	if !slices.Equal(bot.verbs, []string{"unmute", "mute"}) || !slices.Equal(bot.asked[1].Args, []string{"dave", "8m", "caps"}) {
		t.Errorf("did %q %+v", bot.verbs, bot.asked)
	}
}

// The offer has a place of its own, and leaves the keys where they are.
func TestTheUndoOfferLeavesTheKeys(t *testing.T) {
	m, bot := muted(t, 80, 24, "dave")
	rows := screen(m)
	if !strings.Contains(rows[21], "── esc u unmute dave ──") || !strings.Contains(rows[23], "ctrl+p commands  ·  F1 help") {
		t.Errorf("%q\n%q", rows[21], rows[23])
	}
	requireShape(t, m, 80, 24)
	m.addRoom("den")
	shows(t, m, "esc u unmute dave in movienight")
	x, y := find(t, m, "esc u unmute")
	if click(m, x-3, y) != nil || click(m, x+60, y) != nil {
		t.Error("a click beside the offer does something")
	}
	settle(m, click(m, x, y))
	if !slices.Equal(bot.verbs, []string{"unmute"}) {
		t.Errorf("a click on the offer did %q", bot.verbs)
	}
}
