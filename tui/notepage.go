package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A notePage stands where a view is still to come.
type notePage struct {
	id   viewID
	w, h int
}

func (p *notePage) size(w, h int)                       { p.w, p.h = w, h }
func (p *notePage) key(*model, tea.KeyPressMsg) tea.Cmd { return nil }
func (p *notePage) pointer(*model, pointer) tea.Cmd     { return nil }
func (p *notePage) want(*model) tea.Cmd                 { return nil }
func (p *notePage) hints(m *model) []key.Binding {
	return []key.Binding{m.keys.Views[viewRoom], m.keys.Palette, m.keys.Help}
}
func (p *notePage) help(*model) []keyGroup { return nil }

func (p *notePage) draw(m *model) []string {
	s := m.styles
	rows := []string{""}
	if p.id == viewMigration {
		rows = append(rows, "  "+s.text.paint("Moving from Rosey-Robot v0.5.0: `rosey migrate` does it, `rosey migrate --dry-run` shows it."))
	}
	return m.page(rows, p.w, p.h)
}
