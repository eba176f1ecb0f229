package tui

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// An entryBox shows one entry of the log in full.
type entryBox struct {
	entry logEntry
	row   int // rows scrolled past
}

// facts are what there is to tell of an entry, by name.
func (e *logEntry) facts(m *model) [][2]string {
	at := time.UnixMilli(e.at).In(m.loc)
	all := [][2]string{
		{"when", at.Format("Mon 2 Jan 2006 ") + m.clock(at)},
		{"who", e.who},
		{"did", strings.TrimSpace(e.verb + " " + e.target)},
		{"reason", e.reason},
		{"outcome", strings.ReplaceAll(string(e.status), "_", " ")},
		{"said", e.text},
		{"room", e.room},
		{"by way of", e.source},
	}
	facts := all[:0]
	for _, f := range all {
		if f[1] != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func (d *entryBox) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	switch k := m.keys; {
	case key.Matches(msg, k.Down, k.PageDown):
		d.row = d.from(m, d.row+1)
	case key.Matches(msg, k.Up, k.PageUp):
		d.row = d.from(m, d.row-1)
	case key.Matches(msg, k.Copy):
		var b strings.Builder
		for _, f := range d.entry.facts(m) {
			b.WriteString(f[0] + ": " + f[1] + "\n")
		}
		return m.copy(b.String()), true
	default:
		return nil, key.Matches(msg, k.Cancel, k.Close, k.Choose)
	}
	return nil, false
}

// boxWidth is the frame's, space how many rows it has for the facts.
func (d *entryBox) boxWidth(m *model) int { return min(m.w-2, 100) }
func (d *entryBox) space(m *model) int    { return max(1, m.h-6) }

// from is the first row shown where row is asked for.
func (d *entryBox) from(m *model, row int) int {
	return max(0, min(row, len(d.rows(m))-d.space(m)))
}

// rows are all the facts.
func (d *entryBox) rows(m *model) []string {
	s, w := m.styles, d.boxWidth(m)
	var body []string
	for _, f := range d.entry.facts(m) {
		name := f[0]
		for _, row := range wrapText(m, f[1], w-4-11) {
			body = append(body, s.muted.paint(fit(m.by, name, 11))+row)
			name = ""
		}
	}
	return body
}

func (d *entryBox) box(m *model) []string {
	body, from := d.rows(m), d.from(m, d.row)
	body = body[from:min(len(body), from+d.space(m))]
	return m.box("Log", append(body, "", m.keyHints([]key.Binding{m.keys.Copy, m.keys.Cancel})), d.boxWidth(m))
}
