package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// quit leaves the console, with an empty screen: tmux 3.3 mixes what is left on
// the alternate screen into the shell's when the window has grown meanwhile.
func (m *model) quit() tea.Cmd {
	m.left = true
	return m.pace.leave()
}

// askQuit leaves the console. Where others hang on what it started, it asks
// first: they would lose the room with it.
func (m *model) askQuit() tea.Cmd {
	who := m.dependents()
	if len(who) == 0 {
		return m.quit()
	}
	return m.push(&question{
		title: "Leave the console", danger: true,
		body: func(m *model, w int) []string {
			wr := wrapper{by: m.by}
			return wr.wrap([]piece{
				{hangOn(who) + " on this one. ", m.styles.warn},
				{"Leaving stops " + listed(m.opts.Hosts) + ", which it started: nobody sees the room until they run again.", m.styles.text},
			}, max(1, w), "")
		},
		buttons: []button{{"n", "Stay", nil}, {"y", "Leave", func(m *model) tea.Cmd { return m.quit() }}},
	})
}

// dependents are the operators whose consoles end with what this one started.
func (m *model) dependents() (names []string) {
	if len(m.opts.Hosts) == 0 {
		return nil
	}
	for _, p := range m.others() {
		if !slices.Contains(names, p.Operator) {
			names = append(names, p.Operator)
		}
	}
	return names
}

func hangOn(who []string) string {
	if len(who) == 1 {
		return who[0] + "'s console hangs"
	}
	return "The consoles of " + listed(who) + " hang"
}

// listed is a list as one says it: a, b and c.
func listed(what []string) string {
	if n := len(what); n > 1 {
		return strings.Join(what[:n-1], ", ") + " and " + what[n-1]
	}
	return strings.Join(what, "")
}
