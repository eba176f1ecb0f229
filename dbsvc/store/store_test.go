package store

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// t0 is when the tests take place.
var t0 = time.Date(2025, 11, 20, 12, 0, 0, 0, time.UTC)

func at(seconds float64) int64 { return t0.UnixMilli() + int64(math.Round(seconds*1000)) }

// fixture copies a file of testdata into a folder of the test's own.
func fixture(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openAt(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openFresh(t testing.TB) *Store {
	t.Helper()
	s := openAt(t, filepath.Join(t.TempDir(), "bot_data.db"))
	t.Cleanup(func() { _ = s.closeAll() })
	return s
}

// raw opens the file as any other program would.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(Options{Path: path, Busy: time.Second}, ""))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// dump gives a query's rows as text, columns separated by |.
func dump(t testing.TB, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for rows.Next() {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(columns))
		for i, v := range values {
			texts[i] = fmt.Sprint(v)
		}
		list = append(list, strings.Join(texts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// apply writes without a stream, each write arriving at its own time.
func apply(t testing.TB, s *Store, writes ...Write) Result {
	t.Helper()
	entries := make([]Entry, len(writes))
	for i, w := range writes {
		entries[i] = Entry{Arrived: timeOf(w) * 1e6, Write: w}
	}
	result, err := s.Apply(t.Context(), Source{}, entries)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func timeOf(w Write) int64 {
	switch w := w.(type) {
	case Join:
		return w.Time
	case Leave:
		return w.Time
	case Line:
		return w.Time
	case Count:
		return w.Time
	case HighWater:
		return w.Time
	case Status:
		return w.Time
	case Sent:
		return w.Time
	case Failed:
		return w.Time
	case Action:
		return w.Time
	case Sanction:
		return w.Time
	case SanctionEnd:
		return w.Time
	case Note:
		return w.Time
	}
	return 0
}

func line(user, text string, seconds float64) Line {
	return Line{Room: "primary", User: user, HTML: text, Text: text, Time: at(seconds)}
}

func expect[T comparable](t testing.TB, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

// schemaOf gives the text of every object that is v0.5.0's.
func schemaOf(t testing.TB, db *sql.DB) map[string]string {
	t.Helper()
	schema := map[string]string{}
	for _, row := range dump(t, db, "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'rosey%' AND name NOT LIKE 'sqlite_stat%' AND sql IS NOT NULL") {
		name, text, _ := strings.Cut(row, "|")
		schema[name] = text
	}
	return schema
}

func TestFreshFileHasTheSchemaOfV050(t *testing.T) {
	s := openFresh(t)
	old := raw(t, fixture(t, "bot_data.db"))
	got, want := schemaOf(t, s.read), schemaOf(t, old)
	if !maps.Equal(got, want) {
		t.Errorf("schema differs:\n got %q\nwant %q", got, want)
	}
	expect(t, "current_status", dump(t, s.read, "SELECT id, bot_name, bot_afk, last_updated > 0 FROM current_status"), []string{"1|<nil>|0|1"})
	expect(t, "channel_stats", dump(t, s.read, "SELECT id, max_users, max_connected FROM channel_stats"), []string{"1|0|0"})
	info, err := os.Stat(s.path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v: a file with API tokens is for its owner only", info.Mode(), err)
	}
}

var tablesV050 = []string{"user_stats", "user_actions", "channel_stats", "user_count_history", "recent_chat",
	"current_status", "outbound_messages", "api_tokens"}

func TestFileOfV050KeepsSchemaAndRows(t *testing.T) {
	path := fixture(t, "bot_data.db")
	before := raw(t, fixture(t, "bot_data.db"))
	s := openAt(t, path)
	for _, table := range tablesV050 {
		expect(t, table, dump(t, s.read, "SELECT * FROM "+table), dump(t, before, "SELECT * FROM "+table))
	}
	for range 2 { // the second time it is a file of ours
		if got, want := schemaOf(t, s.read), schemaOf(t, before); !maps.Equal(got, want) {
			t.Errorf("schema differs:\n got %q\nwant %q", got, want)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		s = openAt(t, path)
	}
	defer s.closeAll()
	for _, table := range tablesV050 {
		count := "SELECT count(*) FROM " + table
		expect(t, table, dump(t, s.read, count), dump(t, before, count))
	}
}

func TestOldestFileIsUpgradedAsV050Did(t *testing.T) {
	s := openAt(t, fixture(t, "bot_data_oldest.db"))
	defer s.closeAll()
	schema := schemaOf(t, s.read)
	for table, columns := range map[string]string{
		"outbound_messages": "sent_timestamp INTEGER, retry_count INTEGER DEFAULT 0, last_error TEXT)",
		"channel_stats":     "last_updated INTEGER, max_connected INTEGER DEFAULT 0, max_connected_timestamp INTEGER)",
	} {
		if !strings.HasSuffix(schema[table], columns) {
			t.Errorf("%s is %s", table, schema[table])
		}
	}
	for _, table := range tablesV050 {
		if schema[table] == "" {
			t.Errorf("no table %s", table)
		}
	}
	expect(t, "user_stats", dump(t, s.read, "SELECT * FROM user_stats"), []string{"Alice|1700000000|1700001000|42|3600|<nil>"})
	due, err := s.Due(t.Context(), 50, 3, t0)
	if err != nil || len(due) != 1 || due[0].Message != "left over" || due[0].LastError != nil {
		t.Errorf("due: %+v, %v", due, err)
	}
}

func TestSessionsLeftOpenByV050EndWhenLastSeen(t *testing.T) {
	path := fixture(t, "bot_data.db")
	if _, err := raw(t, path).Exec("UPDATE user_stats SET current_session_start = last_seen - 100 WHERE username IN ('user000', 'user001')"); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	defer s.closeAll()
	apply(t, s, line("bob", "hi", 0))
	expect(t, "sessions", dump(t, s.read, "SELECT username, total_time_connected, current_session_start FROM user_stats WHERE username IN ('user000', 'user001')"),
		[]string{"user000|4382|<nil>", "user001|4317|<nil>"})
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole, err := os.ReadFile("testdata/bot_data.db")
	if err != nil {
		t.Fatal(err)
	}
	torn := slices.Clone(whole)
	for i := 4096 * 10; i < 4096*14; i++ {
		torn[i] = 0xa5
	}
	newer := fixture(t, "bot_data.db")
	s := openAt(t, newer)
	if _, err := s.write.Exec("UPDATE rosey_meta SET value = 99 WHERE key = 'schema'"); err != nil {
		t.Fatal(err)
	}
	s.closeAll()
	locked := fixture(t, "bot_data.db")
	holder := raw(t, locked)
	if _, err := holder.Exec("BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}

	for _, test := range []struct {
		name string
		opts Options
		want error
		says string
	}{
		{"newer", Options{Path: newer}, ErrNewer, "update rosey"},
		{"torn pages", Options{Path: file("torn.db", torn)}, ErrCorrupt, ".recover"},
		{"cut short", Options{Path: file("short.db", whole[:len(whole)/2])}, ErrCorrupt, "restore a backup"},
		{"text", Options{Path: file("text.db", []byte("this is not a database, it is a text file\n"))}, ErrNotDatabase, "database.path"},
		{"short text", Options{Path: file("hi.db", []byte("hi"))}, ErrNotDatabase, "database.path"},
		{"folder", Options{Path: dir}, ErrNotDatabase, "is a folder"},
		{"no folder", Options{Path: filepath.Join(dir, "none", "bot_data.db")}, ErrNoFolder, "make it"},
		{"no path", Options{}, ErrNoFolder, "database.path"},
		{"locked", Options{Path: locked, Busy: 20 * time.Millisecond}, ErrLocked, "stop it"},
		{"read-only", Options{Path: fixture(t, "bot_data.db"), params: "&mode=ro"}, ErrReadOnly, "writable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := Open(t.Context(), test.opts)
			if err == nil {
				s.closeAll()
			}
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %v saying %q", err, test.want, test.says)
			}
		})
	}

	now, err := os.ReadFile(newer)
	if err != nil || len(now) == 0 {
		t.Errorf("the newer file is gone: %v", err)
	}
}

func TestFileWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everything")
	}
	path := fixture(t, "bot_data.db")
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Path: path}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("got %v", err)
	}
}

func TestPathWithSpecialCharacters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "what? 100% #1.db")
	s := openAt(t, path)
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestPositionMovesWithTheRows(t *testing.T) {
	s := openFresh(t)
	source := Source{Stream: "WRITES", Created: 1}
	entry := func(seq uint64, seconds float64, text string) Entry {
		return Entry{Seq: seq, Arrived: at(seconds) * 1e6, Write: line("bob", text, seconds)}
	}
	send := func(source Source, entries ...Entry) Result {
		t.Helper()
		r, err := s.Apply(t.Context(), source, entries)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	texts := func() []string { return dump(t, s.read, "SELECT text FROM rosey_chat ORDER BY id") }

	send(source, entry(1, 1, "a"), entry(2, 2, "b"))
	if r := send(source, entry(1, 1, "a"), entry(2, 2, "b"), entry(3, 3, "c")); r != (Result{Applied: 1, Skipped: 2}) {
		t.Errorf("delivered again: %+v", r)
	}
	expect(t, "lines", texts(), []string{"a", "b", "c"})
	at, err := s.Position(t.Context(), "WRITES")
	if want := (Position{source, 3, t0.Add(3 * time.Second).UnixNano()}); err != nil || at != want {
		t.Errorf("position %+v, want %+v, %v", at, want, err)
	}

	send(source, entry(2, 4, "d")) // the stream lost its end and gave the number again
	send(Source{Stream: "WRITES", Created: 2}, entry(1, 5, "e"))
	expect(t, "lines", texts(), []string{"a", "b", "c", "d", "e"})

	if _, err := s.Apply(t.Context(), source, []Entry{{Seq: 9, Arrived: 9e18, Write: bad{}}}); err == nil {
		t.Error("a write that fails went through")
	}
	if at, err = s.Position(t.Context(), "WRITES"); err != nil || at.Seq != 1 || at.Created != 2 {
		t.Errorf("position after a failed batch %+v, %v", at, err)
	}
	expect(t, "count", dump(t, s.read, "SELECT total_chat_lines FROM user_stats"), []string{"5"})
}
