package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rosey/assets"
)

func TestActions(t *testing.T) {
	s := openFresh(t)
	kick := Action{Room: "primary", User: "Mod", Action: "kick", Key: "k1", Target: "Bob", Reason: "caps", Source: "shell", Outcome: "pending", Time: at(1)}
	done := kick
	done.Outcome, done.Text, done.Time = "done", "Bob was kicked", at(9)
	elsewhere := kick
	elsewhere.Room, elsewhere.Outcome, elsewhere.Time = "other", "refused", at(3)
	apply(t, s, kick, Action{User: "old", Action: "pm_command", Details: "help", Time: at(2)})
	expect(t, "pending", dump(t, s.read, "SELECT timestamp - ?, username, action_type, details FROM user_actions ORDER BY id", at(0)/1000),
		[]string{"1|Mod|kick|Bob: caps (pending)", "2|old|pm_command|help"})
	apply(t, s, done, kick, elsewhere, Action{Room: "primary", User: "MOD", Action: "motd", Time: at(4)})
	expect(t, "v0.5.0's table", dump(t, s.read, "SELECT id, timestamp - ?, username, action_type, details FROM user_actions ORDER BY id", at(0)/1000),
		[]string{"1|1|Mod|kick|Bob: caps (done)", "2|2|old|pm_command|help", "3|3|Mod|kick|Bob: caps (refused)", "4|4|MOD|motd|<nil>"})

	second := func(n float64) time.Time { return time.UnixMilli(at(n)) }
	for _, test := range []struct {
		q    ActionsFilter
		want string // ids
	}{
		{ActionsFilter{}, "4 3 2 1"},
		{ActionsFilter{Limit: 2}, "4 3"},
		{ActionsFilter{User: "mod"}, "4 3 1"},
		{ActionsFilter{Target: "bob"}, "3 1"},
		{ActionsFilter{Target: "bob", Room: "primary", User: "mOd"}, "1"},
		{ActionsFilter{Room: "primary"}, "4 1"},
		{ActionsFilter{Since: second(2), Before: second(4)}, "3 2"},
		{ActionsFilter{Target: "nobody"}, ""},
	} {
		if test.q.Limit == 0 {
			test.q.Limit = 50
		}
		rows, err := s.Actions(t.Context(), test.q)
		var ids []string
		for _, r := range rows {
			ids = append(ids, fmt.Sprint(r.ID))
		}
		if err != nil || strings.Join(ids, " ") != test.want {
			t.Errorf("%+v: %v, want %s, %v", test.q, ids, test.want, err)
		}
	}
	rows, err := s.Actions(t.Context(), ActionsFilter{Room: "primary", Target: "bob", Limit: 1})
	if want := (Acted{1, at(1) / 1000, "Mod", "kick", "Bob: caps (done)", "primary", "k1", "Bob", "caps", "done", "Bob was kicked", "shell"}); err != nil || len(rows) != 1 || rows[0] != want {
		t.Errorf("got %+v, want %+v, %v", rows, want, err)
	}
}

func TestActionsRowsTakenAwayByOthers(t *testing.T) {
	s := openFresh(t)
	act := Action{Room: "primary", User: "mod", Action: "ban", Key: "k", Target: "eve", Outcome: "pending", Time: at(1)}
	apply(t, s, act)
	if _, err := s.write.Exec("DELETE FROM user_actions"); err != nil {
		t.Fatal(err)
	}
	act.Outcome = "done"
	apply(t, s, act)
	if rows, err := s.Actions(t.Context(), ActionsFilter{Limit: 5}); err != nil || len(rows) != 0 {
		t.Errorf("%+v, %v", rows, err)
	}
	if _, err := s.Maintain(t.Context(), Retention{}, t0); err != nil {
		t.Fatal(err)
	}
	expect(t, "orphans", dump(t, s.read, "SELECT count(*) FROM rosey_action"), []string{"0"})
}

func TestSanctions(t *testing.T) {
	s := openFresh(t)
	set := func(room, user, kind string, until float64) Sanction {
		return Sanction{Room: room, User: user, Kind: kind, Until: at(until), Author: "mod", Reason: "caps", Time: at(0)}
	}
	apply(t, s, set("primary", "Bob", "mute", 50), set("primary", "Bob", "ban", 20), set("other", "bob", "mute", 30), set("primary", "eve", "smute", 10))
	apply(t, s, set("primary", "BOB", "mute", 40), SanctionEnd{Room: "primary", User: "EVE", Kind: "smute", Time: at(1)},
		SanctionEnd{Room: "primary", User: "bob", Kind: "smute", Time: at(1)})
	for _, test := range []struct{ room, user, want string }{
		{"", "", "primary/Bob/ban/20 other/bob/mute/30 primary/BOB/mute/40"},
		{"primary", "", "primary/Bob/ban/20 primary/BOB/mute/40"},
		{"primary", "bob", "primary/Bob/ban/20 primary/BOB/mute/40"},
		{"other", "eve", ""},
	} {
		list, err := s.Sanctions(t.Context(), test.room, test.user, 50)
		var got []string
		for _, w := range list {
			got = append(got, fmt.Sprintf("%s/%s/%s/%d", w.Room, w.User, w.Kind, (w.Until-at(0))/1000))
		}
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("%s %s: %v, want %s, %v", test.room, test.user, got, test.want, err)
		}
	}
}

func TestNotes(t *testing.T) {
	s := openFresh(t)
	note := func(room, user, text string, seconds float64) Note {
		return Note{Room: room, User: user, Text: text, Author: "mod", Time: at(seconds)}
	}
	texts := func(room, user string) string {
		t.Helper()
		list, err := s.Notes(t.Context(), room, user, 50)
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, n := range list {
			texts = append(texts, n.Text)
		}
		return strings.Join(texts, ", ")
	}
	apply(t, s, note("primary", "bob", "a", 1), note("primary", "Bob", "b", 2), note("other", "bob", "c", 3),
		note("primary", "", "watch eve", 4), note("other", "", "quiet", 5), note("primary", "", "eve is gone", 6))
	for _, test := range []struct{ room, user, want string }{
		{"primary", "BOB", "b, a"}, {"", "bob", "c, b, a"}, {"primary", "", "eve is gone"}, {"primary", "eve", ""},
	} {
		if got := texts(test.room, test.user); got != test.want {
			t.Errorf("%s %s: %q, want %q", test.room, test.user, got, test.want)
		}
	}
	apply(t, s, note("primary", "BOB", "", 7), note("primary", "", "", 8))
	if got := texts("", "bob") + "|" + texts("primary", "") + "|" + texts("other", ""); got != "c||quiet" {
		t.Errorf("after removing: %q", got)
	}
}

func TestUsers(t *testing.T) {
	s := openFresh(t)
	against := func(key, user, action, outcome string) Action {
		return Action{Room: "primary", User: "mod", Action: action, Key: key, Target: user, Outcome: outcome, Time: at(50)}
	}
	apply(t, s, line("Bob", "1", 1), line("bob", "2", 30), line("eve", "3", 20), line("eve", "4", 21), line("eve", "5", 22),
		Join{"primary", "lurk_er", at(10)}, Leave{"primary", "lurk_er", at(40)},
		against("1", "BOB", "kick", "done"), against("2", "bob", "ban", "done"), against("3", "bob", "mute", "refused"),
		against("4", "bob", "pm", "done"), against("5", "lurk_er", "kick", ""),
		Note{Room: "primary", User: "LURK_ER", Text: "shy", Author: "mod", Time: at(60)})
	for _, test := range []struct {
		q    UsersFilter
		want string
	}{
		{UsersFilter{}, "lurk_er Bob eve"},
		{UsersFilter{Descending: true}, "eve Bob lurk_er"},
		{UsersFilter{Order: ByName}, "Bob eve lurk_er"},
		{UsersFilter{Order: ByFirstSeen}, "Bob lurk_er eve"},
		{UsersFilter{Order: ByLastSeen, Descending: true}, "lurk_er Bob eve"},
		{UsersFilter{Order: ByTime, Descending: true}, "lurk_er Bob eve"},
		{UsersFilter{Order: ByActions, Descending: true}, "Bob lurk_er eve"},
		{UsersFilter{Order: ByName, Limit: 1, Offset: 1}, "eve"},
		{UsersFilter{Names: []string{"EVE", "bOB", "nobody"}, Order: ByName}, "Bob eve"},
		{UsersFilter{Part: "K_E"}, "lurk_er"},
		{UsersFilter{Part: "%"}, ""},
		{UsersFilter{Talkers: true, Order: ByName}, "Bob eve"},
	} {
		if test.q.Limit == 0 {
			test.q.Limit = 50
		}
		users, err := s.Users(t.Context(), test.q)
		var names []string
		for _, u := range users {
			names = append(names, u.Username)
		}
		if err != nil || strings.Join(names, " ") != test.want {
			t.Errorf("%+v: %v, want %s, %v", test.q, names, test.want, err)
		}
	}
	for name, want := range map[string]string{"bob": "2 0", "lurk_er": "1 1", "eve": "0 0"} {
		if u, err := s.User(t.Context(), name); err != nil || fmt.Sprint(u.Actions, u.Notes) != want {
			t.Errorf("%s: %+v, want %s, %v", name, u, want, err)
		}
	}
}

// TestFileOfVersion1IsUpgraded makes a file as the first released schema had
// it, and looks whether what it held is there afterwards.
func TestFileOfVersion1IsUpgraded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot_data.db")
	db := raw(t, path)
	for _, sql := range []string{assets.SchemaV050, assets.SchemaRosey1,
		"INSERT INTO rosey_meta (key, value) VALUES ('schema', 1)",
		"INSERT INTO rosey_stream (stream, created, seq, time) VALUES ('WRITES', 1, 7, 9)",
		"INSERT INTO rosey_chat (id, room, user, text) VALUES (2048, 'primary', 'bob', 'hello')",
		"INSERT INTO rosey_chat_fts (rowid, text, user) VALUES (2048, 'hello', 'bob')",
		"INSERT INTO user_actions (timestamp, username, action_type, details) VALUES (5, 'mod', 'kick', 'bob: caps')",
		"INSERT INTO user_stats (username, first_seen, last_seen, total_chat_lines) VALUES ('bob', 1, 2, 3)",
	} {
		if _, err := db.Exec(sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	old := schemaOf(t, db)
	s := openAt(t, path)
	defer s.closeAll()
	expect(t, "version", dump(t, s.read, "SELECT value FROM rosey_meta WHERE key = 'schema'"), []string{"2"})
	for name, sql := range old {
		if now := schemaOf(t, s.read)[name]; now != sql {
			t.Errorf("%s of v0.5.0 has become %q", name, now)
		}
	}
	if at, err := s.Position(t.Context(), "WRITES"); err != nil || at.Seq != 7 {
		t.Errorf("position %+v, %v", at, err)
	}
	if found, err := s.Search(t.Context(), Search{Text: "hello", Limit: 5}); err != nil || len(found.Hits) != 1 {
		t.Errorf("search: %+v, %v", found, err)
	}
	if rows, err := s.Actions(t.Context(), ActionsFilter{User: "mod", Limit: 5}); err != nil || len(rows) != 1 || rows[0].Details != "bob: caps" {
		t.Errorf("actions: %+v, %v", rows, err)
	}
	apply(t, s, Note{Room: "primary", User: "bob", Text: "x", Author: "mod", Time: at(1)})
	if u, err := s.User(t.Context(), "BOB"); err != nil || u == nil || u.ChatLines != 3 || u.Notes != 1 {
		t.Errorf("bob: %+v, %v", u, err)
	}
}

// TestUpgradeIsAllOrNothing upgrades a file in which a table of the new
// version stands already, so that the upgrade fails in the middle.
func TestUpgradeIsAllOrNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot_data.db")
	db := raw(t, path)
	for _, sql := range []string{assets.SchemaV050, assets.SchemaRosey1,
		"INSERT INTO rosey_meta (key, value) VALUES ('schema', 1)", "CREATE TABLE rosey_note (x)"} {
		if _, err := db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := Open(t.Context(), Options{Path: path}); err == nil {
		s.closeAll()
		t.Fatal("it was opened")
	}
	expect(t, "left as it was", dump(t, db, "SELECT (SELECT value FROM rosey_meta WHERE key = 'schema'), (SELECT count(*) FROM sqlite_master WHERE name IN ('rosey_action', 'rosey_sanction'))"),
		[]string{"1|0"})
}
