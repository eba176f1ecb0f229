package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

func TestNotificationsGoByTheTerminal(t *testing.T) {
	cases := []struct {
		env  map[string]string
		want notifyBy
	}{
		{map[string]string{"TERM": "xterm-256color"}, notifyNone},
		{map[string]string{"TERM": "xterm-kitty"}, notify99},
		{map[string]string{"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1", "TMUX": "/tmp/x"}, notifyNone},
		{map[string]string{"TERM": "rxvt-unicode-256color"}, notify777},
		{map[string]string{"TERM": "foot"}, notify777},
		{map[string]string{"TERM": "xterm-256color", "VTE_VERSION": "7600"}, notify777},
		{map[string]string{"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, notifyOSC9},
		{map[string]string{"TERM": "dumb", "WT_SESSION": "x"}, notifyNone},
	}
	for _, c := range cases {
		if got := notifyFor(func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("%v: %v, want %v", c.env, got, c.want)
		}
	}
}

func TestANotificationCannotBeBrokenOutOf(t *testing.T) {
	for _, by := range []notifyBy{notifyOSC9, notify777, notify99} {
		seq := by.sequence("bob;x", "one;two\nthree")
		if !strings.HasPrefix(seq, "\x1b]") || strings.Contains(seq, "\n") || !strings.Contains(seq, "one,two three") {
			t.Errorf("%v: %q", by, seq)
		}
	}
	if notifyNone.sequence("a", "b") != "" {
		t.Error("a terminal that cannot is written to")
	}
}

func TestOneNotificationInAFewSeconds(t *testing.T) {
	n := &notifier{by: notifyOSC9}
	ring := &highlight{bell: true, notify: true}
	if n.notice(nil, "a", "b", evening) != "" || n.notice(&highlight{}, "a", "b", evening) != "" {
		t.Error("rings for nothing")
	}
	first := n.notice(ring, "bob", "hello", evening)
	if !strings.HasPrefix(first, "\a\x1b]9;bob: hello") {
		t.Errorf("first: %q", first)
	}
	for i := range 100 {
		if got := n.notice(ring, "bob", "again", evening.Add(time.Duration(i)*time.Millisecond)); got != "" {
			t.Fatalf("%d ms later: %q", i, got)
		}
	}
	if got := n.notice(ring, "bob", "later", evening.Add(notifyEvery)); !strings.Contains(got, "later (and 100 lines before)") {
		t.Errorf("later: %q", got)
	}
	if got := n.notice(&highlight{bell: true}, "bob", "later", evening.Add(2*notifyEvery)); got != "\a" {
		t.Errorf("a bell alone: %q", got)
	}
}

func TestHighlightsMarkRingAndStayQuietForTheBot(t *testing.T) {
	m, _ := rulesModel(t, 120, 40)
	say := func(msg *room.Message) tea.Cmd {
		b := updates("movienight", event(msg))
		b.at = m.now
		_, cmd := m.Update(b)
		return cmd
	}
	now := evening // the scene has rung by then
	later := func() { now = now.Add(notifyEvery); m.Update(tickMsg(now)) }
	later()
	if say(message("21:04", "Rosey", "popcorn for all")) != nil {
		t.Error("rings for the bot's own line")
	}
	cmd := say(message("21:04", "bob", "who has popcorn?"))
	if cmd == nil {
		t.Fatal("does not ring")
	}
	if raw, ok := cmd().(tea.RawMsg); !ok || raw.Msg != "\a" {
		t.Errorf("rings by %#v", cmd())
	}
	found := false
	for _, row := range screen(m) {
		found = found || strings.HasPrefix(row, "▎21:04") && strings.Contains(row, "who has popcorn?")
	}
	if !found {
		t.Errorf("no mark:\n%s", strings.Join(screen(m), "\n"))
	}
	if say(message("21:04", "bob", "popcorn popcorn")) != nil {
		t.Error("rings twice within seconds")
	}
	replay := message("21:05", "bob", "popcorn of the past")
	replay.Replay = true
	later()
	if say(replay) != nil {
		t.Error("rings for what is repeated at a join")
	}
}
