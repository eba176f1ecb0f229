package tui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// scan gives the radar what it goes by. before is the room without the event.
func (v *channel) scan(before room.State, e room.Event, at time.Time) {
	switch e := e.(type) {
	case *room.UserJoin:
		v.radar.join(before, e, at)
	case *room.UserRank:
		v.radar.ranked(e.User, e.Rank)
	case *room.Message:
		if !e.Server && !e.Replay {
			v.radar.say(e.User, e.Content, at)
		}
	}
}

// sweep reads every room's radar, says so when one has risen, and asks the
// database about people it has not been asked about.
func (m *model) sweep() tea.Cmd {
	var cmds []tea.Cmd
	for _, v := range m.rooms {
		v.reading = v.radar.read(v.state, m.now)
		switch {
		case v.reading.rose:
			v.local(m.now, "radar: "+v.reading.text()+" · "+m.keys.Radar.Help().Key+" to act")
		case v.reading.ended:
			v.local(m.now, "radar: "+v.reading.text())
		}
		if m.db.Error == "" && !m.dbLost && m.nats.State == room.LinkUp {
			cmds = append(cmds, m.askStrangers(v))
		}
	}
	return tea.Batch(cmds...)
}

// askStrangers asks the database who of those who have come was seen before.
func (m *model) askStrangers(v *channel) tea.Cmd {
	names := v.radar.askAbout()
	if len(names) == 0 {
		return nil
	}
	ask := m.deps.ask
	return func() tea.Msg {
		var reply bus.TopReply
		err := ask(bus.SubjectUsers, bus.TopQuery{Names: names, Limit: len(names)}, &reply)
		return answer{func(*model) tea.Cmd {
			v.radar.learn(names, reply.Users, err != nil || reply.Error != "")
			return nil
		}}
	}
}

// radarSign is the header's word on the room's radar; empty while it is calm. A
// raid's has the joins of the last minute, which shows it let up, where there is room.
func (m *model) radarSign(v *channel, level int) string {
	s := m.styles
	if v == nil {
		return ""
	}
	if level >= 2 && v.reading.level >= alarmOver {
		return map[alarm]string{alarmRaid: s.danger.paint(" ◬ RAID "), alarmOver: s.warn.paint("◬ over"), alarmWatch: s.warn.paint("◬")}[v.reading.level]
	}
	switch v.reading.level {
	case alarmRaid:
		return s.danger.paint(fmt.Sprintf(" ◬ RAID %s/min ", bounded(v.reading.joins, radarPeople)))
	case alarmOver:
		return s.warn.paint(fmt.Sprintf("◬ raid over, %s joined", bounded(v.reading.joined, radarPeople)))
	case alarmWatch:
		return s.warn.paint("◬ strangers")
	}
	return ""
}
