package tui

import (
	"cmp"
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A themePicker shows each theme as one comes to it; leaving it takes the one
// from before back. Files that no theme can be read from stand below, with why.
type themePicker struct {
	at     string // a theme's name, or a broken one's file
	before string // what was chosen; empty: the config's
}

// A themeRow is one of the picker's rows.
type themeRow struct{ id, name, about, why string }

func newThemePicker(m *model) *themePicker { return &themePicker{at: m.theme(), before: m.chosenTheme} }

func (m *model) themeRows() []themeRow {
	rows := make([]themeRow, 0, len(m.themes)+len(m.broken))
	for _, name := range m.themes.names() {
		rows = append(rows, themeRow{id: name, name: name, about: m.themes[name].about})
	}
	for _, b := range m.broken {
		rows = append(rows, themeRow{id: b.file, name: cmp.Or(b.name, b.file), why: b.String()})
	}
	return rows
}

// row is where the cursor is: files come and go while the picker is open.
func (p *themePicker) row(rows []themeRow) int {
	return max(0, slices.IndexFunc(rows, func(r themeRow) bool { return r.id == p.at }))
}

func (p *themePicker) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k, rows := m.keys, m.themeRows()
	at := p.row(rows)
	switch {
	case key.Matches(msg, k.Up):
		at = max(0, at-1)
	case key.Matches(msg, k.Down, k.NextButton):
		at = min(len(rows)-1, at+1)
	case key.Matches(msg, k.Choose) && rows[at].why == "":
		m.setTheme(rows[at].name)
		return m.keepTheme(), true
	case key.Matches(msg, k.Cancel, k.Close):
		m.setTheme(p.before)
		return nil, true
	}
	p.at = rows[at].id
	if rows[at].why == "" {
		m.setTheme(rows[at].name)
	}
	return nil, false
}

func (p *themePicker) box(m *model) []string {
	s, w := m.styles, min(m.w-2, 62)
	rows := m.themeRows()
	at := p.row(rows)
	foot := p.foot(m, rows[at], w-4)
	n := max(1, min(len(rows), m.h-6-len(foot)))
	from := max(0, min(at-n/2, len(rows)-n))
	var body []string
	for i := from; i < from+n; i++ {
		lead, below := "  ", ink("")
		if i == at {
			lead, below = s.accent.paint("› "), s.selected
		}
		name, about := s.strong, s.muted.paint(rows[i].about)
		if rows[i].why != "" {
			name, about = s.muted, s.bad.paint("✗ cannot be read")
		}
		body = append(body, under(below, fit(m.by, lead+name.paint(fit(m.by, rows[i].name, themeLead-2))+about, w-4)))
	}
	return m.box("Theme · enter keeps it · esc leaves it", append(append(body, ""), foot...), w)
}

// themeLead is how many cells stand before what a theme says of itself.
const themeLead = 14

// foot is a sample of the theme, after what its row has cut, or what is wrong with it.
func (p *themePicker) foot(m *model, r themeRow, w int) []string {
	s := m.styles
	if r.why != "" {
		wrap := wrapper{by: m.by}
		rows := wrap.wrap([]piece{{r.why, s.text}}, w, "")
		return rows[:min(len(rows), max(1, m.h/3))]
	}
	var rows []string
	if m.by.StringWidth(r.about) > w-themeLead {
		rows = (&wrapper{by: m.by}).wrap([]piece{{r.about, s.text}}, w, "")
		rows = rows[:min(len(rows), max(1, m.h/3))]
	}
	return append(rows, s.text.paint("text ")+s.muted.paint("muted ")+s.accent.paint("accent ")+s.good.paint("good ")+s.warn.paint("warn ")+
		s.bad.paint("bad")+" "+s.quote.paint("> quote ")+s.link.paint("link"))
}
