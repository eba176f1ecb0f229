package tui

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

func TestSayingALine(t *testing.T) {
	m, bot := sceneModel(t, 80, 24)
	typeText(m, "hello all")
	cmd := press(t, m, "enter")
	shows(t, m, "sending 1")
	if !m.room().edit.empty() {
		t.Error("the line is still there")
	}
	m.Update(cmd())
	hides(t, m, "sending")
	if len(bot.asked) != 1 || bot.verbs[0] != "say" || bot.asked[0].Args[0] != "hello all" || bot.asked[0].Operator != "tester" || bot.asked[0].Source != room.SourceConsole {
		t.Fatalf("asked %v %+v", bot.verbs, bot.asked)
	}
}

func TestWhatSlashesDo(t *testing.T) {
	for _, c := range []struct {
		typed, verb string
		args        []string
		status      string
	}{
		{"/me waves", "say", []string{"/me waves"}, ""},
		{"/pm bob hi  there", "pm", []string{"bob", "hi  there"}, ""},
		{"//shrug", "say", []string{"//shrug"}, ""},
		{"/ME waves", "say", []string{"/me waves"}, ""},
		{"/kick bob", "", nil, "the bot's commands are not known yet"},
		{"/pm bob", "", nil, "/pm USER TEXT"},
		{"/", "", nil, "nothing was sent"},
	} {
		m, bot := sceneModel(t, 120, 30)
		typeText(m, c.typed)
		if cmd := press(t, m, "enter"); cmd != nil {
			cmd()
		}
		switch {
		case c.verb == "" && len(bot.asked) > 0:
			t.Errorf("%q was sent: %v", c.typed, bot.asked)
		case c.verb == "":
			shows(t, m, c.status)
			if press(t, m, "up"); m.room().edit.value() != c.typed {
				t.Errorf("%q cannot be had back", c.typed)
			}
		case len(bot.asked) != 1 || bot.verbs[0] != c.verb || !slices.Equal(bot.asked[0].Args, c.args):
			t.Errorf("%q: asked %v %+v", c.typed, bot.verbs, bot.asked)
		}
	}
}

func TestFailuresAreShownInPlace(t *testing.T) {
	for _, c := range []struct {
		reply bus.CommandReply
		err   error
		want  string
		gone  bool // from the input line: it may have been said
	}{
		{reply: bus.CommandReply{Status: bus.StatusRefused, Text: "the bot is muted\x1b[2J"}, want: "✗ refused: the bot is muted"},
		{reply: bus.CommandReply{Status: bus.StatusNoEffect, Text: "nobody of that name"}, want: "– no effect: nobody of that name"},
		{err: fmt.Errorf("request: %w", bus.ErrNobody), want: "no bot answers for this room"},
		{err: bus.ErrNotAllowed, want: "may only watch"},
		{err: fmt.Errorf("%w: %w", bus.ErrLost, bus.ErrNobody), want: "not known whether it was said", gone: true},
		{reply: bus.CommandReply{Status: bus.StatusPending, Text: "no word from the room"}, want: "not known what came of it: no word from the room", gone: true},
		{err: errors.New("odd"), want: "not sent: odd"},
	} {
		m, bot := sceneModel(t, 120, 40)
		bot.reply, bot.err = c.reply, c.err
		typeText(m, "hello")
		m.Update(press(t, m, "enter")())
		shows(t, m, c.want)
		if got := m.room().edit.value(); (got == "") != c.gone {
			t.Errorf("%q: the input line has %q", c.want, got)
		}
	}
}

func TestLinesGoOutInOrderAndStopAtAFailure(t *testing.T) {
	m, bot := sceneModel(t, 120, 40)
	var cmd tea.Cmd
	for _, l := range []string{"one", "two", "three"} {
		typeText(m, l)
		if c := press(t, m, "enter"); c != nil {
			cmd = c
		}
	}
	_, cmd = m.Update(cmd())
	bot.err = bus.ErrUnreachable
	_, cmd = m.Update(cmd())
	if cmd != nil {
		t.Error("went on after a failure")
	}
	if len(bot.asked) != 2 || bot.asked[0].Args[0] != "one" || bot.asked[1].Args[0] != "two" {
		t.Errorf("asked %+v", bot.asked)
	}
	shows(t, m, "1 line after it not sent either")
}

func TestCompletion(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	v := m.room()
	v.state.Users = append(v.state.Users, user("boris", 1), user("Bob2", 1))
	v.state.Emotes = []room.Emote{{Name: "bored:"}}
	m.Update(updates("movienight", event(message("21:04", "boris", "hi"))))
	for _, c := range []struct {
		typed string
		tabs  int
		want  string
	}{
		{"hello bo", 1, "hello boris "}, // who spoke last comes first
		{"hello bo", 2, "hello bob "},
		{"hello bo", 3, "hello Bob2 "},
		{"hello bo", 4, "hello bored: "},
		{"hello bo", 5, "hello boris "},
		{"BO", 1, "boris "},
		{"@bob", 1, "@bob "},
		{"/p", 1, "/pm "},
		{"日", 1, "日本語ユーザー "},
		{"nobody", 1, "nobody"},
	} {
		v.edit = editor{}
		v.tab = completion{}
		typeText(m, c.typed)
		for range c.tabs {
			press(t, m, "tab")
		}
		if got := v.edit.value(); got != c.want {
			t.Errorf("%q and %d tabs: %q, want %q", c.typed, c.tabs, got, c.want)
		}
	}
}

func TestPasting(t *testing.T) {
	m, bot := sceneModel(t, 80, 24)
	m.Update(tea.PasteMsg{Content: " one line \x1b[31m\r\n"})
	if got := m.room().edit.value(); got != " one line" {
		t.Errorf("pasted %q", got)
	}
	m.room().edit = editor{}

	m.Update(tea.PasteMsg{Content: "one\r\ntwo\n\nthree"})
	shows(t, m, "You pasted 3 lines")
	press(t, m, "x") // no answer
	press(t, m, "enter")
	if got := m.room().edit.value(); got != "one two three" || len(bot.asked) > 0 {
		t.Errorf("joined %q, asked %v", got, bot.asked)
	}
	m.room().edit = editor{}

	m.Update(tea.PasteMsg{Content: "one\ntwo"})
	press(t, m, "esc")
	if !m.room().edit.empty() || m.dialog() != nil {
		t.Error("esc did not leave the paste")
	}

	m.Update(tea.PasteMsg{Content: "one\ntwo"})
	for cmd := press(t, m, "s"); cmd != nil; {
		_, cmd = m.Update(cmd())
	}
	if len(bot.asked) != 2 || bot.asked[0].Args[0] != "one" || bot.asked[1].Args[0] != "two" {
		t.Errorf("asked %+v", bot.asked)
	}
}

// A line of a paste that is refused leaves none behind that cannot be had back.
func TestWhatIsNotSentOfAPasteCanBeHadBack(t *testing.T) {
	for _, typedMeanwhile := range []string{"", "hm"} {
		m, bot := sceneModel(t, 120, 40)
		m.Update(tea.PasteMsg{Content: "one\n/kick Bix\nthree\nfour"})
		cmd := press(t, m, "s")
		_, cmd = m.Update(cmd())
		typeText(m, typedMeanwhile)
		bot.reply = bus.CommandReply{Status: bus.StatusRefused, Text: "/kick is not said"}
		m.Update(cmd())
		shows(t, m, "2 lines after it not sent either · ↑ brings back what was not")
		want := []string{"/kick Bix", "four", "three"}
		if typedMeanwhile != "" {
			want = []string{typedMeanwhile, "four", "three", "/kick Bix"}
		}
		for _, w := range want {
			if got := m.room().edit.value(); got != w {
				t.Errorf("the input line has %q, not %q", got, w)
			}
			press(t, m, "up")
		}
	}
}
