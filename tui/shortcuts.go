package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A shortcut is something that can be done from anywhere: its key, or the palette,
// does it.
type shortcut struct {
	key key.Binding
	run func(m *model) tea.Cmd
}

// everywhere is what every view can do. Matching, help and palette read it.
func (m *model) everywhere() []shortcut {
	k := &m.keys
	list := []shortcut{
		{k.Palette, func(m *model) tea.Cmd { return m.push(newFinder(m)) }},
		{k.Help, func(m *model) tea.Cmd { return m.push(&help{}) }},
	}
	for i, row := range viewTable {
		list = append(list, shortcut{k.Views[i], func(m *model) tea.Cmd { return m.open(row.id) }})
	}
	list = append(list,
		shortcut{k.Filters, func(m *model) tea.Cmd { return m.push(&filterList{}) }},
		shortcut{k.Radar, func(m *model) tea.Cmd { return m.openRadar() }},
		shortcut{k.Evidence, func(m *model) tea.Cmd { return m.saveEvidence() }},
		shortcut{k.Picture, func(m *model) tea.Cmd { return m.savePicture() }},
	)
	list = append(list, m.presetShortcuts()...)
	return append(list,
		shortcut{k.Detail, func(m *model) tea.Cmd { return m.nextDetail() }},
		shortcut{k.Split, func(m *model) tea.Cmd { m.toggleSplit(); return m.open(viewRoom) }},
		shortcut{k.Other, func(m *model) tea.Cmd { m.toOther(); return m.open(viewRoom) }},
		shortcut{k.NextRoom, func(m *model) tea.Cmd { m.nextRoom(); return m.view().want(m) }},
		shortcut{k.Users, func(m *model) tea.Cmd { m.toggleUsers(); return nil }},
		shortcut{k.Theme, func(m *model) tea.Cmd { return m.push(newThemePicker(m)) }},
		shortcut{k.Mouse, func(m *model) tea.Cmd { m.toggleMouse(); return nil }},
		shortcut{k.Redraw, func(*model) tea.Cmd { return tea.ClearScreen }},
		shortcut{k.Quit, func(m *model) tea.Cmd { return m.interrupt() }},
	)
}

// shortcutKey acts on a key of everywhere; false when it is none.
func (m *model) shortcutKey(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	if key.Matches(msg, m.keys.Rooms) {
		m.show(int(msg.Code - '1'))
		return m.view().want(m), true
	}
	for _, d := range m.everywhere() {
		if !key.Matches(msg, d.key) || key.Matches(msg, m.keys.Users) && !m.mayToggleUsers() {
			continue
		}
		return d.run(m), true
	}
	return nil, false
}

// toggleMouse leaves the mouse to the terminal, which then selects text, or
// takes it back.
func (m *model) toggleMouse() {
	m.mouseOff = !m.mouseOff
	m.status = "mouse on"
	if m.mouseOff {
		m.status = "mouse off: the terminal selects text itself"
	}
}
