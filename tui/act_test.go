package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

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
	shows(t, m, "esc u unmute dave")
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Unmuted dave"}
	settle(m, press(t, m, "esc", "u"))
	if len(bot.asked) != 2 || bot.verbs[1] != "unmute" || bot.asked[1].Args[0] != "dave" {
		t.Fatalf("asked %v", bot.verbs)
	}
	press(t, m, "u")
	shows(t, m, "nothing of the last ten minutes")
	m.errands[0].reply.Undo = "unmute dave"
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

func TestABulkCommandIsReviewed(t *testing.T) {
	m, bot := operate(t, 120, 40)
	bot.reply = bus.CommandReply{Status: bus.StatusPreview, Text: "would remove 3 items", Targets: []string{"1 Plan 9", "2 Metropolis", "3 日本沈没"}, Confirm: "abc"}
	typeText(m, "/purge bob")
	settle(m, press(t, m, "enter"))
	shows(t, m, "[x] 2 Metropolis")
	press(t, m, "y")
	if len(bot.asked) != 1 {
		t.Fatal("a key was taken during the grace")
	}
	armed(m)
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "2 removed"}
	settle(m, press(t, m, "down", "space", "y"))
	if len(bot.asked) != 2 || bot.asked[1].Confirm != "abc" || !slices.Equal(bot.asked[1].Only, []string{"1 Plan 9", "3 日本沈没"}) {
		t.Fatalf("asked %+v", bot.asked)
	}
	shows(t, m, "purge bob … ✓ 2 removed")
}

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

func TestOtherConsolesAreSeen(t *testing.T) {
	m, _ := operate(t, 160, 40)
	say := func(p bus.Presence) { m.Update(batchMsg{at: evening, updates: []roomUpdate{{presence: &p}}}) }
	say(bus.Presence{Console: m.console, Operator: "me"})
	say(bus.Presence{Console: "c2", Operator: "sam\x1b[2J", Acting: "bob"})
	shows(t, m, "with sam → bob")
	m.Update(linkMsg{bus.Link{State: room.LinkDown}})
	hides(t, m, "with sam") // who knows
	m.Update(linkMsg{bus.Link{State: room.LinkUp}})
	shows(t, m, "with sam → bob")
	hides(t, m, "with me")
	m.Update(tea.WindowSizeMsg{Width: 76, Height: 24})
	shows(t, m, "with 1")
	hides(t, m, "with sam")
	m.Update(tea.WindowSizeMsg{Width: 160, Height: 40})
	typeText(m, "/kick bob")
	press(t, m, "enter")
	shows(t, m, "! sam is about to act on bob as well")
	if p := m.presence(); p.Acting != "bob" {
		t.Errorf("this console says %+v", p)
	}
	press(t, m, "esc")
	armed(m)
	press(t, m, "esc")
	if p := m.presence(); p.Acting != "" {
		t.Errorf("afterwards %+v", p)
	}
	m.Update(tickMsg(evening.Add(time.Minute)))
	hides(t, m, "with sam")
}

// Consoles that were killed never say that they go: they must not keep those
// that come later from being heard.
func TestKilledConsolesMakeRoom(t *testing.T) {
	m, _ := operate(t, 160, 40)
	for i := range maxConsoles {
		m.hear(bus.Presence{Console: fmt.Sprint("killed", i), Operator: "sam"}, evening)
	}
	m.now = evening.Add(bus.PresenceTTL)
	m.hear(bus.Presence{Console: "new", Operator: "kim"}, m.now)
	if got := m.others(); len(got) != 1 || got[0].Operator != "kim" {
		t.Errorf("hears %v", got)
	}
}

func TestPresenceIsSaidOnChangeAndEveryFiveSeconds(t *testing.T) {
	m, _ := operate(t, 120, 40)
	var said []bus.Presence
	m.deps.present = func(p bus.Presence) { said = append(said, p) }
	for s := range 12 {
		settle(m, m.sayPresence())
		m.now = evening.Add(time.Duration(s) * time.Second)
	}
	if len(said) != 3 {
		t.Errorf("said %d times in twelve seconds", len(said))
	}
	typeText(m, "/kick bob")
	settle(m, press(t, m, "enter"))
	if last := said[len(said)-1]; last.Acting != "bob" || last.Room != "movienight" || last.Operator != "tester" {
		t.Errorf("said %+v", last)
	}
}

// cardAnswers is what the database knows of bob.
func cardAnswers() map[string]any {
	return map[string]any{
		bus.SubjectUserStats:  bus.UserStatsReply{User: &bus.UserStats{Username: "bob", FirstSeen: evening.Unix() - 86400*250, LastSeen: evening.Unix(), ChatLines: 1204, TimeConnected: 118800}},
		bus.SubjectChatSearch: bus.ChatSearchReply{Hits: []bus.ChatHit{{Time: clockAt("21:02"), User: "bob", Text: "@Rosey hello?"}, {Time: clockAt("20:58"), User: "bob", Text: "what's playing?"}}},
		bus.SubjectActions:    bus.ActionsReply{Rows: []bus.ActionRow{{Timestamp: evening.Unix() - 86400*3, Username: "sam", Action: "mute", Target: "bob", Reason: "caps", Outcome: bus.StatusDone}}},
		bus.SubjectNotes:      bus.NotesReply{Notes: []bus.NoteWrite{{Username: "bob", Text: "means well", By: "kim"}}},
	}
}

func TestTheCard(t *testing.T) {
	for _, s := range []struct{ w, h int }{{40, 10}, {80, 24}, {120, 40}, {200, 60}} {
		t.Run(size(s.w, s.h), func(t *testing.T) {
			m, bot := operate(t, s.w, s.h)
			bot.db = cardAnswers()
			st := m.room().state
			st.Users = slices.Clone(st.Users)
			for i, u := range st.Users {
				if u.Name == "bob" {
					st.Users[i].Meta.Aliases, st.Users[i].Meta.IP = []string{"bob", "bobby"}, "1.2.3.Xyz"
				}
			}
			st.Users = append(st.Users, user("b0b", 1))
			m.room().state = st
			settle(m, m.openCard(m.room(), "BOB"))
			requireShape(t, m, s.w, s.h)
			golden.RequireEqual(t, strings.Join(screen(m), "\n"))
		})
	}
}

func TestTheCardMasksAddressesAndNumbersActions(t *testing.T) {
	m, bot := operate(t, 120, 40)
	bot.db = cardAnswers()
	u := m.room().state.Users[1]
	u.Meta.IP = "1.2.3.Xyz"
	m.room().state.Users[1] = u
	press(t, m, "esc")
	for m.room().chat.selected().name != "bob" {
		press(t, m, "k")
	}
	settle(m, press(t, m, "enter"))
	shows(t, m, "1,204 lines in 33 h 0 min")
	hides(t, m, "1.2.3.Xyz")
	press(t, m, "x")
	shows(t, m, "1.2.3.Xyz")
	m.Update(tickMsg(evening.Add(4 * time.Second)))
	press(t, m, "x") // held: the terminal repeats it
	m.Update(tickMsg(evening.Add(8 * time.Second)))
	shows(t, m, "1.2.3.Xyz")
	m.Update(tickMsg(evening.Add(9 * time.Second)))
	hides(t, m, "1.2.3.Xyz")
	shows(t, m, "x shows it")
	if !m.View().KeyboardEnhancements.ReportEventTypes {
		t.Error("the terminal is not asked to tell when the key is let go of")
	}
	m.Update(tea.KeyboardEnhancementsMsg{Flags: ansi.KittyReportEventTypes})
	shows(t, m, "hold x to see it")
	press(t, m, "x")
	shows(t, m, "1.2.3.Xyz")
	m.Update(tea.KeyReleaseMsg{Code: 'x', Text: "x"})
	hides(t, m, "1.2.3.Xyz")
	press(t, m, "1")
	if m.View().KeyboardEnhancements.ReportEventTypes {
		t.Error("key releases are asked for where nothing waits for them")
	}
	shows(t, m, "Leave bob alone")
	if m.dialog().(*question).target != "bob" {
		t.Error("not bound to bob")
	}
}

// On a small screen too the card says what rank would do, and cuts no word.
func TestASmallCardSaysWhyInFull(t *testing.T) {
	m, bot := operate(t, 80, 24)
	bot.db = cardAnswers()
	settle(m, m.openCard(m.room(), "Alice"))
	shows(t, m, "has rank 3, the bot")
	shows(t, m, "only 3")
	settle(m, press(t, m, "esc"))
	settle(m, m.openCard(m.room(), "bob"))
	shows(t, m, "1  kick")
	hides(t, m, "Throws a")
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	shows(t, m, "Throws a person out of the room ")
}

func TestAReadOnlyCardOffersNothing(t *testing.T) {
	o := testOptions()
	o.ReadOnly = true
	m, bot := testModel(t, o, 120, 40)
	m.Update(scene())
	m.room().tree.reply = testTree
	settle(m, m.openCard(m.room(), "bob"))
	shows(t, m, "·  kick, ")
	shows(t, m, "you are watching")
	press(t, m, "1")
	press(t, m, "esc", "j", "K")
	if len(bot.asked) > 0 || m.dialog() != nil {
		t.Error("something was done")
	}
}

func TestTheHandoverNoteIsShownOnce(t *testing.T) {
	m, _ := testModel(t, testOptions(), 120, 40)
	st := movieNight()
	st.Handover = room.Handover{Text: "watch zoë_42", By: "kim", Time: evening.UnixMilli()}
	for range 2 {
		m.Update(updates("movienight", linkUp(), bus.Update{Kind: bus.UpdateState, State: st}))
	}
	if n := strings.Count(strings.Join(screen(m), "\n"), "watch zoë_42"); n != 1 {
		t.Errorf("shown %d times", n)
	}
}

func TestTheHandoverNoteFollowsTheConsolesClock(t *testing.T) {
	o := testOptions()
	m, _ := testModel(t, o, 120, 40)
	m.loc = time.FixedZone("far", 9*3600)
	m.restyle()
	st := movieNight()
	st.Handover = room.Handover{Text: "watch zoë_42", By: "kim", Time: evening.UnixMilli()}
	m.Update(updates("movienight", linkUp(), bus.Update{Kind: bus.UpdateState, State: st}))
	shows(t, m, "handover by kim, "+evening.In(m.loc).Format("Mon 2 Jan 15:04")+": watch zoë_42")
	o.TUI.ClockFormat = "12h"
	m.obey(o.TUI)
	shows(t, m, "handover by kim, "+evening.In(m.loc).Format("Mon 2 Jan 03:04pm")+": watch zoë_42")
}

func TestArrowsMoveBetweenButtons(t *testing.T) {
	m, _ := operate(t, 120, 40)
	q := &question{title: "Well?", body: func(*model, int) []string { return nil },
		buttons: []button{{"n", "No", nil}, {"y", "Yes", nil}, {"m", "Maybe", nil}}}
	m.push(q)
	for i, step := range []struct {
		key string
		at  int
	}{{"right", 1}, {"l", 2}, {"tab", 0}, {"left", 2}, {"h", 1}, {"shift+tab", 0}} {
		if press(t, m, step.key); q.at != step.at {
			t.Fatalf("step %d, %s: at %d, want %d", i, step.key, q.at, step.at)
		}
	}
	q.field = newField("reason", "", nil)
	if press(t, m, "right"); q.at != 1 {
		t.Error("→ does not move while nothing is typed")
	}
	press(t, m, "h", "left", "l")
	if q.at != 1 || q.field.value() != "lh" {
		t.Errorf("at %d, typed %q", q.at, q.field.value())
	}
}

// At 80 columns what speaks against a person goes on below.
func TestTheListSaysAllThatSpeaksAgainstAPerson(t *testing.T) {
	m, _ := besieged(t, 30)
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	press(t, m, "alt+a")
	d := m.dialog().(*radarList)
	d.people[1].signs = []string{"says what others say", "looks like somebody who is here", "the end"}
	shows(t, m, "the end")
	for range d.people {
		if n := strings.Count(strings.Join(screen(m), "\n"), "│ › "); n != 1 {
			t.Fatalf("%d chosen in sight at %d", n, d.at)
		}
		requireShape(t, m, 80, 24)
		press(t, m, "j")
	}
}

// What a bulk command would be done to can be read to its end.
func TestTheReviewWraps(t *testing.T) {
	m, bot := operate(t, 80, 24)
	long := strings.Repeat("a title that does not end ", 4) + "here"
	bot.reply = bus.CommandReply{Status: bus.StatusPreview, Text: "Remove 3 items", Targets: []string{"1 Plan 9", "2 " + long, "3 日本沈没"}, Confirm: "abc"}
	typeText(m, "/purge bob")
	settle(m, press(t, m, "enter"))
	shows(t, m, "not end here")
	requireShape(t, m, 80, 24)
}
