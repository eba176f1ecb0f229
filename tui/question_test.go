package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestArrowsMoveBetweenButtons(t *testing.T) {
	m, _ := operate(t, 120, 40)
	q := &question{title: "Well?", body: func(*model, int) []string { return nil },
		buttons: []button{{"n", "No", nil}, {"y", "Yes", nil}, {"m", "Maybe", nil}}}
	m.push(q)
	for i, step := range []struct {
		key string
		at  int
	}{{"right", 1}, {"l", 2}, {"tab", 0}, {"left", 2}, {"h", 1}, {"shift+tab", 0}} {
		if press(t, m, step.key); q.at != step.at {
			t.Fatalf("step %d, %s: at %d, want %d", i, step.key, q.at, step.at)
		}
	}
	q.field = newField("reason", "", nil)
	if press(t, m, "right"); q.at != 1 {
		t.Error("→ does not move while nothing is typed")
	}
	press(t, m, "h", "left", "l")
	if q.at != 1 || q.field.value() != "lh" {
		t.Errorf("at %d, typed %q", q.at, q.field.value())
	}
}

// However low the screen, the field and the buttons of a question are on it.
func TestAQuestionKeepsItsButtonsOnALowScreen(t *testing.T) {
	for _, s := range [][2]int{{40, 8}, {40, 10}, {60, 12}, {80, 24}} {
		m, _ := operate(t, 120, 40)
		m.Update(tea.WindowSizeMsg{Width: s[0], Height: s[1]})
		cmd, _ := m.confirmCommand(m.room(), testTree.Commands[2], []string{"guest42"})
		settle(m, cmd)
		shows(t, m, "guest42 · a guest")
		shows(t, m, "time, reason ▸ 10m")
		shows(t, m, "‹ Leave guest42 alone ›")
		shows(t, m, "  Mute guest42")
		requireShape(t, m, s[0], s[1])
		if c := m.View().Cursor; c == nil || !strings.Contains(screen(m)[c.Y], "time, reason") {
			t.Errorf("%v: the cursor is at %+v", s, c)
		}
	}
}
