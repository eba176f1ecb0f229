package tui

import (
	tea "charm.land/bubbletea/v2"
)

// clickRoom does what a hand expects in the room: a click on a person opens
// their card, on a line of the chat chooses it and on its name opens the card,
// on the room beside gives it the focus, and dividers can be dragged.
func (m *model) clickRoom(v *channel, what pointerKind, x, y int) tea.Cmd {
	l := m.layout
	switch {
	case what == pointerRelease:
		return m.letGo()
	case what == pointerPress && l.dividerAt(x, y) != noDivider:
		m.dragging = l.dividerAt(x, y)
	case what == pointerDrag:
		m.drag(x)
	case what != pointerPress:
	case l.users.contains(x, y):
		return m.openCard(v, v.users.at(y-l.users.y))
	case l.detail.contains(x, y):
		return m.clickDetail(v, x-l.detail.x, y-l.detail.y)
	case l.other.contains(x, y), l.otherTitle.contains(x, y), l.otherInput.contains(x, y):
		m.toOther()
	case l.bottom.contains(x, y):
		return m.clickUndo(x)
	case l.chat.contains(x, y):
		return m.clickLine(v, x-l.chat.x, y-l.chat.y)
	}
	return nil
}

// clickLine chooses the line that was hit; a second click on it, or one on the
// name, opens what it has: the card, or its links.
func (m *model) clickLine(v *channel, x, y int) tea.Cmd {
	line, ok := v.chat.lineAt(y)
	if !ok {
		return nil
	}
	again := v.chat.sel == line.id
	v.chat.choose(line.id)
	c := v.chat.render.columns(v.chat.w)
	if x < gutter+c.clock+c.name {
		return m.openCard(v, line.person())
	}
	if again || len(line.links()) == 1 {
		return m.openLinks(line)
	}
	return nil
}

// lineAt is the line that row y of the window belongs to.
func (c *chat) lineAt(y int) (*line, bool) {
	i, row := c.window()
	shown := 0
	for j := i; j < len(c.lines) && shown < c.h; j++ {
		shown += len(c.rows(c.lines[j]))
		if j == i {
			shown -= row
		}
	}
	y -= max(0, c.h-shown) // few lines stand at the window's foot
	i, _ = c.forth(i, row, max(0, y))
	if y < 0 || i >= len(c.lines) || !c.lines[i].selectable() {
		return nil, false
	}
	return c.lines[i], true
}

// choose selects a line and lets the window stand still.
func (c *chat) choose(id uint64) {
	i, row := c.window()
	c.hold(i, row)
	c.sel = id
	c.reveal()
}
