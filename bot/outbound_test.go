package bot

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// A queue stands for a database that never learns what came of a message: as
// if each mark were lost, or far behind.
type queue struct {
	mu    sync.Mutex
	rows  []bus.OutboundRow
	asked int
}

func newQueue(messages ...string) *queue {
	q := &queue{}
	for i, m := range messages {
		q.rows = append(q.rows, bus.OutboundRow{ID: int64(i + 1), Timestamp: time.Now().Unix(), Message: m})
	}
	return q
}

// serve has the bot find the queue.
func (w *world) serve(q *queue) {
	w.tb.Helper()
	respond(w.tb, w.connect(bus.RoleDB), bus.SubjectOutboundGet, func(bus.OutboundQuery) []bus.OutboundRow {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.asked++
		return slices.Clone(q.rows)
	})
}

func (w *world) queue(messages ...string) *queue {
	w.tb.Helper()
	q := newQueue(messages...)
	w.serve(q)
	return q
}

// askedMore waits until the bot has asked n times more.
func (q *queue) askedMore(tb testing.TB, n int) {
	tb.Helper()
	count := func() int {
		q.mu.Lock()
		defer q.mu.Unlock()
		return q.asked
	}
	before := count()
	eventually(tb, "the bot asks again", func() bool { return count() >= before+n })
}

// marked waits until n marks of a subject are in the stream.
func (w *world) marked(subject string, n int) []bus.OutboundMark {
	w.tb.Helper()
	var marks []bus.OutboundMark
	eventually(w.tb, "marks on "+subject, func() bool {
		marks = nil
		for _, data := range w.written(subject) {
			var m bus.OutboundMark
			if err := json.Unmarshal([]byte(data), &m); err != nil {
				w.tb.Fatal(err)
			}
			marks = append(marks, m)
		}
		return len(marks) >= n
	})
	return marks
}

func TestOutboundIsSaidOnceThoughItsMarkIsLost(t *testing.T) {
	t.Parallel() // it mostly waits for the bot to ask again
	w := newWorld(t)
	q := w.queue("from the *web* page", "/clear", strings.Repeat("long ", 100))
	seen := w.watch("main")
	b, _ := w.bot("one")
	seen.until(room.LinkUp)
	sent := w.marked(bus.SubjectOutboundSent, 2)
	if sent[0].MessageID != 1 || sent[1].MessageID != 3 || sent[0].Time == 0 {
		t.Errorf("marked as sent: %+v", sent)
	}
	failed := w.marked(bus.SubjectOutboundFailed, 1)
	if f := failed[0]; f.MessageID != 2 || !f.Permanent || !strings.Contains(f.Error, "/clear is not said") {
		t.Errorf("marked as failed: %+v", failed)
	}
	q.askedMore(t, 2)
	lines := len(seen.lines())
	if lines != 3 { // the long one is two
		t.Errorf("%d lines: %q", lines, seen.lines())
	}

	// Another process, which only has the room's history to go by.
	w.close(b)
	w.bot("two")
	q.askedMore(t, 3)
	w.marked(bus.SubjectOutboundSent, 4)
	if got := len(seen.lines()); got != lines {
		t.Errorf("said again by another process: %q", seen.lines())
	}
}

// TestOutboundAfterHistoryIsLost has nothing but CyTube's own replay to tell
// that a message was said.
func TestOutboundAfterHistoryIsLost(t *testing.T) {
	t.Parallel() // it mostly waits for the bot to ask again
	w := newWorld(t)
	w.queue("said before the crash")
	seen := w.watch("main")
	b, _ := w.bot("one")
	seen.sees("said before the crash")
	w.close(b)

	other := &world{testBus: startBus(t), cytube: w.cytube, channel: w.channel}
	q := other.queue("said before the crash")
	other.bot("two")
	q.askedMore(t, 2)
	other.marked(bus.SubjectOutboundSent, 1)
	sent := 0
	for _, f := range w.cytube.Frames() {
		if f.Event == "chatMsg" {
			sent++
		}
	}
	if sent != 1 {
		t.Errorf("it was sent %d times", sent)
	}
}

func TestOutboundFailuresGoBackToTheDatabase(t *testing.T) {
	t.Parallel() // it mostly waits for the bot to ask again
	w := newWorld(t)
	seen := w.watch("main")
	w.bot("one")
	seen.until(room.LinkUp)
	w.channel.Puppet("Chief", 5).Mute("Rosey")
	eventually(t, "the bot is muted", func() bool {
		seen.mu.Lock()
		defer seen.mu.Unlock()
		me, ok := seen.state.User("Rosey")
		return ok && me.Meta.Muted
	})
	q := newQueue("the first try", "the last try")
	q.rows[1].RetryCount = outboundRetries - 1
	w.serve(q)
	q.askedMore(t, 2)
	failed := w.marked(bus.SubjectOutboundFailed, 2)
	if len(failed) != 2 || failed[0].Permanent || !failed[1].Permanent || !strings.Contains(failed[0].Error, "muted") {
		t.Errorf("marked as failed: %+v", failed)
	}
	if len(seen.lines()) > 0 {
		t.Errorf("said: %q", seen.lines())
	}
}

// TestOutboundWaitsForTheRoom has the bot away: nothing is tried then, so
// nothing is counted as failed.
func TestOutboundWaitsForTheRoom(t *testing.T) {
	t.Parallel() // it mostly waits for the bot to ask again
	w := newWorld(t)
	seen := w.watch("main")
	w.bot("one")
	seen.until(room.LinkUp)
	if err := w.cytube.Stop(); err != nil {
		t.Fatal(err)
	}
	seen.until(room.LinkDown)
	w.queue("patience")
	if err := w.cytube.Restart(true); err != nil {
		t.Fatal(err)
	}
	seen.sees("patience")
	w.marked(bus.SubjectOutboundSent, 1)
	if n := len(w.written(bus.SubjectOutboundFailed)); n > 0 {
		t.Errorf("%d tries were counted", n)
	}
}

func TestLettersOfALine(t *testing.T) {
	for _, test := range []struct {
		said, seen string
		same       bool
	}{
		{"*bold* move", "bold move", true},
		{"/me waves", "waves", true},
		{"hello", "hello again", false},
		{"!!!", "!!!", true},
		{"!!!", "???", false},
	} {
		if same := letters(test.said) == letters(test.seen); same != test.same {
			t.Errorf("%q and %q: %v", test.said, test.seen, same)
		}
	}
}
