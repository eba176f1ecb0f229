package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

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
		v.toLive()
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
	case key.Matches(msg, k.Close) && m.opts.ReadOnly:
		// Elsewhere a line typed by mistake would end the console, and with it
		// what it started.
		return m.askQuit()
	case msg.String() == "?":
		return m.push(&help{})
	case key.Matches(msg, k.Undo) && !m.opts.ReadOnly:
		return m.undo()
	case key.Matches(msg, k.Search):
		v.finding = newField("search", "", nil)
	case key.Matches(msg, k.NextHit):
		return m.findNext(v, -1)
	case key.Matches(msg, k.PrevHit):
		return m.findNext(v, 1)
	case key.Matches(msg, k.Leave, k.Last):
		v.toLive()
	case key.Matches(msg, k.Type):
		if !m.opts.ReadOnly {
			v.chat.unselect()
		}
	case !v.chat.selecting():
		if key.Matches(msg, k.Up, k.Down, k.First, k.Mention) {
			v.chat.selectLast()
		}
	case key.Matches(msg, k.Card, k.Kick, k.Mute, k.Ban):
		return m.onPersonKey(v, v.chat.selected().person(), msg)
	case key.Matches(msg, k.Copy):
		return m.copy(v.chat.selected().plain(m.loc))
	case key.Matches(msg, k.Links):
		return m.openLinks(v.chat.selected())
	case key.Matches(msg, k.ToUsers):
		m.focusUsers(v, v.chat.selected().person())
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

// onPersonKey acts on a person who was chosen: the card, or at once the
// question before a command.
func (m *model) onPersonKey(v *channel, name string, msg tea.KeyPressMsg) tea.Cmd {
	k := m.keys
	if name == "" {
		m.status = "this line is nobody's"
		return nil
	}
	u, _ := v.state.User(name)
	verb := ""
	switch {
	case key.Matches(msg, k.Card):
		return m.openCard(v, name)
	case m.opts.ReadOnly:
		m.status = "you are watching: nothing can be done from here"
		return nil
	case key.Matches(msg, k.Kick):
		verb = "kick"
	case key.Matches(msg, k.Mute) && (u.Meta.Muted || u.Meta.ShadowMuted):
		verb = "unmute"
	case key.Matches(msg, k.Mute):
		verb = "mute"
	case key.Matches(msg, k.Ban):
		verb = "ban"
	}
	info, ok := v.command(verb)
	if !ok {
		m.status = "the bot does not know how to " + verb
		return nil
	}
	cmd, wrong := m.confirmCommand(v, info, []string{name})
	m.status = wrong
	return cmd
}

// usersKey is a key while the list of users has the focus.
func (m *model) usersKey(v *channel, msg tea.KeyPressMsg) tea.Cmd {
	k, h := m.keys, m.layout.users.h
	m.usersRows(v, m.layout.users) // the rows that there are now to choose from
	switch {
	case key.Matches(msg, k.Up):
		v.users.move(-1, h)
	case key.Matches(msg, k.Down):
		v.users.move(1, h)
	case key.Matches(msg, k.PageUp, k.PageDown, k.RowUp, k.RowDown):
		m.scrollKey(v, msg)
	case key.Matches(msg, k.Card, k.Kick, k.Mute, k.Ban):
		return m.onPersonKey(v, v.users.sel, msg)
	case key.Matches(msg, k.Undo) && !m.opts.ReadOnly:
		return m.undo()
	case key.Matches(msg, k.Leave, k.ToChat, k.Type):
		v.users.focus = false
		if m.w < narrowWidth {
			m.toggleUsers()
		}
	case msg.String() == "?":
		return m.push(&help{})
	}
	return nil
}

// inputKey is a key while the input line has the focus.
func (m *model) inputKey(v *channel, msg tea.KeyPressMsg) tea.Cmd {
	if key.Matches(msg, m.keys.Complete) {
		m.complete(v, &v.edit, &v.tab, false)
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
