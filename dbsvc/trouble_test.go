package dbsvc_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/dbsvc"
	"rosey/dbsvc/store"
)

// say publishes lines numbered from, inclusive, to to, exclusive, and waits
// until the stream has them. The lines carry no time, so that one stored twice
// shows.
func say(tb testing.TB, c *bus.Conn, from, to int) {
	tb.Helper()
	for i := from; i < to; i++ {
		payload := fmt.Sprintf(`{"username":"user%d","message":"line %d"}`, i%7, i)
		if _, err := c.JS.Publish(testContext(tb), bus.SubjectMessageLog, []byte(payload)); err != nil {
			tb.Fatal(err)
		}
	}
}

// expectLines says that the file holds each of n lines once, in all tables.
func expectLines(tb testing.TB, path string, n int) {
	tb.Helper()
	expectRows(tb, path, `SELECT (SELECT count(*) FROM recent_chat), (SELECT count(DISTINCT message) FROM recent_chat),
		(SELECT count(DISTINCT text) FROM rosey_chat), (SELECT count(*) FROM rosey_chat_fts WHERE rosey_chat_fts MATCH 'line'),
		(SELECT sum(total_chat_lines) FROM user_stats)`, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("%d|", n), 5), "|"))
}

func copyTree(tb testing.TB, from, to string) {
	tb.Helper()
	if err := os.RemoveAll(to); err != nil {
		tb.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		tb.Fatal(err)
	}
}

func closeService(tb testing.TB, s *dbsvc.Service) {
	tb.Helper()
	if err := s.Close(testContext(tb)); err != nil {
		tb.Fatal(err)
	}
}

func TestWritesWaitWhileTheServiceIsAway(t *testing.T) {
	srv := startNATS(t, "2m")
	bot := srv.connect(t, bus.RoleBot)
	path := dbPath(t)
	s := srv.serve(t, path)
	say(t, bot, 0, 50)
	closeService(t, s)
	say(t, bot, 50, 100)
	s = srv.serve(t, path)
	say(t, bot, 100, 150)
	applied(t, bot, s)
	expectLines(t, path, 150)
}

func TestRestartOfNATS(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	s := srv.serve(t, path)
	bot := srv.connect(t, bus.RoleBot)
	for round := range 3 {
		say(t, bot, round*50, round*50+50)
		srv.stop(t)
		srv.start(t)
		bot = srv.connect(t, bus.RoleBot)
	}
	say(t, bot, 150, 200)
	applied(t, bot, s)
	expectLines(t, path, 200)
	if h := s.Health(); h.Lost != 0 || h.Bad != 0 {
		t.Errorf("health: %+v", h)
	}
}

func TestStreamIsMadeAnew(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	s := srv.serve(t, path)
	bot := srv.connect(t, bus.RoleBot)
	say(t, bot, 0, 50)
	applied(t, bot, s)
	srv.stop(t)
	if err := os.RemoveAll(filepath.Join(srv.store, "jetstream")); err != nil {
		t.Fatal(err)
	}
	srv.start(t)
	bot = srv.connect(t, bus.RoleBot)
	if err := bus.EnsureWrites(testContext(t), bot, configEvents); err != nil {
		t.Fatal(err)
	}
	say(t, bot, 50, 70) // fewer than before: the old position must not swallow them
	applied(t, bot, s)
	eventually(t, "the new stream is read", func() bool { return s.Health().Applied == 20 })
	expectLines(t, path, 70)
}

func TestStreamIsRemovedWhileItIsRead(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	var log logs
	s := srv.serve(t, path, func(o *dbsvc.Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	bot, admin := srv.connect(t, bus.RoleBot), srv.connect(t, bus.RoleAdmin)
	say(t, bot, 0, 10)
	applied(t, bot, s)
	if err := admin.JS.DeleteStream(testContext(t), bus.StreamWrites); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the service makes the stream", func() bool {
		_, err := bot.JS.Stream(testContext(t), bus.StreamWrites)
		return err == nil
	})
	say(t, bot, 10, 15)
	eventually(t, "the new stream is read", func() bool { return s.Health().Applied == 5 })
	expectLines(t, path, 15)
	if !log.has("writes cannot be read") || !log.has("writes are read again") {
		t.Error("the log does not say that it was lost and is well again")
	}
}

// TestStreamLostItsEnd is what a power cut does to a stream that syncs now and
// then: the last messages are gone, and their numbers are given again.
func TestStreamLostItsEnd(t *testing.T) {
	for name, again := range map[string]int{"fewer new ones": 20, "more new ones": 90} {
		t.Run(name, func(t *testing.T) {
			srv := startNATS(t, "2m")
			path := dbPath(t)
			bot := srv.connect(t, bus.RoleBot)
			s := srv.serve(t, path)
			say(t, bot, 0, 50)
			applied(t, bot, s)
			closeService(t, s)
			srv.stop(t)
			saved := filepath.Join(t.TempDir(), "saved")
			copyTree(t, srv.store, saved)

			srv.start(t)
			bot = srv.connect(t, bus.RoleBot)
			s = srv.serve(t, path)
			say(t, bot, 50, 100)
			applied(t, bot, s)
			closeService(t, s)
			srv.stop(t)
			copyTree(t, saved, srv.store)

			srv.start(t)
			bot = srv.connect(t, bus.RoleBot)
			say(t, bot, 100, 100+again)
			s = srv.serve(t, path)
			eventually(t, "the younger messages are stored", func() bool { return s.Health().Applied == uint64(50+again) })
			expectLines(t, path, 100+again)
		})
	}
}

// TestOlderFileInPlace is what a power cut may do to the file, or a backup
// that is put back: it is behind what was acknowledged.
func TestOlderFileInPlace(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	bot := srv.connect(t, bus.RoleBot)
	s := srv.serve(t, path)
	say(t, bot, 0, 50)
	applied(t, bot, s)
	closeService(t, s)
	older, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s = srv.serve(t, path)
	say(t, bot, 50, 100)
	applied(t, bot, s)
	closeService(t, s)
	if err := os.WriteFile(path, older, 0o600); err != nil {
		t.Fatal(err)
	}
	s = srv.serve(t, path)
	applied(t, bot, s)
	expectLines(t, path, 100)
}

func TestHoleInTheStreamIsCounted(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	bot, admin := srv.connect(t, bus.RoleBot), srv.connect(t, bus.RoleAdmin)
	s := srv.serve(t, path)
	say(t, bot, 0, 10)
	applied(t, bot, s)
	closeService(t, s)
	say(t, bot, 10, 30)
	stream, err := admin.JS.Stream(testContext(t), bus.StreamWrites)
	if err != nil {
		t.Fatal(err)
	}
	for seq := uint64(9); seq <= 15; seq++ {
		if err := stream.DeleteMsg(testContext(t), seq); err != nil {
			t.Fatal(err)
		}
	}
	s = srv.serve(t, path)
	applied(t, bot, s)
	expectLines(t, path, 25)
	if h := s.Health(); h.Lost != 5 {
		t.Errorf("health: %+v", h)
	}
}

func TestLockedDatabaseHoldsWritesBack(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	s := srv.serve(t, path)
	bot := srv.connect(t, bus.RoleBot)
	holder, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	holder.SetMaxOpenConns(1)
	if _, err := holder.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	say(t, bot, 0, 1000)
	eventually(t, "the trouble shows", func() bool { return strings.Contains(s.Health().Error, "locked") })
	if got := ask(t, bot, bus.SubjectRecentChat, "{}"); got != "[]" {
		t.Errorf("reading meanwhile: %s", got)
	}
	if _, err := holder.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	applied(t, bot, s)
	eventually(t, "the trouble is over", func() bool { return s.Health().Error == "" })
	expectLines(t, path, 1000)
}

func TestCloseWhileTheDatabaseIsLocked(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	s := srv.serve(t, path)
	bot := srv.connect(t, bus.RoleBot)
	holder, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	holder.SetMaxOpenConns(1)
	if _, err := holder.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	say(t, bot, 0, 100)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := s.Close(ctx); err == nil {
		t.Error("closed without a word about the lock")
	}
	if _, err := holder.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	s = srv.serve(t, path)
	applied(t, bot, s)
	expectLines(t, path, 100)
}

func TestDatabaseDamagedMeanwhile(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	s := srv.serve(t, path)
	bot := srv.connect(t, bus.RoleBot)
	say(t, bot, 0, 10)
	applied(t, bot, s)
	other, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=writable_schema(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	for _, damage := range []string{"UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'recent_chat'", "PRAGMA schema_version = 999"} {
		if _, err := other.Exec(damage); err != nil {
			t.Fatal(err)
		}
	}
	say(t, bot, 10, 20)
	select {
	case err := <-s.Err():
		if !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("got %v", err)
		}
	case <-time.After(testTimeout):
		t.Fatal("nobody notices")
	}
	if h := s.Health(); !strings.Contains(h.Error, "damaged") {
		t.Errorf("health: %+v", h)
	}
}

func TestTwoServices(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	one, two := srv.serve(t, path), srv.serve(t, path)
	bot := srv.connect(t, bus.RoleBot)
	say(t, bot, 0, 500)
	eventually(t, "everything is stored", func() bool { return max(one.Health().Applied, two.Health().Applied) >= 500 })
	eventually(t, "one of them says so", func() bool {
		return strings.Contains(one.Health().Error+two.Health().Error, "second database service")
	})
	expectLines(t, path, 500)
}

func TestStartRefusesWhatTheStoreRefuses(t *testing.T) {
	srv := startNATS(t, "2m")
	_, err := dbsvc.Start(testContext(t), dbsvc.Options{
		Conn: srv.connect(t, bus.RoleDB), Database: configOf(filepath.Join(t.TempDir(), "none", "bot_data.db")),
	})
	if !errors.Is(err, store.ErrNoFolder) {
		t.Errorf("got %v", err)
	}
}
