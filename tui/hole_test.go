package tui

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"rosey/bus"
)

// faulty answers one kind of question with an error as long as it is told to.
func faulty(l *library, fails func(req any) bool) func(string, any, any) error {
	return func(subject string, req, reply any) error {
		if !fails(req) {
			return l.ask(subject, req, reply)
		}
		const text = "it cannot be read just now"
		switch reply := reply.(type) {
		case *bus.HistoryReply:
			reply.Error = text
		case *bus.ChatSearchReply:
			return errors.New(text)
		}
		return nil
	}
}

// A bot or a service that once has no answer for a hole is asked once more.
func TestAHoleOutlivesAnAnswerThatFails(t *testing.T) {
	for name, kept := range map[string]int{"events": 6000, "database": 300} {
		t.Run(name, func(t *testing.T) {
			l := newLibrary(6000, kept)
			m := attach(t, l, 300, 1000)
			r := &reader{m, map[int]bool{}}
			r.page(t, "pgup", 1)
			failed := 0
			m.deps.ask = faulty(l, func(req any) bool {
				if _, events := req.(bus.HistoryRequest); events == (name == "events") && failed == 0 {
					failed++
					return true
				}
				return false
			})
			for range 200 {
				if failed > 0 {
					break
				}
				settle(m, press(t, m, "pgdown"))
				r.look()
			}
			if failed != 1 {
				t.Fatal("nothing was asked for")
			}
			settle(m, m.view().want(m))
			m.now = m.now.Add(askAgain)
			settle(m, m.view().want(m))
			r.page(t, "pgdown", 6000)
			r.all(t, 1, 6000)
		})
	}
}

// What is not to be had is not asked for without end: it would hold up what is
// before it.
func TestAHoleIsGivenUpWhenNobodyCanFillIt(t *testing.T) {
	for _, err := range []error{bus.ErrNobody, errors.New("busy")} {
		l := newLibrary(3000, 3000)
		m := attach(t, l, 300, 1000)
		r := &reader{m, map[int]bool{}}
		r.page(t, "pgup", 1)
		asked := 0
		m.deps.ask = func(string, any, any) error { asked++; return err }
		for range 300 {
			settle(m, press(t, m, "pgdown"))
			m.now = m.now.Add(askAgain)
		}
		lost, each := 0, 2
		if errors.Is(err, bus.ErrNobody) {
			each = 1
		}
		for _, l := range m.room().log.lines {
			if l.hole != nil && l.hole.lost {
				lost++
			}
		}
		if lost == 0 || asked != each*lost {
			t.Errorf("%v: asked %d times for %d holes, want %d each", err, asked, lost, each)
		}
	}
}

// An answer may make more lines than went where they are put: each has an id of
// its own, and the window and the chosen line stay.
func TestMoreLinesThanWentHaveIdsOfTheirOwn(t *testing.T) {
	for _, behind := range []bool{false, true} {
		c := testChat(1000, 40, 5)
		for i := range 20 {
			c.append(&line{at: evening.UnixMilli(), kind: lineChat, name: "bob", spans: plain(fmt.Sprint(i))})
		}
		at := 10
		gap := &line{id: c.lines[at-1].id + 2, kind: lineGap, hole: &hole{lines: 2, from: 1, to: 9}}
		c.lines[at] = gap
		c.hold(7, 0)
		c.choose(c.lines[8].id)
		want := c.selected()
		i, _ := c.window()
		top := c.lines[i]
		for range 3 {
			var more []*line
			for range 40 {
				more = append(more, &line{at: evening.UnixMilli(), kind: lineChat, name: "amy", spans: plain("between")})
			}
			c.fill(gap, more, behind)
		}
		if !slices.IsSortedFunc(c.lines, func(a, b *line) int {
			if a.id < b.id {
				return -1
			}
			return 1
		}) {
			t.Errorf("behind %v: two lines have one id", behind)
		}
		if i, _ := c.window(); c.selected() != want || c.lines[i] != top || len(c.lines) != 21+120 {
			t.Errorf("behind %v: %d lines, chosen is %q, the window begins with %q", behind, len(c.lines), c.selected().text(), c.lines[i].text())
		}
		c.append(&line{kind: lineChat, name: "bob", spans: plain("last")})
		if n := len(c.lines); c.lines[n-1].id <= c.lines[n-2].id {
			t.Errorf("behind %v: the newest line is not the last", behind)
		}
	}
}
