package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"rosey/bus"
)

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
	shows(t, m, "·  kick, mute, ban: has")
	shows(t, m, "rank 3, the bot only 3")
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

func TestANarrowCardSaysWhatIsPicked(t *testing.T) {
	for _, s := range [][2]int{{80, 24}, {60, 12}} {
		m, bot := operate(t, s[0], s[1])
		bot.db = cardAnswers()
		settle(m, m.openCard(m.room(), "dave"))
		shows(t, m, "1…9 do it")
		shows(t, m, "esc close")
		hides(t, m, "↳")
		press(t, m, "enter") // nothing is picked yet
		if _, ok := m.dialog().(*card); !ok {
			t.Fatal("enter began something")
		}
		press(t, m, "j")
		shows(t, m, "↳ Throws a person out")
		shows(t, m, "back.")
		press(t, m, "j")
		shows(t, m, "↳ Silences a person.")
		requireShape(t, m, s[0], s[1])
		press(t, m, "k", "enter")
		shows(t, m, "Kick dave")
		requireShape(t, m, s[0], s[1])
	}
}

// What a number does it does on every card.
func TestTheNumbersOfACardStay(t *testing.T) {
	m, _ := operate(t, 120, 40)
	v := m.room()
	keys := map[string]string{}
	for _, name := range []string{"bob", "Alice", "dave", "nobody here"} {
		for _, ch := range (&card{name: name}).choices(m, v) {
			if was, known := keys[ch.info.Name]; known && was != ch.key {
				t.Errorf("%s has the key %s on the card of %s, and %s on another", ch.info.Name, ch.key, name, was)
			}
			keys[ch.info.Name] = ch.key
		}
	}
	if keys["unmute"] == "" || keys["mute"] == "" || keys["mute"] == keys["unmute"] {
		t.Errorf("keys %v", keys)
	}
}
