package tui

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"rosey/bus"
	"rosey/bus/room"
)

// operateWithPoll has a poll open and votes to skip.
func operateWithPoll(tb testing.TB, w, h int) (*model, *answers) {
	m, bot := operate(tb, w, h)
	v := m.room()
	v.state.Poll = &room.Poll{Title: "Next film?", Options: []string{"Metropolis", "日本沈没"}, Counts: []string{"4", "2"}}
	v.state.Voteskip = room.Voteskip{Count: 3, Need: 8}
	v.rev++
	bot.db = map[string]any{bus.SubjectUsers: bus.TopReply{Users: []bus.UserStats{
		{Username: "bob", FirstSeen: evening.Unix() - 86400*250, LastSeen: evening.Unix(), ChatLines: 1204, TimeConnected: 118800, Actions: 2, Notes: 1},
		{Username: "日本語ユーザー", FirstSeen: evening.Unix() - 86400*20, LastSeen: evening.Unix() - 3000, ChatLines: 88, TimeConnected: 7200},
		{Username: "old_timer", FirstSeen: evening.Unix() - 86400*900, LastSeen: evening.Unix() - 86400*500, ChatLines: 3, TimeConnected: 60},
	}}}
	return m, bot
}

func TestViews(t *testing.T) {
	for _, s := range []struct{ w, h int }{{40, 10}, {80, 24}, {120, 40}, {200, 60}} {
		for _, id := range []viewID{viewRoom, viewPlaylist, viewPeople, viewShell} { // the others' goldens are with their tests
			row := viewTable[id]
			t.Run(row.title+"/"+size(s.w, s.h), func(t *testing.T) {
				m, bot := operateWithPoll(t, s.w, s.h)
				bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Connected to movienight\nUp for 3 h"}
				settle(m, press(t, m, row.keys[0]))
				if row.id == viewShell {
					typeText(m, "status")
					settle(m, press(t, m, "enter"))
					typeText(m, "kick bo")
				}
				requireShape(t, m, s.w, s.h)
				golden.RequireEqual(t, strings.Join(screen(m), "\n"))
			})
		}
	}
}

func TestThePlaylistActsOnItemsNotOnRows(t *testing.T) {
	m, bot := operate(t, 120, 40)
	press(t, m, "f3", "g", "j") // Metropolis
	// It moves while the question stands.
	press(t, m, "d")
	shows(t, m, "Metropolis (1927) restored")
	m.Update(updates("movienight", event(&room.Moved{UID: 2, After: room.After{Where: room.AtEnd}})))
	armed(m)
	settle(m, press(t, m, "y"))
	if len(bot.asked) != 1 || bot.verbs[0] != "remove" || bot.asked[0].Args[0] != "4" {
		t.Fatalf("asked %v %+v", bot.verbs, bot.asked)
	}
	// It goes while the question stands.
	press(t, m, "d")
	m.Update(updates("movienight", event(&room.Removed{UID: 2})))
	armed(m)
	settle(m, press(t, m, "y"))
	shows(t, m, "is not in the queue any more")
	if len(bot.asked) != 1 {
		t.Fatal("something else was removed")
	}
}

func TestPlaylistKeys(t *testing.T) {
	for _, c := range []struct {
		keys []string
		verb string
		args []string
	}{
		{[]string{"g", "j", "j", "enter"}, "jump", []string{"3"}},
		{[]string{"g", "j", "j", "n"}, "move", []string{"3", "2"}},
		{[]string{"g", "j", "j", "K"}, "move", []string{"3", "2"}},
		{[]string{"g", "j", "j", "J"}, "move", []string{"3", "4"}},
		{[]string{"L"}, "lock", nil},
		{[]string{"a", "x", "enter"}, "add", []string{"x"}},
	} {
		m, bot := operate(t, 120, 40)
		press(t, m, "f3")
		settle(m, press(t, m, c.keys...))
		if len(bot.asked) != 1 || bot.verbs[0] != c.verb || !slices.Equal(bot.asked[0].Args, c.args) {
			t.Errorf("%v: asked %v %+v", c.keys, bot.verbs, bot.asked)
		}
	}
	m, bot := operate(t, 120, 40)
	m.room().state.Perms["playlistjump"] = 4
	settle(m, press(t, m, "f3", "enter"))
	shows(t, m, "cannot jump: needs rank 4, the bot has 3")
	m.Update(tea.PasteMsg{Content: "https://youtu.be/x\n"})
	shows(t, m, "add ▸ https://youtu.be/x")
	if len(bot.asked) > 0 {
		t.Error("something was sent")
	}
}

func TestPeopleAreSortedFilteredAndPaged(t *testing.T) {
	m, bot := operateWithPoll(t, 120, 8)
	var asked []bus.TopQuery
	answer := bot.ask
	m.deps.ask = func(subject string, req, reply any) error {
		if q, ok := req.(bus.TopQuery); ok {
			asked = append(asked, q)
		}
		return answer(subject, req, reply)
	}
	last := func() bus.TopQuery { return asked[len(asked)-1] }
	settle(m, press(t, m, "f4"))
	if q := last(); q.Sort != bus.SortLastSeen || !q.Descending || q.Offset != 0 || q.Limit != 3 {
		t.Errorf("asked %+v", q)
	}
	settle(m, press(t, m, "s"))
	settle(m, press(t, m, "r"))
	if q := last(); q.Sort != bus.SortLines || q.Descending {
		t.Errorf("asked %+v", q)
	}
	settle(m, press(t, m, "pgdown"))
	if q := last(); q.Offset != 2 {
		t.Errorf("asked %+v", q)
	}
	press(t, m, "/")
	settle(m, press(t, m, "b"))
	settle(m, press(t, m, "o"))
	if q := last(); q.Filter != "bo" || q.Offset != 0 {
		t.Errorf("asked %+v", q)
	}
	press(t, m, "enter")
	settle(m, press(t, m, "enter"))
	if c, ok := m.dialog().(*card); !ok || c.name != "bob" {
		t.Errorf("enter opens %v", m.dialog())
	}
}

func TestTheShellIsTheCommandTree(t *testing.T) {
	m, bot := operate(t, 100, 30)
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "line one\nline two\x1b[2J"}
	press(t, m, "f8")
	typeText(m, "sta")
	press(t, m, "tab")
	settle(m, press(t, m, "enter"))
	shows(t, m, "▸ status")
	shows(t, m, "   line two")
	typeText(m, "nonsense here")
	settle(m, press(t, m, "enter"))
	shows(t, m, "Unknown command: nonsense")
	typeText(m, "kick bob")
	press(t, m, "enter")
	shows(t, m, "Throws a person out")
	if len(bot.asked) != 1 {
		t.Fatalf("asked %v", bot.verbs)
	}
	armed(m)
	settle(m, press(t, m, "tab", "enter"))
	if len(bot.asked) != 2 || bot.verbs[1] != "kick" {
		t.Fatalf("asked %v", bot.verbs)
	}
	press(t, m, "up", "up")
	shows(t, m, "▸ nonsense here")
}

// The shell asks as the input line does, and who thinks better of it leaves no
// command under way behind.
func TestTheShellAsksAsTheInputLineDoes(t *testing.T) {
	m, bot := operate(t, 100, 30)
	press(t, m, "f8")
	shell := func(line string) {
		typeText(m, line)
		settle(m, press(t, m, "enter"))
		armed(m)
	}
	shell("mute BOB")
	shows(t, m, "Mute bob")
	shows(t, m, "For 10 minutes")
	press(t, m, "enter")
	shows(t, m, "– left alone")
	hides(t, m, "   …")
	shell("kick Alice")
	shows(t, m, "✗ cannot kick Alice: has rank 3, the bot only 3")
	if len(bot.asked) > 0 || m.dialog() != nil {
		t.Fatalf("did %q", bot.verbs)
	}
	shell("mute BOB")
	settle(m, press(t, m, "tab", "enter"))
	if !slices.Equal(bot.asked[0].Args, []string{"bob", "10m"}) {
		t.Errorf("asked %q", bot.asked[0].Args)
	}
}
