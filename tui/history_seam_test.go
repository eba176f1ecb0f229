package tui

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// say adds n lines to a room's past, a second apart, and tells the console.
func (l *library) say(t *testing.T, m *model, n int) {
	t.Helper()
	var b batchMsg
	for range n {
		i := len(l.events) + 1
		at := evening.Add(time.Duration(i) * time.Second).UnixMilli()
		msg := &room.Message{User: "bob", Content: fmt.Sprintf("line %d of old", i), Time: at}
		data, err := json.Marshal(msg)
		if err != nil {
			t.Fatal(err)
		}
		l.events = append(l.events, bus.Envelope{V: 1, Seq: uint64(i), Time: at, Event: "message", Data: data})
		l.hits = append(l.hits, bus.ChatHit{ID: int64(i), Time: at, Room: "movienight", User: "bob", Text: msg.Content})
		b.updates = append(b.updates, roomUpdate{room: "movienight", Update: bus.Update{Kind: bus.UpdateEvent, Seq: uint64(i), Time: at, Event: msg}})
		if len(b.updates) == 167 || i == n {
			b.at = evening.Add(time.Duration(i) * time.Second)
			m.Update(b)
			b.updates = nil
		}
	}
	m.Update(b)
}

// A reader notes the numbered lines that were on the screen.
type reader struct {
	m    *model
	seen map[int]bool
}

func (r *reader) look() (first, last int) {
	var on []int
	for _, row := range screen(r.m) {
		if _, rest, ok := strings.Cut(row, "bob  line "); ok {
			number, _, _ := strings.Cut(rest, " ")
			if i, err := strconv.Atoi(number); err == nil {
				r.seen[i] = true
				on = append(on, i)
			}
		}
	}
	if len(on) == 0 {
		return 0, 0
	}
	return on[0], on[len(on)-1]
}

// page presses a key until the line is on the screen.
func (r *reader) page(t *testing.T, key string, line int) {
	t.Helper()
	for range 2000 {
		if first, last := r.look(); first <= line && line <= last {
			return
		}
		settle(r.m, press(t, r.m, key))
		settle(r.m, r.m.view().want(r.m))
	}
	t.Fatalf("line %d never came; the screen:\n%s", line, strings.Join(screen(r.m), "\n"))
}

// all tells which lines from one to another were never on the screen.
func (r *reader) all(t *testing.T, from, to int) {
	t.Helper()
	var missing []int
	for i := from; i <= to; i++ {
		if !r.seen[i] {
			missing = append(missing, i)
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d of %d lines were not seen, from %d to %d", len(missing), to-from+1, missing[0], slices.Max(missing))
	}
}

// What a flood pushes out of the scrollback is to be had again, also where the
// beginning was reached before.
func TestTheBeginningIsFoundAgainAfterAFlood(t *testing.T) {
	l := newLibrary(3000, 1500)
	m := attach(t, l, 300, 1000)
	r := &reader{m, map[int]bool{}}
	r.page(t, "pgup", 1)
	press(t, m, "esc", "G")
	l.say(t, m, 3000)
	r.seen = map[int]bool{}
	r.page(t, "pgup", 1)
	r.all(t, 1, 6000)
}

// What was dropped while one read upwards comes back from where it came: the
// events, and the database before them.
func TestReadingDownAgainMissesNothing(t *testing.T) {
	l := newLibrary(6000, 2000)
	m := attach(t, l, 300, 1000)
	r := &reader{m, map[int]bool{}}
	r.page(t, "pgup", 1)
	r.all(t, 1, 6000)
	r.seen = map[int]bool{}
	r.page(t, "pgdown", 6000)
	r.all(t, 1, 6000)
	days := map[string]int{}
	for _, line := range m.room().log.lines {
		if line.kind == lineDay {
			days[line.text()]++
		}
	}
	for day, n := range days {
		if n != 1 {
			t.Errorf("%s has %d rules", day, n)
		}
	}
}

// An excerpt of long ago is pruned like all else, and filled like all else.
func TestReadingAnExcerptBothWaysMissesNothing(t *testing.T) {
	l := newLibrary(6000, 500)
	m := attach(t, l, 300, 1000)
	press(t, m, "esc", "/")
	typeText(m, `"line 5000 "`)
	settle(m, press(t, m, "enter"))
	settle(m, press(t, m, "enter"))
	shows(t, m, "long ago")
	r := &reader{m, map[int]bool{}}
	r.page(t, "pgup", 1)
	r.page(t, "pgdown", 6000)
	r.seen = map[int]bool{}
	r.page(t, "pgup", 1)
	r.all(t, 1, 6000)
}

// While an older page is under way the first line may become another.
func TestAnOldPageThatComesTooLateLeavesNoHole(t *testing.T) {
	l := newLibrary(3000, 300)
	m := attach(t, l, 300, 500)
	past := &m.room().log.history
	var late tea.Cmd
	for range 20 {
		if late = press(t, m, "pgup"); past.chat.asking {
			break
		}
		settle(m, late)
	}
	if !past.chat.asking {
		t.Fatal("nothing older is asked for")
	}
	press(t, m, "esc", "G")
	l.say(t, m, 1000)
	settle(m, late)
	r := &reader{m, map[int]bool{}}
	r.page(t, "pgup", 1)
	r.all(t, 1, 4000)
}

// CyTube's clock and the bot's may differ: the database has CyTube's.
func TestTheDatabaseIsAskedByTheClockOfWhatWasSaid(t *testing.T) {
	l := newLibrary(1000, 0)
	m := attach(t, l, 0, 1000)
	behind := evening.Add(-10 * time.Minute).UnixMilli()
	m.Update(updates("movienight", bus.Update{Kind: bus.UpdateEvent, Seq: 1001, Time: behind, Event: &room.UserJoin{User: "eve", UserData: user("eve", 1)}}))
	m.Update(updates("movienight", bus.Update{Kind: bus.UpdateEvent, Seq: 1002, Time: behind, Event: message("21:05", "bob", "the first word")}))
	m.room().log.history.noEvents = true // the bot has no others
	if m.room().log.page(-1); m.room().log.follow {
		t.Error("where all that is loaded has room one cannot look for more")
	}
	r := &reader{m, map[int]bool{}}
	r.page(t, "pgup", 1)
	r.all(t, 1, 1000)
}

// A bot that could not answer once has its events all the same, and some of them
// are not in the database.
func TestABusyBotIsAskedForItsEventsAgain(t *testing.T) {
	l := newLibrary(1000, 1000)
	m := attach(t, l, 300, 5000)
	l.hits = l.hits[:100] // the database is behind
	busy := true
	m.deps.ask = func(subject string, req, reply any) error {
		if r, ok := reply.(*bus.HistoryReply); ok && busy {
			busy, r.Error = false, "the event stream cannot be read just now"
			return nil
		}
		return l.ask(subject, req, reply)
	}
	r := &reader{m, map[int]bool{}}
	for at := evening; !r.seen[1] && at.Before(evening.Add(time.Hour)); at = at.Add(time.Second) {
		r.look()
		settle(m, press(t, m, "pgup"))
		_, cmd := m.Update(tickMsg(at))
		settle(m, cmd)
	}
	r.all(t, 1, 1000)
}
