package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A themePicker shows each theme as one comes to it; leaving it takes the one
// from before back.
type themePicker struct {
	names  []string
	at     int
	before string // what was chosen; empty: the config's
}

func newThemePicker(m *model) *themePicker {
	p := &themePicker{names: m.themes.names(), before: m.chosenTheme}
	p.at = max(0, slices.Index(p.names, m.theme()))
	return p
}

func (p *themePicker) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := m.keys
	switch {
	case key.Matches(msg, k.Up):
		p.at = max(0, p.at-1)
	case key.Matches(msg, k.Down, k.NextButton):
		p.at = min(len(p.names)-1, p.at+1)
	case key.Matches(msg, k.Choose):
		m.setTheme(p.names[p.at])
		return m.keepTheme(), true
	case key.Matches(msg, k.Cancel, k.Close):
		m.setTheme(p.before)
		return nil, true
	}
	m.setTheme(p.names[p.at])
	return nil, false
}

func (p *themePicker) box(m *model) []string {
	s, w := m.styles, min(m.w-2, 62)
	n := max(1, min(len(p.names), m.h-7))
	from := max(0, min(p.at-n/2, len(p.names)-n))
	var body []string
	for i := from; i < from+n; i++ {
		lead, below := "  ", ink("")
		if i == p.at {
			lead, below = s.accent.paint("› "), s.selected
		}
		body = append(body, under(below, fit(m.by, lead+s.strong.paint(fit(m.by, p.names[i], 12))+s.muted.paint(m.themes[p.names[i]].about), w-4)))
	}
	sample := s.text.paint("text ") + s.muted.paint("muted ") + s.accent.paint("accent ") + s.good.paint("good ") + s.warn.paint("warn ") +
		s.bad.paint("bad") + " " + s.quote.paint("> quote ") + s.link.paint("link")
	body = append(body, "", sample)
	return m.box("Theme · enter keeps it · esc leaves it", body, w)
}
