package tui

import (
	"slices"
	"strings"
	"testing"

	"rosey/config"

	tea "charm.land/bubbletea/v2"
)

func TestPresetsTakeTheSelectedPersonAndAskForTheRest(t *testing.T) {
	m, a := rulesModel(t, 120, 40)
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
	m, a := rulesModel(t, 120, 40)
	m.openCard(m.room(), "carol")
	_, cmd := m.Update(tea.KeyPressMsg{Code: 'k', Mod: tea.ModAlt})
	for _, msg := range flatten(cmd) {
		m.Update(msg)
	}
	if m.dialog() != nil || len(a.asked) == 0 || strings.Join(a.asked[len(a.asked)-1].Args, " ") != "/me waves at carol" {
		t.Errorf("dialog %v, asked %+v", m.dialog(), a.asked)
	}
}

func TestPresets(t *testing.T) {
	cases := []struct {
		template string
		values   map[string]string
		want     string
		missing  []string
	}{
		{"kick {user} {reason}", map[string]string{"user": "bob", "reason": "no links, please"}, "kick bob no links, please", nil},
		{"kick {user} {reason}", map[string]string{"user": "bob"}, "kick bob", []string{"reason"}},
		{"mute {user}", map[string]string{"user": "bob"}, "mute bob", nil},
		{"say {text} said {user}", map[string]string{"user": "bob", "text": `a "b" c`}, `say "a \"b\" c" said bob`, nil},
		{"pm {user} hi {user}", nil, `pm "" hi`, []string{"user"}},
		{"clear", map[string]string{"user": "bob"}, "clear", nil},
	}
	for _, c := range cases {
		p := newPreset(config.Preset{Template: c.template})
		if got := p.missing(c.values); !slices.Equal(got, c.missing) {
			t.Errorf("%s: missing %q, want %q", c.template, got, c.missing)
		}
		if got := p.expand(c.values); got != c.want {
			t.Errorf("%s: %q, want %q", c.template, got, c.want)
		}
	}
	p := newPreset(config.Preset{Template: "mute {user}", Key: "alt+k f12"})
	if p.label != "mute {user}" || !p.key.Enabled() || p.key.Help().Key != "alt+k" {
		t.Errorf("label %q, key %v", p.label, p.key.Help())
	}
	if newPreset(config.Preset{Template: "x"}).key.Enabled() {
		t.Error("a preset without a key has one")
	}
}
