package tui

import (
	"errors"
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
	noEvents bool // none are left before what is loaded
	failed   bool // the last question for events was not answered
	start    bool // nothing at all is
	end      bool // nothing is after it, as far as the database knows
	retry    time.Time

	filling     query[bus.HistoryReply] // what pruning took out
	fillingChat query[bus.ChatSearchReply]
}

// wantOlder asks for what is about to be looked at and is not loaded.
func (m *model) wantOlder(v *channel) tea.Cmd {
	c := v.chat
	if c.h < 1 || m.now.Before(c.history.retry) || m.nats.State != room.LinkUp || len(c.lines) == 0 {
		return nil
	}
	if at, ok := c.openHole(); ok {
		return m.fillHole(v, c, at)
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

// olderThan asks for what is before the first line. An answer that comes when
// the first line is another does not join what is loaded, and is asked for anew.
func (m *model) olderThan(v *channel, c *chat) tea.Cmd {
	if seq := c.firstSeq(); c == v.log && !c.history.noEvents && seq > 1 {
		return c.history.events.ask(m, bus.HistorySubject(v.name), bus.HistoryRequest{BeforeSeq: seq, Limit: bus.MaxHistory}, func(m *model) tea.Cmd {
			q := &c.history.events
			if c.firstSeq() != seq {
				return nil
			}
			if q.err != nil || q.reply.Error != "" {
				// A bot that has no history is no reason to stop: the database has.
				// One that is busy is asked once more: the database may be behind it.
				if c.history.noEvents = c.history.failed || errors.Is(q.err, bus.ErrNobody); !c.history.noEvents {
					c.history.failed, c.history.retry = true, m.now.Add(askAgain)
				}
				return nil
			}
			c.history.failed = false
			lines := v.linesOf(q.reply.Events, m.now, m.opts.TUI.ShowJoinQuit)
			c.history.noEvents = !q.reply.More || len(q.reply.Events) == 0
			c.prepend(lines)
			return nil
		})
	}
	first, before := c.firstSaid()
	req := bus.ChatSearchQuery{Room: v.name, Before: before + 1, Limit: dbPage}
	return c.history.chat.ask(m, bus.SubjectChatSearch, req, func(m *model) tea.Cmd {
		q := &c.history.chat
		if _, now := c.firstSaid(); now != before {
			return nil
		}
		if q.err != nil || q.reply.Error != "" {
			c.history.retry = m.now.Add(askAgain)
			m.status = "older lines: " + askError(orText(q.err, q.reply.Error))
			return nil
		}
		lines := without(hitLines(q.reply.Hits, true), c.lines[:min(len(c.lines), first+junction)])
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
		lines := without(hitLines(q.reply.Hits, false), c.lines[max(0, len(c.lines)-junction):])
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

// linesOf makes lines of past events, by the same way as those of the backlog.
func (v *channel) linesOf(events []bus.Envelope, now time.Time, showJoins bool) []*line {
	t := newChannel(v.name, 4*bus.MaxHistory, v.log.loc)
	t.past.Self, t.state.Self = v.state.Self, v.state.Self
	t.told = v.told
	t.told.lockKnown = false
	for _, env := range events {
		e, err := env.Open(now)
		if err != nil {
			continue // of a newer bot: the events view counts them
		}
		t.take(bus.Update{Kind: bus.UpdateBacklog, Seq: env.Seq, Time: env.Time, Event: e}, time.UnixMilli(env.Time), showJoins)
	}
	if o := t.outage; o != nil && o.mark != nil {
		t.log.remove(o.mark) // its end is on the next page, and tells of it
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

// firstSeq is the sequence number of the oldest event of which there is a line;
// 0 when there is none, or when lines from the database stand before it.
func (c *chat) firstSeq() uint64 {
	for _, l := range c.lines {
		switch h := l.hole; {
		case l.seq > 0:
			return l.seq
		case l.kind == lineChat || h != nil && h.until > 0:
			return 0
		case h != nil && h.from > 0:
			return h.from
		}
	}
	return 0
}

// firstSaid is where the oldest line is that the database has, too, and when it
// was said: its clock is CyTube's, and that of what was not said is the bot's.
// Where nothing was said it is the oldest line with a time.
func (c *chat) firstSaid() (at int, time int64) {
	for i, l := range c.lines {
		switch {
		case l.kind == lineChat || l.kind == lineAction:
			return i, l.at
		case l.hole != nil && l.hole.until > 0:
			return i, l.hole.since
		case time == 0:
			at, time = i, l.at
		}
	}
	return at, time
}

// lastTime is when the newest line was said.
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
