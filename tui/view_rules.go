package tui

import (
	"slices"
	"strings"
)

// topRule is the line under the header. On a low screen it carries what plays.
func (m *model) topRule() string {
	s := m.styles
	if m.shown != viewRoom {
		title := viewTable[m.shown].title
		return s.border.paint("──") + " " + s.title.paint(title) + " " + s.border.paint(rule(m.w-4-m.by.StringWidth(title)))
	}
	base := m.ruleLine('┬')
	if m.layout.media.h > 0 {
		return s.border.paint(base)
	}
	space := m.w
	for _, d := range m.layout.dividers {
		space = min(space, d.x)
	}
	bar := m.foldedMedia(space - 6)
	if bar == "" {
		return s.border.paint(base)
	}
	end := 4 + m.by.StringWidth(bar)
	return s.border.paint("──") + " " + bar + " " + s.border.paint(m.by.TruncateLeft(base, end, ""))
}

// bottomRule is the line over the input: how far from live each chat is, and
// what is hidden in it.
func (m *model) bottomRule() string {
	s, l := m.styles, m.layout
	base := []rune(m.ruleLine('┴')) // a cell each
	panes := []struct {
		v *channel
		r rect
	}{{m.room(), l.chat}, {m.second(), l.other}}
	if m.right {
		slices.Reverse(panes)
	}
	var b strings.Builder
	from := 0
	for _, p := range panes {
		note, k := m.ruleNote(p.v, p.r.w)
		if note == "" || p.r.w == 0 {
			continue
		}
		note = truncate(m.by, note, max(1, p.r.w-6), ellipsis)
		n := m.by.StringWidth(note)
		at := p.r.x + p.r.w - n - 4
		b.WriteString(s.border.paint(string(base[from:at])) + " " + k.paint(note) + " ")
		from = at + n + 2
	}
	return b.String() + s.border.paint(string(base[from:]))
}

// ruleNote is what stands under a room's chat of w cells: what the filters hide
// in it, and how far from live it is. Half of the cells are left for what else
// belongs on the rule; how many lines there are gives way to it.
func (m *model) ruleNote(v *channel, w int) (note string, k ink) {
	note, k = m.fromLive(v)
	if v == nil || v.chat.filtered() == 0 {
		return note, k
	}
	if note == "" {
		k = m.styles.muted
	}
	n := v.chat.rules.on()
	verb := " hide "
	if n == 1 {
		verb = " hides "
	}
	short := count(uint64(n), "filter")
	long := short + verb + count(uint64(v.chat.filtered()), "line")
	note = orEmpty(" · ", note)
	return m.fitting([]string{long + note, short + note}, w/2), k
}

// fromLive is how far from live a room's chat is; empty when it is not.
func (m *model) fromLive(v *channel) (note string, k ink) {
	switch {
	case v == nil || v.chat.follow:
		return "", ""
	case v.chat != v.log:
		return "long ago · G goes back to now", m.styles.accent
	}
	note, k = "↓ live", m.styles.muted
	if v.chat.unseen > 0 {
		note, k = "↓ "+grouped(uint64(v.chat.unseen))+" new", m.styles.accent
	}
	if v.chat.selecting() {
		note = "standing still · " + note
	}
	return note, k
}

// ruleLine is a line across the screen with a joint at each divider.
func (m *model) ruleLine(joint rune) string {
	row := []rune(rule(m.layout.w))
	for _, d := range m.layout.dividers {
		row[d.x] = joint
	}
	return string(row)
}
