package tui

import (
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// take folds a batch in.
func (m *model) take(b batchMsg) {
	m.now, m.merged = b.at, b.merged
	for _, v := range m.rooms {
		v.rate.advance(b.at)
	}
	for _, u := range b.updates {
		if u.presence != nil {
			m.takePresence(*u.presence, b.at)
			continue
		}
		switch u.Kind {
		case bus.UpdateLink:
			m.link(u.Link, b.at)
		case bus.UpdateDB:
			m.db, m.dbKnown, m.dbLost = u.Health, true, false
		case bus.UpdateDBLost:
			m.dbLost = true
		default:
			if v := m.roomNamed(u.room); v != nil {
				v.take(u.Update, b.at, m.opts.TUI.ShowJoinQuit)
			}
		}
	}
	if v := m.room(); v != nil {
		v.unread, v.mentions = 0, 0
	}
	if v := m.second(); v != nil && m.shown == viewRoom && v.chat == v.log && v.log.follow { // it is in sight
		v.unread, v.mentions = 0, 0
	}
	m.tellLater()
}

func (m *model) roomNamed(name string) *channel {
	for _, v := range m.rooms {
		if v.name == name {
			return v
		}
	}
	return nil
}

// link takes the state of our own link to NATS. While it is down nothing is
// known of anything behind it.
func (m *model) link(l bus.Link, at time.Time) {
	lost := m.nats.Since
	again := m.nats.State != room.LinkUp && l.State != room.LinkUp && !lost.IsZero()
	l.Reason = room.Clean(l.Reason)
	m.journal.link(l, at)
	m.nats = l
	if again { // each try is a state of its own; how long it has been down counts from the loss
		m.nats.Since = lost
	}
	if l.State == room.LinkUp {
		return
	}
	for _, v := range m.rooms {
		v.leave(at)
	}
}
