package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// History without end: what lies before the loaded lines comes from the bot's
// events as long as there are some, and from the database after that.

const (
	// nearTop is how many lines from the top of what is loaded more is asked
	// for, so that it is there before it is looked for.
	nearTop = 120
	// dbPage is how many lines the database is asked for at a time.
	dbPage = 200
)

// A chatHistory is how far back a scrollback has been loaded, and forth where it does
// not reach the present.
type chatHistory struct {
	events   query[bus.HistoryReply]
	chat     query[bus.ChatSearchReply]
	newer    query[bus.ChatSearchReply]
	filling  query[bus.HistoryReply]
	noEvents bool // none are left before what is loaded
	start    bool // nothing at all is
	end      bool // nothing is after it, as far as the database knows
	retry    time.Time
}

// wantOlder asks for what is about to be looked at and is not loaded.
func (m *model) wantOlder(v *channel) tea.Cmd {
	c := v.chat
	if c.h < 1 || m.now.Before(c.history.retry) || m.nats.State != room.LinkUp || len(c.lines) == 0 {
		return nil
	}
	if c == v.log {
		if at, ok := c.hole(); ok {
			return m.fillHole(v, c.lines[at])
		}
	}
	if c.follow {
		return nil
	}
	i, _ := c.window()
	switch {
	case i < nearTop && !c.history.start && !c.history.events.asking && !c.history.chat.asking:
		return m.olderThan(v, c)
	case c != v.log && !c.history.end && !c.history.newer.asking && len(c.lines)-i < nearTop:
		return m.newerThan(v, c)
	}
	return nil
}

// olderThan asks for what is before the first line.
func (m *model) olderThan(v *channel, c *chat) tea.Cmd {
	if seq := c.firstSeq(); c == v.log && !c.history.noEvents && seq > 1 {
		return c.history.events.ask(m, bus.HistorySubject(v.name), bus.HistoryRequest{BeforeSeq: seq, Limit: bus.MaxHistory}, func(m *model) tea.Cmd {
			q := &c.history.events
			if q.err != nil || q.reply.Error != "" {
				// A bot that has no history is no reason to stop: the database has.
				c.history.noEvents = true
				return nil
			}
			lines := v.linesOf(q.reply.Events, m.opts.TUI.ShowJoinQuit)
			c.history.noEvents = !q.reply.More || len(q.reply.Events) == 0
			c.prepend(lines)
			return nil
		})
	}
	req := bus.ChatSearchQuery{Room: v.name, Before: c.firstTime() + 1, Limit: dbPage}
	return c.history.chat.ask(m, bus.SubjectChatSearch, req, func(m *model) tea.Cmd {
		q := &c.history.chat
		if q.err != nil || q.reply.Error != "" {
			c.history.retry = m.now.Add(askAgain)
			m.status = "older lines: " + askError(orText(q.err, q.reply.Error))
			return nil
		}
		lines := c.without(hitLines(q.reply.Hits, true), false)
		c.prepend(lines)
		if !q.reply.More || len(lines) == 0 {
			c.history.start = true
			c.prepend([]*line{{kind: lineGap, spans: plain("the beginning of what is kept")}})
		}
		return nil
	})
}

// newerThan asks the database for what is after the last line.
func (m *model) newerThan(v *channel, c *chat) tea.Cmd {
	req := bus.ChatSearchQuery{Room: v.name, Since: c.lastTime(), Limit: dbPage, OldestFirst: true}
	return c.history.newer.ask(m, bus.SubjectChatSearch, req, func(m *model) tea.Cmd {
		q := &c.history.newer
		if q.err != nil || q.reply.Error != "" {
			c.history.retry = m.now.Add(askAgain)
			return nil
		}
		lines := c.without(hitLines(q.reply.Hits, false), true)
		for _, l := range lines {
			c.append(l)
		}
		c.unseen = 0
		if !q.reply.More || len(lines) == 0 {
			c.history.end = true
		}
		return nil
	})
}

// fillHole asks for what pruning took out of the middle: from the side that the
// window is on.
func (m *model) fillHole(v *channel, gap *line) tea.Cmd {
	c := v.log
	behind := c.follow
	req := bus.HistoryRequest{AfterSeq: gap.from - 1, Limit: bus.MaxHistory}
	if behind {
		req = bus.HistoryRequest{BeforeSeq: gap.to + 1, Limit: bus.MaxHistory}
	}
	if c.history.filling.asking {
		return nil
	}
	return c.history.filling.ask(m, bus.HistorySubject(v.name), req, func(m *model) tea.Cmd {
		q := &c.history.filling
		var got []bus.Envelope
		for _, e := range q.reply.Events {
			if e.Seq >= gap.from && e.Seq <= gap.to {
				got = append(got, e)
			}
		}
		if q.err != nil || q.reply.Error != "" || len(got) == 0 {
			gap.from, gap.to = 0, 0 // gone for good, or not to be had: the line stays
			return nil
		}
		if behind {
			gap.to = got[0].Seq - 1
		} else {
			gap.from = got[len(got)-1].Seq + 1
		}
		left := gap.dropped - len(got)
		if gap.to < gap.from {
			left = 0
		}
		c.fillHole(gap, v.linesOf(got, m.opts.TUI.ShowJoinQuit), behind, max(left, min(1, int(gap.to-gap.from+1))))
		return nil
	})
}

// linesOf makes lines of past events, by the same way as those of the backlog.
func (v *channel) linesOf(events []bus.Envelope, showJoins bool) []*line {
	t := newChannel(v.name, 4*bus.MaxHistory, v.log.loc)
	t.past.Self, t.state.Self = v.state.Self, v.state.Self
	t.told = v.told
	t.told.lockKnown = false
	for _, env := range events {
		e, err := room.Decode(env.Event, env.Data)
		if err != nil {
			continue // of a newer bot: the events view counts them
		}
		t.take(bus.Update{Kind: bus.UpdateBacklog, Seq: env.Seq, Time: env.Time, Event: e}, time.UnixMilli(env.Time), showJoins)
	}
	return t.log.lines
}

// hitLines makes lines of what the database has said; newestFirst turns them
// round.
func hitLines(hits []bus.ChatHit, newestFirst bool) []*line {
	lines := make([]*line, 0, len(hits))
	for i := range hits {
		h := hits[i]
		if newestFirst {
			h = hits[len(hits)-1-i]
		}
		lines = append(lines, &line{at: h.Time, kind: lineChat, name: cleanName(h.User), spans: cleanSpans(nil, h.Text)})
	}
	return lines
}

// firstSeq is the sequence number of the oldest line that has one.
func (c *chat) firstSeq() uint64 {
	for _, l := range c.lines {
		if l.seq > 0 {
			return l.seq
		}
	}
	return 0
}

// firstTime and lastTime are when the oldest and the newest line were said.
func (c *chat) firstTime() int64 {
	for _, l := range c.lines {
		if l.at > 0 {
			return l.at
		}
	}
	return 0
}

func (c *chat) lastTime() int64 {
	for i := len(c.lines) - 1; i >= 0; i-- {
		if c.lines[i].at > 0 {
			return c.lines[i].at
		}
	}
	return 0
}

// orText is err, or the text as an error.
func orText(err error, text string) error {
	if err != nil {
		return err
	}
	return &bus.ReplyError{Text: text}
}

// excerpt shows the chat around a line that was found: from the database, back
// and forth as far as one scrolls.
func (m *model) excerpt(v *channel, h bus.ChatHit) tea.Cmd {
	if l := v.log.find(h.Time, cleanName(h.User), room.Clean(h.Text)); l != nil {
		v.chat = v.log
		if v.search != nil {
			v.chat.mark(v.search.found)
		}
		v.chat.choose(l.id)
		return m.wantOlder(v)
	}
	c := newChat(m.opts.TUI.Scrollback, m.loc)
	c.setRules(m.rules)
	c.restyle(m.lines())
	if v.search != nil {
		c.mark(v.search.found)
	}
	c.resize(m.layout.chat.w, m.layout.chat.h)
	for _, l := range hitLines([]bus.ChatHit{h}, false) {
		c.append(l)
	}
	c.choose(c.lines[len(c.lines)-1].id)
	v.chat = c
	return tea.Batch(m.olderThan(v, c), m.newerThan(v, c))
}

// find is a loaded line.
func (c *chat) find(at int64, name, text string) *line {
	for i := len(c.lines) - 1; i >= 0; i-- {
		if l := c.lines[i]; l.at == at && l.name == name && l.text() == text {
			return l
		}
	}
	return nil
}

// toLive leaves an excerpt and follows the newest line.
func (v *channel) toLive() {
	v.chat = v.log
	v.chat.live()
}
