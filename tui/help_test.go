package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"rosey/config"
)

// Every row of the help comes into sight, on any screen, and what the foot says
// of the keys is so.
func TestAllOfTheHelpCanBeRead(t *testing.T) {
	for _, s := range []struct{ w, h int }{{40, 8}, {60, 12}, {80, 24}, {160, 50}} {
		for _, row := range viewTable {
			m, _ := operate(t, s.w, s.h)
			press(t, m, row.keys[0], "f1")
			all := m.helpRows()
			seen, from := map[string]bool{}, ""
			for range len(all) + 1 {
				requireShape(t, m, s.w, s.h)
				for _, r := range screen(m) {
					seen[r] = true
				}
				from = strings.Join(screen(m), "\n")
				if len(all) <= m.helpSpace() {
					break
				}
				if press(t, m, "down"); m.dialog() == nil {
					t.Fatalf("%s: down closes it", row.title)
				}
			}
			for _, r := range all {
				if !holds(seen, strings.TrimRight(ansi.Strip(r), " ")) {
					t.Errorf("%s at %dx%d never shows %q", row.title, s.w, s.h, ansi.Strip(r))
				}
			}
			press(t, m, "down")
			if len(all) > m.helpSpace() && strings.Join(screen(m), "\n") != from {
				t.Errorf("%s at %dx%d scrolls on past its end", row.title, s.w, s.h)
			}
			press(t, m, "x")
			if m.dialog() != nil {
				t.Errorf("%s at %dx%d stays open", row.title, s.w, s.h)
			}
		}
	}
}

// holds tells whether a row of the screen has text in it.
func holds(rows map[string]bool, text string) bool {
	for r := range rows {
		if strings.Contains(r, text) {
			return true
		}
	}
	return false
}

func TestTheHelpSaysWhichKeysCloseIt(t *testing.T) {
	m, _ := operate(t, 80, 24)
	press(t, m, "f1")
	shows(t, m, "k ↑ j ↓ pgup pgdn scroll · any other key closes")
	hides(t, m, "any key closes")
	press(t, m, "pgdown", "pgdown", "pgdown")
	shows(t, m, "//TEXT")
	m, _ = operate(t, 100, 60)
	press(t, m, "f5", "f1")
	shows(t, m, "any key closes")
	if press(t, m, "down"); m.dialog() != nil {
		t.Error("not any key does")
	}
}

func TestTheHelpOfListsUsesTheirWords(t *testing.T) {
	for _, k := range []string{"f3", "f4"} {
		m, _ := operate(t, 120, 60)
		press(t, m, k, "f1")
		for _, word := range []string{"back to live", "oldest"} {
			hides(t, m, word)
		}
		shows(t, m, "to the room")
	}
	m, _ := operate(t, 120, 60)
	press(t, m, "f4", "f1")
	shows(t, m, "what was done against them")
	o := testOptions()
	o.ReadOnly = true
	m, _ = testModel(t, o, 120, 60)
	press(t, m, "f3", "f1")
	hides(t, m, "shuffle")
}

// A preset may be called anything.
func TestTheHelpCutsNoPreset(t *testing.T) {
	o := testOptions()
	o.TUI.Presets = []config.Preset{{Key: "ctrl+alt+shift+k", Template: "me waves", Label: "wave to everybody who is here, to those who are not, and to the one at the end"}}
	m, _ := testModel(t, o, 80, 60)
	press(t, m, "f1")
	shows(t, m, "ctrl+alt+shift+k")
	shows(t, m, "the end")
	requireShape(t, m, 80, 60)
}
