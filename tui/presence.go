package tui

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// otherConsole is another console, and when it last spoke.
type otherConsole struct {
	bus.Presence
	at time.Time
}

// maxConsoles bounds the consoles that are remembered.
const maxConsoles = 100

// takePresence takes another console's word, and forgets those that ended without one.
// Their clocks are not ours: what counts is when they were heard.
func (m *model) takePresence(p bus.Presence, at time.Time) {
	if p.Console == m.console {
		return
	}
	maps.DeleteFunc(m.consoles, func(_ string, h otherConsole) bool { return at.Sub(h.at) >= bus.PresenceTTL })
	if _, known := m.consoles[p.Console]; p.Gone || !known && len(m.consoles) >= maxConsoles {
		delete(m.consoles, p.Console)
		return
	}
	p.Operator = cmp.Or(cleanName(p.Operator), "someone")
	p.Acting = cleanName(p.Acting)
	m.consoles[p.Console] = otherConsole{p, at}
}

// others are the other consoles that are there, by operator: none while there
// is no bus to know it by.
func (m *model) others() []bus.Presence {
	if m.nats.State != room.LinkUp {
		return nil
	}
	var out []bus.Presence
	for _, h := range m.consoles {
		if m.now.Sub(h.at) < bus.PresenceTTL {
			out = append(out, h.Presence)
		}
	}
	slices.SortFunc(out, func(a, b bus.Presence) int {
		return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Console, b.Console))
	})
	return out
}

// presence is what this console has to say of itself.
func (m *model) presence() bus.Presence {
	p := bus.Presence{Console: m.console, Operator: m.opts.Operator, ReadOnly: m.opts.ReadOnly, Gone: m.left}
	if v := m.room(); v != nil {
		p.Room = v.name
	}
	for _, d := range m.dialogs {
		if q, ok := d.(*question); ok && q.target != "" {
			p.Acting = q.target
		}
	}
	return p
}

// sayPresence tells the others when something has changed or it is time.
func (m *model) sayPresence() tea.Cmd {
	p := m.presence()
	if m.deps.present == nil || p == m.said && m.now.Sub(m.saidAt) < bus.PresenceEvery {
		return nil
	}
	m.said, m.saidAt = p, m.now
	say := m.deps.present
	return func() tea.Msg {
		p.Time = time.Now().UnixMilli()
		say(p)
		return nil
	}
}

// company is who else is attached, for the header; at a narrow level only how
// many.
func (m *model) company(level int) string {
	if n := len(m.others()); n > 0 && level == 2 {
		return fmt.Sprintf("with %d", n)
	}
	if level >= 2 {
		return ""
	}
	var names []string
	for _, p := range m.others() {
		name := p.Operator
		if p.Acting != "" {
			name += " → " + p.Acting
		}
		if p.ReadOnly {
			name += " (watching)"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "with " + strings.Join(names, ", ")
}

// handover is the note of the last shift as a line; nil when there is none.
func handover(h room.Handover) *line {
	if h.Text == "" {
		return nil
	}
	text := "handover"
	if h.By != "" {
		text += " by " + h.By
	}
	l := said(lineNotice, "✎", "")
	l.spans, l.left = cleanSpans([]room.Span{{Text: text}, {Text: ": " + h.Text}}, ""), h.Time
	return l
}
