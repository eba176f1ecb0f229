package tui

import (
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// filterList shows the filters; they are switched and inverted there.
type filterList struct{ at int }

func (d *filterList) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	n := len(m.rules.filters)
	switch k := m.keys; {
	case n == 0, key.Matches(msg, k.Cancel, k.Filters, k.Close):
		return nil, true
	case key.Matches(msg, k.Up):
		d.at = max(0, d.at-1)
	case key.Matches(msg, k.Down, k.NextButton):
		d.at = min(n-1, d.at+1)
	case key.Matches(msg, k.Choose), msg.String() == "space":
		f := m.rules.filters[d.at]
		f.active = !f.active
		m.reapplyRules()
	case msg.String() == "i":
		f := m.rules.filters[d.at]
		f.invert = !f.invert
		m.reapplyRules()
	}
	return nil, false
}

func (d *filterList) box(m *model) []string {
	s, w := m.styles, min(m.w-4, 64)
	var body []string
	for i, f := range m.rules.filters {
		tick, k := "[ ] ", s.muted
		if f.active {
			tick, k = "[x] ", s.text
		}
		lead, below := "  ", ink("")
		if i == d.at {
			lead, below = s.accent.paint("› "), s.selected
		}
		body = append(body, under(below, fit(m.by, lead+k.paint(tick+f.String()), w-4)))
	}
	if len(body) == 0 {
		body = []string{s.text.paint("There are no filters."), s.muted.paint("Write them in the config under tui: filters.")}
	} else {
		body = append(body, "", s.muted.paint(fmt.Sprintf("space on or off  ·  i invert  ·  %d ignored by name", len(m.rules.ignored))))
	}
	return m.box("Filters", body, w)
}
