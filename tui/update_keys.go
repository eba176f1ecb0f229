package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// key finds out whose key it is: a dialog's, everyone's or the view's.
func (m *model) key(msg tea.KeyPressMsg) tea.Cmd {
	m.status = ""
	if key.Matches(msg, m.fromPane()...) {
		m.leavePane()
	}
	if m.dialog() != nil {
		return m.dialogKey(msg)
	}
	if cmd, done := m.shortcutKey(msg); done {
		return cmd
	}
	return m.view().key(m, msg)
}

// paste gives what was pasted to whoever has a line under edit.
func (m *model) paste(text string) tea.Cmd {
	if d := m.dialog(); d != nil {
		if w, ok := d.(writer); ok {
			w.insert(text)
		}
		return nil
	}
	if t, ok := m.view().(typist); ok {
		return t.paste(m, text)
	}
	return nil
}

// show switches to a room, by its number from 0: in the place of the one that
// has the focus, or where it stands already.
func (m *model) show(i int) {
	if i < 0 || i >= len(m.rooms) {
		return
	}
	if i == m.beside && i != m.active {
		m.beside, m.right = m.active, !m.right
	}
	m.active = i
	m.rooms[i].unread, m.rooms[i].mentions = 0, 0
	m.arrange()
}

// nextRoom switches to the next room with something new, mentions first.
func (m *model) nextRoom() {
	best := -1
	for n := 1; n < len(m.rooms); n++ {
		i := (m.active + n) % len(m.rooms)
		v := m.rooms[i]
		if v.mentions > 0 {
			best = i
			break
		}
		if best < 0 && v.unread > 0 {
			best = i
		}
	}
	if best < 0 && len(m.rooms) > 0 {
		best = (m.active + 1) % len(m.rooms)
	}
	m.show(best)
}

// mayToggleUsers tells whether ctrl+u is free: in a line under edit it cuts.
func (m *model) mayToggleUsers() bool {
	v := m.room()
	return m.shown == viewRoom && (v == nil || v.edit.empty() || v.chat.selecting())
}

func (m *model) toggleUsers() {
	if m.w < narrowWidth {
		m.showUsers = !m.showUsers
	} else {
		m.hideUsers = !m.hideUsers
	}
	m.arrange()
}
