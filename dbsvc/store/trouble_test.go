package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// oneBatch is a hundred lines of a stream.
func oneBatch(from uint64) []Entry {
	entries := make([]Entry, 100)
	for i := range entries {
		seq := from + uint64(i)
		entries[i] = Entry{Seq: seq, Arrived: at(float64(seq)) * 1e6, Write: line("bob", fmt.Sprint(seq, strings.Repeat(" word", 50)), float64(seq))}
	}
	return entries
}

var stream = Source{Stream: "WRITES", Created: 7}

func TestFullDiskLosesNothing(t *testing.T) {
	s := openFresh(t)
	ctx := t.Context()
	if _, err := s.Apply(ctx, stream, oneBatch(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec("PRAGMA max_page_count = 1"); err != nil { // SQLite makes it the present size
		t.Fatal(err)
	}
	for range 3 {
		if _, err := s.Apply(ctx, stream, oneBatch(101)); !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "make room") {
			t.Fatalf("on a full disk: %v", err)
		}
	}
	if found, err := s.Search(ctx, Search{Text: "word", Limit: 500}); err != nil || len(found.Hits) != 100 {
		t.Errorf("reading on a full disk: %d hits, %v", len(found.Hits), err)
	}
	if _, err := s.write.Exec("PRAGMA max_page_count = 1073741823"); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Apply(ctx, stream, oneBatch(101)); err != nil || r.Applied != 100 {
		t.Errorf("with room again: %+v, %v", r, err)
	}
	expect(t, "lines", dump(t, s.read, "SELECT count(*), count(DISTINCT text) FROM rosey_chat"), []string{"200|200"})
	expect(t, "counted", dump(t, s.read, "SELECT total_chat_lines FROM user_stats"), []string{"200"})
}

func TestLockedFileLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot_data.db")
	s, err := Open(t.Context(), Options{Path: path, Busy: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.closeAll()
	other := raw(t, path)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Apply(t.Context(), stream, oneBatch(1)); !errors.Is(err, ErrLocked) {
		t.Fatalf("locked: %v", err)
	}
	if _, err := s.RecentChat(t.Context(), 5); err != nil {
		t.Errorf("reading beside another writer: %v", err)
	}
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Apply(t.Context(), stream, oneBatch(1)); err != nil || r.Applied != 100 {
		t.Errorf("free again: %+v, %v", r, err)
	}
}

func TestTwoServicesOnOneFileCountOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot_data.db")
	one, two := openAt(t, path), openAt(t, path)
	defer one.closeAll()
	defer two.closeAll()
	for _, s := range []*Store{one, two, one} {
		if _, err := s.Apply(t.Context(), stream, oneBatch(1)); err != nil {
			t.Fatal(err)
		}
	}
	// Each takes the other's lines into account, too.
	if _, err := two.Apply(t.Context(), stream, oneBatch(101)); err != nil {
		t.Fatal(err)
	}
	if _, err := one.Apply(t.Context(), stream, oneBatch(201)); err != nil {
		t.Fatal(err)
	}
	expect(t, "lines", dump(t, one.read, "SELECT count(*), count(DISTINCT text) FROM rosey_chat"), []string{"300|300"})
	expect(t, "counted", dump(t, one.read, "SELECT total_chat_lines FROM user_stats"), []string{"300"})
}

func TestOneRowAtFault(t *testing.T) {
	s := openFresh(t)
	if _, err := s.write.Exec("CREATE TRIGGER t BEFORE INSERT ON user_actions WHEN NEW.action_type = 'x' BEGIN SELECT raise(ABORT, 'no'); END"); err != nil {
		t.Fatal(err)
	}
	_, err := s.Apply(t.Context(), stream, []Entry{{Seq: 1, Arrived: 1, Write: Action{User: "bob", Action: "x", Details: "", Time: at(1)}}})
	if !errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
}
