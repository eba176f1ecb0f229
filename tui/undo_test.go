package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// setMute has the room know somebody for muted, or not.
func setMute(v *channel, name string, muted bool) {
	u, _ := v.state.User(name)
	u.Meta.Muted = muted
	v.state = room.Apply(v.state, &room.UserMeta{User: name, Meta: u.Meta})
}

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
		setMute(m.room(), name, true)
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

// The key takes back what was done in the room that is shown, and no other's.
func TestUndoIsOfTheRoomThatIsShown(t *testing.T) {
	m, bot := muted(t, 80, 24, "dave")
	m.addRoom("den")
	shows(t, m, "esc u unmute dave in movienight")
	m.show(1)
	hides(t, m, "unmute dave")
	typeText(m, "/undo")
	settle(m, press(t, m, "enter"))
	shows(t, m, "nothing of the last ten minutes can be taken back")
	if len(bot.verbs) > 0 {
		t.Errorf("did %q", bot.verbs)
	}
}

// What has ended, what somebody else has taken back and what the bot may not do
// any more is not offered.
func TestNothingIsOfferedThatCannotBeDone(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(m *model, v *channel, e *errand)
		want   string
	}{
		{"the mute is over", func(_ *model, v *channel, _ *errand) { setMute(v, "dave", false) }, "dave is not muted any more"},
		{"its time is over", func(m *model, _ *channel, _ *errand) { m.Update(tickMsg(evening.Add(5 * time.Minute))) }, "mute dave 5m has ended by itself"},
		{"somebody else took it back", func(_ *model, v *channel, e *errand) {
			v.actions = append(v.actions, room.Action{ID: e.id, Verb: "mute", Target: "dave", Status: "done"},
				room.Action{ID: "x", Actor: "mod2", Verb: "unmute", Target: "Dave", Status: "done"})
		}, "mod2 took mute dave 5m back already"},
		{"the bot lost its rank", func(_ *model, v *channel, _ *errand) { v.state.Self.Rank = 1 }, "needs rank 2, the bot has 1"},
		{"a later command has no inverse", func(m *model, v *channel, _ *errand) {
			m.errands = append(m.errands, &errand{room: v.name, typed: "rank bob 2", over: true, ended: evening, reply: bus.CommandReply{Status: bus.StatusDone}})
		}, "rank bob 2 was done last, and cannot be taken back"},
		{"a later bulk has no inverse", func(m *model, v *channel, _ *errand) {
			m.rememberBulk(&radarList{room: v.name}, "", "bob")
			m.bulks[0].ended = evening.Add(time.Second)
		}, "nothing of the last ten minutes can be taken back"},
	} {
		m, bot := operate(t, 100, 30)
		bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Muted dave", Undo: "unmute dave"}
		typeText(m, "/mute dave 5m")
		press(t, m, "enter")
		armed(m)
		settle(m, press(t, m, "tab", "enter"))
		setMute(m.room(), "dave", true)
		shows(t, m, "esc u unmute dave")
		c.change(m, m.room(), m.errands[0])
		hides(t, m, "esc u unmute")
		settle(m, press(t, m, "esc", "u"))
		shows(t, m, c.want)
		if len(bot.verbs) != 1 {
			t.Errorf("%s: did %q", c.what, bot.verbs)
		}
	}
}

// Of what is no person's the room itself tells whether it still can be.
func TestWhatTheRoomHasPutRightIsNotOffered(t *testing.T) {
	m, _ := operate(t, 100, 30)
	v := m.room()
	v.state.Poll = &room.Poll{Title: "Tea?", Initiator: "rosey"}
	done := func(typed, undo string) bool {
		t.Helper()
		name, rest, _ := strings.Cut(typed, " ")
		e := &errand{room: v.name, info: bus.CommandInfo{Name: name}, typed: typed, over: true, ended: evening, reply: bus.CommandReply{Status: bus.StatusDone, Undo: undo}}
		if rest == "1 3" {
			e.item = 3
		}
		m.errands = []*errand{e}
		_, ok := m.undoable()
		return ok
	}
	v.tree.reply.Commands = append(slices.Clone(testTree.Commands), bus.CommandInfo{Name: "endpoll"})
	if !done(`poll Tea?, yes, no`, "endpoll") || !done("lock", "lock") || !done("move 1 3", "move 3 1") {
		t.Error("what can be taken back is not offered")
	}
	if done("poll Cake?, yes", "endpoll") || done("unlock", "unlock") || done("move 1 2", "move 2 1") {
		t.Error("what has changed since is offered")
	}
	v.state.Poll = nil
	if done("poll Tea?, yes, no", "endpoll") {
		t.Error("a closed poll is offered to be closed")
	}
}

// The question before a rank says what the offer after it will be.
func TestTheQuestionBeforeARankSaysWhetherItCanBeTakenBack(t *testing.T) {
	m, _ := operate(t, 100, 30)
	v := m.room()
	rank := bus.CommandInfo{Name: "rank", Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgName}, {Name: "rank", Type: bus.ArgRank}}, Rank: 3, Destructive: true}
	v.state.Self.Rank = 3
	for words, want := range map[string]string{"bob 2": "rank bob 1", "bob 1": "", "guest42 1": "", "nobody 2": "", "bob 3": ""} {
		if got := v.takenBackBy(rank, strings.Fields(words)); got != want {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
	v.tree.reply.Commands = append(slices.Clone(testTree.Commands), rank)
	typeText(m, "/rank bob 2")
	press(t, m, "enter")
	shows(t, m, "Leave bob alone")
	hides(t, m, "It cannot be taken back")
}
