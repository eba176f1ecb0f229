package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"rosey/bus"
)

// servers are those of a cluster, one by one.
func (p *busPage) servers(m *model, w int) []string {
	s, list := m.styles, p.report.reply.Servers
	if len(list) < 2 {
		return nil
	}
	columns := []column{
		{title: "SERVER"},
		{title: "UP", w: 7, right: true, rank: 2},
		{title: "CPU", w: 6, right: true, rank: 3},
		{title: "MEM", w: 7, right: true, rank: 3},
		{title: "CONNS", w: 6, right: true},
		{title: "IN/s", w: 7, right: true, rank: 1},
		{title: "OUT/s", w: 7, right: true, rank: 1},
		{title: "SLOW", w: 5, right: true},
	}
	rows := make([][]string, 0, len(list))
	for _, v := range list {
		up, cpu, mem := "", "", ""
		if v.Started > 0 {
			up, cpu, mem = lasted(m.now.Sub(time.UnixMilli(v.Started))), figure(v.CPU)+"%", bytesText(float64(v.Mem))
		}
		k := s.text
		if v.Slow > 0 {
			k = s.warn
		}
		rows = append(rows, []string{
			v.Name, up, cpu, mem, grouped(uint64(max(0, v.Conns))),
			p.perSecond(v.Name+" in", figure), p.perSecond(v.Name+" out", figure), k.paint(grouped(v.Slow)),
		})
	}
	return append([]string{m.heading("SERVERS", "")}, m.tableRows(columns, rows, w)...)
}

// streams are what JetStream keeps, and how far its readers are.
func (p *busPage) streams(m *model, w int) []string {
	s := m.styles
	if len(p.report.reply.Streams) == 0 {
		return nil
	}
	columns := []column{
		{title: "STREAM", rank: 0},
		{title: "MESSAGES", w: 11, right: true, rank: 1},
		{title: "SIZE", w: 7, right: true, rank: 2},
		{title: "LAG", w: 7, right: true, rank: 1},
		{title: "UNACKED", w: 7, right: true, rank: 3},
	}
	var rows [][]string
	for _, st := range p.report.reply.Streams {
		name := st.Name
		if st.Replicas > 1 && st.Leader != "" {
			name += s.muted.paint(fmt.Sprintf(" ×%d @%s", st.Replicas, st.Leader))
		}
		rows = append(rows, []string{name, grouped(st.Messages), bytesText(float64(st.Bytes)), "", ""})
		for _, c := range st.Consumers {
			k := s.text
			if c.Lag > lagMuch || c.Redelivered > 0 {
				k = s.warn
			}
			rows = append(rows, []string{
				s.muted.paint("└ " + c.Name), "", "", k.paint(grouped(c.Lag)), grouped(uint64(max(0, c.Unacked))),
			})
		}
	}
	return append([]string{m.heading("STREAMS", "")}, m.tableRows(columns, rows, w)...)
}

// lagMuch is how far a reader may be behind before it is told.
const lagMuch = 1000

// serviceRows are the programs that register on the bus.
func (p *busPage) serviceRows(m *model, w int) []string {
	s := m.styles
	if len(p.services.reply) == 0 {
		if t := p.services.trouble(); t != "" {
			return []string{m.heading("SERVICES", ""), s.muted.paint(t)}
		}
		return nil
	}
	columns := []column{
		{title: "SERVICE", least: 20},
		{title: "UP", w: 7, right: true, rank: 2},
		{title: "ASKED", w: 9, right: true, rank: 1},
		{title: "ERRORS", w: 6, right: true, rank: 1},
		{title: "BUSIEST", w: 7, rank: 4},
		{title: "AVERAGE", w: 7, right: true, rank: 3}, // which the busiest takes for an answer
	}
	var texts [][]string
	for _, v := range p.services.reply {
		k, busiest, average := s.text, "", ""
		if v.Errors > 0 {
			k = s.warn
		}
		if len(v.Endpoints) > 0 && v.Endpoints[0].Requests > 0 {
			e := v.Endpoints[0]
			busiest, average = s.muted.paint(bus.ShortSubject(e.Subject)), tripText(e.Average)
		}
		texts = append(texts, []string{
			v.Name + s.muted.paint(" "+v.Version), lasted(m.now.Sub(v.Started)), grouped(uint64(max(0, v.Requests))),
			k.paint(grouped(uint64(max(0, v.Errors)))), busiest, average,
		})
	}
	table := m.tableRows(columns, texts, w)
	rows := []string{m.heading("SERVICES", ""), table[0]}
	for i, v := range p.services.reply {
		rows = append(rows, table[i+1])
		if v.LastError != "" {
			rows = append(rows, s.muted.paint("└ ")+s.warn.paint(v.LastError))
		}
	}
	return rows
}

// trips are our own round trips to the server as a histogram.
func (p *busPage) trips(m *model, w int) []string {
	h := &m.gauges.rtt
	if h.Count() == 0 {
		return nil
	}
	s := m.styles
	rows := []string{m.heading("ROUND TRIPS", fmt.Sprintf("p50 %s  p99 %s  longest %s",
		tripText(h.Quantile(0.5)), tripText(h.Quantile(0.99)), tripText(h.Max())))}
	for _, step := range h.Steps() {
		label := "≤ " + stepText(step.Under)
		if step.Under == 0 {
			label = "longer"
		}
		count := grouped(step.Count)
		long := max(1, w-10-2-m.by.StringWidth(count)-1)
		rows = append(rows, s.muted.paint(fitRight(m.by, label, 10))+"  "+
			s.muted.paint(bar(float64(step.Count)/float64(h.Count()), long))+" "+count)
	}
	return rows
}

// stepText is a step's end without needless digits: 50µs, 2ms, 1s.
func stepText(d time.Duration) string { return d.String() }

// events are what happens in the rooms, by kind, the most frequent first.
func (p *busPage) events(m *model, w int) []string {
	s, g := m.styles, &m.gauges
	type kind struct {
		name  string
		total uint64
	}
	var kinds []kind
	for name, n := range g.counted {
		kinds = append(kinds, kind{name, n})
	}
	if len(kinds) == 0 {
		return nil
	}
	slices.SortFunc(kinds, func(a, b kind) int {
		return cmp.Or(cmp.Compare(b.total, a.total), strings.Compare(a.name, b.name))
	})
	columns := []column{
		{title: "EVENT", w: 18},
		{title: "PER SECOND", w: 10, right: true},
		{title: "SEEN", w: 9, right: true, rank: 1},
		{title: "", rank: 0},
	}
	rows := []string{m.heading("OUR SUBJECTS", "what this console has seen"), m.tableHead(columns, w)}
	_, flex := fitColumns(columns, w)
	for _, k := range kinds[:min(len(kinds), maxKinds)] {
		rows = append(rows, m.tableCells(columns, []string{
			k.name, figure(g.events.Of(k.name)), grouped(k.total), s.muted.paint(spark(g.events.Past(k.name), min(flex, bus.RatesPast))),
		}, w))
	}
	return rows
}

// maxKinds is how many kinds of events are listed.
const maxKinds = 8
