package tui

import (
	"fmt"

	"charm.land/bubbles/v2/key"

	"rosey/bus/room"
)

// messageLimit is CyTube's limit for one message, in UTF-16 units
// (PROTOCOL.md §5); the bot splits longer lines.
const messageLimit = 320

// inputParts are the input row's prompt and counter and the cells between.
// Where two rooms stand side by side the prompt names the one that is written
// to.
func (m *model) inputParts(v *channel) (prompt, counter string, w int) {
	s, by, wide := m.styles, m.by, m.layout.input.w
	name := ""
	if v != nil {
		name = room.Clean(v.state.Self.Name)
	}
	if name == "" {
		name = "you"
	}
	prompt = " " + s.name(name).paint(truncate(by, name, max(4, wide/6), ellipsis))
	if m.second() != nil {
		prompt += s.muted.paint(" in ") + s.tab.paint(truncate(by, room.Clean(v.name), wide/3, ellipsis))
	}
	prompt += s.accent.paint(" ▸ ")
	counter = m.counter(v)
	return prompt, counter, wide - by.StringWidth(prompt) - by.StringWidth(counter) - 1
}

func (m *model) counter(v *channel) string {
	s := m.styles
	if v == nil {
		return ""
	}
	text := v.edit.value()
	n := room.UTF16Len(text)
	out := fmt.Sprintf(" %d/%d ", n, messageLimit)
	switch {
	case n > messageLimit:
		out = fmt.Sprintf(" %d/%d · %d messages ", n, messageLimit, len(room.Split(text, messageLimit)))
		return s.warn.paint(out)
	case n == 0 && m.layout.input.w < usersWidth:
		return ""
	}
	return s.muted.paint(out)
}

// inputRow is the line under edit, or why there is none.
func (m *model) inputRow() string {
	s, by, v := m.styles, m.by, m.room()
	if m.opts.ReadOnly && (v == nil || v.finding == nil) {
		return fit(by, " "+s.warn.paint("READ ONLY")+s.muted.paint("  you are watching; nothing can be sent from here"), m.w)
	}
	row := m.inputLine(v, m.layout.input.w)
	other := m.second()
	if other == nil {
		return row
	}
	// What was begun in the room beside stays in sight, where it belongs.
	text, w := room.Clean(other.name)+": nothing begun", m.layout.otherInput.w
	if !other.edit.empty() {
		text = room.Clean(other.name) + ", begun: " + room.Clean(other.edit.value())
	}
	rest := fit(by, "  "+s.muted.paint(text), w)
	if m.right {
		row, rest = rest, row
	}
	return row + s.border.paint("│") + rest
}

// inputLine is the line under edit in w cells.
func (m *model) inputLine(v *channel, w int) string {
	s, by := m.styles, m.by
	if v != nil && v.finding != nil {
		return fit(by, " "+v.finding.row(m, w-2), w)
	}
	prompt, counter, space := m.inputParts(v)
	if v == nil {
		return fit(by, prompt, w)
	}
	if e := m.deed(v); e != nil {
		return m.deedRow(e, w)
	}
	text, _ := v.edit.view(by, space)
	if v.chat.selecting() {
		text = s.muted.paint(text)
	}
	return fit(by, prompt+text+" "+counter, w)
}

func (p *roomPage) cursor(m *model) (x, y int, ok bool) {
	v, at := m.room(), m.layout.input
	if v != nil && v.finding != nil {
		return at.x + 1 + v.finding.column(m, at.w-2), at.y - m.layout.body.y, true
	}
	if v == nil || m.opts.ReadOnly || v.chat.selecting() || v.users.focus {
		return 0, 0, false
	}
	prompt, _, w := m.inputParts(v)
	_, x = v.edit.view(m.by, w)
	return at.x + m.by.StringWidth(prompt) + x, at.y - m.layout.body.y, true
}

// hintRow is the last row: what was just done, else the keys that are of use
// here; to the right how busy the room is.
func (m *model) hintRow() string {
	right := m.hintRight()
	left := " " + m.keyHints(m.shownHints())
	if m.status != "" && m.statusFits(m.w) {
		left = " " + m.styles.warn.paint(m.status)
	}
	return spread(m.by, left, right, m.w)
}

// hintRight is what the last row has at its right end.
func (m *model) hintRight() string {
	s, v := m.styles, m.room()
	right := ""
	if v != nil && v.known && (m.w >= usersWidth || v.rate.flood()) {
		right = s.muted.paint(v.rate.text()) + " "
	}
	if v != nil && len(v.outbox) > 0 {
		right = s.muted.paint(fmt.Sprintf("sending %d …  ", len(v.outbox))) + right
	}
	if m.status != "" && !m.statusFits(m.w-m.by.StringWidth(right)) {
		return ""
	}
	return right
}

// shownHints are the hints that fit the last row; none while it says something
// else.
func (m *model) shownHints() []key.Binding {
	if m.status != "" && m.statusFits(m.w) {
		return nil
	}
	return m.fitHints(m.hints(), m.w-m.by.StringWidth(m.hintRight())-2)
}

// hints are the keys of use now: a question's, or the view's.
func (m *model) hints() []key.Binding {
	q, ok := m.dialog().(*question)
	card, onCard := m.dialog().(*card)
	switch {
	case ok && q.field != nil:
		return q.fieldHints(m)
	case ok:
		return []key.Binding{bind("← →", "move", "left", "right"), m.keys.NextButton, m.keys.Choose, m.keys.Cancel}
	case onCard:
		return card.hints(m)
	case m.dialog() != nil:
		return nil
	}
	return m.view().hints(m)
}

// fitting is the first sentence that fits w cells, or the shortest.
func (m *model) fitting(sentences []string, w int) string {
	for _, s := range sentences {
		if m.by.StringWidth(s) <= w {
			return s
		}
	}
	return sentences[len(sentences)-1]
}

// fitHints are as many hints as fit w cells, each whole.
func (m *model) fitHints(keys []key.Binding, w int) []key.Binding {
	for n := range keys {
		w -= m.by.StringWidth(m.keyHints(keys[n : n+1]))
		if w < 0 {
			return keys[:n]
		}
		w -= len("  .  ") // between two
	}
	return keys
}
