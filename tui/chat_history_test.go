package tui

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// A library is a room with a long past: events as far back as the bot keeps
// them, and everything in the database.
type library struct {
	events []bus.Envelope // seq 1 …
	first  uint64         // the oldest that is kept
	hits   []bus.ChatHit  // oldest first
	asked  []any
}

// newLibrary has n lines a minute apart, the last one at evening, of which the
// bot keeps the last kept.
func newLibrary(n, kept int) *library {
	l := &library{first: uint64(n - kept + 1)}
	for i := 1; i <= n; i++ {
		at := evening.Add(-time.Duration(n-i) * time.Minute).UnixMilli()
		msg := &room.Message{User: "bob", Content: fmt.Sprintf("line %d of old", i), Time: at}
		data, _ := json.Marshal(msg)
		l.events = append(l.events, bus.Envelope{V: 1, Seq: uint64(i), Time: at, Event: "message", Data: data})
		l.hits = append(l.hits, bus.ChatHit{ID: int64(i), Time: at, Room: "movienight", User: "bob", Text: msg.Content})
	}
	return l
}

func (l *library) ask(subject string, req, reply any) error {
	l.asked = append(l.asked, req)
	switch req := req.(type) {
	case bus.HistoryRequest:
		var r bus.HistoryReply
		from, to := l.first, uint64(len(l.events))
		if req.BeforeSeq > 0 {
			to = req.BeforeSeq - 1
			if to+1 > uint64(req.Limit)+from {
				from = to - uint64(req.Limit) + 1
			}
			r.More = from > l.first
		} else {
			from = max(from, req.AfterSeq+1)
			to = min(to, from+uint64(req.Limit)-1)
		}
		if to >= from {
			r.Events = l.events[from-1 : to]
		}
		*reply.(*bus.HistoryReply) = r
	case bus.ChatSearchQuery:
		var r bus.ChatSearchReply
		for _, h := range l.hits {
			if (req.Before == 0 || h.Time < req.Before) && h.Time >= req.Since && strings.Contains(h.Text, strings.Trim(req.Text, `"`)) {
				r.Hits = append(r.Hits, h)
			}
		}
		if !req.OldestFirst {
			slices.Reverse(r.Hits)
		}
		r.Hits = r.Hits[min(len(r.Hits), req.Offset):]
		if len(r.Hits) > req.Limit {
			r.Hits, r.More = r.Hits[:req.Limit], true
		}
		*reply.(*bus.ChatSearchReply) = r
	}
	return nil
}

// attach is a console that has just come to the room and holds its last lines.
func attach(t *testing.T, l *library, backlog int, scrollback int) *model {
	o := testOptions()
	o.TUI.Scrollback = scrollback
	m, _ := testModel(t, o, 100, 30)
	m.deps.ask = l.ask
	b := updates("movienight", linkUp())
	for _, env := range l.events[len(l.events)-backlog:] {
		e, err := room.Decode(env.Event, env.Data)
		if err != nil {
			t.Fatal(err)
		}
		b.updates = append(b.updates, roomUpdate{room: "movienight", Update: bus.Update{Kind: bus.UpdateBacklog, Seq: env.Seq, Time: env.Time, Event: e}})
	}
	b.updates = append(b.updates, roomUpdate{room: "movienight", Update: bus.Update{Kind: bus.UpdateState, Seq: uint64(len(l.events)), State: movieNight()}})
	m.Update(b)
	return m
}

// said are the texts of a chat's spoken lines.
func saidIn(c *chat) (out []string) {
	for _, l := range c.lines {
		if l.spoken() {
			out = append(out, l.text())
		}
	}
	return out
}

func TestScrollingUpNeverEndsAndRepeatsNothing(t *testing.T) {
	const n = 3000
	l := newLibrary(n, 1500)
	m := attach(t, l, 300, 100_000)
	for range 200 {
		before := screen(m)[2]
		cmd := press(t, m, "pgup")
		top := screen(m)[2]
		settle(m, cmd)
		if screen(m)[2] != top && before != top {
			t.Fatalf("the text under the eye moved from %q to %q", top, screen(m)[2])
		}
	}
	c := m.room().log
	got := saidIn(c)
	if len(got) != n {
		t.Fatalf("%d lines loaded of %d", len(got), n)
	}
	for i, text := range got {
		if text != fmt.Sprintf("line %d of old", i+1) {
			t.Fatalf("line %d is %q", i+1, text)
		}
	}
	days := map[string]int{}
	for _, line := range c.lines {
		if line.kind == lineDay {
			days[line.text()]++
		}
	}
	for day, times := range days {
		if times != 1 {
			t.Errorf("%s has %d rules", day, times)
		}
	}
	if len(days) != 3 {
		t.Errorf("days: %v", days)
	}
	shows(t, m, "the beginning of what is kept")
	requireShape(t, m, 100, 30)
}

// Memory stays bounded while one reads upwards, and what was dropped for it
// comes back when one goes back down.
func TestWhatWasDroppedComesBack(t *testing.T) {
	l := newLibrary(6000, 6000)
	m := attach(t, l, 500, 1500)
	for range 300 {
		settle(m, press(t, m, "pgup"))
	}
	if n := len(m.room().log.lines); n > 1500+pruneSlack+600 {
		t.Errorf("%d lines held", n)
	}
	press(t, m, "esc", "G")
	for range 40 {
		settle(m, m.view().want(m))
	}
	var last []string
	for _, row := range screen(m)[2:27] {
		if _, text, ok := strings.Cut(row, "line "); ok {
			last = append(last, strings.Fields(text)[0])
		}
	}
	if len(last) < 20 || last[len(last)-1] != "6000" || last[0] != fmt.Sprint(6001-len(last)) {
		t.Errorf("live shows %v", last)
	}
}

func TestSearchingTheLoadedLinesAndThenTheDatabase(t *testing.T) {
	l := newLibrary(3000, 600)
	m := attach(t, l, 300, 100_000)
	press(t, m, "esc", "/")
	typeText(m, `"line 28" user:bob`)
	settle(m, press(t, m, "enter"))
	if got := m.room().chat.selected().text(); got != "line 2899 of old" {
		t.Fatalf("found %q", got)
	}
	settle(m, press(t, m, "n"))
	if got := m.room().chat.selected().text(); got != "line 2898 of old" {
		t.Fatalf("next is %q", got)
	}
	press(t, m, "/")
	typeText(m, `"line 77 "`)
	settle(m, press(t, m, "enter"))
	shows(t, m, "1 in the database")
	shows(t, m, "line 77 of old")
	press(t, m, "K")
	shows(t, m, "the bot does not know how to kick")
	settle(m, press(t, m, "enter"))
	shows(t, m, "long ago · G goes back to now")
	if got := m.room().chat.selected().text(); got != "line 77 of old" {
		t.Fatalf("jumped to %q", got)
	}
	shows(t, m, "line 76 of old")
	shows(t, m, "line 78 of old")
	for range 200 {
		settle(m, press(t, m, "pgdown"))
	}
	got := saidIn(m.room().chat)
	if len(got) != 3000 || got[0] != "line 1 of old" || got[2999] != "line 3000 of old" {
		t.Errorf("%d lines around the hit, from %q to %q", len(got), got[0], got[len(got)-1])
	}
	press(t, m, "G")
	if m.room().chat != m.room().log || !m.room().log.follow {
		t.Error("G does not lead back to now")
	}
}

func TestSearchOperators(t *testing.T) {
	now := evening
	s, err := parseSearch(`popcorn "no butter" -salt user:Bob since:2d before:2025-11-20 /c[ao]rn/`, now, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	q := s.query
	if q.User != "Bob" || q.Text != `popcorn "no butter" -salt` || q.Regexp != "(?i)c[ao]rn" ||
		q.Since != now.Add(-48*time.Hour).UnixMilli() || q.Before != time.Date(2025, 11, 20, 0, 0, 0, 0, time.UTC).UnixMilli() {
		t.Errorf("read as %+v", q)
	}
	at := now.Add(-30 * time.Hour).UnixMilli()
	for text, want := range map[string]bool{
		"Popcorn with NO BUTTER": true, "popcorn": false, "popcorn no butter salted": false,
	} {
		l := &line{at: at, kind: lineChat, name: "bob", spans: plain(text)}
		if s.matches(l) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
	// A length of time is read as everywhere else in rosey.
	for text, ago := range map[string]time.Duration{"1w": 7 * 24 * time.Hour, "1h30m": 90 * time.Minute, "1.5H": 90 * time.Minute} {
		if s, err := parseSearch("since:"+text, now, time.UTC); err != nil || s.query.Since != now.Add(-ago).UnixMilli() {
			t.Errorf("since:%s is read as %+v, %v", text, s, err)
		}
	}
	for _, bad := range []string{"/[/", "since:yesterdayish", "before:x"} {
		if _, err := parseSearch(bad, now, time.UTC); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
