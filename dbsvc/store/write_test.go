package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// bad is a write that always fails.
type bad struct{}

func (bad) apply(context.Context, *batch) error { return errors.New("no") }

const userRows = "SELECT username, first_seen - 1763640000, last_seen - 1763640000, total_chat_lines, total_time_connected, current_session_start - 1763640000 FROM user_stats ORDER BY username"

func TestPeople(t *testing.T) {
	primary := func(w Write) Write { return w }
	join := func(user string, s float64) Write { return primary(Join{"primary", user, at(s)}) }
	leave := func(user string, s float64) Write { return primary(Leave{"primary", user, at(s)}) }
	for _, test := range []struct {
		name   string
		writes []Write
		want   []string
	}{
		{"join opens a session", []Write{join("bob", 1)}, []string{"bob|1|1|0|0|1"}},
		{"a repeated join keeps it", []Write{join("bob", 1), join("bob", 5)}, []string{"bob|1|5|0|0|1"}},
		{"leave adds the time", []Write{join("bob", 1), leave("bob", 9)}, []string{"bob|1|9|0|8|<nil>"}},
		{"a repeated leave adds none", []Write{join("bob", 1), leave("bob", 9), leave("bob", 12)}, []string{"bob|1|12|0|8|<nil>"}},
		{"leaving unseen makes no row", []Write{leave("bob", 9)}, []string{}},
		{"someone there before the bot is counted", []Write{line("bob", "hi", 3)}, []string{"bob|3|3|1|0|<nil>"}},
		{"names differ in case only", []Write{join("Bob", 1), line("bob", "hi", 2), leave("BOB", 3)}, []string{"Bob|1|3|1|2|<nil>"}},
		{"the server is nobody", []Write{join("[server]", 1), line("[server]", "hi", 2), line("[voteskip]", "x", 2), line("Server", "hi", 3)}, []string{}},
		{"an old line moves first_seen", []Write{line("bob", "new", 9), line("bob", "old", 2)}, []string{"bob|2|9|2|0|<nil>"}},
		{"two rooms, one session", []Write{join("bob", 1), Join{"other", "bob", at(2)}, leave("bob", 5), Leave{"other", "bob", at(9)}},
			[]string{"bob|1|9|0|8|<nil>"}},
		{"a gap ends sessions where it began", []Write{join("bob", 1), line("eve", "hi", 11), line("eve", "back", 500)},
			[]string{"bob|1|1|0|10|<nil>", "eve|11|500|2|0|<nil>"}},
		{"no gap, no end", []Write{join("bob", 1), Status{Fields: map[string]any{}, Time: at(20)}, leave("bob", 45)},
			[]string{"bob|1|45|0|44|<nil>"}},
		{"a bot out of the room ends its sessions", []Write{join("bob", 1), Join{"other", "eve", at(1)},
			Status{Room: "primary", Fields: map[string]any{"bot_connected": 0.0}, Time: at(11)}},
			[]string{"bob|1|1|0|10|<nil>", "eve|1|1|0|0|1"}},
		{"a bot started anew ends those not announced again", []Write{join("bob", 1), join("eve", 1), join("eve", 21),
			Status{Room: "primary", Fields: map[string]any{"bot_start_time": float64(at(20) / 1000)}, Time: at(25)}},
			[]string{"bob|1|1|0|19|<nil>", "eve|1|21|0|0|1"}},
	} {
		for _, batches := range []string{"one batch", "many batches"} {
			t.Run(test.name+", "+batches, func(t *testing.T) {
				s := openFresh(t)
				if batches == "one batch" {
					apply(t, s, test.writes...)
				} else {
					for _, w := range test.writes {
						apply(t, s, w)
					}
				}
				expect(t, "user_stats", dump(t, s.read, userRows), test.want)
			})
		}
	}
}

func TestSpellingsOfV050AreKeptAndTheLastOneGoesOn(t *testing.T) {
	path := fixture(t, "bot_data.db")
	if _, err := raw(t, path).Exec(`INSERT INTO user_stats (username, first_seen, last_seen, total_chat_lines, total_time_connected)
		VALUES ('Dave', 100, 200, 5, 50), ('dave', 300, 400, 7, 70)`); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	defer s.closeAll()
	apply(t, s, line("DAVE", "hi", 0))
	expect(t, "rows", dump(t, s.read, "SELECT username, total_chat_lines FROM user_stats WHERE username LIKE 'dave' ORDER BY 1"), []string{"Dave|5", "dave|8"})
	u, err := s.User(t.Context(), "dAvE")
	if want := (UserStats{"dave", 100, t0.Unix(), 13, 120, 0, 0, 0}); err != nil || u == nil || *u != want {
		t.Errorf("merged %+v, want %+v, %v", u, want, err)
	}
}

func TestSessionsOverACleanStop(t *testing.T) {
	for _, test := range []struct {
		name string
		back float64
		want string
	}{
		{"back while the bot went on", 25, "bob|1|25|1|9|10"},
		{"back after a silence", 500, "bob|1|500|1|9|<nil>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bot_data.db")
			s := openAt(t, path)
			apply(t, s, Join{"primary", "bob", at(1)}, Count{Time: at(10)})
			if u, err := s.User(t.Context(), "bob"); err != nil || u.TimeConnected != 9 || u.SessionStarted != at(1)/1000 {
				t.Errorf("open session: %+v, %v", u, err)
			}
			if err := s.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			expect(t, "stopped", dump(t, raw(t, path), userRows), []string{"bob|1|1|0|9|<nil>"})
			s = openAt(t, path)
			defer s.closeAll()
			apply(t, s, line("bob", "hi", test.back))
			expect(t, "started", dump(t, s.read, userRows), []string{test.want})
		})
	}
}

func TestLines(t *testing.T) {
	s := openFresh(t)
	once := func(user, text string, seconds float64) Line {
		l := line(user, text, seconds)
		l.Once = true
		return l
	}
	apply(t, s, once("bob", "a", 1), once("bob", "b", 2))
	r := apply(t, s,
		once("bob", "a", 1), once("BOB", "b", 2), // a replay
		once("eve", "a", 1), once("bob", "a", 1.001), once("bob", "c", 0.5), // none of these is
		once("bob", "d", 3), once("bob", "d", 3), // said twice in one batch
		line("bob", "a", 1), line("bob", "a", 1)) // no time given: never the same
	if r.Repeated != 3 {
		t.Errorf("%d repeated, want 3", r.Repeated)
	}
	expect(t, "rosey_chat", dump(t, s.read, "SELECT (id >> 11) - ?, user, text FROM rosey_chat ORDER BY id", at(0)),
		[]string{"500|bob|c", "1000|bob|a", "1000|eve|a", "1000|bob|a", "1000|bob|a", "1001|bob|a", "2000|bob|b", "3000|bob|d"})
	expect(t, "recent_chat", dump(t, s.read, "SELECT count(*) FROM recent_chat"), []string{"8"})
	expect(t, "counts", dump(t, s.read, "SELECT username, total_chat_lines FROM user_stats ORDER BY 1"), []string{"bob|7", "eve|1"})
}

func TestManyLinesInOneMillisecond(t *testing.T) {
	s := openFresh(t)
	const n = slotSize + 700
	var writes []Write
	for i := range n {
		writes = append(writes, line("bob", fmt.Sprint("line ", i), 1))
	}
	apply(t, s, writes[:n/2]...)
	apply(t, s, writes[n/2:]...)
	expect(t, "lines", dump(t, s.read, "SELECT count(DISTINCT text), min(id >> 11) - ?, max(id >> 11) - ? FROM rosey_chat", at(0), at(0)),
		[]string{fmt.Sprintf("%d|1000|1001", n)})
}

func TestHighWaterOnlyRises(t *testing.T) {
	s := openFresh(t)
	connected := func(n int64) *int64 { return &n }
	apply(t, s, HighWater{5, connected(9), at(1)}, HighWater{4, connected(12), at(2)}, HighWater{7, nil, at(3)}, HighWater{0, connected(0), at(4)})
	c, err := s.Channel(t.Context())
	if want := (ChannelStats{7, at(3) / 1000, 12, at(2) / 1000, 0, 0}); err != nil || c != want {
		t.Errorf("got %+v, want %+v, %v", c, want, err)
	}
}

func TestStatusTakesWhatItKnows(t *testing.T) {
	s := openFresh(t)
	apply(t, s, Status{Time: at(5), Fields: map[string]any{
		"bot_name": "Rosey", "bot_rank": 3.0, "bot_afk": true, "current_chat_users": 12.0, "bot_start_time": 1763600000.25,
		"current_media_title": nil, "playlist_items": "seven", "channel_name": 5.0, "id": 2.0, "x = 1; --": "y",
	}})
	apply(t, s, Status{Time: at(9), Fields: map[string]any{"unknown": 1.0}})
	expect(t, "current_status", dump(t, s.read, "SELECT bot_name, bot_rank, bot_afk, channel_name, current_chat_users, playlist_items, current_media_title, bot_start_time, last_updated FROM current_status"),
		[]string{fmt.Sprintf("Rosey|3|1|<nil>|12|0|<nil>|1763600000|%d", at(5)/1000)})
}

func TestOutbound(t *testing.T) {
	s := openFresh(t)
	ctx := t.Context()
	due := func(seconds float64) []int64 {
		t.Helper()
		rows, err := s.Due(ctx, 50, 3, time.UnixMilli(at(seconds)))
		if err != nil {
			t.Fatal(err)
		}
		ids := []int64{}
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		return ids
	}
	for i, key := range []string{"", "", "k", "k"} {
		id, err := s.Enqueue(ctx, "hello", key, time.UnixMilli(at(float64(i))))
		if want := min(int64(i)+1, 3); err != nil || id != want {
			t.Fatalf("message %d got id %d, %v", i, id, err)
		}
	}
	expect(t, "new", due(10), []int64{1, 2, 3})
	apply(t, s, Failed{MessageID: 1, Error: "busy", Time: at(1000)}, Failed{MessageID: 2, Error: "muted", Permanent: true, Time: at(1000)}, Sent{3, at(1000)})
	expect(t, "after the first try", due(1000), []int64{})
	expect(t, "back-off counts from the last try", due(1119), []int64{})
	expect(t, "two minutes later", due(1120), []int64{1})
	apply(t, s, Sent{1, at(1130)})
	apply(t, s, Sent{1, at(1190)}, Failed{MessageID: 1, Error: "late", Time: at(1190)}, Failed{MessageID: 99, Error: "x", Time: at(1)})
	expect(t, "rows", dump(t, s.read, "SELECT id, sent, sent_timestamp - ?, retry_count, last_error FROM outbound_messages", at(0)/1000),
		[]string{"1|1|1130|1|busy", "2|1|1000|1|muted", "3|1|1000|0|<nil>"})
}

func TestRetention(t *testing.T) {
	s := openFresh(t)
	day := 86400.0
	var writes []Write
	for i := range pruneRows + 50 {
		writes = append(writes, line("bob", "old news", float64(i)*0.01))
	}
	writes = append(writes, line("bob", "fresh news", 8*day), Count{3, 4, at(0)}, Count{5, 6, at(8 * day)})
	apply(t, s, writes...)
	for _, at := range []float64{0, 7.5 * day} {
		id, err := s.Enqueue(t.Context(), "m", fmt.Sprint(at), t0)
		if err != nil {
			t.Fatal(err)
		}
		apply(t, s, Sent{id, t0.UnixMilli() + int64(at*1000)})
	}
	week := 7 * 24 * time.Hour
	removed, err := s.Maintain(t.Context(), Retention{week, week, week, week, week}, t0.Add(8*24*time.Hour))
	want := fmt.Sprintf("[%[1]d lines of recent_chat older than 168h0m0s 1 user counts older than 168h0m0s "+
		"1 messages sent from the web older than 168h0m0s %[1]d lines of the searchable chat older than 168h0m0s]", pruneRows+50)
	if err != nil || fmt.Sprint(removed) != want {
		t.Errorf("removed %v, %v", removed, err)
	}
	expect(t, "left", dump(t, s.read, `SELECT (SELECT count(*) FROM recent_chat), (SELECT count(*) FROM rosey_chat),
		(SELECT count(*) FROM user_count_history), (SELECT count(*) FROM outbound_messages), (SELECT count(*) FROM rosey_outbound)`), []string{"1|1|1|1|1"})
	for text, want := range map[string]int{"old": 0, "fresh": 1, "news": 1} {
		if found, err := s.Search(t.Context(), Search{Text: text, Limit: 10}); err != nil || len(found.Hits) != want {
			t.Errorf("%s: %v, %v", text, found.Hits, err)
		}
	}
	if err := s.CheckIntegrity(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := s.Maintain(t.Context(), Retention{}, t0.AddDate(100, 0, 0)); err != nil {
		t.Error(err)
	}
	expect(t, "zero keeps for ever", dump(t, s.read, "SELECT count(*) FROM rosey_chat"), []string{"1"})
}
