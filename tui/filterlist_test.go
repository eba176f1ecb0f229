package tui

import (
	"fmt"
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

// What filters hide is told where one looks, on any width.
func TestFiltersTellWhatTheyHide(t *testing.T) {
	m, _ := rulesModel(t, 120, 40)
	shows(t, m, "1 filter hides 1 line ─") // who is ignored by name is not counted
	press(t, m, "alt+i", "down", "enter", "esc")
	n := m.room().log.filtered()
	shows(t, m, fmt.Sprintf("2 filters hide %d lines ─", n))
	m.Update(updates("movienight", event(message("21:04", "bob", "one more"))))
	shows(t, m, fmt.Sprintf("2 filters hide %d lines ─", n+1))
	press(t, m, "esc")
	shows(t, m, "2 filters")
	shows(t, m, "standing still")
	press(t, m, "esc")
	for _, w := range []int{40, 60, 80, 200} {
		m.Update(tea.WindowSizeMsg{Width: w, Height: 24})
		shows(t, m, "2 filters")
		requireShape(t, m, w, 24)
	}
	press(t, m, "alt+i", "enter", "down", "enter", "esc")
	hides(t, m, "filter")
}
