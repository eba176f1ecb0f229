package bot

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

var testTime = time.UnixMilli(1_763_600_000_250)

// book folds events as the desk does and gives the writes, one a line, without
// the common prefix of their subjects.
type book struct {
	ledger *ledger
	state  room.State
}

func newBook() *book {
	return &book{ledger: newLedger("main", "movienight", testTime), state: room.New()}
}

func (b *book) note(events ...room.Event) []string {
	var got []string
	for _, e := range events {
		b.state = room.Apply(b.state, e)
		got = append(got, asText(b.ledger.note(&b.state, e, testTime))...)
	}
	return got
}

func asText(writes []write) []string {
	var got []string
	for _, w := range writes {
		data, err := json.Marshal(w.payload)
		if err != nil {
			return []string{err.Error()}
		}
		got = append(got, strings.TrimPrefix(w.subject, "rosey.db.")+" "+string(data))
	}
	return got
}

func users(names ...string) *room.UserList {
	l := &room.UserList{Count: len(names)}
	for _, n := range names {
		l.Users = append(l.Users, room.User{Name: n})
	}
	return l
}

const (
	tail  = `,"time":1763600000.25,"room":"main"}`
	water = `stats.high_water {"chat_count":`
)

func TestLedger(t *testing.T) {
	up := &room.Connection{State: room.LinkUp}
	for _, tt := range []struct {
		name   string
		before []room.Event
		events []room.Event
		want   []string
	}{
		{"those present at the join get rows", nil,
			[]room.Event{users("Alice", "bob")},
			[]string{`user.joined {"username":"Alice"` + tail, `user.joined {"username":"bob"` + tail, water + `2,"connected_count":null` + tail}},
		{"a repeated list says nothing", []room.Event{users("Alice")},
			[]room.Event{users("alice")}, nil},
		{"a list that differs", []room.Event{users("Alice", "bob")},
			[]room.Event{users("bob", "Carl")},
			[]string{`user.left {"username":"Alice"` + tail, `user.joined {"username":"Carl"` + tail, water + `2,"connected_count":null` + tail}},
		{"a join, said twice", []room.Event{users("Alice"), &room.UserCount{Count: 7}},
			[]room.Event{&room.UserJoin{User: "bob"}, &room.UserJoin{User: "Bob"}},
			[]string{`user.joined {"username":"bob"` + tail, water + `2,"connected_count":7` + tail}},
		{"a leave, said twice", []room.Event{users("Alice")},
			[]room.Event{&room.UserLeave{User: "alice"}, &room.UserLeave{User: "Alice"}},
			[]string{`user.left {"username":"alice"` + tail}},
		{"usercount", []room.Event{users("Alice")},
			[]room.Event{&room.UserCount{Count: 12}},
			[]string{water + `1,"connected_count":12` + tail}},
		{"the link goes", []room.Event{up, users("bob", "Alice")},
			[]room.Event{&room.Connection{State: room.LinkDown}, &room.Connection{State: room.LinkConnecting}},
			[]string{`user.left {"username":"Alice"` + tail, `user.left {"username":"bob"` + tail}},
		{"a line", nil,
			[]room.Event{&room.Message{User: "Alice", Content: "a & b", HTML: "a &amp; b", Time: 1_763_600_001_500}},
			[]string{`message.log {"username":"Alice","message":"a \u0026amp; b","text":"a \u0026 b","time":1763600001.5,"room":"main"}`}},
		{"a whisper of the server", nil,
			[]room.Event{&room.Message{User: "[server]", Server: true, Content: "x"}}, nil},
		{"a line of a shadow-muted user", nil,
			[]room.Event{&room.Message{User: "troll", Shadow: true, Content: "x"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBook()
			b.note(tt.before...)
			got := b.note(tt.events...)
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestLedgerCountsAndStatus(t *testing.T) {
	b := newBook()
	b.note(&room.Login{Success: true, Name: "Rosey"}, &room.SelfRank{Rank: 3}, users("Alice", "Rosey"),
		&room.UserMeta{User: "Rosey", Meta: room.Meta{AFK: true}}, &room.UserCount{Count: 25},
		&room.MediaChange{Media: room.Media{Title: "Plan 9", Seconds: 4740}})
	if got := b.ledger.userCount(&b.state, testTime); got != nil {
		t.Errorf("counted while not in the room: %v", asText(got))
	}
	b.note(&room.Connection{State: room.LinkUp})
	got := asText(b.ledger.userCount(&b.state, testTime))
	if want := `stats.user_count {"chat_count":2,"connected_count":25` + tail; len(got) != 1 || got[0] != want {
		t.Errorf("got %v, want %s", got, want)
	}
	status := asText([]write{b.ledger.status(&b.state, testTime)})[0]
	want := `status.update {"status_data":{"bot_afk":1,"bot_connected":1,"bot_name":"Rosey","bot_rank":3,"bot_start_time":1763600000,` +
		`"channel_name":"movienight","current_chat_users":2,"current_connected_users":25,` +
		`"current_media_duration":4740,"current_media_title":"Plan 9","playlist_items":0}` + tail
	if status != want {
		t.Errorf("status\n%s\nwant\n%s", status, want)
	}
	b.note(&room.Playlist{}) // nothing plays any more
	status = asText([]write{b.ledger.status(&b.state, testTime)})[0]
	if want := `"current_media_duration":null,"current_media_title":null`; !strings.Contains(status, want) {
		t.Errorf("status %s has no %s", status, want)
	}
}

func TestKnown(t *testing.T) {
	line := func(ms int64, user, text string, replay bool) *room.Message {
		return &room.Message{User: user, Content: text, HTML: text, Time: ms, Replay: replay}
	}
	k := newKnown()
	for _, tt := range []struct {
		m    *room.Message
		want bool
	}{
		{line(1000, "Alice", "hi", false), true},
		{line(1000, "alice", "hi", true), false},  // the same, replayed
		{line(900, "Bob", "earlier", true), true}, // said while we were away
		{line(900, "Bob", "earlier", true), false},
		{line(1000, "Alice", "hi", false), true}, // live lines are never doubted
	} {
		if got := k.fresh(tt.m); got != tt.want {
			t.Errorf("%+v: %v", tt.m, got)
		}
	}
	for i := range int64(knownLines + 1) {
		k.fresh(line(i+5000, "Carl", "x", false))
	}
	if len(k.keys) != knownLines || len(k.order) != knownLines {
		t.Errorf("%d lines are kept", len(k.keys))
	}
}

// Without an event stream the database tells which replayed lines are stored.
func TestKnownFromTheDatabase(t *testing.T) {
	k := newKnown()
	k.seedStored([]bus.RecentRow{
		{Timestamp: 100, Username: "Alice", Message: "a &amp; b"},
		{Timestamp: 100, Username: "Alice", Message: room.Clean("a\u202e\nb")}, // as bus.Request gives it
	})
	for _, tt := range []struct {
		name string
		m    room.Message
		want bool
	}{
		{"stored", room.Message{User: "alice", HTML: "a &amp; b", Time: 100_900, Replay: true}, false},
		{"stored by a clock a second off", room.Message{User: "Alice", HTML: "a &amp; b ", Time: 99_100, Replay: true}, false},
		{"stored with what is cleaned away", room.Message{User: "Alice", HTML: "a\u202e\nb", Time: 100_000, Replay: true}, false},
		{"said again later", room.Message{User: "Alice", HTML: "a &amp; b", Time: 105_000, Replay: true}, true},
		{"by another", room.Message{User: "Bob", HTML: "a &amp; b", Time: 100_000, Replay: true}, true},
		{"live", room.Message{User: "Alice", HTML: "a &amp; b", Time: 100_500}, true},
	} {
		if got := k.fresh(&tt.m); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
