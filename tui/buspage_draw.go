package tui

import (
	"fmt"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// busWide is the width from which the smaller parts stand side by side.
const busWide = 110

func (p *busPage) draw(m *model) []string {
	return p.scroller.draw(m, p.w, p.h, 0, p.figures)
}

func (p *busPage) ready(m *model) {
	p.scroller.ready(m, p.w, p.h, 0, p.figures)
}

func (p *busPage) figures(m *model) (head, rows []string) {
	w := p.w - 2
	head, rows = p.head(m, w), p.parts(m, w)
	return indent(append(head, "")), indent(rows)
}

// indent keeps a cell free at the left.
func indent(rows []string) []string {
	for i := range rows {
		rows[i] = " " + rows[i]
	}
	return rows
}

// parts are all that lies under the head. The connections get what room the
// rest leaves.
func (p *busPage) parts(m *model, w int) []string {
	var rest []string
	if w >= busWide {
		half := (w - 4) / 2
		rest = m.columns(
			join(p.streams(m, half), p.serviceRows(m, half)),
			join(p.trips(m, half), p.events(m, half)), w)
	} else {
		rest = join(p.streams(m, w), p.serviceRows(m, w), p.trips(m, w), p.events(m, w))
	}
	rest = join(p.slow(m, w), p.servers(m, w), rest, p.missing(m, w))
	return join(p.connections(m, w, p.h-len(rest)-busHead-3), rest)
}

// busHead is how many rows the head has with the empty one under it.
const busHead = 4

// join puts parts under one another, an empty row between.
func join(parts ...[]string) []string {
	var out []string
	for _, p := range parts {
		if len(p) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, "")
		}
		out = append(out, p...)
	}
	return out
}

// head is the servers in one row and the traffic in two.
func (p *busPage) head(m *model, w int) []string {
	s, r := m.styles, p.report.reply
	if !p.report.known {
		text := "asking the server …"
		switch t := p.report.trouble(); {
		case m.nats.State != room.LinkUp:
			text = "NATS is not reachable"
		case t != "":
			text = t
		}
		return []string{s.muted.paint(text), "", ""}
	}
	traffic := func(name, msgs, bytes string) string {
		rate := fitRight(m.by, p.perSecond(msgs, figure), 7) + s.muted.paint(" msg/s ")
		size := fitRight(m.by, p.perSecond(bytes, bytesText), 8) + s.muted.paint("/s ")
		each := min(bus.RatesPast, (w-4-14-2-11)/2)
		if each < 6 { // no room for charts
			return s.muted.paint(fit(m.by, name, 4)) + rate + size
		}
		return s.muted.paint(fit(m.by, name, 4)) + rate + s.muted.paint(spark(p.rates.Past(msgs), each)) + "  " +
			size + s.muted.paint(spark(p.rates.Past(bytes), each))
	}
	return []string{p.server(m, w, r), traffic("in", "in", "bytes in"), traffic("out", "out", "bytes out")}
}

// perSecond is a rate in words. One reading makes no rate: until the second
// there is none to tell, which is not the same as nothing.
func (p *busPage) perSecond(name string, words func(float64) string) string {
	if len(p.rates.Past(name)) == 0 {
		return "–"
	}
	return words(p.rates.Of(name))
}

// server is one server in figures, or what a cluster has together.
func (p *busPage) server(m *model, w int, r bus.NATSReport) string {
	s := m.styles
	if len(r.Servers) == 0 {
		return s.muted.paint("the server tells nothing about itself")
	}
	stale := ""
	if m.nats.State != room.LinkUp {
		stale = s.bad.paint("NATS is not reachable: figures of "+m.clock(time.UnixMilli(r.Time).In(m.loc))) + s.border.paint(" · ")
	}
	one := r.Servers[0]
	name, conns, subs, slow, mem, cpu := one.Name+" "+one.Version, 0, 0, uint64(0), int64(0), 0.0
	if n := len(r.Servers); n > 1 {
		name = fmt.Sprintf("%s %s, %d servers", one.Cluster, one.Version, n)
	}
	for _, v := range r.Servers {
		conns, subs, slow, mem, cpu = conns+v.Conns, subs+v.Subs, slow+v.Slow, mem+v.Mem, cpu+v.CPU
	}
	figures := []string{stale + s.strong.paint(name) + " " + s.muted.paint(sourceText(r.Source))}
	say := func(k ink, name, value string) { figures = append(figures, s.muted.paint(name+" ")+k.paint(value)) }
	k := s.text
	if slow > 0 {
		k = s.warn
	}
	if one.Started > 0 {
		say(s.text, "up", lasted(m.now.Sub(time.UnixMilli(one.Started))))
	}
	if mem > 0 {
		say(s.text, "cpu", figure(cpu)+"%")
		say(s.text, "mem", bytesText(float64(mem)))
	}
	say(s.text, "conns", grouped(uint64(max(conns, r.ConnTotal))))
	say(k, "slow", grouped(slow))
	k = s.text
	if p.faults.Reconnects > 0 {
		k = s.warn
	}
	say(k, "reconnects", grouped(p.faults.Reconnects))
	if n := len(r.Missing); n > 0 {
		figures = append(figures, s.warn.paint("? ")+s.muted.paint(count(uint64(n), "thing")+" not known, at the foot"))
	}
	say(s.text, "subs", grouped(uint64(subs)))
	return m.partsRow(figures, w)
}

// partsRow puts as many parts into a row as fit.
func (m *model) partsRow(parts []string, w int) string {
	out := ""
	for _, part := range parts {
		next := part
		if out != "" {
			next = out + m.styles.border.paint(" · ") + part
		}
		if out != "" && m.by.StringWidth(next) > w {
			break
		}
		out = next
	}
	return out
}

func sourceText(s bus.ReportSource) string {
	switch s {
	case bus.ReportEmbedded:
		return "embedded"
	case bus.ReportEndpoint:
		return "by its monitoring endpoint"
	case bus.ReportSystem:
		return "by the system account"
	case bus.ReportAccount:
		return "our account's figures"
	}
	return ""
}

// connections are the table: as many as there is room for, or all.
func (p *busPage) connections(m *model, w, room int) []string {
	r := p.report.reply
	if len(p.conns) == 0 {
		return nil
	}
	n := max(4, room)
	if p.all {
		n = len(p.conns)
	}
	n = min(n, len(p.conns))
	columns := p.columns(m)
	note := fmt.Sprintf("%s of %s", grouped(uint64(n)), grouped(uint64(r.ConnTotal)))
	if n == r.ConnTotal {
		note = grouped(uint64(n))
	}
	rows := make([][]string, n)
	for i, c := range p.conns[:n] {
		rows[i] = p.conn(m, c)
	}
	return append([]string{m.heading("CONNECTIONS", note+", by "+sortText(busSorts[p.sort]))}, m.tableRows(columns, rows, w)...)
}

func sortText(by bus.ConnSort) string {
	return map[bus.ConnSort]string{
		bus.SortMsgsFrom: "messages from", bus.SortMsgsTo: "messages to", bus.SortBytesFrom: "bytes from", bus.SortBytesTo: "bytes to",
		bus.SortPending: "pending", bus.SortRTT: "round trip", bus.SortSubs: "subscriptions", bus.SortIdle: "idle",
		bus.SortUptime: "uptime", bus.SortCID: "number",
	}[by]
}

func (p *busPage) columns(m *model) []column {
	by := busSorts[p.sort]
	columns := []column{
		{title: "CID", w: 6, rank: 6, mark: by == bus.SortCID},
		{title: "NAME"},
		{title: "USER", w: 9, rank: 5},
		{title: "RTT", w: 7, right: true, rank: 2, mark: by == bus.SortRTT},
		{title: "PENDING", w: 8, right: true, rank: 1, mark: by == bus.SortPending},
		{title: "FROM/s", w: 7, right: true, rank: 1},
		{title: "TO/s", w: 7, right: true, rank: 1},
		{title: "MSGS FROM", w: 11, right: true, rank: 7, mark: by == bus.SortMsgsFrom},
		{title: "MSGS TO", w: 11, right: true, rank: 7, mark: by == bus.SortMsgsTo},
		{title: "BYTES FROM", w: 11, right: true, rank: 4, mark: by == bus.SortBytesFrom},
		{title: "BYTES TO", w: 9, right: true, rank: 4, mark: by == bus.SortBytesTo},
		{title: "SUBS", w: 5, right: true, rank: 3, mark: by == bus.SortSubs},
		{title: "IDLE", w: 6, right: true, rank: 5, mark: by == bus.SortIdle},
		{title: "UP", w: 7, right: true, rank: 6, mark: by == bus.SortUptime},
		{title: "LANG", w: 7, rank: 8},
		{title: "FROM WHERE", w: 15, rank: 8},
	}
	for i := range columns {
		if columns[i].mark {
			columns[i].rank = 0 // what it is sorted by is always shown
		}
	}
	return columns
}

// pendingMuch is what a connection may leave lying before it is told: the
// server cuts it at 64 MB.
const pendingMuch = 1 << 20

func (p *busPage) conn(m *model, c bus.NATSConn) []string {
	s := m.styles
	pending := bytesText(float64(c.Pending))
	if c.Pending > pendingMuch {
		pending = s.warn.paint(pending)
	}
	name := c.Name
	if name == "" {
		name = s.muted.paint("(no name)")
	}
	if c.Server != "" && len(p.report.reply.Servers) > 1 {
		name += s.muted.paint(" @" + c.Server)
	}
	return []string{
		grouped(c.CID), name, s.muted.paint(c.User), tripText(c.RTT), pending,
		p.perSecond(connKey(c, "from"), figure), p.perSecond(connKey(c, "to"), figure),
		grouped(c.MsgsFrom), grouped(c.MsgsTo), bytesText(float64(c.BytesFrom)), bytesText(float64(c.BytesTo)),
		grouped(uint64(c.Subs)), lasted(c.Idle), lasted(c.Uptime), s.muted.paint(c.Lang), s.muted.paint(c.Host),
	}
}

// slow names who was cut for taking too slowly, and our own losses.
func (p *busPage) slow(m *model, w int) []string {
	s := m.styles
	var rows []string
	for _, c := range p.report.reply.Slow {
		at := clockText(time.UnixMilli(c.Time).In(m.loc), m.clock12())
		rows = append(rows, s.muted.paint(at)+"  "+s.warn.paint(c.Name)+"  "+s.muted.paint(fmt.Sprintf("%s, cid %d: cut, %s", c.User, c.CID, c.Reason)))
		if len(rows) == 5 {
			break
		}
	}
	if f := p.faults; f.SlowConsumers > 0 || f.Denied > 0 || f.Bad > 0 {
		rows = append(rows, s.warn.paint("this console")+"  "+s.muted.paint(fmt.Sprintf("since %s %s dropped for being slow, %s denied, %s not believed: %s",
			m.sinceText(f.Since), grouped(f.SlowConsumers), grouped(f.Denied), grouped(f.Bad), room.Clean(f.LastError))))
	}
	if len(rows) == 0 {
		return nil
	}
	return append([]string{m.heading("SLOW", "cut by the server because they did not take what was sent")}, rows...)
}

// missing says what is not known and what would tell it.
func (p *busPage) missing(m *model, w int) []string {
	s := m.styles
	var rows []string
	for _, text := range p.report.reply.Missing {
		wrap := wrapper{by: m.by}
		for i, t := range wrap.wrap([]piece{{text, s.muted}}, max(10, w-2), "") {
			lead := s.warn.paint("? ")
			if i > 0 {
				lead = "  "
			}
			rows = append(rows, lead+t)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return append([]string{m.heading("NOT KNOWN", "")}, rows...)
}
