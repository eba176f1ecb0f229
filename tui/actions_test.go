package tui

import (
	"testing"

	"rosey/bus"
	"rosey/bus/room"
)

func TestActionsOfOthersAreSeenOnce(t *testing.T) {
	m, _ := operate(t, 120, 40)
	act := room.Action{ID: "x1", Actor: "sam", Verb: "kick", Target: "spammer", Line: "kick spammer caps", Source: room.SourceConsole, Status: string(bus.StatusPending), Time: evening.UnixMilli()}
	m.Update(updates("movienight", event(&act)))
	shows(t, m, "✂ sam  kick spammer caps …")
	done := act
	done.Status, done.Text, done.Took = string(bus.StatusDone), "Kicked spammer: caps", 400
	m.Update(updates("movienight", event(&done)))
	shows(t, m, "kick spammer caps … ✓ left after 0.4 s")
	if n := len(m.room().actions); n != 1 {
		t.Errorf("%d actions kept", n)
	}
	// Whoever acts on the same person now is told.
	m.room().state.Users = append(m.room().state.Users, user("spammer", 1))
	typeText(m, "/ban spammer")
	press(t, m, "enter")
	shows(t, m, "! sam did this")
}

// What the server whispers and what the bot makes of it is one line.
// What one says oneself stands in the chat once, as the bot's line; of others
// it is told who lent the bot the words.
func TestWordsOfOnesOwnStandInTheChatOnce(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	say := func(id, actor, text string, status bus.CommandStatus, came string) {
		m.Update(updates("movienight", event(&room.Action{ID: id, Actor: actor, Verb: "say", Line: "say " + text,
			Text: came, Source: room.SourceConsole, Status: string(status), Time: evening.UnixMilli()})))
	}
	say("s1", "tester", "good evening", bus.StatusPending, "")
	hides(t, m, "say good evening")
	say("s1", "tester", "good evening", bus.StatusDone, "Sent: good evening")
	m.Update(updates("movienight", event(message("21:04", "Rosey", "good evening"))))
	hides(t, m, "say good evening")
	shows(t, m, "Rosey  good evening")
	say("s2", "tester", "too much", bus.StatusRefused, "the room is muted")
	shows(t, m, "say too much … ✗ refused: the room is muted")
	say("s3", "mia", "hello from me", bus.StatusDone, "Sent: hello from me")
	shows(t, m, "mia  say hello from me … ✓ said")
}

func TestAWhisperAndItsActionAreOneLine(t *testing.T) {
	m, _ := operate(t, 120, 40)
	w := message("21:04", "[server]", "mod2 banned rude")
	w.Server = true
	m.Update(updates("movienight", event(w)))
	shows(t, m, "mod2 banned rude")
	m.Update(updates("movienight", event(&room.Action{ID: "r1", Actor: "mod2", Verb: "ban", Target: "rude", Source: room.SourceRoom, Status: string(bus.StatusDone), Time: evening.UnixMilli()})))
	hides(t, m, "mod2 banned rude")
	shows(t, m, "✂ mod2  ban rude")
}
