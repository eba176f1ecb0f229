package tui

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// A storagePage is F6: what the database takes in, what of it got lost, what it
// holds and for how long.
type storagePage struct {
	w, h     int
	span     int // in chartSpans
	scroller scroller
	made     int // changes with each answer

	channel  query[bus.ChannelStatsReply]
	chatters query[bus.TopReply]
	counts   query[bus.CountHistoryReply]
	outbound query[[]bus.OutboundRow]
}

// chartSpans are the times that the chart can show.
var chartSpans = []struct {
	name string
	span time.Duration
}{
	{"6 hours", 6 * time.Hour}, {"day", 24 * time.Hour}, {"week", 7 * 24 * time.Hour}, {"month", 30 * 24 * time.Hour},
}

// How often each part is asked for while the view is shown.
const (
	countsEvery   = time.Minute
	chattersEvery = 30 * time.Second
	outboundEvery = 10 * time.Second

	topChatters  = 50
	maxCountRows = 10_000 // what the database service gives at most
	outboundRows = 50
)

func (p *storagePage) size(w, h int) { p.w, p.h = w, h }

func (p *storagePage) want(m *model) tea.Cmd {
	if m.nats.State != room.LinkUp || m.dbLost {
		return nil
	}
	var cmds []tea.Cmd
	if p.channel.older(m.now, chattersEvery) {
		cmds = append(cmds, p.channel.ask(m, bus.SubjectChannelStats, struct{}{}, p.came))
	}
	if p.chatters.older(m.now, chattersEvery) {
		cmds = append(cmds, p.chatters.ask(m, bus.SubjectTopChatters, bus.TopQuery{Limit: topChatters}, p.came))
	}
	if p.outbound.older(m.now, outboundEvery) {
		cmds = append(cmds, p.outbound.ask(m, bus.SubjectOutboundGet, bus.OutboundQuery{Limit: outboundRows}, p.came))
	}
	if p.counts.older(m.now, countsEvery) {
		cmds = append(cmds, p.askCounts(m))
	}
	return tea.Batch(cmds...)
}

func (p *storagePage) askCounts(m *model) tea.Cmd {
	since := m.now.Add(-chartSpans[p.span].span).Unix()
	return p.counts.ask(m, bus.SubjectCountHistory, bus.CountHistoryQuery{Since: since, Limit: maxCountRows}, p.came)
}

func (p *storagePage) came(*model) tea.Cmd {
	p.made++
	return nil
}

func (p *storagePage) key(m *model, msg tea.KeyPressMsg) tea.Cmd {
	k := m.keys.Figures
	switch {
	case key.Matches(msg, k.Span):
		p.span = (p.span + 1) % len(chartSpans)
		p.scroller.stale()
		return p.askCounts(m)
	case key.Matches(msg, k.Back):
		return m.open(viewRoom)
	default:
		p.ready(m)
		p.scroller.key(m, msg)
	}
	return nil
}

func (p *storagePage) pointer(m *model, e pointer) tea.Cmd {
	p.ready(m)
	p.scroller.pointer(e)
	return nil
}

func (p *storagePage) hints(m *model) []key.Binding {
	k := m.keys.Figures
	return []key.Binding{k.Span, k.Down, k.Up, k.Back, m.keys.Palette, m.keys.Help}
}

func (p *storagePage) help(m *model) []keyGroup {
	k := m.keys.Figures
	return []keyGroup{{"Storage", append([]key.Binding{k.Span, k.Back}, k.rolling(m.keys)...)}}
}
