package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"rosey/bus"
)

func (p *storagePage) draw(m *model) []string {
	return p.scroller.draw(m, p.w, p.h, p.made, p.figures)
}

func (p *storagePage) ready(m *model) {
	p.scroller.ready(m, p.w, p.h, p.made, p.figures)
}

func (p *storagePage) figures(m *model) (head, rows []string) {
	w := p.w - 2
	head = indent(append(p.head(m, w), ""))
	if w < busWide {
		return head, indent(join(p.meter(m, w), p.chart(m, w, 6), p.people(m, w, 8), p.queue(m, w), p.keeps(m, w)))
	}
	half := (w - 4) / 2
	left := join(p.meter(m, half), p.queue(m, half))
	right := p.people(m, half, len(left)-2)
	below := join(m.columns(left, right, w), p.keeps(m, w))
	return head, indent(join(p.chart(m, w, max(5, min(14, p.h-len(below)-len(head)-4))), below))
}

// head is the service in figures: how fast it writes, and how it is.
func (p *storagePage) head(m *model, w int) []string {
	s, g, h := m.styles, &m.gauges, m.db
	if !m.dbKnown {
		return []string{s.muted.paint("the database service has said nothing yet")}
	}
	each := min(bus.RatesPast, (w-4)/3-gaugeWidth)
	if w < usersWidth { // one under the other
		each = min(bus.RatesPast, w-gaugeWidth)
	}
	gauge := func(name, value string, past []float64) string {
		return s.muted.paint(fit(m.by, name, 8)) + fitRight(m.by, value, 7) + " " + s.muted.paint(spark(past, each))
	}
	behind := grouped(h.Behind)
	if h.Behind > lagMuch {
		behind = s.warn.paint(behind)
	}
	gauges := []string{
		gauge("rows", figure(g.stored.Of(storedRows))+"/s", g.stored.Past(storedRows)),
		gauge("commit", tripText(time.Duration(h.CommitMS*float64(time.Millisecond))), g.commit),
		gauge("behind", behind, g.behind),
	}
	state := []string{s.good.paint("stored durably")}
	switch {
	case m.dbLost:
		state[0] = s.bad.paint("the service is silent: nothing is stored")
	case h.Error != "":
		state[0] = s.bad.paint(h.Error)
	case !h.JetStream:
		state[0] = s.warn.paint("no JetStream: a crash loses what is in flight")
	}
	say := func(name, value string) { state = append(state, s.muted.paint(name+" ")+value) }
	say("behind", behind)
	say("rows", grouped(h.Rows))
	say("bad", p.trouble(m, h.Bad, h.Since))
	say("lost", p.trouble(m, h.Lost, h.Since))
	say("file", bytesText(float64(h.Bytes)))
	say("bots waiting", grouped(m.waiting()))
	if w < usersWidth {
		return append([]string{m.partsRow(state, w)}, gauges...)
	}
	return []string{m.partsRow(state, w), strings.Join(gauges, "  ")}
}

// gaugeWidth is a gauge without its chart.
const gaugeWidth = 16

// trouble is a counter that should be zero, and from when it counts, in Unix
// milliseconds: what was lost long ago must not look like a present loss.
func (p *storagePage) trouble(m *model, n uint64, since int64) string {
	if n == 0 {
		return grouped(n)
	}
	text := m.styles.bad.paint(grouped(n))
	if since > 0 { // services before 0.6 do not say
		text += m.styles.muted.paint(" since " + m.sinceText(time.UnixMilli(since)))
	}
	return text
}

// waiting is what lies in the bots' queues for NATS.
func (m *model) waiting() (n uint64) {
	for _, v := range m.rooms {
		n += uint64(max(0, v.beat.Pending))
	}
	return n
}

// meter holds what was published against what was stored.
func (p *storagePage) meter(m *model, w int) []string {
	s, g := m.styles, &m.gauges
	note := "published against stored"
	list := g.loss.Rows()
	switch {
	case !g.loss.Ready():
		note = "no bot says what it publishes: stored only"
	case slices.ContainsFunc(list, func(r bus.LossRow) bool { return r.Published > 0 && !r.Compared }):
		note += "; ? until two quiet seconds"
	}
	columns := []column{
		{title: "WRITE"},
		{title: "PUBLISHED", w: 9, right: true, rank: 1},
		{title: "STORED", w: 8, right: true},
		{title: "/s", w: 5, right: true, rank: 2},
		{title: "WAITING", w: 7, right: true, rank: 2},
		{title: "MISSING", w: 7, right: true},
		{title: "SINCE", w: max(6, len(clockText(m.now, m.clock12()))), right: true},
		{title: "OTHERS", w: 6, right: true, rank: 3},
	}
	var texts [][]string
	idle := 0
	for _, r := range list {
		if r.Published == 0 && r.Stored == 0 && r.Missing == 0 {
			idle++
			continue
		}
		missing, since := grouped(r.Missing), s.muted.paint(m.sinceText(r.Since))
		switch {
		case r.Missing > 0:
			missing = s.bad.paint(missing)
		case !r.Compared:
			missing = s.muted.paint("?")
		}
		if r.Since.IsZero() {
			since = ""
		}
		name := bus.ShortSubject(r.Subject)
		columns[0].least = max(columns[0].least, min(m.by.StringWidth(name), mostGrown))
		texts = append(texts, []string{
			name, grouped(r.Published), grouped(r.Stored), figure(g.stored.Of(r.Subject)),
			grouped(r.Waiting), missing, since, grouped(r.Others),
		})
	}
	rows := append([]string{m.heading("LOSS METER", note)}, m.tableRows(columns, texts, w)...)
	switch {
	case idle == len(list):
		rows = append(rows, s.muted.paint("nothing came yet"))
	case idle > 0:
		rows = append(rows, s.muted.paint(fmt.Sprintf("nothing came on %s", count(uint64(idle), "other subject"))))
	}
	return rows
}

// people are the most talkative.
func (p *storagePage) people(m *model, w, n int) []string {
	s, c := m.styles, p.channel.reply
	note := ""
	if p.channel.known {
		note = count(uint64(max(0, c.TotalUsers)), "name") + ", " + count(uint64(max(0, c.TotalLines)), "line")
	}
	rows := []string{m.heading("TOP CHATTERS", note)}
	users := p.chatters.reply.Users
	if len(users) == 0 {
		return append(rows, s.muted.paint(cmp.Or(p.chatters.trouble(), p.chatters.reply.Error, m.asking(p.chatters.known))))
	}
	most := float64(max(1, users[0].ChatLines))
	for _, u := range users[:min(len(users), max(3, n))] {
		lines := fitRight(m.by, grouped(uint64(max(0, u.ChatLines))), 9)
		rows = append(rows, s.name(u.Username).paint(fit(m.by, u.Username, min(20, w/3)))+" "+lines+"  "+
			s.muted.paint(bar(float64(u.ChatLines)/most, max(1, w-min(20, w/3)-12))))
	}
	return rows
}

// asking is what stands where an answer is awaited, or there is none.
func (m *model) asking(known bool) string {
	switch {
	case m.dbLost:
		return "the database service is silent"
	case known:
		return "none yet"
	}
	return "asking …"
}

// queue are the lines that wait to be said.
func (p *storagePage) queue(m *model, w int) []string {
	s := m.styles
	rows := []string{m.heading("OUTBOUND QUEUE", "lines that wait to be said")}
	due := p.outbound.reply
	if len(due) == 0 {
		return append(rows, s.muted.paint(cmp.Or(p.outbound.trouble(), m.asking(p.outbound.known))))
	}
	if len(due) == outboundRows {
		rows[0] = m.heading("OUTBOUND QUEUE", fmt.Sprintf("the first %d lines that wait to be said", len(due)))
	}
	for _, r := range due[:min(len(due), 6)] {
		text := s.muted.paint(fitRight(m.by, lasted(m.now.Sub(time.Unix(r.Timestamp, 0))), 6)) + "  " + masked(r.Message)
		if r.RetryCount > 0 {
			why := "not said"
			if r.LastError != nil {
				why = *r.LastError
			}
			text += s.warn.paint(fmt.Sprintf("  %d tries: %s", r.RetryCount, masked(why)))
		}
		rows = append(rows, fit(m.by, text, w))
	}
	if more := len(due) - 6; more > 0 {
		rows = append(rows, s.muted.paint(fmt.Sprintf("and %d more", more)))
	}
	return rows
}

// keeps tells how long each kind of row is kept.
func (p *storagePage) keeps(m *model, w int) []string {
	s := m.styles
	if !p.channel.known {
		return nil
	}
	r := p.channel.reply.Retention
	kept := func(name string, hours float64) string {
		return s.muted.paint(name+" ") + keptFor(hours)
	}
	return []string{m.heading("KEPT", ""), m.partsRow([]string{
		kept("searchable chat", r.ChatDays*24), kept("recent chat", r.RecentChatHours),
		kept("user counts", r.HistoryDays*24), kept("said lines", r.OutboundDays*24),
	}, w)}
}

func keptFor(hours float64) string {
	switch {
	case hours <= 0:
		return "for ever"
	case hours < 48:
		return figure(hours) + " h"
	}
	return figure(hours/24) + " days"
}
