package tui

import (
	"fmt"
	"strings"

	"rosey/bus/room"
)

// Two rooms can stand side by side. One of them has the focus: it is the
// room of everything that is typed and done. What it looks like tells it
// twice: its title has a heavy line and says so, and the prompt names it.

// pair keeps a room beside the active one, where there are two.
func (m *model) pair() {
	if m.beside == m.active || m.beside >= len(m.rooms) {
		m.beside = (m.active + 1) % max(1, len(m.rooms))
	}
}

// second is the room beside the one that has the focus; nil when none is shown.
func (m *model) second() *channel {
	if m.layout.other.w == 0 || m.beside >= len(m.rooms) {
		return nil
	}
	return m.rooms[m.beside]
}

// toggleSplit puts a second room beside the first, or takes it away.
func (m *model) toggleSplit() {
	m.split = !m.split
	switch {
	case !m.split:
		m.right = false
	case len(m.rooms) < 2:
		m.split, m.status = false, "there is no second room"
	case m.w < wideWidth:
		m.status = tooNarrow(m.w)
	}
	m.arrange()
}

// tooNarrow says why no second room is shown in w columns.
func tooNarrow(w int) string {
	return fmt.Sprintf("two rooms stand side by side from %d columns on; here are %d", wideWidth, w)
}

// toOther gives the other room the focus.
func (m *model) toOther() {
	if len(m.rooms) < 2 {
		m.status = "there is no second room"
		return
	}
	m.show(m.beside)
}

// splitBody is the two rooms as rows of the panes that they stand in, the one
// to the left first.
func (m *model) splitBody() (left, right []string) {
	l := m.layout
	left = append([]string{m.roomTitle(m.room(), l.chatTitle.w, true)}, m.chatRows(m.room(), l.chat)...)
	right = append([]string{m.roomTitle(m.second(), l.otherTitle.w, false)}, m.chatRows(m.second(), l.other)...)
	if m.right {
		left, right = right, left
	}
	return left, right
}

// roomTitle is the row over one of two rooms: its name, who is there, what is
// new in it and what plays, and whether it is the one that is written to.
func (m *model) roomTitle(v *channel, w int, focus bool) string {
	s, by := m.styles, m.by
	line, k := "─", s.border
	name := "  " + s.text.paint(room.Clean(v.name))
	tail := s.strong.paint(m.keys.Other.Help().Key) + s.muted.paint(" goes here") + " "
	if focus {
		line, k = "━", s.accent
		name = s.accent.paint("▸ ") + s.tab.paint(room.Clean(v.name))
		tail = s.accent.paint("you write here") + " "
	}
	text := " " + name + " "
	switch {
	case v.mentions > 0:
		text += " " + s.accent.paint(fmt.Sprintf("%s new, %d for you", grouped(uint64(v.unread)), v.mentions)) + " "
	case v.unread > 0:
		text += " " + s.strong.paint(grouped(uint64(v.unread))+" new") + " "
	}
	if v.known {
		text += s.muted.paint(fmt.Sprintf(" %s here ", grouped(uint64(len(v.state.Users)))))
	}
	if p, ok := m.playbackOf(v); ok && by.StringWidth(text)+by.StringWidth(tail)+12 < w {
		title := truncate(by, p.title, w-by.StringWidth(text)-by.StringWidth(tail)-8, ellipsis)
		text += " " + s.muted.paint(p.sign()+" "+title) + " "
	}
	n := w - by.StringWidth(text) - by.StringWidth(tail) - 2
	return fit(by, text+k.paint(strings.Repeat(line, max(0, n)))+" "+tail, w)
}
