package tui

import (
	"strings"
	"testing"
	"time"

	"rosey/bus"
)

func TestWhatIsMarked(t *testing.T) {
	for _, c := range []struct{ search, want string }{
		{"popcorn", "no <Pop><corn> for zoë, POP"},
		{`"corn for"`, "no Pop<corn>< for> zoë, POP"},
		{"ZOË pop", "no <Pop>corn for <zoë>, <POP>"},
		{"pop popcorn", "no <Pop><corn> for zoë, <POP>"},
		{"/f.r/ -salt", "no Popcorn <for> zoë, POP"},
		{"user:bob", "no Popcorn for zoë, POP"},
		{"/x*/", "no Popcorn for zoë, POP"},
	} {
		s, err := parseSearch(c.search, evening, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range mark([]piece{{"no Pop", "a"}, {"corn", "b"}, {" for zoë, POP", ""}}, s.found, "!") {
			if strings.HasSuffix(string(p.ink), "!") {
				p.text = "<" + p.text + ">"
			}
			got += p.text
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.search, got, c.want)
		}
	}
}

// Bold and underlined: also where there is no colour.
func TestHitsStandOutInTheChatUntilItIsLive(t *testing.T) {
	for _, theme := range []string{"default", "mono"} {
		o := testOptions()
		o.TUI.Theme = theme
		m, _ := testModel(t, o, 100, 30)
		m.Update(scene())
		marked := func(text string) bool {
			screen := strings.ReplaceAll(m.View().Content, string(m.styles.selected), "")
			return strings.Contains(screen, string(m.styles.hit)+text)
		}
		if ink := string(m.styles.hit); !strings.Contains(ink, "[1;4") && ink != "\x1b[1m\x1b[4m" {
			t.Errorf("%s: a hit's ink is %q", theme, ink)
		}
		press(t, m, "esc", "/")
		typeText(m, "everyone")
		press(t, m, "enter")
		if !marked("everyone") {
			t.Errorf("%s: the hit is not marked:\n%q", theme, m.View().Content)
		}
		press(t, m, "j")
		if !marked("everyone") {
			t.Errorf("%s: not marked when another line is selected", theme)
		}
		requireShape(t, m, 100, 30)
		press(t, m, "esc")
		if marked("everyone") {
			t.Errorf("%s: still marked when live", theme)
		}
	}
}

func TestHitsOfTheDatabaseShowWhatWasFound(t *testing.T) {
	m, bot := operate(t, 100, 30)
	long := strings.Repeat("words before it ", 12) + "the Needle and more"
	bot.db = map[string]any{bus.SubjectChatSearch: bus.ChatSearchReply{Hits: []bus.ChatHit{{ID: 1, User: "bob", Text: long, Time: evening.UnixMilli()}}}}
	press(t, m, "esc", "/")
	typeText(m, "needle")
	settle(m, press(t, m, "enter"))
	shows(t, m, "the Needle and more")
	if !strings.Contains(m.View().Content, string(m.styles.hit)+"Needle") {
		t.Errorf("the hit is not marked:\n%q", m.View().Content)
	}
	requireShape(t, m, 100, 30)
}

// What is looked for is found in all that the chat shows, not only in what was
// said.
func TestTheSearchFindsWhatWasDone(t *testing.T) {
	for _, text := range []string{"kicked", "kim genji"} {
		m, _ := sceneModel(t, 120, 40)
		m.room().append(said(lineMod, "kim", "kicked genji"))
		m.Update(updates("movienight", event(message("21:04", "bob", "one more"))))
		press(t, m, "esc", "/")
		typeText(m, text)
		settle(m, press(t, m, "enter"))
		if l := m.room().chat.selected(); l == nil || l.text() != "kicked genji" || m.dialog() != nil {
			t.Errorf("%s stops at %+v", text, l)
		}
	}
	s, err := parseSearch("joined", evening, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if l := said(lineJoin, "bob", "joined"); !s.matches(l) {
		t.Error("who came is not found")
	}
	if s, _ = parseSearch("user:bob", evening, time.UTC); s.matches(said(lineJoin, "bob", "joined")) {
		t.Error("user: finds what bob did not say")
	}
}
