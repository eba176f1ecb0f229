package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

func at(u bus.Update, t time.Time) bus.Update {
	u.Time = t.UnixMilli()
	return u
}

func replayOf(at, user, text string) bus.Update {
	m := message(at, user, text)
	m.Replay = true
	return event(m)
}

// rejoin is what the bot publishes when CyTube went away for 42 s.
func rejoin(between ...bus.Update) []bus.Update {
	link := func(s room.LinkState, after time.Duration) bus.Update {
		return at(event(&room.Connection{State: s}), evening.Add(after))
	}
	us := []bus.Update{link(room.LinkDown, 0), link(room.LinkConnecting, 41*time.Second), event(&room.PlaylistLock{Locked: true})}
	return append(append(us, between...), link(room.LinkUp, 42*time.Second))
}

func TestAnOutageOfCyTubeIsDrawnAsAGap(t *testing.T) {
	fresh := func(n int) (us []bus.Update) {
		for i := range n {
			us = append(us, replayOf("21:05", "bob", fmt.Sprint("while away ", i)))
		}
		return us
	}
	known := replayOf("21:04", "Rosey", "good evening")
	for _, c := range []struct {
		between []bus.Update
		want    string
	}{
		{append([]bus.Update{known}, fresh(3)...), "── 42 s offline, 3 lines filled in ──"},
		{[]bus.Update{known}, "── 42 s offline, nothing missed ──"},
		{fresh(15), "42 s offline, 15 lines filled in, more may be missing"},
		{nil, "── 42 s offline ──"},
	} {
		m, _ := sceneModel(t, 120, 60)
		m.Update(updates("movienight", rejoin(c.between...)...))
		shows(t, m, c.want)
		for _, row := range screen(m) {
			if strings.Contains(row, "offline") && strings.Contains(row, "filling") {
				t.Errorf("still %q", row)
			}
		}
	}
}

func TestWhatAJoinRepeatsIsNotToldAgain(t *testing.T) {
	m, _ := testModel(t, testOptions(), 120, 60)
	st := movieNight()
	st.Motd, st.Locked = room.Motd{Text: "be nice"}, true
	m.Update(updates("movienight", linkUp(),
		old(&room.PlaylistLock{Locked: true}), old(&room.Motd{Text: "be nice"}),
		bus.Update{Kind: bus.UpdateState, State: st}))
	again := *st.Media
	again.Position = 800
	for range 2 {
		m.Update(updates("movienight", rejoin(event(&room.Motd{Text: "be nice"}), event(&room.Leader{User: "Alice"}), event(&again))...))
	}
	for text, want := range map[string]int{"be nice": 1, "the playlist is locked": 0, "leads playback": 0} {
		if n := strings.Count(strings.Join(screen(m), "\n"), text); n != want {
			t.Errorf("%q stands there %d times, not %d", text, n, want)
		}
	}
	m.Update(updates("movienight", event(&room.PlaylistLock{}), event(&room.Motd{Text: "be nicer"})))
	shows(t, m, "the playlist is open to all")
	shows(t, m, "be nicer")
}

func TestDowntimeCountsFromTheLoss(t *testing.T) {
	m, _ := sceneModel(t, 160, 40)
	down := func(after time.Duration, s room.LinkState) {
		m.Update(linkMsg{bus.Link{State: s, Reason: "no NATS server answers at nats://h: start one there, or correct nats.url", Since: evening.Add(after)}})
	}
	down(0, room.LinkDown)
	down(10*time.Second, room.LinkConnecting)
	down(11*time.Second, room.LinkDown)
	m.Update(tickMsg(evening.Add(12 * time.Second)))
	shows(t, m, "NATS down for 12 s")
	m.Update(updates("movienight", linkUp()))
	down(20*time.Second, room.LinkDown)
	m.Update(tickMsg(evening.Add(21 * time.Second)))
	shows(t, m, "NATS down for 1 s")
}

func TestTheScreenSaysWhatToDoHoweverNarrow(t *testing.T) {
	for _, w := range []int{60, 80, 100, 160} {
		m, _ := sceneModel(t, w, 24)
		m.Update(linkMsg{bus.Link{State: room.LinkDown, Reason: "no NATS server answers at nats://nats.example.org:4222: start one there, or correct nats.url", Since: evening, RetryAt: evening.Add(3 * time.Second)}})
		shows(t, m, "start one there, or correct nats.url")
		m.Update(linkMsg{bus.Link{State: room.LinkDown, Reason: "no NATS server answers at nats://127.0.0.1:4222: start one there, or correct nats.url: dial tcp 127.0.0.1:4222: connect: connection refused", Since: evening}})
		shows(t, m, "! NATS down")
		shows(t, m, "start one there, or correct nats.url")
		requireShape(t, m, w, 24)
		press(t, m, "esc") // where there is no room for both, how far from live goes
		shows(t, m, "start one there, or correct nats.url ──")
		requireShape(t, m, w, 24)
	}
}

// What is wrong takes nothing else's place: keys, what plays, how far from live.
func TestTroubleAndKeysAreBothSeen(t *testing.T) {
	for _, h := range []int{10, 24, 40} {
		m, _ := sceneModel(t, 120, h)
		m.Update(linkMsg{bus.Link{State: room.LinkDown, Reason: "refused", Since: evening}})
		for _, keys := range [][]string{{}, {"esc"}, {"esc", "f3"}, {"f4"}, {"f8"}} {
			press(t, m, keys...)
			shows(t, m, "! NATS down for a moment · refused")
			if last := screen(m)[h-1]; !strings.Contains(last, "  ·  ") || strings.Contains(last, "NATS") {
				t.Errorf("after %v at %d rows the last row is %q", keys, h, last)
			}
			requireShape(t, m, 120, h)
		}
		press(t, m, "f2", "esc")
		shows(t, m, "↓ live")
		shows(t, m, "! NATS down for a moment · refused")
		m.Update(linkMsg{bus.Link{State: room.LinkUp}})
		hides(t, m, "! NATS down")
	}
}

// TestOneGapHasOneLine is a restart of all services: we hear nothing for a
// while, and the bot comes back to the room before the bus tells, or after.
func TestOneGapHasOneLine(t *testing.T) {
	all := rejoin(event(message("21:05", "bob", "one")), replayOf("21:05", "bob", "two"))
	for _, heard := range []int{0, 2, 4, len(all)} { // events that the bus had kept for us
		m, _ := sceneModel(t, 120, 60)
		later := func(us ...bus.Update) {
			b := updates("movienight", us...)
			b.at = evening.Add(42 * time.Second)
			m.Update(b)
		}
		m.Update(updates("movienight", bus.Update{Kind: bus.UpdateBotLost}))
		later(all[:heard]...)
		st := movieNight()
		if heard < len(all) {
			st.Connection.State = room.LinkConnecting
		}
		later(bus.Update{Kind: bus.UpdateState, State: st})
		later(all[heard:]...)
		text := strings.Join(screen(m), "\n")
		if n := strings.Count(text, "offline"); n != 1 || strings.Contains(text, "offline, filling in") {
			t.Errorf("%d events kept: %d gaps\n%s", heard, n, text)
		}
	}
}
