package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// roomPage is the room that is shown: chat, users, what comes next and the
// input line. What it shows lies in the room's channel and in the model's
// layout; the page is how it is used.
type roomPage struct{}

func (p *roomPage) size(int, int)       {}
func (p *roomPage) want(*model) tea.Cmd { return nil }
func (p *roomPage) draw(m *model) []string {
	return append(m.body(), m.bottomRule(), m.inputRow())
}

// key finds out whose key it is: the chat's or the input line's.
func (p *roomPage) key(m *model, msg tea.KeyPressMsg) tea.Cmd {
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

// scrollKey moves what is shown: the chat, or the users in its place.
func (m *model) scrollKey(v *channel, msg tea.KeyPressMsg) bool {
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

// selectKey is a key while the chat has the focus.
func (m *model) selectKey(v *channel, msg tea.KeyPressMsg) tea.Cmd {
	any := func(*line) bool { return true }
	mention := func(l *line) bool { return l.mention }
	k := m.keys
	switch {
	case key.Matches(msg, k.Close):
		return m.quit()
	case msg.String() == "?":
		return m.push(&help{})
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
func (m *model) inputKey(v *channel, msg tea.KeyPressMsg) tea.Cmd {
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

// pointer scrolls what lies under the wheel.
func (p *roomPage) pointer(m *model, e pointer) tea.Cmd {
	v := m.room()
	if v == nil || e.what != pointerWheel {
		return nil
	}
	x, y := e.x+m.layout.body.x, e.y+m.layout.body.y
	switch {
	case m.layout.users.contains(x, y):
		v.users.scroll(e.wheel)
	case m.layout.chat.contains(x, y):
		v.chat.scroll(e.wheel)
	}
	return nil
}

// paste inserts one line as it is and asks about more.
func (p *roomPage) paste(m *model, text string) tea.Cmd {
	v := m.room()
	if v == nil || m.opts.ReadOnly {
		return nil
	}
	v.chat.unselect()
	v.tab = completion{}
	lines := pastedLines(text)
	switch len(lines) {
	case 0:
	case 1:
		m.insert(v, lines[0])
	default:
		return m.push(pasteQuestion(v.name, lines))
	}
	return nil
}

// pastedLines are the lines of a paste that have something on them.
func pastedLines(text string) []string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	var lines []string
	for l := range strings.SplitSeq(room.CleanLines(strings.ReplaceAll(text, "\t", " ")), "\n") {
		if l = strings.TrimRight(l, " "); l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

func (m *model) insert(v *channel, text string) {
	before := len(v.edit.chars)
	v.edit.insert(text)
	if len(v.edit.chars) == before {
		m.status = "too long to paste here"
	}
}

func (p *roomPage) hints(m *model) []key.Binding {
	v := m.room()
	if v == nil {
		return []key.Binding{m.keys.Help, m.keys.Palette, m.keys.Close}
	}
	hints := m.keys.hints(v.chat.selecting(), m.opts.ReadOnly)
	if !v.chat.selecting() && m.w < narrowWidth {
		hints = append([]key.Binding{m.keys.Users}, hints...)
	}
	return hints
}

func (p *roomPage) help(m *model) []keyGroup { return m.keys.groups(m.opts.ReadOnly) }
