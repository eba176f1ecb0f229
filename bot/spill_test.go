package bot

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

func TestSpill(t *testing.T) {
	dir := t.TempDir()
	s := spillOf(dir, "../odd room")
	if got, err := s.take(time.Now()); got != nil || err != nil {
		t.Fatalf("nothing was saved: %v, %v", got, err)
	}
	want := []*parcel{{subject: "a", id: "1", seq: 7, data: []byte(`{"x":1}`)}, {subject: "b", id: "2", data: []byte(`[]`)}}
	if err := s.save(want); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(s.path); err != nil || info.Mode().Perm() != 0o600 || filepath.Dir(s.path) != filepath.Join(dir, "unsent") {
		t.Errorf("%s: %v, %v", s.path, info, err)
	}
	same := func(a, b *parcel) bool {
		return a.subject == b.subject && a.id == b.id && a.seq == b.seq && string(a.data) == string(b.data)
	}
	got, err := s.take(time.Now())
	if err != nil || !slices.EqualFunc(got, want, same) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := s.take(time.Now()); got != nil || err != nil {
		t.Errorf("taken twice: %v, %v", got, err)
	}

	if err := s.save(want); err != nil {
		t.Fatal(err)
	}
	if got, err := s.take(time.Now().Add(spillMaxAge + time.Minute)); got != nil || err == nil || !strings.Contains(err.Error(), "dropped") {
		t.Errorf("an old file: %v, %v", got, err)
	}
	if _, err := os.Stat(s.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old file is still there: %v", err)
	}
	if err := s.save(want); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(s.path, 60); err != nil { // as a power cut may leave it
		t.Fatal(err)
	}
	if got, err := s.take(time.Now()); len(got) != 1 || err == nil {
		t.Errorf("a file without its end: %v, %v", got, err)
	}
	if err := spillOf("", "main").save(want); err == nil {
		t.Error("saved without a folder")
	}
}

// NATS dies, people go on talking, and the bot is stopped before NATS is back:
// what was said then is published by the next bot, once and in order.
func TestStopWhileNATSIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.unsent = t.TempDir()
	w.logging.ChatLogFile = filepath.Join(t.TempDir(), "chat.log")
	alice := w.channel.Puppet("Alice", 1)
	b, conn := w.bot("one")
	s := w.watch("main")
	s.until(room.LinkUp)
	alice.Say("one")
	s.sees("one")
	w.stop()
	eventually(t, "the link to NATS is gone", func() bool { return conn.Link().State != room.LinkUp })
	alice.Say("two")
	alice.Say("three")
	eventually(t, "the bot has heard it", func() bool {
		log, err := os.ReadFile(w.logging.ChatLogFile)
		return err == nil && strings.Contains(string(log), "three")
	})
	if err := closeSoon(b); err != nil {
		t.Errorf("what could not be sent was kept, but closing says %v", err)
	}
	kept, err := os.ReadFile(spillOf(w.unsent, "main").path)
	if err != nil || !strings.Contains(string(kept), `"content":"two"`) || !strings.Contains(string(kept), `"content":"three"`) {
		t.Errorf("kept %s, %v", kept, err)
	}
	w.start()
	b, _ = w.bot("two")
	s = w.watch("main")
	s.until(room.LinkUp)
	alice.Say("four")
	s.sees("four")
	w.close(b)

	events := w.events()
	numbered(t, events, len(events))
	want := []string{"one", "two", "three", "four"}
	if got := texts(events); !slices.Equal(got, want) {
		t.Errorf("events: %q", got)
	}
	if got := w.logged(); !slices.Equal(got, want) {
		t.Errorf("written to the database: %q", got)
	}
	if n := w.sessions()["alice"]; n != [2]int{2, 2} {
		t.Errorf("Alice joined and left %v times", n)
	}
	if left, err := filepath.Glob(filepath.Join(w.unsent, "unsent", "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if n := len(w.written(bus.SubjectHighWater)); n == 0 {
		t.Error("no counts were written")
	}
}
