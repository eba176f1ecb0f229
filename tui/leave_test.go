package tui

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
)

// A console on which others hang asks before it takes the services with it.
func TestLeavingAsksWhereOthersHangOnThisConsole(t *testing.T) {
	host := func(others ...string) *model {
		o := testOptions()
		o.Hosts = []string{"NATS", "the database service", "the bot"}
		m, _ := testModel(t, o, 80, 24)
		m.Update(scene())
		for _, name := range others {
			m.Update(batchMsg{at: evening, updates: []roomUpdate{{presence: &bus.Presence{Console: name, Operator: name}}}})
		}
		return m
	}
	if !quits(press(t, host(), "ctrl+c")) {
		t.Error("a console on which nobody hangs asks")
	}
	for name, leave := range map[string]func(m *model) tea.Cmd{
		"ctrl+c":              func(m *model) tea.Cmd { return press(t, m, "ctrl+c") },
		"from the help":       func(m *model) tea.Cmd { return press(t, m, "f1", "ctrl+c") },
		"/quit":               func(m *model) tea.Cmd { typeText(m, "/quit"); return press(t, m, "enter") },
		"ctrl+c after a line": func(m *model) tea.Cmd { typeText(m, "half"); return press(t, m, "ctrl+c", "ctrl+c") },
	} {
		m := host("Ben", "mia")
		leave(m)
		if m.left {
			t.Errorf("%s: left without a question", name)
			continue
		}
		shows(t, m, "The consoles of Ben and mia hang on this one.")
		shows(t, m, "Leaving stops NATS,")
		requireShape(t, m, 80, 24)
		m.Update(armMsg{m.dialog().(guarded)})
		if press(t, m, "enter"); m.left || m.dialog() != nil {
			t.Errorf("%s: enter does not stay", name)
		}
		m = host("Ben", "mia")
		leave(m)
		if press(t, m, "y"); m.left {
			t.Errorf("%s: a key typed before the question was seen leaves", name)
		}
		m.Update(armMsg{m.dialog().(guarded)})
		if press(t, m, "y"); !m.left {
			t.Errorf("%s: the answer does not leave", name)
		}
	}
	m := host("Ben")
	press(t, m, "ctrl+c")
	shows(t, m, "Ben's console hangs on this one.")
	if m.Update(toldMsg{}); !m.left {
		t.Error("a signal is asked about")
	}
}
