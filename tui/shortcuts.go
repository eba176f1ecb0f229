package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A deed is something that can be done from anywhere: its key, or the palette,
// does it.
type deed struct {
	key key.Binding
	run func(m *model) tea.Cmd
}

// everywhere is what every view can do. Matching, help and palette read it.
func (m *model) everywhere() []deed {
	k := &m.keys
	list := []deed{
		{k.Palette, func(m *model) tea.Cmd { return m.push(newFinder(m)) }},
		{k.Help, func(m *model) tea.Cmd { return m.push(&help{}) }},
	}
	for i, row := range viewTable {
		list = append(list, deed{k.Views[i], func(m *model) tea.Cmd { return m.open(row.id) }})
	}
	list = append(list, m.own()...)
	return append(list,
		deed{k.Detail, func(m *model) tea.Cmd { return m.nextDetail() }},
		deed{k.Split, func(m *model) tea.Cmd { m.toggleSplit(); return m.open(viewRoom) }},
		deed{k.Other, func(m *model) tea.Cmd { m.toOther(); return m.open(viewRoom) }},
		deed{k.NextRoom, func(m *model) tea.Cmd { m.nextRoom(); return m.view().want(m) }},
		deed{k.Users, func(m *model) tea.Cmd { m.toggleUsers(); return nil }},
		deed{k.Theme, func(m *model) tea.Cmd { return m.push(newThemePicker(m)) }},
		deed{k.Mouse, func(m *model) tea.Cmd { m.toggleMouse(); return nil }},
		deed{k.Redraw, func(*model) tea.Cmd { return tea.ClearScreen }},
		deed{k.Quit, func(m *model) tea.Cmd { return m.interrupt() }},
	)
}

// everyKey acts on a key of everywhere; false when it is none.
func (m *model) everyKey(msg tea.KeyPressMsg) (tea.Cmd, bool) {
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
