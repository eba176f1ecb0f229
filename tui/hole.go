package tui

import (
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
)

// A hole is what pruning took out of the middle of a scrollback. A gap line
// stands for it, and it is filled when the window comes near.
//
// What came from the database is older than what came as events, and each part
// is asked for where it came from.
type hole struct {
	lines        int    // how many went
	since, until int64  // when those of the database were said; 0, 0: none is left to ask for
	from, to     uint64 // the events; 0, 0: none is left to ask for
	lost         bool   // some are gone for good, or not to be had
	failed       bool   // the last question was not answered
}

// open tells whether there is something to ask for.
func (h *hole) open() bool { return h.until > 0 || h.to > 0 }

// widen lets a hole stand for l, too.
func (h *hole) widen(l *line) {
	gone := hole{lines: 1}
	switch {
	case l.hole != nil:
		gone = *l.hole
	case l.seq > 0:
		gone.from, gone.to = l.seq, l.seq
	case l.kind == lineChat:
		gone.since, gone.until = l.at, l.at
	}
	if gone.to > 0 && (h.to == 0 || gone.from < h.from) {
		h.from = gone.from
	}
	if gone.until > 0 && (h.until == 0 || gone.since < h.since) {
		h.since = gone.since
	}
	h.to, h.until = max(h.to, gone.to), max(h.until, gone.until)
	h.lines += gone.lines
	h.lost = h.lost || gone.lost
}

func (h *hole) text() string { return count(uint64(h.lines), "line") + " dropped while you read" }

// failing takes that a question for a part of h was not answered, and tells
// whether no more is to be asked for it. A bot or a service that is busy is
// asked once more after a while.
func (c *chat) failing(m *model, h *hole, err error) (hopeless bool) {
	hopeless = h.failed || errors.Is(err, bus.ErrNobody)
	if h.failed = !hopeless; h.failed {
		c.history.retry = m.now.Add(askAgain)
	}
	return hopeless
}

// openHole is where the window is near a gap line that can be filled.
func (c *chat) openHole() (at int, ok bool) {
	from, _ := c.window()
	for i := max(0, from-c.h); i < min(len(c.lines), from+3*c.h); i++ {
		if h := c.lines[i].hole; h != nil && h.open() {
			return i, true
		}
	}
	return 0, false
}

// fillHole asks for what a gap line stands for, from the side that the window is
// on.
func (m *model) fillHole(v *channel, c *chat, at int) tea.Cmd {
	gap := c.lines[at]
	from, _ := c.window()
	behind := c.follow || at < from
	switch h := gap.hole; {
	case c.history.filling.asking || c.history.fillingChat.asking:
		return nil
	case h.to > 0 && (behind || h.until == 0):
		return m.fillFromEvents(v, c, gap, behind)
	}
	return m.fillFromDatabase(v, c, gap, behind)
}

func (m *model) fillFromEvents(v *channel, c *chat, gap *line, behind bool) tea.Cmd {
	h, q := gap.hole, &c.history.filling
	req := bus.HistoryRequest{AfterSeq: h.from - 1, Limit: bus.MaxHistory}
	switch {
	case behind:
		req = bus.HistoryRequest{BeforeSeq: h.to + 1, Limit: bus.MaxHistory}
	case h.from == 1: // there is no number for "after none"
		req = bus.HistoryRequest{BeforeSeq: min(h.to, bus.MaxHistory) + 1, Limit: bus.MaxHistory}
	}
	return q.ask(m, bus.HistorySubject(v.name), req, func(m *model) tea.Cmd {
		failed := q.err != nil || q.reply.Error != ""
		if failed && !c.failing(m, h, q.err) {
			return nil
		}
		var got []bus.Envelope
		for _, e := range q.reply.Events {
			if e.Seq >= h.from && e.Seq <= h.to {
				got = append(got, e)
			}
		}
		switch {
		case failed || len(got) == 0:
			h.from, h.to, h.lost = 0, 0, true
			return nil
		case behind:
			h.to = got[0].Seq - 1
		default:
			h.from = got[len(got)-1].Seq + 1
		}
		h.failed = false
		if h.to < h.from {
			h.from, h.to = 0, 0
		}
		c.fill(gap, v.linesOf(got, m.now, m.opts.TUI.ShowJoinQuit), behind)
		return nil
	})
}

func (m *model) fillFromDatabase(v *channel, c *chat, gap *line, behind bool) tea.Cmd {
	h, q := gap.hole, &c.history.fillingChat
	req := bus.ChatSearchQuery{Room: v.name, Since: h.since, Before: h.until + 1, Limit: dbPage, OldestFirst: !behind}
	return q.ask(m, bus.SubjectChatSearch, req, func(m *model) tea.Cmd {
		if q.err != nil || q.reply.Error != "" {
			if c.failing(m, h, q.err) {
				h.since, h.until, h.lost = 0, 0, true
			}
			return nil
		}
		h.failed = false
		at := c.index(gap.id)
		lines := without(hitLines(q.reply.Hits, behind), c.lines[max(0, at-junction):min(len(c.lines), at+junction)])
		switch {
		case !q.reply.More || len(lines) == 0:
			h.since, h.until = 0, 0
		case behind:
			h.until = lines[0].at
		default:
			h.since = lines[len(lines)-1].at
		}
		c.fill(gap, lines, behind)
		return nil
	})
}

// fill puts lines into the hole that a gap line stands for: before the line, or
// behind it. When nothing is left to ask for the line goes.
func (c *chat) fill(gap *line, lines []*line, behind bool) {
	at := c.index(gap.id)
	if at >= len(c.lines) || c.lines[at] != gap {
		return
	}
	var before, after *line // what lines join
	whole := !gap.hole.open()
	if at > 0 && (whole || !behind) {
		before = c.lines[at-1]
	}
	if at+1 < len(c.lines) && (whole || behind) {
		after = c.lines[at+1]
	}
	lines = c.between(before, withoutDays(lines), after)
	c.lines = slices.Insert(c.lines, c.place(gap, at, lines, behind), lines...)
	c.amend(gap, gap.hole.text())
	c.bound()
}

// place gives lines their ids and tells where they belong. The gap line at at
// moves in front of them where they stand behind it, and goes with the last.
func (c *chat) place(gap *line, at int, lines []*line, behind bool) int {
	n := uint64(len(lines))
	if at > 0 && gap.id-c.lines[at-1].id <= n { // an answer may make more lines than went
		c.makeRoom(at, n)
	}
	first := gap.id - n
	if at > 0 {
		first = c.lines[at-1].id + 1
	}
	switch whole := !gap.hole.open() && !gap.hole.lost; {
	case whole:
		c.remove(gap) // and leave its id to the last
		first = gap.id + 1 - n
	case behind:
		first = gap.id + 1 - n
		gap.id -= n
		at++
	}
	gap.hole.lines = max(1, gap.hole.lines-len(lines))
	for i, l := range lines {
		l.id = first + uint64(i)
	}
	return at
}

// makeRoom gives all lines new ids, with room for n more before the one at at.
// What is shown and chosen stays.
func (c *chat) makeRoom(at int, n uint64) {
	top, sel := c.index(c.top.id), c.index(c.sel)
	if top < len(c.lines) && c.lines[top].id != c.top.id {
		c.top.row = 0
	}
	id := uint64(firstID)
	for i, l := range c.lines {
		if i == at {
			id += n
		}
		l.id = id
		id += idStep
	}
	c.next = max(c.next, id)
	now := func(i int) uint64 {
		if i < len(c.lines) {
			return c.lines[i].id
		}
		return c.next
	}
	c.top.id = now(top)
	if c.sel != 0 {
		c.sel = now(sel)
	}
}

// between puts a rule before each of lines, and before the line after them,
// that is of another day than the one before it. No line: it is not known.
func (c *chat) between(before *line, lines []*line, after *line) []*line {
	out := make([]*line, 0, len(lines)+4)
	last := ""
	rule := func(l *line) {
		day := c.day(l)
		if day != "" && last != "" && day != last && l.kind != lineDay {
			out = append(out, &line{at: l.at, kind: lineDay, spans: plain(day)})
		}
		if day != "" {
			last = day
		}
	}
	if before != nil {
		last = c.day(before)
	}
	for _, l := range lines {
		rule(l)
		out = append(out, l)
	}
	if after != nil {
		rule(after)
	}
	return out
}
