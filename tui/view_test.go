package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/exp/golden"

	"rosey/bus"
)

func TestRoomView(t *testing.T) {
	for _, s := range []struct{ w, h int }{{40, 10}, {80, 24}, {120, 40}, {160, 50}} {
		t.Run(size(s.w, s.h), func(t *testing.T) {
			m, _ := sceneModel(t, s.w, s.h)
			typeText(m, "hello bo")
			requireShape(t, m, s.w, s.h)
			golden.RequireEqual(t, strings.Join(screen(m), "\n"))
		})
	}
}

// On 16 colours a selected line must not be written in its own background.
func TestSixteenColors(t *testing.T) {
	m, _ := testModel(t, testOptions(), 80, 40)
	m.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
	m.Update(scene())
	press(t, m, "esc", "k")
	golden.RequireEqual(t, m.View().Content)
}

// TestStyles holds the inks: what they are on a screen with all kinds of lines.
func TestStyles(t *testing.T) {
	for _, theme := range builtinThemes().names() {
		t.Run(theme, func(t *testing.T) {
			o := testOptions()
			o.TUI.Theme = theme
			m, _ := testModel(t, o, 80, 40)
			m.Update(scene())
			press(t, m, "esc", "k")
			golden.RequireEqual(t, m.View().Content)
		})
	}
}

func TestOverlays(t *testing.T) {
	m, _ := sceneModel(t, 100, 30)
	press(t, m, "f1")
	t.Run("help", func(t *testing.T) {
		requireShape(t, m, 100, 30)
		golden.RequireEqual(t, strings.Join(screen(m), "\n"))
	})
	press(t, m, "esc")
	m.Update(tea.PasteMsg{Content: "first line\nsecond line\n日本語の行\nfourth\nfifth"})
	t.Run("paste", func(t *testing.T) {
		requireShape(t, m, 100, 30)
		golden.RequireEqual(t, strings.Join(screen(m), "\n"))
	})
}

func TestEmptyRoom(t *testing.T) {
	m, _ := testModel(t, testOptions(), 80, 24)
	m.Update(updates("movienight", linkUp(), bus.Update{Kind: bus.UpdateNoBot, Text: "no bot answers for room movienight"}))
	golden.RequireEqual(t, strings.Join(screen(m), "\n"))
}

// However little room the header has, its ends do not touch, the room that is
// shown is named, and each of the others can be seen.
func TestTheHeaderFitsTheLeastScreens(t *testing.T) {
	for w := minWidth; w <= 80; w++ {
		for _, demo := range []bool{false, true} {
			o := testOptions()
			o.Rooms, o.Demo = []string{"movienight", "den"}, demo
			m, _ := testModel(t, o, w, 8)
			m.Update(scene())
			m.Update(updates("den", event(message("21:00", "zed", "quiet in here"))))
			m.Update(updates("den", event(message("21:00", "zed", "still"))))
			requireShape(t, m, w, 8)
			row := screen(m)[0]
			if !strings.Contains(row, "1 movienight  2") || !strings.Contains(row, "·2 ") || !strings.Contains(row, "C") || strings.Contains(row, ellipsis) {
				t.Errorf("%d columns: %q", w, row)
			}
			click(m, strings.Index(row, " 2")+1, 0)
			if m.room().name != "den" {
				t.Errorf("%d columns: a click on the second room shows %s", w, m.room().name)
			}
		}
	}
}
