package tui

import (
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// A finder is the palette: it finds everything that can be done by some of its letters.
type finder struct {
	find    field
	entries []entry
	found   []int // of entries, best first
	at      int
	recent  []string // titles, the last used first
}

// An entry is one thing that can be done.
type entry struct {
	title, note, key string
	run              func(m *model) tea.Cmd
}

func newFinder(m *model) *finder {
	p := &finder{find: field{label: "do"}, entries: m.entries(), recent: m.recent}
	p.look()
	return p
}

// entries is everything: what can be done everywhere, the rooms, our commands
// and the bot's.
func (m *model) entries() []entry {
	var out []entry
	for _, d := range m.everywhere() {
		h := d.key.Help()
		if h == m.keys.Palette.Help() {
			continue
		}
		out = append(out, entry{title: h.Desc, key: h.Key, run: d.run})
	}
	for i, v := range m.rooms {
		out = append(out, entry{title: "room " + room.Clean(v.name), key: fmt.Sprintf("alt+%d", i+1), run: func(m *model) tea.Cmd {
			m.show(i)
			return m.open(viewRoom)
		}})
	}
	if m.opts.ReadOnly {
		return out
	}
	for _, c := range commands() {
		out = append(out, entry{title: "/" + c.name, note: c.what, run: func(m *model) tea.Cmd { return m.begin("/"+c.name+" ", c.args == "") }})
	}
	if what, ok := m.undoable(); ok {
		out = append(out, entry{title: "take back: " + what, key: "esc u", run: func(m *model) tea.Cmd { return m.undo() }})
	}
	if v := m.room(); v != nil {
		for _, c := range v.tree.reply.Commands {
			if ours(c.Name) {
				continue
			}
			out = append(out, entry{title: "/" + c.Name, note: room.Clean(c.Help), run: func(m *model) tea.Cmd {
				return m.begin("/"+c.Name+" ", len(c.Args) == 0 || c.Args[0].Optional && c.Asks)
			}})
		}
		if h := handover(v.state.Handover); h != nil {
			out = append(out, entry{title: "read the handover note", run: func(m *model) tea.Cmd {
				v.append(h)
				return m.open(viewRoom)
			}})
		}
	}
	return out
}

// begin puts the start of a command into the room's input line, and enters it
// where it needs no more.
func (m *model) begin(text string, whole bool) tea.Cmd {
	cmd := m.open(viewRoom)
	v := m.room()
	if v == nil {
		return cmd
	}
	v.log.unselect()
	v.edit.set(text)
	if whole {
		return tea.Batch(cmd, m.enter(v))
	}
	return cmd
}

func (p *finder) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := m.keys
	switch {
	case key.Matches(msg, k.Cancel, k.Palette):
		return nil, true
	case key.Matches(msg, k.Choose):
		if p.at >= len(p.found) {
			return nil, false
		}
		e := p.entries[p.found[p.at]]
		m.recent = used(m.recent, e.title)
		recent := m.recent
		return tea.Batch(e.run(m), m.keep(func(k *memory) { k.Recent = recent })), true
	case key.Matches(msg, k.HistoryPrev):
		p.at = max(0, p.at-1)
	case key.Matches(msg, k.HistoryNext, k.NextButton):
		p.at = max(0, min(len(p.found)-1, p.at+1))
	case p.find.key(m, msg):
		p.look()
	}
	return nil, false
}

func (p *finder) insert(text string) {
	p.find.edit.insert(text)
	p.look()
}

func (p *finder) caret(m *model) (x, y int, ok bool) {
	return 2 + p.find.column(m, p.width(m)-4), 1, true
}

func (p *finder) width(m *model) int { return min(m.w-2, 70) }

func (p *finder) box(m *model) []string {
	s, by, w := m.styles, m.by, p.width(m)
	inner := w - 4
	body := []string{p.find.row(m, inner), s.border.paint(rule(inner))}
	foot := min(3, max(0, (m.h-6)/3))
	n := max(1, min(14, m.h-6-foot))
	from := max(0, min(p.at-n/2, len(p.found)-n))
	for i := from; i < from+n; i++ {
		if i >= len(p.found) {
			body = append(body, "")
			continue
		}
		e := p.entries[p.found[i]]
		left := s.text.paint(e.title)
		if e.note != "" {
			left += s.muted.paint("  " + e.note)
		}
		lead, below := "  ", ink("")
		if i == p.at {
			lead, below = s.accent.paint("› "), s.selected
		}
		body = append(body, under(below, spread(by, lead+left, "  "+s.muted.paint(e.key)+" ", inner)))
	}
	if len(p.found) == 0 {
		body[2] = s.muted.paint("  nothing of that name")
	}
	body = append(body, p.inFull(m, foot, inner)...)
	return m.box("Commands", body, w)
}

// inFull is the entry under the cursor in n rows of w cells, where its row in
// the list cuts it. The rows are there all the same: the list stays in place.
func (p *finder) inFull(m *model, n, w int) []string {
	rows := make([]string, n)
	if p.at >= len(p.found) {
		return rows
	}
	e := p.entries[p.found[p.at]]
	text := e.title + orEmpty("  ", e.note)
	if m.by.StringWidth("  "+text+"  "+e.key+" ") <= w {
		return rows
	}
	copy(rows, (&wrapper{by: m.by}).wrap([]piece{{text, m.styles.text}}, w, ""))
	return rows
}
