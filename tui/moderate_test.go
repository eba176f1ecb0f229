package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"rosey/bus"
	"rosey/bus/room"
)

// A narrow card says in full what the command does that is picked, and its keys
// stand in the last row.
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

func TestReadOnlyOffersNothingToDo(t *testing.T) {
	o := testOptions()
	o.ReadOnly = true
	m, _ := testModel(t, o, 120, 40)
	m.Update(scene())
	press(t, m, "f8")
	hides(t, m, "do it")
	hides(t, m, "tab complete")
	press(t, m, "f2", "j", "l")
	shows(t, m, "enter card")
	hides(t, m, "K kick")
	settle(m, m.openCard(m.room(), "bob"))
	hides(t, m, "1…9")
	shows(t, m, "esc close")
	for _, g := range m.keys.groups(true) {
		for _, k := range g.keys {
			if k.Help() == m.keys.Kick.Help() || k.Help() == m.keys.Undo.Help() {
				t.Errorf("the help offers %s", k.Help().Desc)
			}
		}
	}
}

func TestASearchWithoutHitsOffersNobody(t *testing.T) {
	m, bot := operate(t, 120, 40)
	press(t, m, "esc", "/")
	typeText(m, "nothing of the kind")
	settle(m, press(t, m, "enter"))
	shows(t, m, "nothing found")
	hides(t, m, "K kick")
	hides(t, m, "enter go there")
	press(t, m, "esc", "/")
	bot.db = cardAnswers()
	typeText(m, "zebra")
	settle(m, press(t, m, "enter"))
	shows(t, m, "K kick")
}

// Two people with the same head can be told apart wherever their names are cut.
func TestLookAlikesAreToldApartWhereNamesAreCut(t *testing.T) {
	one, two := strings.Repeat("alice", 6)+"_one", strings.Repeat("alice", 6)+"_two"
	m, _ := operate(t, 80, 24)
	m.Update(updates("movienight",
		event(&room.UserJoin{User: one, UserData: user(one, 1)}), event(&room.UserJoin{User: two, UserData: user(two, 1)}),
	))
	told := func(where string, rows []string) {
		t.Helper()
		text := ansi.Strip(strings.Join(rows, "\n"))
		if !strings.Contains(text, "_one") || !strings.Contains(text, "_two") {
			t.Errorf("%s:\n%s", where, text)
		}
	}
	v := m.room()
	told("users", m.usersRows(v, rect{w: 20, h: 30}))
	told("chat", v.chat.view())
	d := &radarList{room: v.name, verbs: bulkVerbs, reason: newField("reason", "", nil), people: []suspect{{name: one, at: m.now}, {name: two, at: m.now}}}
	told("radar", d.box(m))
	resized, _ := operate(t, 44, 12)
	told("card", append((&card{room: v.name, name: one}).box(resized), (&card{room: v.name, name: two}).box(resized)...))
	told("table", []string{
		m.tableCells([]column{{w: 10, person: true}}, []string{one}, 10), m.tableCells([]column{{w: 10, person: true}}, []string{two}, 10),
	})
}

func TestCuttingANameKeepsItsEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		w    int
		want string
	}{
		{"bob", 8, "bob"}, {"alicealicealice1", 9, "alic…ice1"}, {"alicealicealice1", 4, "ali…"}, {"alicealicealice1", 0, ""},
		{"日本語ユーザー名前", 9, "日本…名前"},
	} {
		if got := cutName(ansi.WcWidth, c.name, c.w); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.name, c.w, got, c.want)
		}
	}
	for w := range 40 {
		for _, name := range []string{"👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", "aé\u0301\u0302\u0303bcdefghijk", strings.Repeat("日本", 20)} {
			for _, by := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
				if n := by.StringWidth(cutName(by, name, w)); n > w {
					t.Fatalf("%q in %d takes %d", name, w, n)
				}
			}
		}
	}
}

// Against whom the most speaks stands first; whoever has left comes after those
// who are here.
func TestTheRadarListBeginsWithTheWorst(t *testing.T) {
	m, _ := besieged(t, 8)
	flood := make([]bus.Update, 0, 12)
	for range 12 {
		flood = append(flood, event(message("21:04", "sockf", "JOIN OUR SERVER example.org/now")))
	}
	m.Update(updates("movienight", append(flood, event(&room.UserLeave{User: "sockg"}))...))
	press(t, m, "alt+a")
	d := m.dialog().(*radarList)
	if d.people[0].name != "sockf" || d.people[len(d.people)-1].name != "sockg" {
		t.Errorf("the order is %+v", d.people)
	}
	shows(t, m, "Not listed: 1 moderator")
}

func TestWhereAllHaveLeftABanIsSuggested(t *testing.T) {
	m, _ := besieged(t, 3)
	for i := range 3 {
		m.Update(updates("movienight", event(&room.UserLeave{User: fmt.Sprintf("sock%c", 'a'+i)})))
	}
	press(t, m, "alt+a", "n")
	shows(t, m, "all on the list have left: → to ban, which reaches their names")
	press(t, m, "a")
	hides(t, m, "0 people")
	shows(t, m, "all who are ticked have left: → to ban, which reaches their names")
	press(t, m, "enter")
	if _, ok := m.dialog().(*radarList); !ok {
		t.Fatal("something is asked about nobody")
	}
	press(t, m, "right", "right")
	shows(t, m, "enter ban 3 people")
	press(t, m, "n")
	shows(t, m, "nobody is ticked")
}

// A counter at its bound says that there may be more.
func TestCapsLookLikeCaps(t *testing.T) {
	m, _ := operate(t, 120, 40)
	v := m.room()
	v.reading = reading{level: alarmRaid, joins: radarPeople}
	shows(t, m, "RAID 500+/min")
	for text, want := range map[string]string{
		atLeast(499, radarPeople, "join"): "499 joins", atLeast(500, radarPeople, "join"): "500+ joins", atLeast(1, radarLines, "line"): "1 line",
		strangersJoined(700): "500+ strangers joined",
	} {
		if text != want {
			t.Errorf("%q, want %q", text, want)
		}
	}
}

// Every question before something is destroyed names the room where there are
// two, what will be, and leaves it be by default; keys that come too soon do
// nothing.
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
