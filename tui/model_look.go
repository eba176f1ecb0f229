package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// theme is the one that is shown: what was chosen here, or what the config says;
// where there is no such theme, the one before.
func (m *model) theme() string {
	for _, name := range []string{m.chosenTheme, m.configTheme(), m.lastTheme} {
		if _, ok := m.themes[name]; ok {
			return name
		}
	}
	return "default"
}

func (m *model) configTheme() string {
	if m.opts.TUI.Theme == "" {
		return "default"
	}
	return m.opts.TUI.Theme
}

// measure follows what the terminal says about wide characters, just as the
// renderer does.
func (m *model) measure(msg tea.ModeReportMsg) {
	if msg.Mode != ansi.ModeUnicodeCore {
		return
	}
	switch msg.Value {
	case ansi.ModeReset, ansi.ModeSet, ansi.ModePermanentlySet:
		m.by = ansi.GraphemeWidth
		m.restyle()
	}
}

// arrange lays the screen out anew and tells every chat its size.
func (m *model) arrange() {
	want := !m.hideUsers
	if m.w < narrowWidth {
		want = m.showUsers
	}
	m.pair()
	m.layout = arrange(m.w, m.h, layoutWants{users: want, widths: m.widths, split: m.split && len(m.rooms) > 1, right: m.right})
	m.view().size(m.layout.body.w, m.layout.body.h)
	for i, v := range m.rooms {
		c := m.layout.chat
		if i == m.beside && m.layout.other.w > 0 {
			c = m.layout.other
		}
		if c.w > 0 && c.h > 0 {
			v.log.resize(c.w, c.h)
			v.chat.resize(c.w, c.h)
		}
	}
}

// restyle makes the styles anew and has every line rendered again.
func (m *model) restyle() {
	m.lastTheme = m.theme()
	m.styles = newStyles(m.themes, m.lastTheme, m.profile)
	m.look++
	for _, v := range m.rooms {
		v.log.restyle(m.lines())
		v.chat.restyle(m.lines())
	}
}

func (m *model) lines() lineRenderer {
	return newLineRenderer(m.styles, m.by, m.loc, m.clock12(), m.look)
}

// setTheme puts a theme on; none is the config's.
func (m *model) setTheme(name string) {
	m.chosenTheme = name
	m.restyle()
}
