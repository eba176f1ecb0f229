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

func (p *roomPage) size(int, int) {}
func (p *roomPage) draw(m *model) []string {
	return append(m.body(), m.withUndo(m.withTrouble(m.bottomRule())), m.inputRow())
}

// want asks for older lines where one is about to come to them, and for what
// the detail pane shows.
func (p *roomPage) want(m *model) tea.Cmd {
	v := m.room()
	if v == nil {
		return nil
	}
	cmds := []tea.Cmd{m.wantOlder(v), m.wantDetail(v)}
	if other := m.second(); other != nil {
		cmds = append(cmds, m.wantOlder(other))
	}
	return tea.Batch(cmds...)
}

func (p *roomPage) key(m *model, msg tea.KeyPressMsg) tea.Cmd {
	cmd := p.take(m, msg)
	return tea.Batch(cmd, p.want(m))
}

// take finds out whose key it is: the chat's or the input line's.
func (p *roomPage) take(m *model, msg tea.KeyPressMsg) tea.Cmd {
	v := m.room()
	switch {
	case v == nil:
		if key.Matches(msg, m.keys.Close) {
			return m.askQuit()
		}
	case v.finding != nil:
		return m.searchKey(v, msg)
	case v.users.focus && m.layout.users.w > 0:
		return m.usersKey(v, msg)
	case m.scrollKey(v, msg):
	case v.chat.selecting() || m.opts.ReadOnly:
		return m.selectKey(v, msg)
	default:
		return m.inputKey(v, msg)
	}
	return nil
}

// focusUsers moves the focus to the list of users, on a person where one is
// chosen.
func (m *model) focusUsers(v *channel, name string) {
	if m.layout.users.w == 0 {
		m.toggleUsers()
	}
	v.users.focus, v.users.sel = true, name
	if _, here := v.state.User(name); !here {
		v.users.sel = ""
		m.usersRows(v, m.layout.users) // the rows that there are to choose from
		v.users.move(1, m.layout.users.h)
	}
}

// pointer scrolls what lies under the wheel.
func (p *roomPage) pointer(m *model, e pointer) tea.Cmd {
	v := m.room()
	if v == nil {
		return nil
	}
	x, y := e.x+m.layout.body.x, e.y+m.layout.body.y
	var cmd tea.Cmd
	switch other := m.second(); {
	case e.what != pointerWheel:
		cmd = m.clickRoom(v, e.what, x, y)
	case m.layout.users.contains(x, y):
		m.usersRows(v, m.layout.users)
		v.users.scroll(e.wheel)
	case m.layout.detail.contains(x, y):
		cmd = m.wheelDetail(v, e.wheel)
	case m.layout.chat.contains(x, y):
		v.chat.scroll(e.wheel)
	case other != nil && m.layout.other.contains(x, y):
		other.chat.scroll(e.wheel)
	}
	return tea.Batch(cmd, p.want(m))
}

// paste inserts one line as it is and asks about more.
func (p *roomPage) paste(m *model, text string) tea.Cmd {
	v := m.room()
	if v != nil && v.finding != nil {
		v.finding.edit.insert(strings.Join(pastedLines(text), " "))
		return nil
	}
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
	if v.finding != nil {
		return []key.Binding{bind("enter", "find", "enter"), m.keys.Cancel, bind(`user: since: before: -word "phrase" /regexp/`, "", "enter")}
	}
	if v.users.focus {
		k := m.keys
		if m.opts.ReadOnly {
			return []key.Binding{k.Leave, k.Card, k.ToChat, k.Help}
		}
		return []key.Binding{k.Leave, k.Card, k.Kick, k.Mute, k.Ban, k.ToChat, k.Help}
	}
	hints := m.keys.hints(v.chat.selecting(), m.opts.ReadOnly)
	if next := v.nextOffer(); next != "" && !v.chat.selecting() && !m.opts.ReadOnly {
		hints[0] = bind(m.keys.Complete.Help().Key, next, "tab")
	}
	if m.second() != nil {
		hints = append([]key.Binding{m.keys.Other}, hints...)
	}
	if !v.chat.selecting() && m.w < narrowWidth {
		hints = append([]key.Binding{m.keys.Users}, hints...)
	}
	return hints
}

func (p *roomPage) help(m *model) []keyGroup { return m.keys.groups(m.opts.ReadOnly) }
