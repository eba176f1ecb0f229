package tui

import (
	"fmt"
	"slices"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// A busPage is F5: what the NATS server is doing, who is connected, how far
// readers are behind, and how long a word takes.
type busPage struct {
	w, h     int
	sort     int  // in busSorts
	all      bool // every connection that is known, not only those that leave room for the rest
	scroller scroller

	report   query[bus.NATSReport]
	services query[[]bus.ServiceStats]
	faults   bus.Stats
	rates    bus.Rates      // of the server and its connections
	conns    []bus.NATSConn // of the report, sorted
}

func newBusPage() *busPage { return &busPage{} }

// busSorts are the orders of connections, as the key goes through them.
var busSorts = []bus.ConnSort{
	bus.SortMsgsFrom, bus.SortMsgsTo, bus.SortBytesFrom, bus.SortBytesTo,
	bus.SortPending, bus.SortRTT, bus.SortSubs, bus.SortIdle, bus.SortUptime, bus.SortCID,
}

// How often the view asks while it is shown.
const (
	reportEvery   = time.Second
	servicesEvery = 5 * time.Second
	reportConns   = 200
)

func (p *busPage) size(w, h int) { p.w, p.h = w, h }

// want asks for a report each second and for a round trip with it.
func (p *busPage) want(m *model) tea.Cmd {
	if m.nats.State != room.LinkUp || m.deps.nats == nil {
		return nil
	}
	p.faults = m.deps.faults()
	m.rttIn = min(m.rttIn, 1)
	var cmds []tea.Cmd
	if p.report.older(m.now, reportEvery) {
		cmds = append(cmds, p.ask(m))
	}
	if p.services.older(m.now, servicesEvery) {
		cmds = append(cmds, p.services.fetch(m.deps.services, nil))
	}
	return tea.Batch(cmds...)
}

// ask asks for a report; a console without a bus has nobody to ask.
func (p *busPage) ask(m *model) tea.Cmd {
	if m.deps.nats == nil {
		return nil
	}
	ask, q := m.deps.nats, bus.NATSQuery{Sort: busSorts[p.sort], Limit: reportConns}
	return p.report.fetch(func() (bus.NATSReport, error) { return ask(q) }, func(*model) tea.Cmd {
		p.read()
		return nil
	})
}

// read takes the counters of the last report.
func (p *busPage) read() {
	r := p.report.reply
	totals := map[string]uint64{}
	for _, s := range r.Servers {
		totals["in"] += s.MsgsIn
		totals["out"] += s.MsgsOut
		totals["bytes in"] += s.BytesIn
		totals["bytes out"] += s.BytesOut
		totals[s.Name+" in"], totals[s.Name+" out"] = s.MsgsIn, s.MsgsOut
	}
	for _, c := range r.Conns {
		totals[connKey(c, "from")] = c.MsgsFrom
		totals[connKey(c, "to")] = c.MsgsTo
	}
	p.rates.Read(time.UnixMilli(r.Time), totals)
	p.sorted()
}

// sorted puts what came into the order that is wanted now: the answer in that
// order may still be under way.
func (p *busPage) sorted() {
	p.conns = slices.Clone(p.report.reply.Conns)
	bus.SortConns(p.conns, busSorts[p.sort])
	p.scroller.stale()
}

func connKey(c bus.NATSConn, what string) string { return fmt.Sprint(c.Server, " ", c.CID, " ", what) }

func (p *busPage) key(m *model, msg tea.KeyPressMsg) tea.Cmd {
	k := m.keys.Figures
	switch {
	case key.Matches(msg, k.Sort):
		p.sort = (p.sort + 1) % len(busSorts)
		p.sorted()
		return p.ask(m)
	case key.Matches(msg, k.All):
		p.all = !p.all
		p.scroller.stale()
	case key.Matches(msg, k.Back):
		return m.open(viewRoom)
	default:
		p.ready(m)
		p.scroller.key(m, msg)
	}
	return nil
}

func (p *busPage) pointer(m *model, e pointer) tea.Cmd {
	p.ready(m)
	p.scroller.pointer(e)
	return nil
}

func (p *busPage) hints(m *model) []key.Binding {
	k := m.keys.Figures
	return []key.Binding{k.Sort, k.All, k.Down, k.Up, k.Back, m.keys.Palette, m.keys.Help}
}

func (p *busPage) help(m *model) []keyGroup {
	k := m.keys.Figures
	return []keyGroup{{"Bus", append([]key.Binding{k.Sort, k.All, k.Back}, k.rolling(m.keys)...)}}
}
