package tui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A question asks what to do with several pasted lines. Its default sends
// nothing.
type question struct {
	room  string
	lines []string
}

// answer takes a key while the question stands.
func (m *model) answer(msg tea.KeyPressMsg) tea.Cmd {
	q := m.question
	v := m.roomNamed(q.room)
	switch {
	case key.Matches(msg, m.keys.Cancel) || v == nil:
		m.question = nil
	case key.Matches(msg, m.keys.Join):
		m.question = nil
		m.insert(v, strings.Join(q.lines, " "))
	case key.Matches(msg, m.keys.SendAll):
		m.question = nil
		out := make([]outgoing, len(q.lines))
		for i, l := range q.lines {
			out[i] = outgoing{verb: "say", args: []string{l}, typed: l}
		}
		cmd, _ := m.post(v, out...)
		return cmd
	}
	return nil
}

// previewLines is how much of a paste the question shows.
const previewLines = 4

func (m *model) questionBox(w int) []string {
	q := m.question
	s := m.styles
	body := []string{s.strong.paint(fmt.Sprintf("You pasted %d lines", len(q.lines))), ""}
	for _, l := range q.lines[:min(len(q.lines), previewLines)] {
		body = append(body, s.muted.paint("│ ")+l)
	}
	if more := len(q.lines) - previewLines; more > 0 {
		body = append(body, s.muted.paint(fmt.Sprintf("│ … %d more", more)))
	}
	body = append(body, "", m.keyHints([]key.Binding{m.keys.Join, m.keys.SendAll, m.keys.Cancel}))
	return m.box("Paste", body, min(w-4, 72))
}
