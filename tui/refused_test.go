package tui

import "testing"

// Tab on an empty line puts nobody's name in it, which enter would then say.
func TestTabOnAnEmptyLineCompletesNothing(t *testing.T) {
	m, a := operate(t, 120, 40)
	m.Update(updates("movienight", event(message("21:04", "bob", "hi"))))
	press(t, m, "tab")
	if !m.room().edit.empty() {
		t.Errorf("the line has %q", m.room().edit.value())
	}
	if press(t, m, "enter"); len(m.room().outbox) > 0 || len(a.verbs) > 0 {
		t.Errorf("said %v", m.room().outbox)
	}
	typeText(m, "bo")
	press(t, m, "tab")
	if got := m.room().edit.value(); got != "bob: " && got != "bob " {
		t.Errorf("the line has %q", got)
	}
}

// A command that is refused does not stand in the way of the next one, and can
// be had back.
func TestARefusedCommandLeavesTheLine(t *testing.T) {
	m, _ := operate(t, 120, 40)
	for _, line := range []string{"/nosuch thing", "/kick", "/theme nowhere", "/me"} {
		typeText(m, line)
		press(t, m, "enter")
		if got := m.room().edit.value(); got != "" {
			t.Errorf("after %s the line has %q", line, got)
		}
		shows(t, m, "↑ brings it back")
		press(t, m, "up")
		if got := m.room().edit.value(); got != line {
			t.Errorf("↑ brings %q, not %q", got, line)
		}
		m.room().edit.set("")
	}
}
