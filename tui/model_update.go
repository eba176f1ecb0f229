package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// Init starts the clock.
func (m *model) Init() tea.Cmd {
	return func() tea.Msg { return tickMsg(time.Now()) }
}

// Update takes one message. It does no I/O; what must wait is in the command.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if cmd, ok := m.paced(msg); ok {
		return m, cmd
	}
	_, cmd := m.update(msg)
	say, keep, next := m.sayPresence(), m.saveInputHistory(), m.pace.next()
	if say != nil || keep != nil || next != nil {
		return m, tea.Batch(cmd, say, keep, next)
	}
	return m, cmd
}

func (m *model) update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		if m.status == tooNarrow(m.w) {
			m.status = "" // it was about a width that is no more
		}
		m.w, m.h = msg.Width, msg.Height
		m.arrange()
	case tea.ColorProfileMsg:
		m.profile = msg.Profile
		m.restyle()
	case tea.ModeReportMsg:
		m.measure(msg)
	case tickMsg:
		return m, m.tick(time.Time(msg))
	case batchMsg:
		m.record(msg)
		m.take(msg)
		if m.shown == viewPlaylist {
			return m, tea.Batch(m.wantTrees(), m.ring(), m.view().want(m))
		}
		return m, tea.Batch(m.wantTrees(), m.ring())
	case bulkMsg:
		return m, m.told(msg)
	case screenMsg:
		msg.to <- m.snapshot()
	case savedMsg:
		m.saved(msg)
	case configMsg:
		m.reconfigure(msg)
	case themesMsg:
		m.refit(msg)
	case toldMsg:
		return m, m.quit()
	case linkMsg:
		m.link(msg.link, m.now)
	case roomsMsg:
		for _, name := range msg {
			m.addRoom(name)
		}
	case rttMsg:
		m.rttAsked = false
		if msg.err == nil {
			m.rtt = msg.rtt
			m.gauges.rtt.Add(msg.rtt)
		}
	case sentMsg:
		return m, m.sent(msg)
	case errandMsg:
		return m, m.errandDone(msg)
	case answer:
		return m, msg.apply(m)
	case inputHistoryMsg:
		if msg.err != nil {
			m.status = room.Clean(msg.err.Error())
		}
	case choicesKeptMsg:
		return m, m.choicesKept(msg.err)
	case armMsg:
		msg.dialog.arm()
	case tea.KeyboardEnhancementsMsg:
		m.releases = msg.SupportsEventTypes()
	case tea.KeyReleaseMsg:
		m.released(msg)
	case tea.KeyPressMsg:
		cmd := m.key(msg)
		m.outdateDeed()
		return m, cmd
	case tea.PasteMsg:
		return m, m.paste(msg.Content)
	case tea.MouseMsg:
		cmd := m.pointed(msg)
		m.outdateDeed()
		return m, cmd
	}
	return m, nil
}

// interrupt drops a line half typed, as in a shell, and leaves the console where
// there is none.
func (m *model) interrupt() tea.Cmd {
	v := m.room()
	if v == nil || m.shown != viewRoom || m.opts.ReadOnly || v.edit.empty() {
		return m.askQuit()
	}
	v.edit.keep(v.edit.cut(0, len(v.edit.chars)))
	m.status = m.keys.Yank.Help().Key + " brings the line back, " + m.keys.Quit.Help().Key + " quits"
	return nil
}

// rttEvery is how many seconds lie between two measured round trips.
const rttEvery = 5

func (m *model) tick(now time.Time) tea.Cmd {
	m.now = now
	m.gauges.tick(now)
	for _, v := range m.rooms {
		v.rate.advance(now)
	}
	next := []tea.Cmd{m.wantTrees(), m.nextTick(), m.view().want(m), m.sweep()}
	for _, v := range m.rooms {
		next = append(next, m.wantReasons(v))
	}
	m.rttIn--
	if m.rttIn > 0 || m.rttAsked || m.nats.State != room.LinkUp {
		return tea.Batch(next...)
	}
	m.rttIn, m.rttAsked = rttEvery, true
	ask := m.deps.rtt
	return tea.Batch(append(next, func() tea.Msg {
		rtt, err := ask()
		return rttMsg{rtt, err}
	})...)
}

func (m *model) nextTick() tea.Cmd {
	if m.deps.tick != nil {
		return m.deps.tick
	}
	return tea.Tick(time.Second, func(t time.Time) tea.Msg { return tickMsg(t) })
}
