package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// shellPage is the bot's command tree at a prompt: what one types is a command,
// and what the bot answers stands below it as the bot wrote it.
type shellPage struct {
	w, h int
	edit editor
	tab  completion
	said []shellEntry // oldest first
	back int          // rows scrolled up from the newest
}

// A shellEntry is a command and its answer.
type shellEntry struct {
	room, typed string
	answer      string
	status      bus.CommandStatus // empty while it is under way
}

// maxShell bounds the entries that are kept.
const maxShell = 300

func (p *shellPage) size(w, h int)       { p.w, p.h = w, h }
func (p *shellPage) want(*model) tea.Cmd { return nil }

func (p *shellPage) hints(m *model) []key.Binding {
	k := m.keys
	if m.opts.ReadOnly {
		return []key.Binding{k.PageUp, k.PageDown, k.Views[viewRoom], k.Palette, k.Help}
	}
	return []key.Binding{bind("enter", "do it", "enter"), k.Complete, k.HistoryPrev, k.PageUp, k.Views[viewRoom], k.Palette, k.Help}
}

func (p *shellPage) help(m *model) []keyGroup {
	k := m.keys
	if m.opts.ReadOnly {
		return []keyGroup{{"Shell", []key.Binding{k.PageUp, k.PageDown, k.RowUp, k.RowDown}}}
	}
	return []keyGroup{{"Shell", []key.Binding{k.Send, k.Complete, k.HistoryPrev, k.HistoryNext, k.PageUp, k.PageDown, k.RowUp, k.RowDown}}}
}

func (p *shellPage) key(m *model, msg tea.KeyPressMsg) tea.Cmd {
	v, k := m.room(), m.keys
	if v == nil {
		return nil
	}
	if key.Matches(msg, k.Complete) && !m.opts.ReadOnly {
		m.complete(v, &p.edit, &p.tab, true)
		return nil
	}
	p.tab = completion{}
	switch {
	case key.Matches(msg, k.PageUp):
		p.scroll(m, max(1, p.h-3))
	case key.Matches(msg, k.PageDown):
		p.scroll(m, -max(1, p.h-3))
	case key.Matches(msg, k.RowUp):
		p.scroll(m, 1)
	case key.Matches(msg, k.RowDown):
		p.scroll(m, -1)
	case key.Matches(msg, k.Leave):
		return m.open(viewRoom)
	case m.opts.ReadOnly:
	case key.Matches(msg, k.Send):
		return p.enter(m, v)
	default:
		p.edit.key(k, msg)
	}
	return nil
}

// enter does the line: a command of the tree, asked about where it harms.
func (p *shellPage) enter(m *model, v *channel) tea.Cmd {
	line := strings.TrimSpace(p.edit.value())
	if line == "" {
		return nil
	}
	p.edit.sent()
	p.back = 0
	p.said = append(p.said, shellEntry{room: v.name, typed: line})
	if len(p.said) > maxShell {
		p.said = p.said[1:]
	}
	last := len(p.said) - 1
	refuse := func(text string) tea.Cmd {
		p.said[last].answer, p.said[last].status = text, bus.StatusRefused
		return nil
	}
	name, rest, _ := strings.Cut(line, " ")
	info, ok := v.command(strings.TrimPrefix(name, "/"))
	if !ok {
		return refuse("Unknown command: " + name + "\nType 'help' for available commands")
	}
	words, err := info.SplitCommand(rest)
	if err != nil {
		return refuse(err.Error())
	}
	e := newErrand(m, v, info, words)
	e.tell = func(_ *model, r bus.CommandReply) { p.answered(line, v.name, r) }
	cmd, wrong := m.confirmErrand(v, e)
	if wrong != "" {
		return refuse(wrong)
	}
	return cmd
}

// answered puts an answer under the last such command that waits for one.
func (p *shellPage) answered(typed, name string, r bus.CommandReply) {
	for i := len(p.said) - 1; i >= 0; i-- {
		if s := &p.said[i]; s.typed == typed && s.room == name && s.status == "" {
			s.answer, s.status = r.Text, r.Status
			if r.Warning != "" {
				s.answer += "\n! " + r.Warning
			}
			return
		}
	}
}

// saidRows are what was said, from the newest back to at least n rows where
// there are as many.
func (p *shellPage) saidRows(m *model, n int) []string {
	var rows []string
	for i := len(p.said) - 1; i >= 0 && len(rows) < n; i-- {
		rows = append(p.entry(m, p.said[i]), rows...)
	}
	switch {
	case len(p.said) > 0:
	case m.opts.ReadOnly:
		rows = []string{m.styles.muted.paint("  The bot's own commands are given here. You are watching, so there is none to give.")}
	default:
		rows = []string{m.styles.muted.paint("  The bot's own commands, as in a private message to it. `help` lists them.")}
	}
	return rows
}

// scroll goes up by n rows, to the oldest at most.
func (p *shellPage) scroll(m *model, n int) {
	h := max(0, p.h-2)
	back := max(0, p.back+n)
	p.back = max(0, min(back, len(p.saidRows(m, h+back))-h))
}

func (p *shellPage) draw(m *model) []string {
	s := m.styles
	h := max(0, p.h-2)
	rows := p.saidRows(m, h+p.back)
	back := max(0, min(p.back, len(rows)-h)) // a higher screen may have room for all
	rows = rows[max(0, len(rows)-h-back) : len(rows)-back]
	for len(rows) < h {
		rows = append([]string{""}, rows...)
	}
	if len(rows) > h {
		rows = rows[len(rows)-h:]
	}
	input := s.warn.paint(" READ ONLY") + s.muted.paint("  nothing can be done from here")
	if !m.opts.ReadOnly {
		text, _ := p.edit.view(m.by, p.w-m.by.StringWidth(p.prompt(m)))
		input = s.accent.paint(p.prompt(m)) + text
	}
	return m.page(append(rows, s.border.paint(rule(p.w)), input), p.w, p.h)
}

func (p *shellPage) prompt(m *model) string {
	name := "no room"
	if v := m.room(); v != nil {
		name = room.Clean(v.name)
	}
	return " " + truncate(m.by, name, max(4, p.w/4), ellipsis) + " ▸ "
}

// entry is a command and its answer in rows.
func (p *shellPage) entry(m *model, e shellEntry) []string {
	s := m.styles
	rows := []string{" " + s.accent.paint("▸ ") + s.strong.paint(truncate(m.by, e.typed, max(1, p.w-4), ellipsis))}
	k, sign := s.text, ""
	switch e.status {
	case "":
		return append(rows, s.muted.paint("   …"), "")
	case bus.StatusRefused:
		k, sign = s.warn, "✗ "
	case bus.StatusNoEffect:
		k, sign = s.warn, "– "
	}
	w := wrapper{by: m.by}
	for _, r := range w.wrap([]piece{{sign + e.answer, k}}, max(1, p.w-4), "") {
		rows = append(rows, "   "+r)
	}
	return append(rows, "")
}

func (p *shellPage) cursor(m *model) (x, y int, ok bool) {
	if m.opts.ReadOnly {
		return 0, 0, false
	}
	prompt := m.by.StringWidth(p.prompt(m))
	_, x = p.edit.view(m.by, p.w-prompt)
	return prompt + x, p.h - 1, true
}

func (p *shellPage) paste(m *model, text string) tea.Cmd {
	if !m.opts.ReadOnly {
		p.edit.insert(strings.Join(pastedLines(text), " "))
	}
	return nil
}

func (p *shellPage) pointer(m *model, e pointer) tea.Cmd {
	if e.what == pointerWheel {
		p.scroll(m, -e.wheel)
	}
	return nil
}
