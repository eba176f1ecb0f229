package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// key finds out whose key it is: an overlay's, everyone's, the chat's or the
// input line's.
func (m *model) key(msg tea.KeyPressMsg) tea.Cmd {
	m.status = ""
	switch {
	case m.question != nil:
		return m.answer(msg)
	case m.help:
		return m.helpKey(msg)
	}
	if cmd, done := m.globalKey(msg); done {
		return cmd
	}
	v := m.room()
	switch {
	case v == nil:
		if key.Matches(msg, m.keys.Close) {
			return m.quit()
		}
	case m.scrollKey(v, msg):
	case v.chat.selecting() || m.opts.ReadOnly:
		return m.selectKey(v, msg)
	default:
		return m.inputKey(v, msg)
	}
	return nil
}

// helpKey scrolls the help; any other key closes it.
func (m *model) helpKey(msg tea.KeyPressMsg) tea.Cmd {
	switch k := m.keys; {
	case key.Matches(msg, k.Quit):
		return m.quit()
	case key.Matches(msg, k.Down, k.RowDown, k.PageDown):
		m.helpRow++
	case key.Matches(msg, k.Up, k.RowUp, k.PageUp):
		m.helpRow = max(0, m.helpRow-1)
	default:
		m.help, m.helpRow = false, 0
	}
	return nil
}

func (m *model) globalKey(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	v := m.room()
	switch {
	case key.Matches(msg, m.keys.Quit):
		return m.quit(), true
	case key.Matches(msg, m.keys.Help):
		m.help = true
	case key.Matches(msg, m.keys.Redraw):
		return tea.ClearScreen, true
	case key.Matches(msg, m.keys.Rooms):
		m.show(int(msg.Code - '1'))
	case key.Matches(msg, m.keys.NextRoom):
		m.nextRoom()
	case key.Matches(msg, m.keys.Users) && (v == nil || v.edit.empty() || v.chat.selecting()):
		m.toggleUsers()
	default:
		return nil, false
	}
	return nil, true
}

// show switches to a room, by its number from 0.
func (m *model) show(i int) {
	if i < 0 || i >= len(m.rooms) {
		return
	}
	m.active = i
	m.rooms[i].unread, m.rooms[i].mentions = 0, 0
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

func (m *model) toggleUsers() {
	if m.w < narrowWidth {
		m.showUsers = !m.showUsers
	} else {
		m.hideUsers = !m.hideUsers
	}
	m.arrange()
}

// scrollKey moves what is shown: the chat, or the users in its place.
func (m *model) scrollKey(v *roomView, msg tea.KeyPressMsg) bool {
	page, rows := 0, 0
	switch {
	case key.Matches(msg, m.keys.PageUp):
		page = -1
	case key.Matches(msg, m.keys.PageDown):
		page = 1
	case key.Matches(msg, m.keys.RowUp):
		rows = -1
	case key.Matches(msg, m.keys.RowDown):
		rows = 1
	case key.Matches(msg, m.keys.Live):
		v.chat.live()
		return true
	default:
		return false
	}
	if m.layout.chat.w == 0 {
		v.users.scroll(page*max(1, m.layout.users.h-1) + rows)
		return true
	}
	if page != 0 {
		v.chat.page(page)
	} else {
		v.chat.scroll(rows)
	}
	return true
}

// wheelRows is how far one notch of the wheel goes.
const wheelRows = 3

func (m *model) wheel(e tea.Mouse) {
	v := m.room()
	if v == nil || m.help || m.question != nil {
		return
	}
	n := 0
	switch e.Button {
	case tea.MouseWheelUp:
		n = -wheelRows
	case tea.MouseWheelDown:
		n = wheelRows
	}
	switch {
	case m.layout.users.contains(e.X, e.Y):
		v.users.scroll(n)
	case m.layout.chat.contains(e.X, e.Y):
		v.chat.scroll(n)
	}
}

// selectKey is a key while the chat has the focus.
func (m *model) selectKey(v *roomView, msg tea.KeyPressMsg) tea.Cmd {
	any := func(*line) bool { return true }
	mention := func(l *line) bool { return l.mention }
	k := m.keys
	switch {
	case key.Matches(msg, k.Close):
		return m.quit()
	case msg.String() == "?":
		m.help = true
	case key.Matches(msg, k.Leave, k.Last):
		v.chat.live()
	case key.Matches(msg, k.Type):
		if !m.opts.ReadOnly {
			v.chat.unselect()
		}
	case !v.chat.selecting():
		if key.Matches(msg, k.Up, k.Down, k.First, k.Mention) {
			v.chat.selectLast()
		}
	case key.Matches(msg, k.Up):
		v.chat.selectMove(-1, any)
	case key.Matches(msg, k.Down):
		v.chat.selectMove(1, any)
	case key.Matches(msg, k.First):
		v.chat.selectFirst()
	case key.Matches(msg, k.Mention):
		if !v.chat.selectMove(-1, mention) {
			m.status = "no mention before"
		}
	case key.Matches(msg, k.MentionBack):
		if !v.chat.selectMove(1, mention) {
			m.status = "no mention after"
		}
	}
	return nil
}

// inputKey is a key while the input line has the focus.
func (m *model) inputKey(v *roomView, msg tea.KeyPressMsg) tea.Cmd {
	if key.Matches(msg, m.keys.Complete) {
		m.complete(v)
		return nil
	}
	v.tab = completion{}
	switch {
	case key.Matches(msg, m.keys.Send):
		return m.enter(v)
	case key.Matches(msg, m.keys.Select):
		if m.layout.chat.w == 0 {
			m.toggleUsers()
		} else {
			v.chat.selectLast()
		}
	default:
		v.edit.key(m.keys, msg)
	}
	return nil
}

// paste inserts one line as it is and asks about more.
func (m *model) paste(text string) tea.Cmd {
	v := m.room()
	if v == nil || m.opts.ReadOnly || m.help || m.question != nil {
		return nil
	}
	v.chat.unselect()
	v.tab = completion{}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	var lines []string
	for l := range strings.SplitSeq(room.CleanLines(strings.ReplaceAll(text, "\t", " ")), "\n") {
		if l = strings.TrimRight(l, " "); l != "" {
			lines = append(lines, l)
		}
	}
	switch len(lines) {
	case 0:
	case 1:
		m.insert(v, lines[0])
	default:
		m.question = &question{room: v.name, lines: lines}
	}
	return nil
}

func (m *model) insert(v *roomView, text string) {
	before := len(v.edit.chars)
	v.edit.insert(text)
	if len(v.edit.chars) == before {
		m.status = "too long to paste here"
	}
}
