package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"rosey/bot/cytube/cytubetest"
)

// outboundDB is the file as v0.5.0's web page uses it.
func outboundDB(t *testing.T, h home) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(h.dir, "bot_data.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func execute(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// outboundRow is a row's sent, retry_count and last_error.
func outboundRow(t *testing.T, db *sql.DB, id int) string {
	t.Helper()
	var sent, retries int
	var reason sql.NullString
	err := db.QueryRowContext(t.Context(), "SELECT sent, retry_count, last_error FROM outbound_messages WHERE id = ?", id).Scan(&sent, &retries, &reason)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d %d %s", sent, retries, reason.String)
}

// said counts the lines with a text that clients sent.
func (s *site) said(text string) int {
	n := 0
	for _, f := range s.server.Frames() {
		if f.Event == "chatMsg" && strings.Contains(string(f.Arg), text) {
			n++
		}
	}
	return n
}

func TestOutboundQueueOfTheWebPage(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	p := h.start(t, "run")
	p.waitFor("[*] Starting bot...")
	site.waitForBot()
	db := outboundDB(t, h)
	const insert = "INSERT INTO outbound_messages (timestamp, message, sent) VALUES (unixepoch(), ?, 0)"
	execute(t, db, insert, "hello from the page")
	execute(t, db, insert, "/ban everybody")
	execute(t, db, insert, strings.Repeat("a long line ", 40))
	for id, want := range map[int]string{1: "1 0 ", 2: "1 1 /ban is not said", 3: "1 0 "} {
		waitUntil(t, "row "+want, func() bool { return strings.HasPrefix(outboundRow(t, db, id), want) })
	}

	// A message that failed before is due two minutes after that try.
	execute(t, db, `BEGIN IMMEDIATE;
		INSERT INTO outbound_messages (timestamp, message, sent, retry_count, last_error) VALUES (unixepoch(), 'after a failure', 0, 1, 'busy');
		INSERT INTO rosey_outbound (message_id, last_attempt) VALUES (4, unixepoch());
		COMMIT`)
	execute(t, db, insert, "the one behind")
	waitUntil(t, "the one behind", func() bool { return outboundRow(t, db, 5) == "1 0 " })
	if row := outboundRow(t, db, 4); row != "0 1 busy" {
		t.Errorf("it was not due: %s", row)
	}
	execute(t, db, "UPDATE rosey_outbound SET last_attempt = unixepoch() - 121 WHERE message_id = 4")
	waitUntil(t, "the message that is due again", func() bool { return outboundRow(t, db, 4) == "1 1 busy" })

	// Killed as soon as the line has left: nobody has marked it.
	execute(t, db, insert, "and then the power went")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := site.server.WaitFrame(ctx, 0, func(f cytubetest.Frame) bool { return strings.Contains(f.Text, "the power went") }); err != nil {
		t.Fatal(err)
	}
	p.kill()
	p = h.start(t, "run")
	p.waitFor("[*] Starting bot...")
	execute(t, db, insert, "behind it")
	waitUntil(t, "the queue done", func() bool { return outboundRow(t, db, 6) == "1 0 " && outboundRow(t, db, 7) == "1 0 " })
	for text, want := range map[string]int{"hello from the page": 1, "/ban": 0, "a long line": 2, "after a failure": 1, "the power went": 1, "behind it": 1} {
		if n := site.said(text); n != want {
			t.Errorf("%q was sent %d times, want %d", text, n, want)
		}
	}
	if code := p.stop(); code != 0 {
		t.Errorf("exit %d", code)
	}
}
