package tui

import (
	"encoding/json"
	"strings"
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

// A console that comes later shows of an action what those show that were there.
func TestAWhisperAndItsActionAreOneLineInABacklog(t *testing.T) {
	whispered := func(text string) bus.Update {
		w := message("21:04", "[server]", text)
		w.Server = true
		return event(w)
	}
	did := func(id, actor, verb, target string, by room.ActionSource, status bus.CommandStatus) bus.Update {
		return event(&room.Action{ID: id, Actor: actor, Verb: verb, Target: target, Line: verb + " " + target, Source: by, Status: string(status), Time: evening.UnixMilli()})
	}
	all := []bus.Update{
		did("1", "tester", "kick", "bob", room.SourceConsole, bus.StatusPending),
		whispered("Rosey kicked bob"), event(&room.UserLeave{User: "bob"}),
		did("1", "tester", "kick", "bob", room.SourceConsole, bus.StatusDone),
		whispered("erin muted carol"), did("2", "erin", "mute", "carol", room.SourceRoom, bus.StatusDone),
		did("3", "erin", "ban", "dave", room.SourceRoom, bus.StatusDone), whispered("erin banned dave"),
		did("4", "tester", "unmute", "carol", room.SourceShell, bus.StatusPending), whispered("Rosey unmuted carol"),
		did("4", "tester", "unmute", "carol", room.SourceShell, bus.StatusDone),
	}
	live, _ := sceneModel(t, 160, 60)
	live.Update(updates("movienight", all...))
	later, _ := testModel(t, testOptions(), 160, 60)
	later.Update(updates("movienight", linkUp()))
	later.Update(updates("movienight", append(backlogOf(all), bus.Update{Kind: bus.UpdateState, State: movieNight()})...))
	for name, m := range map[string]*model{"live": live, "later": later} {
		for _, text := range []string{"kicked bob", "muted carol", "banned dave"} {
			hides(t, m, text)
		}
		for _, text := range []string{"kick bob", "erin  mute carol", "erin  ban dave", "unmute carol"} {
			if n := strings.Count(strings.Join(screen(m), "\n"), text); n < 1 {
				t.Errorf("%s: %q is not there\n%s", name, text, strings.Join(screen(m), "\n"))
			}
		}
	}
	// The pages of its history are read by the same way.
	var page []bus.Envelope
	for i, u := range all {
		data, err := json.Marshal(u.Event)
		if err != nil {
			t.Fatal(err)
		}
		page = append(page, bus.Envelope{V: bus.EnvelopeVersion, Seq: uint64(i + 1), Time: u.Time, Event: u.Event.EventName(), Data: data})
	}
	for _, l := range later.room().linesOf(page, evening, true) {
		if l.kind == lineServer {
			t.Errorf("a page of the history has %q", l.text())
		}
	}
}
