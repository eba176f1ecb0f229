package tui

import (
	"fmt"
	"strings"
	"time"
)

// chart draws the users over time: those in the chat as a filled area, all who
// are connected as a line over it.
func (p *storagePage) chart(m *model, w, h int) []string {
	s := m.styles
	span := chartSpans[p.span]
	rows := p.counts.reply.Rows
	if len(rows) == 0 {
		why := m.asking(p.counts.known)
		if p.counts.known && !m.dbLost {
			why = "not counted yet: the bot counts every five minutes"
		}
		for _, text := range []string{p.counts.trouble(), p.counts.reply.Error} {
			if text != "" {
				why = text
			}
		}
		return []string{m.heading("USERS", "last "+span.name), s.muted.paint(why)}
	}
	until := m.now
	from := until.Add(-span.span)
	const label = 7
	wide := max(10, w-label)
	chat, all := newPlot(wide, h), newPlot(wide, h)
	chatTop, allTop := p.columns(from, until, wide*2)
	most := int64(4)
	for i := range allTop {
		most = max(most, chatTop[i], allTop[i])
	}
	scale := func(n int64) int { return int(n * int64(h*4-1) / most) }
	before := -1
	for x := range allTop {
		if allTop[x] < 0 {
			before = -1
			continue
		}
		chat.column(x, scale(chatTop[x])-1)
		y := scale(allTop[x])
		for step := y; before >= 0 && step != before; { // joins the line where it jumps
			if step < before {
				step++
			} else {
				step--
			}
			all.dot(x, step)
		}
		all.dot(x, y)
		before = y
	}
	out := []string{m.chartHeading(p, w, span.name)}
	for y := range h {
		name := ""
		switch y {
		case 0:
			name = grouped(uint64(most))
		case h - 1:
			name = "0"
		case h / 2:
			name = grouped(uint64(most / 2))
		}
		out = append(out, s.muted.paint(fitRight(m.by, name, label-2))+s.border.paint(" ┤")+p.chartRow(m, chat, all, y))
	}
	return append(out, m.chartTimes(from, until, label, wide))
}

// columns puts the counts into n columns of time, the largest of each; -1 where
// nothing was counted. A count stands until the next one, or for an hour.
func (p *storagePage) columns(from, until time.Time, n int) (chat, all []int64) {
	chat, all = make([]int64, n), make([]int64, n)
	for i := range n {
		chat[i], all[i] = -1, -1
	}
	span := until.Sub(from).Seconds()
	rows := p.counts.reply.Rows
	for i, r := range rows {
		end := r.Timestamp + 3600
		if i+1 < len(rows) {
			end = min(end, rows[i+1].Timestamp)
		}
		end = min(end, until.Unix())
		a := int(float64(r.Timestamp-from.Unix()) / span * float64(n))
		b := int(float64(end-from.Unix()) / span * float64(n))
		for x := max(0, a); x <= b && x < n; x++ {
			chat[x], all[x] = max(chat[x], r.Chat), max(all[x], r.Connected, r.Chat)
		}
	}
	return chat, all
}

// chartRow paints a row of cells: the area in the accent, the line quietly.
func (p *storagePage) chartRow(m *model, chat, all *plot, y int) string {
	var b strings.Builder
	var run []rune
	painted := ink("")
	flush := func(next ink) {
		if next != painted && len(run) > 0 {
			b.WriteString(painted.paint(string(run)))
			run = run[:0]
		}
		painted = next
	}
	for x := range chat.w {
		area, line := chat.rune(x, y), all.rune(x, y)
		switch {
		case area == 0 && line == 0:
			flush("")
			run = append(run, ' ')
		case area == 0:
			flush(m.styles.muted)
			run = append(run, line)
		default:
			flush(m.styles.accent)
			run = append(run, area|line)
		}
	}
	flush("end")
	return b.String()
}

func (m *model) chartHeading(p *storagePage, w int, span string) string {
	s := m.styles
	rows := p.counts.reply.Rows
	last := rows[len(rows)-1]
	parts := []string{
		s.strong.paint("USERS") + "  " + s.muted.paint("last "+span),
		s.accent.paint("█") + s.muted.paint(fmt.Sprintf(" %d in the chat", last.Chat)),
		s.muted.paint(fmt.Sprintf("· %d connected", last.Connected)),
	}
	if c := p.channel.reply; c.MaxUsers > 0 {
		at := func(sec int64) string { return m.dateTime(time.Unix(sec, 0), true) }
		parts = append(parts, s.muted.paint("peak ")+fmt.Sprint(c.MaxUsers)+s.muted.paint(" on "+at(c.MaxUsersTime)))
		if c.MaxConnected > 0 {
			parts = append(parts, s.muted.paint("and ")+fmt.Sprint(c.MaxConnected)+s.muted.paint(" connected on "+at(c.MaxConnectedTime)))
		}
	}
	out := parts[0]
	for _, part := range parts[1:] {
		if m.by.StringWidth(out)+2+m.by.StringWidth(part) > w {
			break
		}
		out += "  " + part
	}
	return out
}

// chartTimes is the row under the chart: where it begins, its middle, its end.
func (m *model) chartTimes(from, until time.Time, label, wide int) string {
	text := func(t time.Time) string { return clockText(t.In(m.loc), m.clock12()) }
	if until.Sub(from) > 24*time.Hour {
		text = func(t time.Time) string { return t.In(m.loc).Format("2 Jan") }
	}
	middle := text(from.Add(until.Sub(from) / 2))
	row := fit(m.by, text(from), (wide-len(middle))/2) + middle
	return blank(label) + m.styles.muted.paint(fit(m.by, row, wide-len(text(until)))+text(until))
}
