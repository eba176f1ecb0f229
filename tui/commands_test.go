package tui

import (
	"testing"

	"rosey/bus"
)

// What is about somebody's items is not refused for who they are: the bot itself
// queues what operators add.
func TestItemsOfTheBotAndOfAdminsCanBeRemoved(t *testing.T) {
	for _, name := range []string{"rosey", "alice"} {
		m, bot := operate(t, 100, 30)
		bot.reply = bus.CommandReply{Status: bus.StatusPreview, Text: "would remove 1 item", Targets: []string{"1 Plan 9"}, Confirm: "abc"}
		typeText(m, "/purge "+name)
		settle(m, press(t, m, "enter"))
		shows(t, m, "[x] 1 Plan 9")
	}
}

// Clearing says for whom it is.
func TestClearIsOnesOwn(t *testing.T) {
	m, bot := operate(t, 80, 24)
	typeText(m, "/clear")
	settle(m, press(t, m, "enter"))
	shows(t, m, "only your own screen was emptied: /clearall clears the chat for everyone")
	hides(t, m, "good evening")
	if len(bot.verbs) > 0 || m.dialog() != nil {
		t.Errorf("did %q", bot.verbs)
	}
	press(t, m, "ctrl+p")
	typeText(m, "/clear")
	shows(t, m, "empty your own screen")
	shows(t, m, "clear the chat for everyone in the room")
}
