package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rows finds the count of a table; -1 when it is not there.
func (c Contents) rows(table string) int64 {
	for _, t := range c.Tables {
		if t.Table == table {
			return t.Rows
		}
	}
	return -1
}

func TestInspectTouchesNothing(t *testing.T) {
	for name, schema := range map[string]string{
		"bot_data.db": "v0.5.0", "bot_data_oldest.db": "older than v0.5.0; rosey adds what is missing",
	} {
		for _, still := range []bool{true, false} {
			path := fixture(t, name)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c, err := Inspect(t.Context(), path, still)
			if err != nil {
				t.Fatal(err)
			}
			var want int64
			if err := raw(t, path).QueryRow("SELECT count(*) FROM user_stats").Scan(&want); err != nil {
				t.Fatal(err)
			}
			if c.Schema != schema || c.rows("user_stats") != want || c.Bytes != int64(len(before)) {
				t.Errorf("%s: schema %q, %d users, %d bytes; want %q, %d, %d", name, c.Schema, c.rows("user_stats"), c.Bytes, schema, want, len(before))
			}
			after, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(before, after) {
				t.Errorf("%s was changed (%v)", name, err)
			}
			if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
				t.Errorf("%s: files were left beside it: %v (%v)", name, entries, err)
			}
		}
	}
}

func TestInspectOfAFileOfOurs(t *testing.T) {
	s := openFresh(t)
	apply(t, s, line("Alice", "hello", 0))
	if _, err := Inspect(t.Context(), s.path, true); !errors.Is(err, ErrLocked) {
		t.Errorf("a file in use was read without touching it: %v", err)
	}
	c, err := Inspect(t.Context(), s.path, false)
	if err != nil || c.Schema != fmt.Sprintf("rosey %d", schemaNow) || c.rows("recent_chat") != 1 {
		t.Errorf("found %+v, %v", c, err)
	}
}

func TestInspectRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, bytes.Repeat([]byte("not a database"), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "foreign.db")
	if _, err := raw(t, foreign).Exec("CREATE TABLE recipes (name TEXT)"); err != nil {
		t.Fatal(err)
	}
	newer := fixture(t, "bot_data.db")
	if _, err := raw(t, newer).Exec("CREATE TABLE rosey_meta (key TEXT, value INT); INSERT INTO rosey_meta VALUES ('schema', 99)"); err != nil {
		t.Fatal(err)
	}
	damaged := fixture(t, "bot_data.db")
	data, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	for i := 5000; i < 40000; i++ {
		data[i] = 0xff
	}
	if err := os.WriteFile(damaged, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{text: ErrNotDatabase, foreign: ErrNotDatabase, dir: ErrNotDatabase, newer: ErrNewer, damaged: ErrCorrupt} {
		if _, err := Inspect(t.Context(), path, false); !errors.Is(err, want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want %v", filepath.Base(path), err, want)
		}
	}
}

func TestCopyIsOfOneMomentAndGoesBack(t *testing.T) {
	s := openFresh(t)
	apply(t, s, line("Alice", "before", 0))
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := Copy(t.Context(), s.path, copied); err != nil {
		t.Fatal(err)
	}
	apply(t, s, line("Alice", "after", 1))
	lines := func(path string) []string {
		return dump(t, raw(t, path), "SELECT message FROM recent_chat ORDER BY id")
	}
	if got := lines(copied); !slices.Equal(got, []string{"before"}) {
		t.Errorf("the copy has %q", got)
	}
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is not for its owner alone: %v (%v)", info.Mode(), err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := Copy(t.Context(), copied, s.path); err != nil {
		t.Fatal(err)
	}
	if got := lines(s.path); !slices.Equal(got, []string{"before"}) {
		t.Errorf("taken back, the file has %q", got)
	}
	back := openAt(t, s.path)
	if err := back.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// What keeps a copy from being made is said once, on one line.
func TestCopySaysOnceThatItCannot(t *testing.T) {
	from := fixture(t, "bot_data.db")
	held := filepath.Join(t.TempDir(), "held.db")
	if err := Copy(t.Context(), from, held); err != nil {
		t.Fatal(err)
	}
	if _, err := raw(t, held).Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	err := Copy(t.Context(), from, held)
	if !errors.Is(err, ErrLocked) {
		t.Fatalf("error %v, want %v", err, ErrLocked)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has more than one line: %q", err)
	}
}

// A service that has the database open keeps it from being replaced, though it
// writes nothing just then.
func TestCopyLeavesAnOpenDatabaseAlone(t *testing.T) {
	s := openFresh(t)
	apply(t, s, line("Alice", "mine", 0))
	if err := Copy(t.Context(), fixture(t, "bot_data.db"), s.path); !errors.Is(err, ErrLocked) {
		t.Errorf("error %v, want %v", err, ErrLocked)
	}
	apply(t, s, line("Alice", "and more", 1))
	if got := dump(t, raw(t, s.path), "SELECT message FROM recent_chat ORDER BY id"); !slices.Equal(got, []string{"mine", "and more"}) {
		t.Errorf("the database has %q", got)
	}
}

// A bot that was killed in a transaction leaves its journal beside the file.
func TestUnfinishedTransactionIsNamed(t *testing.T) {
	path := fixture(t, "bot_data.db")
	working := filepath.Join(t.TempDir(), "working.db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(working, data, 0o600); err != nil {
		t.Fatal(err)
	}
	db := raw(t, working)
	db.SetMaxOpenConns(1)
	// A cache of a page makes SQLite write before the commit.
	if _, err := db.Exec("PRAGMA cache_size = 1; BEGIN; UPDATE recent_chat SET message = message || 'x'; UPDATE user_stats SET last_seen = 1"); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-journal"} { // what a kill would leave
		data, err := os.ReadFile(working + suffix)
		if err != nil || len(data) == 0 {
			t.Fatalf("%s: %d bytes (%v)", suffix, len(data), err)
		}
		if err := os.WriteFile(path+suffix, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, still := range []bool{true, false} {
		_, err := Inspect(t.Context(), path, still)
		if !errors.Is(err, ErrUnfinished) || !strings.Contains(err.Error(), "start the old bot once") || strings.Contains(err.Error(), "writable") {
			t.Errorf("still %v: %v", still, err)
		}
	}
	if err := Copy(t.Context(), path, filepath.Join(t.TempDir(), "copy.db")); !errors.Is(err, ErrUnfinished) {
		t.Errorf("copying it: %v", err)
	}
	if _, err := raw(t, path).Exec("PRAGMA user_version"); err != nil { // the old bot, started once
		t.Fatal(err)
	}
	var n int
	if err := raw(t, path).QueryRow("SELECT count(*) FROM user_stats").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if c, err := Inspect(t.Context(), path, true); err != nil || c.Schema != "v0.5.0" {
		t.Errorf("once it is tidied up: %+v, %v", c, err)
	}
}

func TestTablesOfAnotherProgramAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	if _, err := raw(t, path).Exec("CREATE TABLE user_stats (zzz TEXT)"); err != nil {
		t.Fatal(err)
	}
	_, err := Inspect(t.Context(), path, false)
	if !errors.Is(err, ErrNotDatabase) || !strings.Contains(err.Error(), "user_stats has no column") {
		t.Errorf("said %v", err)
	}
}

// What a killed program wrote last beside the file belongs to it: it is read
// and copied, and only a look that may touch nothing cannot have it.
func TestLogOfAKilledProgramIsRead(t *testing.T) {
	s := openFresh(t)
	apply(t, s, line("Alice", "hello", 0))
	path := filepath.Join(t.TempDir(), "killed.db")
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(s.path + suffix)
		if err != nil || len(data) == 0 {
			t.Fatalf("%s: %d bytes (%v)", suffix, len(data), err)
		}
		if err := os.WriteFile(path+suffix, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Inspect(t.Context(), path, true); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "or was killed") {
		t.Errorf("without touching it: %v", err)
	}
	if c, err := Inspect(t.Context(), path, false); err != nil || c.rows("recent_chat") != 1 {
		t.Errorf("found %+v, %v", c, err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := Copy(t.Context(), path, copied); err != nil {
		t.Fatal(err)
	}
	if c, err := Inspect(t.Context(), copied, true); err != nil || c.rows("recent_chat") != 1 {
		t.Errorf("the copy has %+v, %v", c, err)
	}
}
