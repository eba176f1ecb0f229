package tui

import (
	"fmt"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// raidOf is a raid of fourteen from a time on, a second each, as events of that kind.
func raidOf(kind bus.UpdateKind, from time.Time) (us []bus.Update) {
	for i := range 14 {
		name, at := fmt.Sprintf("A1ice_%d", i), from.Add(time.Duration(i)*time.Second).UnixMilli()
		line := message("21:04", name, fmt.Sprintf("JOIN OUR SERVER example.org/%d", i))
		us = append(us,
			bus.Update{Kind: kind, Time: at, Event: &room.UserJoin{User: name, UserData: user(name, 0)}},
			bus.Update{Kind: kind, Time: at, Event: line})
	}
	return us
}

// stayed is the room after them; who comes to it after the raid is no raid.
func stayed(raiders bool) room.State {
	st := movieNight()
	if raiders {
		for i := range 14 {
			st.Users = append(st.Users, user(fmt.Sprintf("A1ice_%d", i), 0))
		}
	}
	return st
}

// latecomers are three guests who come at evening.
func latecomers() (us []bus.Update) {
	for _, name := range []string{"xeno", "yorick", "zelda"} {
		us = append(us, bus.Update{Kind: bus.UpdateEvent, Time: evening.UnixMilli(), Event: &room.UserJoin{User: name, UserData: user(name, 0)}})
	}
	return us
}

func TestARaidThatWasOverBeforeTheAttachIsNotTold(t *testing.T) {
	for name, c := range map[string]struct {
		ago   time.Duration
		stays bool
	}{"minutes ago, and they stayed": {5 * time.Minute, true}, "just now, and they were thrown out": {30 * time.Second, false}} {
		t.Run(name, func(t *testing.T) {
			m, _ := testModel(t, testOptions(), 120, 40)
			us := append([]bus.Update{linkUp()}, raidOf(bus.UpdateBacklog, evening.Add(-c.ago))...)
			us = append(us, bus.Update{Kind: bus.UpdateState, State: stayed(c.stays)})
			m.Update(updates("movienight", append(us, latecomers()...)...))
			for i := range 130 {
				m.Update(tickMsg(evening.Add(time.Duration(i) * time.Second)))
				hides(t, m, "◬")
			}
			hides(t, m, "radar: ")
		})
	}
}

func TestARaidUnderWayAtTheAttachIsTold(t *testing.T) {
	m, _ := testModel(t, testOptions(), 120, 40)
	us := append([]bus.Update{linkUp()}, raidOf(bus.UpdateBacklog, evening.Add(-20*time.Second))...)
	us = append(us, bus.Update{Kind: bus.UpdateState, State: stayed(true)})
	m.Update(updates("movienight", us...))
	m.Update(tickMsg(evening.Add(time.Second)))
	shows(t, m, "◬ RAID")
	shows(t, m, "radar: this looks like a raid")
}

func TestWhatWasMissedIsWeighedByItsOwnTime(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	m.Update(updates("movienight", bus.Update{Kind: bus.UpdateBotLost}))
	m.room().away.since = evening.Add(-8 * time.Minute)
	us := raidOf(bus.UpdateEvent, evening.Add(-5*time.Minute))
	us = append(us, bus.Update{Kind: bus.UpdateState, State: stayed(true)})
	m.Update(updates("movienight", append(us, latecomers()...)...))
	m.Update(tickMsg(evening.Add(time.Second)))
	hides(t, m, "◬")
	hides(t, m, "radar: ")
}
