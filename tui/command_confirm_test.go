package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

func TestACommandIsAskedAboutSentAndFollowed(t *testing.T) {
	m, bot := operate(t, 120, 40)
	typeText(m, "/kick BOB caps lock")
	press(t, m, "enter")
	shows(t, m, "Kick bob")
	shows(t, m, "Throws a person out")
	armed(m)
	press(t, m, "enter")
	if len(bot.asked) > 0 || m.dialog() != nil {
		t.Fatal("the default is not the safe button")
	}
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Kicked bob: caps lock", Took: 300}
	press(t, m, "up", "enter")
	armed(m)
	settle(m, press(t, m, "tab", "enter"))
	if len(bot.asked) != 1 || bot.verbs[0] != "kick" || !slices.Equal(bot.asked[0].Args, []string{"bob", "caps lock"}) || bot.asked[0].Source != room.SourceConsole {
		t.Fatalf("asked %v %+v", bot.verbs, bot.asked)
	}
	shows(t, m, "kick bob caps lock … ✓ left after 0.3 s")
}

func TestOutcomesAreToldInPlace(t *testing.T) {
	for _, c := range []struct {
		reply bus.CommandReply
		want  string
	}{
		{bus.CommandReply{Status: bus.StatusRefused, Text: "bob has equal or higher rank"}, "kick bob … ✗ refused: bob has equal or higher rank"},
		{bus.CommandReply{Status: bus.StatusNoEffect, Text: "bob was not in the room", Took: 5000}, "kick bob … – no effect in 5.0 s: bob was not in the room"},
		{bus.CommandReply{Status: bus.StatusPending, Text: "the bot did not say"}, "kick bob … – not known what came of it: the bot did not say"},
	} {
		m, bot := operate(t, 120, 40)
		bot.reply = c.reply
		typeText(m, "/kick bob")
		press(t, m, "enter")
		armed(m)
		settle(m, press(t, m, "tab", "enter"))
		shows(t, m, c.want)
		if n := strings.Count(strings.Join(screen(m), "\n"), "kick bob"); n != 1 {
			t.Errorf("told %d times", n)
		}
	}
}

func TestTheInverseIsOfferedForTenMinutes(t *testing.T) {
	m, bot := operate(t, 120, 40)
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Muted dave", Undo: "unmute dave"}
	typeText(m, "/mute dave 10m")
	press(t, m, "enter")
	armed(m)
	settle(m, press(t, m, "tab", "enter"))
	if !slices.Equal(bot.asked[0].Args, []string{"dave", "10m"}) {
		t.Errorf("asked %q", bot.asked[0].Args)
	}
	setMute(m.room(), "dave", true)
	shows(t, m, "esc u unmute dave")
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Unmuted dave"}
	settle(m, press(t, m, "esc", "u"))
	if len(bot.asked) != 2 || bot.verbs[1] != "unmute" || bot.asked[1].Args[0] != "dave" {
		t.Fatalf("asked %v", bot.verbs)
	}
	m, _ = operate(t, 120, 40)
	press(t, m, "esc", "u")
	shows(t, m, "nothing of the last ten minutes")
	setMute(m.room(), "dave", true)
	m.errands = []*errand{{room: "movienight", over: true, ended: evening, reply: bus.CommandReply{Status: bus.StatusDone, Undo: "unmute dave"}}}
	if _, ok := m.undoable(); !ok {
		t.Error("not offered")
	}
	m.Update(tickMsg(evening.Add(11 * time.Minute)))
	if _, ok := m.undoable(); ok {
		t.Error("still offered after eleven minutes")
	}
}

func TestWhatTheBotMayNotDoIsNotSent(t *testing.T) {
	m, bot := operate(t, 120, 40)
	for typed, want := range map[string]string{
		"/kick Alice":   "cannot kick Alice: has rank 3, the bot only 3",
		"/kick nobody":  "cannot kick nobody: not in the room",
		"/kick":         "/kick needs a user: /kick <user> [reason]",
		"/bann bob":     "/bann is no command here",
		`/kick "bob`:    "a quote is left open",
		"/purge dave x": "",
	} {
		m.room().edit.set(typed)
		if want == "" {
			m.room().state.Perms["playlistdelete"] = 5
			want = "cannot purge dave: needs rank 5, the bot has 3"
		}
		press(t, m, "enter")
		shows(t, m, want)
		if m.dialog() != nil || len(bot.asked) > 0 {
			t.Fatalf("%q went on", typed)
		}
	}
}

func TestDestructiveQuestionsOfThePlaylist(t *testing.T) {
	m, bot := operate(t, 80, 24)
	tree := slices.Clone(testTree.Commands)
	for i := range tree {
		tree[i].Destructive = tree[i].Destructive || tree[i].Name == "jump"
	}
	m.room().tree.reply.Commands = tree
	m.addRoom("den")
	press(t, m, "f3", "j")
	for _, c := range []struct{ key, title, what string }{
		{"enter", "Jump in movienight", "What plays now stops for everybody"},
		{"d", "Remove in movienight", "Metropolis"},
		{"S", "Shuffle in movienight", "Shuffles the queue."},
	} {
		press(t, m, c.key)
		shows(t, m, c.title)
		shows(t, m, c.what)
		shows(t, m, "‹ Leave it (n) ›")
		press(t, m, "y", "tab", "enter")
		if m.dialog() == nil || len(bot.asked) > 0 {
			t.Fatalf("%s: keys that came too soon did something", c.title)
		}
		requireShape(t, m, 80, 24)
		armed(m)
		settle(m, press(t, m, "enter"))
		if m.dialog() != nil || len(bot.asked) > 0 {
			t.Fatalf("%s: the default is not the safe one", c.title)
		}
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
