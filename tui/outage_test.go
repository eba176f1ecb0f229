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

// killed is what the bot publishes around a loss of CyTube in the course of
// which it is killed: what came before the kill, and after.
func killed(down bool) (before, after []bus.Update) {
	link := func(s room.LinkState, when time.Duration) bus.Update {
		return at(event(&room.Connection{State: s, Last: evening.UnixMilli()}), evening.Add(when))
	}
	replay := func(when time.Duration, text string) bus.Update {
		return event(&room.Message{User: "bob", Content: text, Time: evening.Add(when).UnixMilli(), Replay: true})
	}
	before = []bus.Update{at(event(&room.Connection{State: room.LinkUp}), evening.Add(-time.Hour)), event(message("21:03", "bob", "before"))}
	if down {
		before = append(before, link(room.LinkDown, 20*time.Second))
	}
	return before, []bus.Update{
		link(room.LinkConnecting, 615*time.Second),
		replay(5*time.Second, "while away 1"), replay(600*time.Second, "while away 2"),
		link(room.LinkUp, 618*time.Second),
	}
}

// chatTexts is what a room's lines say, without days and times.
func chatTexts(m *model) (texts []string) {
	for _, l := range m.room().log.lines {
		if l.kind != lineDay {
			texts = append(texts, l.text())
		}
	}
	return texts
}

func backlogOf(us []bus.Update) (old []bus.Update) {
	for _, u := range us {
		u.Kind = bus.UpdateBacklog
		old = append(old, u)
	}
	return old
}

// A gap is as long as CyTube was not heard, whichever part of the services went
// when, for a console that saw it as for one that comes later.
func TestAGapIsAsLongForEveryConsole(t *testing.T) {
	up := movieNight()
	up.Connection = room.Connection{State: room.LinkUp, Last: evening.UnixMilli()}
	joining := movieNight()
	joining.Connection = room.Connection{State: room.LinkConnecting, Last: evening.UnixMilli()}
	state := func(s room.State) bus.Update { return bus.Update{Kind: bus.UpdateState, State: s} }
	for _, down := range []bool{true, false} {
		before, after := killed(down)
		later, _ := testModel(t, testOptions(), 120, 60)
		later.Update(updates("movienight", linkUp()))
		later.Update(updates("movienight", append(backlogOf(append(append([]bus.Update{}, before...), after...)), state(up))...))
		want := chatTexts(later)
		if n := len(want); want[n-1] != "connected to CyTube" || want[n-4] != "10 min offline, 2 lines filled in" {
			t.Fatalf("a console that comes later has %q", want)
		}
		for _, heard := range []int{0, 1, len(after)} { // events that had come when the bus was back
			m, _ := testModel(t, testOptions(), 120, 60)
			m.Update(updates("movienight", linkUp()))
			m.Update(updates("movienight", append(backlogOf(before[:1]), state(up))...))
			m.Update(updates("movienight", before[1:]...))
			m.Update(linkMsg{bus.Link{State: room.LinkDown, Since: evening.Add(611 * time.Second)}})
			b := updates("movienight", linkUp())
			b.at = evening.Add(618 * time.Second)
			m.Update(b)
			m.Update(updates("movienight", after[:heard]...))
			now := joining
			if heard == len(after) {
				now = up
			}
			m.Update(updates("movienight", state(now)))
			m.Update(updates("movienight", after[heard:]...))
			if got := chatTexts(m); strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("down first: %v, %d events kept: a console that was there has\n%q, not\n%q", down, heard, got, want)
			}
		}
	}
}

// The ruler stands before the join that ends it, and tells of no lines where
// there are none.
func TestTheRulerComesBeforeTheJoin(t *testing.T) {
	m, _ := sceneModel(t, 120, 60)
	m.Update(updates("movienight", rejoin()...))
	texts := chatTexts(m)
	if n := len(texts); texts[n-1] != "connected to CyTube" || texts[n-2] != "42 s offline" {
		t.Errorf("the chat ends with %q", texts[n-2:])
	}
	m.Update(updates("movienight", bus.Update{Kind: bus.UpdateBotLost}))
	b := updates("movienight", event(&room.UserCount{Count: 3}), bus.Update{Kind: bus.UpdateState, State: movieNight()})
	b.at = evening.Add(5 * time.Second)
	m.Update(b)
	shows(t, m, "── 5 s offline ──")
}

// What a bot's first join tells of the room is no news: a console that was there
// before the join does not say that somebody has locked the playlist.
func TestWhatTheFirstJoinTellsIsNoNews(t *testing.T) {
	m, _ := testModel(t, testOptions(), 120, 60)
	fresh := room.New()
	fresh.Connection.State = room.LinkConnecting
	for range 2 { // the bot was started anew each time
		m.Update(updates("movienight", linkUp(), bus.Update{Kind: bus.UpdateState, State: fresh},
			event(&room.PlaylistLock{Locked: true}), event(&room.Motd{Text: "be nice"}),
			event(&room.Connection{State: room.LinkUp})))
	}
	hides(t, m, "the playlist is locked")
	if n := strings.Count(strings.Join(screen(m), "\n"), "be nice"); n != 1 {
		t.Errorf("the motd is told %d times", n)
	}
	m.Update(updates("movienight", event(&room.PlaylistLock{})))
	shows(t, m, "the playlist is open to all")
}
