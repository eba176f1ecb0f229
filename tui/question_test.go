package tui

import (
	"testing"
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
