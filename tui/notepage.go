package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A notePage stands where a view is still to come and says what is known of
// its matter meanwhile.
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
	say := func(name, text string) {
		rows = append(rows, "  "+s.muted.paint(fit(m.by, name, 16))+s.text.paint(text))
	}
	switch p.id {
	case viewBus, viewStorage, viewLog:
		for _, l := range m.links() {
			say(l.name, l.state.word()+"  "+l.detail)
		}
		if v := m.room(); v != nil {
			say("frames", grouped(v.beat.Frames))
			say("events lost", grouped(v.beat.Dropped))
			say("chat", v.rate.text())
		}
		if m.dbKnown {
			say("rows written", grouped(m.db.Rows))
			say("database file", grouped(uint64(max(0, m.db.Bytes)))+" bytes")
		}
	}
	return m.page(rows, p.w, p.h)
}
