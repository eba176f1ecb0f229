package tui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
)

func ownOptions() Options {
	o := testOptions()
	o.TUI.Highlights = []config.Highlight{{Match: "popcorn", Colour: "good", Bell: true}}
	o.TUI.Ignore = []string{"dave"}
	o.TUI.Filters = []config.Filter{{Name: "links", Text: "https?://", Active: true}, {Name: "only alice", User: "^Alice$", Invert: true}}
	o.TUI.Presets = []config.Preset{
		{Key: "alt+k K", Template: "me waves at {user}", Label: "Wave"},
		{Key: "alt+t", Template: "me says {what} to {user}"},
	}
	o.TUI.Keys = map[string]string{"help": "f10", "playlist": "alt+y"}
	return o
}

func ownModel(tb testing.TB, w, h int) (*model, *answers) {
	m, a := testModel(tb, ownOptions(), w, h)
	m.Update(scene())
	return m, a
}

func TestIgnoredAndFilteredLinesAreNotShown(t *testing.T) {
	m, _ := ownModel(t, 120, 40)
	hides(t, m, "waves")
	hides(t, m, "three hundred letters")
	hides(t, m, "https://example.org/x")
	shows(t, m, "hello?")
	requireShape(t, m, 120, 40)

	press(t, m, "alt+i")
	shows(t, m, "[x] links: hides what matches")
	shows(t, m, "1 ignored by name")
	m.Update(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})
	shows(t, m, "[ ] links: off")
	press(t, m, "esc")
	shows(t, m, "https://example.org/x")

	press(t, m, "alt+i", "down", "enter", "esc")
	shows(t, m, "NEXT ONE IS A CLASSIC")
	hides(t, m, "hello?")
	shows(t, m, "mod2 kicked spammer") // what moderators do is never hidden
	press(t, m, "alt+i", "down", "i", "esc")
	hides(t, m, "NEXT ONE IS A CLASSIC")
	shows(t, m, "hello?")
	requireShape(t, m, 120, 40)
}

// The window must hold whatever a filter hides: every line, the selected one,
// the top one.
func TestTheWindowStandsWhenFiltersAreSwitched(t *testing.T) {
	m, _ := ownModel(t, 80, 24)
	v := m.room()
	for range 300 {
		m.Update(updates("movienight", event(message("21:04", "bob", "one more")), event(message("21:04", "Alice", "and mine"))))
	}
	only := m.rules.filter("only alice")
	for _, pattern := range []string{"^Alice$", "^nobody$", "."} {
		for _, walk := range []string{"", "pgup", "esc"} {
			if walk != "" {
				press(t, m, walk)
			}
			was := v.chat.follow
			only.active, only.user = true, mustRules(t, config.TUI{Filters: []config.Filter{{Name: "x", User: pattern}}}).filters[0].user
			m.rejudge()
			requireShape(t, m, 80, 24)
			press(t, m, "k", "j", "pgup", "pgdown", "g", "m")
			requireShape(t, m, 80, 24)
			only.active = false
			m.rejudge()
			requireShape(t, m, 80, 24)
			if was && walk == "" && !v.chat.follow {
				t.Errorf("%s: does not follow any more", pattern)
			}
			v.chat.live()
		}
	}
}

func TestHighlightsMarkRingAndStayQuietForTheBot(t *testing.T) {
	m, _ := ownModel(t, 120, 40)
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

func TestPresetsTakeTheSelectedPersonAndAskForTheRest(t *testing.T) {
	m, a := ownModel(t, 120, 40)
	v := m.room()
	run := func(cmd tea.Cmd) {
		t.Helper()
		for _, c := range flatten(cmd) {
			m.Update(c)
		}
	}
	press(t, m, "esc", "k", "k")
	who := v.chat.selected().name
	_, cmd := m.Update(tea.KeyPressMsg{Code: 'K', Text: "K"})
	run(cmd)
	if got := strings.Join(a.asked[len(a.asked)-1].Args, " "); got != "/me waves at "+who {
		t.Errorf("said %q about %s", got, who)
	}

	typeText(m, "K") // while typing it is a letter
	if v.edit.value() != "K" {
		t.Errorf("a letter's preset took the letter: %q", v.edit.value())
	}
	press(t, m, "backspace")

	m.Update(tea.KeyPressMsg{Code: 't', Mod: tea.ModAlt})
	shows(t, m, "what ▸")
	shows(t, m, "/me says {what} to {user}")
	typeText(m, "hello you")
	press(t, m, "enter")
	shows(t, m, "user ▸")
	typeText(m, "bob")
	_, cmd = m.Update(keysByName["enter"])
	run(cmd)
	if got := strings.Join(a.asked[len(a.asked)-1].Args, " "); got != `/me says "hello you" to bob` {
		t.Errorf("said %q", got)
	}
}

func TestPresetsOnACard(t *testing.T) {
	m, a := ownModel(t, 120, 40)
	m.openCard(m.room(), "carol")
	_, cmd := m.Update(tea.KeyPressMsg{Code: 'k', Mod: tea.ModAlt})
	for _, msg := range flatten(cmd) {
		m.Update(msg)
	}
	if m.dialog() != nil || len(a.asked) == 0 || strings.Join(a.asked[len(a.asked)-1].Args, " ") != "/me waves at carol" {
		t.Errorf("dialog %v, asked %+v", m.dialog(), a.asked)
	}
}

// flatten runs a command and those it batches.
func flatten(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	msg := cmd()
	batch, ok := msg.(tea.BatchMsg)
	if !ok {
		return []tea.Msg{msg}
	}
	var out []tea.Msg
	for _, c := range batch {
		out = append(out, flatten(c)...)
	}
	return out
}

func TestKeysOfOnesOwn(t *testing.T) {
	m, _ := ownModel(t, 120, 40)
	press(t, m, "f1")
	if m.dialog() != nil {
		t.Error("F1 still opens the help")
	}
	m.Update(tea.KeyPressMsg{Code: tea.KeyF10})
	if m.dialog() == nil {
		t.Fatal("f10 does not open the help")
	}
	shows(t, m, "f10       help")
	shows(t, m, "alt+y     playlist")
}

func TestCheckConfig(t *testing.T) {
	cases := []struct {
		tui  string
		want []string
	}{
		{"{keys: {help: f10}}", nil},
		{"{keys: {hepl: f10}}", []string{`c.yaml:4:20: tui.keys.hepl: expected the name of a key`}},
		{"{keys: {page_up: f10, users: f3}}", []string{`tui.keys.users: the key f3 is taken twice, for "playlist" and "users"`}},
		{"{keys: {quit: ''}}", []string{"tui.keys.quit: expected a key to quit by"}},
		{"{presets: [{key: ctrl+p, template: clear}]}", []string{"tui.presets[0].key: the key ctrl+p is taken twice"}},
	}
	for _, c := range cases {
		cfg, _, err := config.Parse("c.yaml", []byte("version: '2.0'\nnats: {url: nats://x}\nplatforms: [{domain: d, channel: c}]\ntui: "+c.tui+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		problems := CheckConfig(cfg)
		if len(problems) != len(c.want) {
			t.Errorf("%s: %v", c.tui, problems)
			continue
		}
		for i, p := range problems {
			if !strings.Contains(p.String(), c.want[i]) {
				t.Errorf("%s: %q, want %q", c.tui, p, c.want[i])
			}
		}
	}
	for name := range ownModelKeys() {
		if strings.ToLower(name) != name || strings.Contains(name, " ") {
			t.Errorf("a binding is called %q", name)
		}
	}
}

func ownModelKeys() map[string]string {
	k := defaultKeys()
	out := map[string]string{}
	for name, b := range k.named() {
		out[name] = b.Help().Desc
	}
	return out
}

func TestAChangedConfigIsTakenAtOnceAndABadOneIsNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	write := func(tui string) {
		t.Helper()
		text := "version: '2.0'\nnats: {url: nats://x}\nplatforms: [{domain: d, channel: c}]\ntui:\n" + tui
		// As editors do it, so that no half of it is ever seen.
		if err := errors.Join(os.WriteFile(path+".new", []byte(text), 0o600), os.Rename(path+".new", path)); err != nil {
			t.Fatal(err)
		}
	}
	write("  clock_format: 24h\n")
	ctx, stop := context.WithCancel(t.Context())
	sent, done := make(chan tea.Msg), make(chan struct{})
	last := stamp(path)
	go func() {
		defer close(done)
		watchConfig(ctx, path, "", last, 5*time.Millisecond, func(msg tea.Msg) {
			select {
			case sent <- msg:
			case <-ctx.Done():
			}
		})
	}()
	m, _ := sceneModel(t, 120, 40)
	typeText(m, "a line under edit")

	change := func(tui string) {
		t.Helper()
		write(tui)
		m.Update(<-sent)
	}
	change("  clock_format: 12h\n  ignore: [Alice]\n  keys: {help: f10}\n")
	shows(t, m, "09:02pm")
	hides(t, m, "NEXT ONE IS A CLASSIC")
	shows(t, m, "a line under edit")
	shows(t, m, "the config was read again")

	change("  clock_format: 12h\n  highlights: [{match: '/(/'}]\n")
	if said := m.room().chat.lines; !strings.Contains(said[len(said)-1].text(), path+":6:24: tui.highlights[0].match: expected a regular expression") {
		t.Errorf("says %q", said[len(said)-1].text())
	}
	hides(t, m, "NEXT ONE IS A CLASSIC") // as before
	change("  keys: {hepl: f1, other: f3}\n")
	if said := m.room().chat.lines; !strings.HasSuffix(said[len(said)-1].text(), "(and 1 more)") {
		t.Errorf("says %q", said[len(said)-1].text())
	}

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	write("  clock_format: 24h\n  scrollback: 200\n")
	m.Update(<-sent)
	shows(t, m, "NEXT ONE IS A CLASSIC")
	if m.room().chat.max != 200 {
		t.Errorf("scrollback is %d", m.room().chat.max)
	}
	stop()
	<-done
}
