package tui

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"rosey/config"
)

func TestIgnoredAndFilteredLinesAreNotShown(t *testing.T) {
	m, _ := rulesModel(t, 120, 40)
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
	m, _ := rulesModel(t, 80, 24)
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
			m.reapplyRules()
			requireShape(t, m, 80, 24)
			press(t, m, "k", "j", "pgup", "pgdown", "g", "m")
			requireShape(t, m, 80, 24)
			only.active = false
			m.reapplyRules()
			requireShape(t, m, 80, 24)
			if was && walk == "" && !v.chat.follow {
				t.Errorf("%s: does not follow any more", pattern)
			}
			v.chat.live()
		}
	}
}
