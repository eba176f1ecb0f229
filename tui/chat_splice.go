package tui

import (
	"slices"
	"time"
)

// What is put into the scrollback at other places than its end: older lines
// before it, and what pruning took out of its middle.

// idStep is the distance between the ids of lines appended one after another:
// room for lines that are put between them.
const idStep = 16

// firstID is the id from which lines are appended: room for older ones.
const firstID = 1 << 40

// lineKey recognises a line that comes from another source.
type lineKey struct {
	at         int64
	name, text string
}

func (l *line) same() lineKey { return lineKey{l.at, l.name, l.text()} }

// junction is how many lines on either side of a joint may be the same ones.
const junction = 200

// prepend puts older lines before all others. A line that both have is kept
// once, and days have one rule each. The window does not move.
func (c *chat) prepend(older []*line) {
	older = withoutDays(older)
	if len(older) == 0 {
		return
	}
	c.dropKnown(older)
	older = c.withDays(older)
	if n := len(older); len(c.lines) > 0 && c.lines[0].kind == lineDay && c.day(older[n-1]) == c.day(c.lines[0]) {
		c.remove(c.lines[0])
	}
	id := uint64(firstID)
	if len(c.lines) > 0 {
		id = c.lines[0].id
	} else {
		id, c.next = c.next, c.next+idStep
	}
	for i, l := range older {
		l.id = id - idStep*uint64(len(older)-i)
	}
	c.lines = append(older, c.lines...)
	c.version++
	c.bound()
}

// dropKnown takes out of the chat's beginning the spoken lines that older has:
// CyTube repeats its last lines at each join, and the repeats come later.
func (c *chat) dropKnown(older []*line) {
	known := map[lineKey]bool{}
	for _, l := range older[max(0, len(older)-junction):] {
		if l.spoken() || l.kind == lineServer {
			known[l.same()] = true
		}
	}
	var again []*line
	for _, l := range c.lines[:min(len(c.lines), junction)] {
		if known[l.same()] && l.id != c.sel && l.id != c.top.id {
			again = append(again, l)
		}
	}
	c.remove(again...)
}

// without leaves out of lines those that are among near.
func without(lines, near []*line) []*line {
	known := map[lineKey]bool{}
	for _, l := range near {
		known[l.same()] = true
	}
	return slices.DeleteFunc(lines, func(l *line) bool { return known[l.same()] })
}

func withoutDays(lines []*line) []*line {
	return slices.DeleteFunc(lines, func(l *line) bool { return l.kind == lineDay })
}

// day is the date that a line stands under; empty where it has no time.
func (c *chat) day(l *line) string {
	if l.at == 0 {
		return ""
	}
	return time.UnixMilli(l.at).In(c.loc).Format("Mon 2 Jan 2006")
}

// withDays puts a rule before each line that begins a day.
func (c *chat) withDays(lines []*line) []*line {
	out := make([]*line, 0, len(lines)+4)
	last := ""
	for _, l := range lines {
		if day := c.day(l); day != "" && day != last {
			out = append(out, &line{at: l.at, kind: lineDay, spans: plain(day)})
			last = day
		}
		out = append(out, l)
	}
	return out
}
