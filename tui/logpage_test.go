package tui

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

func TestLogMergesWhatWasDoneAndWhatHappens(t *testing.T) {
	m, a := figureModel(t, 120, 40)
	openFigures(m, a, viewLog)
	shows(t, m, "kick bob “caps” · left after 0.3 s")
	shows(t, m, "203.0.x.x")
	hides(t, m, "203.0.113.77")
	hides(t, m, "8a2e")
	act := &room.Action{ID: "k9", Actor: "other", Verb: "mute", Target: "dave", Status: string(bus.StatusPending), Source: room.SourceConsole, Time: evening.UnixMilli()}
	m.Update(updates("movienight", event(act)))
	done := *act
	done.Status, done.Text = string(bus.StatusNoEffect), "dave was not in the room"
	m.Update(updates("movienight", event(&done)))
	if n := strings.Count(strings.Join(screen(m), "\n"), "mute dave"); n != 1 {
		t.Errorf("the action stands there %d times", n)
	}
	shows(t, m, "dave was not in the room")
	m.Update(updates("movienight", event(&room.Action{ID: "r9", Actor: "mod2", Verb: "kick", Target: "loud_one", Text: "mod2 kicked loud_one",
		Source: room.SourceRoom, Status: string(bus.StatusDone), Time: evening.UnixMilli()})))
	shows(t, m, "mod2  kick loud_one")
	hides(t, m, "mod2 kicked loud_one")
	m.Update(updates("movienight", bus.Update{Kind: bus.UpdateBotLost, Text: "the bot of movienight went silent"}))
	shows(t, m, "silent")
	for _, reason := range []string{"", "the connection to NATS was lost", "no NATS server answers"} {
		m.Update(linkMsg{bus.Link{State: room.LinkDown, Reason: reason}})
		m.Update(linkMsg{bus.Link{State: room.LinkConnecting}})
	}
	shows(t, m, "NATS  down · the connection to NATS was lost")
	if n := strings.Count(strings.Join(screen(m), "\n"), "NATS  down"); n != 1 {
		t.Errorf("the outage stands there %d times", n)
	}
}

func TestLogFilterAndInversion(t *testing.T) {
	m, a := figureModel(t, 120, 40)
	openFigures(m, a, viewLog)
	press(t, m, "/")
	typeText(m, "who:bob kick")
	shows(t, m, "kick bob")
	hides(t, m, "ban spammer")
	press(t, m, "enter", "!")
	shows(t, m, "ban spammer")
	hides(t, m, "kick bob")
	press(t, m, "esc")
	shows(t, m, "kick bob")
	press(t, m, "t", "t") // the room's moderators
	shows(t, m, "ban spammer")
	hides(t, m, "kick bob")
	press(t, m, "t", "t")
	press(t, m, "/")
	typeText(m, "nothing like it")
	shows(t, m, "nothing that the filter lets through")
	press(t, m, "esc")
	shows(t, m, "kick bob")
	if m.shown != viewLog {
		t.Error("leaving the filter left the view")
	}
}

func TestLogFilterWords(t *testing.T) {
	e := &logEntry{kind: entryMod, who: "Mod2", verb: "ban", target: "Spammer", text: "for a day"}
	for text, want := range map[string]bool{
		"": true, "ban": true, "BAN day": true, "ban night": false, "-night": true, "-ban": false, "who:mod": true, "who:SPAM": true,
		"who:bob": false, "kind:mods": true, "kind:ban": true, "kind:service": false, "!ban": false, "!kick": true, "!": true, "-kind:service ban": true,
	} {
		if got := newLogFilter(text).match(e); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// Standing still stays at what is read, whatever comes and whatever older pages
// are put before it.
func TestLogStandsStill(t *testing.T) {
	m, a := figureModel(t, 120, 20)
	for i := range 60 {
		m.Update(updates("movienight", event(&room.Action{ID: fmt.Sprint("a", i), Actor: "x", Verb: "say", Text: fmt.Sprintf("line %d.", i), Status: "done", Time: evening.UnixMilli() + int64(i)})))
	}
	m.deps.ask = func(_ string, _, reply any) error { return errors.New("later") }
	openFigures(m, a, viewLog)
	press(t, m, "pgup", "k")
	before := screen(m)[2:15]
	m.Update(updates("movienight", event(&room.Action{ID: "new", Actor: "x", Verb: "say", Text: "the newest", Status: "done", Time: evening.UnixMilli() + 1000})))
	m.journal.older([]bus.ActionRow{{ID: 1, Timestamp: 1_600_000_000, Username: "old", Action: "say"}})
	if after := screen(m)[2:15]; !slices.Equal(before, after) {
		t.Errorf("it moved:\n%s\n\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	shows(t, m, "standing still")
	press(t, m, "f")
	shows(t, m, "the newest")
}

// Pages of actions follow one another to the first, each action once.
func TestLogPagesBack(t *testing.T) {
	m, a := figureModel(t, 120, 20)
	const all = 450
	m.deps.ask = func(_ string, req, reply any) error {
		q := req.(bus.ActionsQuery)
		var rows []bus.ActionRow
		for i := all - 1; i >= 0 && len(rows) < q.Limit; i-- {
			if at := 1_700_000_000 + int64(i/3); q.Before == 0 || at < q.Before { // three a second
				rows = append(rows, bus.ActionRow{ID: int64(i + 1), Timestamp: at, Username: "x", Action: "say"})
			}
		}
		*reply.(*bus.ActionsReply) = bus.ActionsReply{Rows: rows}
		return nil
	}
	m.journal = journal{}
	openFigures(m, a, viewLog)
	for range 10 {
		run1(m, press(t, m, "g"))
	}
	if n := len(m.journal.entries); n != all || !m.journal.noMore {
		t.Errorf("%d entries, want %d; all there: %v", n, all, m.journal.noMore)
	}
}

func TestLogExport(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"log.md", "log.json", "log.csv"} {
		m, a := figureModel(t, 120, 40)
		openFigures(m, a, viewLog)
		path := filepath.Join(dir, name)
		press(t, m, "e", "ctrl+u")
		typeText(m, path)
		run1(m, press(t, m, "enter"))
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%s: %v, status %q", name, err, m.status)
		}
		text := string(data)
		if !strings.Contains(text, "left after 0.3 s") || !strings.Contains(text, "203.0.x.x") || strings.Contains(text, "203.0.113.77") {
			t.Errorf("%s:\n%s", name, text)
		}
		switch filepath.Ext(name) {
		case ".json":
			var rows []map[string]string
			if err := json.Unmarshal(data, &rows); err != nil || len(rows) < 3 {
				t.Errorf("%d rows, %v", len(rows), err)
			}
		case ".csv":
			if rows, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil || len(rows) < 4 {
				t.Errorf("%d rows, %v", len(rows), err)
			}
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
		run1(m, writeLog(path, nil, time.UTC))
		if !strings.Contains(m.status, "there already") {
			t.Errorf("writing over it says %q", m.status)
		}
	}
}

// What does not fit a row can be read in full and copied.
func TestALogEntryOpensInFull(t *testing.T) {
	m, a := figureModel(t, 80, 24)
	long := strings.Repeat("a long story about the caps lock ", 8) + "and its end"
	m.Update(updates("movienight", event(&room.Action{ID: "long", Actor: "kim", Verb: "warn", Target: "bob", Text: long, Source: room.SourceConsole, Status: "done", Time: evening.UnixMilli() + 60_000})))
	openFigures(m, a, viewLog)
	hides(t, m, "and its end")
	press(t, m, "G", "k", "j", "enter")
	shows(t, m, "and its end")
	requireShape(t, m, 80, 24)
	if cmd := press(t, m, "y"); cmd == nil || !strings.HasPrefix(m.status, "copied") || m.dialog() != nil {
		t.Errorf("y says %q", m.status)
	}
	_, y := find(t, m, "kick bob")
	click(m, 30, y)
	shows(t, m, "reason     caps")
	press(t, m, "esc")
	if e := m.views[viewLog].(*logPage).chosen(); e == nil || e.target != "bob" || e.verb != "kick" {
		t.Errorf("chosen is %+v", e)
	}
}

// Going up row by row comes to the first entry, which stands in sight.
func TestTheChoiceInTheLogStaysInSight(t *testing.T) {
	m, a := figureModel(t, 80, 12)
	for i := range 40 {
		at := evening.UnixMilli() + int64(i)*3600_000
		m.Update(updates("movienight", event(&room.Action{ID: fmt.Sprint("h", i), Actor: "x", Verb: "say", Text: fmt.Sprintf("hour %d.", i), Status: "done", Time: at})))
	}
	openFigures(m, a, viewLog)
	p := m.views[viewLog].(*logPage)
	for n := len(p.shown); n > 0; n-- {
		if strings.Count(strings.Join(screen(m), "\n"), "\n›") != 1 {
			t.Fatalf("the choice is out of sight, %d to go:\n%s", n, strings.Join(screen(m), "\n"))
		}
		press(t, m, "k")
	}
	if p.chosen() != p.shown[0] || p.first(m) != 0 {
		t.Errorf("chosen %d of %d, the first in sight is %d", p.at, len(p.shown), p.first(m))
	}
	for range p.shown {
		press(t, m, "j")
	}
	if !p.follow {
		t.Error("at its end it does not follow")
	}
}

// A message that begins like Markdown stays a message in the export.
func TestTheLogsMarkdownShowsTextAsItIs(t *testing.T) {
	for text, want := range map[string]string{
		"# not a title":         `\# not a title`,
		"> ~~no~~ quote":        `&gt; \~\~no\~\~ quote`,
		"a | b\nc":              `a \| b c`,
		"*x* _y_ `z` \\ [l](u)": "\\*x\\* \\_y\\_ \\`z\\` \\\\ \\[l](u)",
		"<b> &lt;":              `&lt;b&gt; &amp;lt;`,
	} {
		out := string(logMarkdown([]logEntry{{at: 1, kind: "chat", text: text}}, time.UTC))
		if !strings.Contains(out, "| "+want+" |") {
			t.Errorf("%q is written as\n%s\nwant %s", text, out, want)
		}
	}
}

// The same may happen in two rooms at once: each row says in which.
func TestTheLogNamesTheRoom(t *testing.T) {
	for _, w := range []int{60, 80, 120} {
		m, _ := twoRooms(t, w, 30)
		for _, name := range []string{"movienight", "den"} {
			m.Update(updates(name, event(&room.Connection{State: room.LinkUp})))
		}
		settle(m, press(t, m, "f7"))
		text := strings.Join(screen(m), "\n")
		if strings.Count(text, "CyTube  up") != 2 {
			t.Fatalf("%d columns:\n%s", w, text)
		}
		for _, row := range screen(m) {
			if strings.Contains(row, "CyTube  up") && !strings.Contains(row, "movienight") && !strings.Contains(row, "den") {
				t.Errorf("%d columns: %q names no room", w, row)
			}
		}
		requireShape(t, m, w, 30)
	}
}
