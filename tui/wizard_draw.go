package tui

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
)

// How the wizard's steps draw themselves.

// wizardNames are the steps as the trail has them.
var wizardNames = [...]string{"File", "Keys", "Choose", "Compare", "Apply", "Start", "Verify", "Done"}

// trail shows the way and where one stands on it.
func (p *wizardPage) trail(m *model, w int) string {
	s := m.styles
	at := p.step
	if at == wizardBack {
		return s.warn.paint("↶ ") + s.strong.paint("Roll back")
	}
	p.trailed = nil
	parts := make([]string, len(wizardNames))
	for i, name := range wizardNames {
		switch step := wizardStep(i); {
		case step < at, p.step == wizardDone:
			parts[i] = s.good.paint("✓ ") + s.muted.paint(name)
		case step == at:
			parts[i] = s.accent.paint("● ") + s.strong.paint(name)
		default:
			parts[i] = s.muted.paint("· " + name)
		}
	}
	for _, gap := range []string{"   ", "  ", " "} {
		if row := strings.Join(parts, gap); m.by.StringWidth(row) <= w {
			p.trailed = spansOf(m, parts, len(gap))
			return row
		}
	}
	return s.accent.paint("● ") + s.strong.paint(wizardNames[at]) + s.muted.paint(fmt.Sprintf("  step %d of %d", at+1, len(wizardNames)))
}

// A span is cells of a row: to is behind the last one.
type span struct{ from, to int }

// spansOf is where parts stand in a row, with gap cells between them.
func spansOf(m *model, parts []string, gap int) []span {
	out, x := make([]span, len(parts)), 0
	for i, part := range parts {
		n := m.by.StringWidth(part)
		out[i] = span{x, x + n}
		x += n + gap
	}
	return out
}

// button is the foot's words as what they are.
func (p *wizardPage) button(m *model, words string) string {
	s := m.styles
	return "  " + s.accent.paint("▸ ") + s.strong.paint("enter") + "  " + s.text.paint(words)
}

// foot says what enter does.
func (p *wizardPage) foot(m *model) string {
	s := m.styles
	words, _ := p.part().next(m)
	if words == "" {
		return ""
	}
	row := p.button(m, words)
	if below := len(p.roll.rows) - p.roll.top - p.roll.space; below > 0 && p.roll.space > 0 {
		row = spread(m.by, row, s.muted.paint(fmt.Sprintf("↓ %d more rows  ", below)), p.w)
	}
	return row
}

// wrapped is text in rows of w cells at most.
func (m *model) wrapped(k ink, text string, w int) []string {
	wrap := wrapper{by: m.by}
	rows := wrap.wrap([]piece{{text, k}}, max(1, w), "")
	return rows
}

// marked is text behind a mark, its further rows under its first.
func (m *model) marked(mark string, k ink, text string, w int) []string {
	n := m.by.StringWidth(mark)
	rows := m.wrapped(k, text, w-n)
	for i := range rows {
		if i == 0 {
			rows[i] = mark + rows[i]
		} else {
			rows[i] = blank(n) + rows[i]
		}
	}
	return rows
}

// refusal is an error in rows: each problem with what to do about it.
func (m *model) refusal(err error, w int) []string {
	s := m.styles
	var bad *config.Error
	if !errors.As(err, &bad) {
		return m.marked(s.bad.paint("✗ "), s.text, room.Clean(err.Error()), w)
	}
	var rows []string
	for _, problem := range bad.Problems {
		rows = append(rows, m.marked(s.bad.paint("✗ "), s.text, room.Clean(problem.String()), w)...)
	}
	return rows
}

// cautions are sentences about what a person should see to.
func (m *model) cautions(warnings []string, w int) []string {
	var rows []string
	for _, text := range warnings {
		rows = append(rows, m.marked(m.styles.warn.paint("! "), m.styles.text, room.Clean(text), w)...)
	}
	return rows
}

// sentence makes one of an error's text.
func sentence(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[n:] + "."
}

// fact is one row of a list of names and what they stand for.
func (m *model) fact(name, text string, w int) []string {
	return m.marked(m.styles.muted.paint(fit(m.by, name, 12)), m.styles.text, room.Clean(text), w)
}

// indentBy is indent by n cells.
func indentBy(n int, rows []string) []string {
	for i := range rows {
		rows[i] = blank(n) + rows[i]
	}
	return rows
}

// reveal scrolls so that row is on the screen; false when it is not known yet
// how much room there is.
func (p *wizardPage) reveal(row int) bool {
	if p.roll.space == 0 {
		return false
	}
	p.roll.top = min(p.roll.top, max(0, row-1))
	p.roll.top = max(p.roll.top, row+2-p.roll.space)
	return true
}

// wizardFoot is the rows that stand under what scrolls.
const wizardFoot = 2

func (p *wizardPage) cursor(*model) (x, y int, ok bool) {
	if p.caret == nil {
		return 0, 0, false
	}
	y = p.caret.Y - p.roll.top
	return p.caret.X + 1, y + p.head, y >= 0 && y < p.roll.space
}

// A pasteable part has a line under edit.
type pasteable interface{ paste(m *model, text string) }

func (p *wizardPage) paste(m *model, text string) tea.Cmd {
	if t, ok := p.part().(pasteable); ok && m.opts.Migration != nil && p.fits(m) {
		t.paste(m, text)
	}
	return nil
}
