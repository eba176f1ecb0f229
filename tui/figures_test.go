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

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// seen is what the bus view is told.
func (a *answers) seen() seen {
	return seen{
		nats:     func(q bus.NATSQuery) (bus.NATSReport, error) { a.query = q; return a.report, nil },
		services: func() ([]bus.ServiceStats, error) { return a.services, nil },
		faults:   func() bus.Stats { return a.faults },
	}
}

// run1 runs a command and what follows from it, to the end.
func run1(m *model, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			run1(m, c)
		}
	default:
		_, next := m.Update(msg)
		run1(m, next)
	}
}

// busReport is a server in a busy evening, seconds after the last report.
func busReport(seconds int) bus.NATSReport {
	n := uint64(seconds)
	conn := func(cid uint64, name, user string, from, to uint64) bus.NATSConn {
		return bus.NATSConn{
			Server: "rosey", CID: cid, Name: name, User: user, Host: "127.0.0.1", Lang: "go", RTT: time.Duration(cid) * 40 * time.Microsecond,
			MsgsFrom: from, MsgsTo: to, BytesFrom: from * 320, BytesTo: to * 410, Subs: int(cid), Idle: time.Second, Uptime: 2 * time.Hour,
		}
	}
	slow := conn(31, "rosey-tui@attic", "viewer", 12, 90_000)
	slow.Pending, slow.Host = 3<<20, "198.51.x.x"
	return bus.NATSReport{
		Time: evening.Add(time.Duration(seconds) * time.Second).UnixMilli(), Source: bus.ReportEmbedded,
		Servers: []bus.NATSServer{{
			Name: "rosey", Version: "2.15.2", Started: evening.Add(-2*time.Hour - 14*time.Minute).UnixMilli(),
			CPU: 3.1, Cores: 2, Mem: 84 << 20, Conns: 5, Subs: 163, Slow: 1, JetStream: true,
			MsgsIn: 100_000 + 120*n, MsgsOut: 300_000 + 331*n, BytesIn: 4 << 20 * (10 + n), BytesOut: 4 << 20 * (20 + n),
		}},
		Conns: []bus.NATSConn{
			conn(16, "rosey-bot", "bot", 43_000+40*n, 12_000+n), conn(13, "rosey-db", "db", 8_900+4*n, 25_000+30*n),
			conn(17, "rosey-tui@vm", "operator", 224, 61_000+45*n), slow, conn(9, "", "bot", 3, 4),
		},
		ConnTotal: 5,
		Slow:      []bus.SlowConn{{Name: "old laptop", User: "viewer", CID: 8, Time: evening.Add(-time.Hour).UnixMilli(), Reason: "Slow Consumer (Pending Bytes)"}},
		Streams: []bus.NATSStream{
			{Name: bus.StreamWrites, Messages: 31_402, Bytes: 6_400_000, Consumers: []bus.NATSConsumer{{Name: "rosey-db", Lag: 12, Unacked: 3}}},
			{Name: bus.StreamEvents, Messages: 182_903, Bytes: 41_000_000, Replicas: 3, Leader: "own-2"},
		},
		Missing: []string{"streams of others: needs the system account's export of the server's own words, or nats.monitor_url"},
	}
}

func figureReplies() map[string]any {
	var counts []bus.CountHistoryRow
	for i := range 72 { // every five minutes for six hours
		chat := int64(12 + (i*7)%11 + i/6)
		counts = append(counts, bus.CountHistoryRow{Timestamp: evening.Add(-6*time.Hour).Unix() + int64(i)*300, Chat: chat, Connected: chat + 4 + int64(i%5)})
	}
	counts = slices.Delete(counts, 20, 36) // the bot was away
	var users []bus.UserStats
	for i, name := range []string{"Alice", "bob", "zoë_42", "日本語ユーザー", "carol", "dave", "a_name_that_is_much_too_long"} {
		users = append(users, bus.UserStats{Username: name, ChatLines: int64(4200 / (i + 1))})
	}
	why := "the room is closed"
	action := func(id, minute int64, who, verb, target, reason, text string, source room.ActionSource, out bus.CommandStatus) bus.ActionRow {
		return bus.ActionRow{
			ID: id, Key: fmt.Sprint("k", id), Timestamp: evening.Add(-26*time.Hour).Unix() + minute*60, Username: who, Action: verb, Target: target,
			Reason: reason, Text: text, Source: source, Outcome: out, Room: "movienight",
		}
	}
	return map[string]any{
		bus.SubjectChannelStats: bus.ChannelStatsReply{
			MaxUsers: 61, MaxUsersTime: evening.Add(-100 * time.Hour).Unix(), MaxConnected: 80, MaxConnectedTime: evening.Add(-100 * time.Hour).Unix(),
			TotalUsers: 1911, TotalLines: 81_234, Retention: config.Retention{RecentChatHours: 150, HistoryDays: 30, OutboundDays: 7},
		},
		bus.SubjectTopChatters:  bus.TopReply{Users: users},
		bus.SubjectCountHistory: bus.CountHistoryReply{Rows: counts},
		bus.SubjectOutboundGet: []bus.OutboundRow{
			{ID: 1, Timestamp: evening.Add(-42 * time.Second).Unix(), Message: "Tonight: Metropolis"},
			{ID: 2, Timestamp: evening.Add(-9 * time.Minute).Unix(), Message: "from 203.0.113.77", RetryCount: 2, LastError: &why},
		},
		bus.SubjectActions: bus.ActionsReply{Rows: []bus.ActionRow{
			action(3, 30, "tester", "kick", "bob", "caps", "left after 0.3 s", room.SourceConsole, bus.StatusDone),
			action(2, 20, "mod2", "ban", "spammer", "", "banned 203.0.113.77 and 2001:db8:85a3::8a2e:370:7334", room.SourceRoom, bus.StatusDone),
			action(1, 10, "tester", "mute", "Alice", "", "Alice has equal or higher rank", room.SourcePM, bus.StatusRefused),
		}},
	}
}

// figureModel is a console on which the views of figures have something to
// show: seconds of heartbeats have passed.
func figureModel(tb testing.TB, w, h int) (*model, *answers) {
	m, a := sceneModel(tb, w, h)
	replies := figureReplies()
	m.deps.ask = func(subject string, _, reply any) error {
		data, err := json.Marshal(replies[subject])
		if err != nil {
			return err
		}
		return json.Unmarshal(data, reply)
	}
	a.services = []bus.ServiceStats{
		{Name: "rosey-bot", Version: "0.6.0", Started: evening.Add(-2 * time.Hour), Requests: 8, Endpoints: []bus.EndpointStats{{Subject: bus.StateSubject("movienight"), Requests: 6, Average: 310 * time.Microsecond}}},
		{Name: "rosey-db", Version: "0.6.0", Started: evening.Add(-2 * time.Hour), Requests: 90, Errors: 2, LastError: "no such table"},
	}
	a.faults = bus.Stats{Reconnects: 2}
	for i := range 12 {
		n, now := uint64(i), evening.Add(time.Duration(i)*time.Second)
		if i > 6 {
			n = 6
		}
		m.Update(batchMsg{at: now, updates: []roomUpdate{
			{"movienight", event(message("21:04", "bob", "again"))},
			{"movienight", bus.Update{Kind: bus.UpdateHeartbeat, Heartbeat: bus.Heartbeat{Room: "movienight", Instance: "i", Link: room.Connection{State: room.LinkUp}, RTT: 41,
				Published: map[string]uint64{bus.SubjectMessageLog: 700 + 10*n, bus.SubjectUserJoined: 31}}}},
			{"movienight", bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{Instance: "d", Time: now.UnixMilli(), JetStream: true, Rows: 900 + 12*n, CommitMS: 1.2 + float64(i%3),
				Stored: map[string]uint64{bus.SubjectMessageLog: 690 + 10*n, bus.SubjectUserJoined: 30 + n/6}, Bytes: 621_000}}},
		}})
		m.Update(rttMsg{rtt: time.Duration(90+i*i*20) * time.Microsecond})
		m.Update(tickMsg(now))
	}
	return m, a
}

// openFigures opens a view and lets it ask twice, a second apart.
func openFigures(m *model, a *answers, id viewID) {
	a.report = busReport(12)
	run1(m, m.open(id))
	a.report = busReport(13)
	m.now = evening.Add(13 * time.Second)
	run1(m, m.view().want(m))
}

func TestFigureViews(t *testing.T) {
	for _, s := range []struct{ w, h int }{{40, 10}, {80, 24}, {120, 40}, {200, 60}} {
		for _, id := range []viewID{viewBus, viewStorage, viewLog} {
			t.Run(strings.ToLower(viewTable[id].title)+"-"+size(s.w, s.h), func(t *testing.T) {
				m, a := figureModel(t, s.w, s.h)
				openFigures(m, a, id)
				requireShape(t, m, s.w, s.h)
				golden.RequireEqual(t, strings.Join(screen(m), "\n"))
			})
		}
	}
}

// Every size, with everything and with nothing to show, scrolled to the end.
func TestFigureViewsFitEverySize(t *testing.T) {
	for _, id := range []viewID{viewBus, viewStorage, viewLog} {
		full, a := figureModel(t, 80, 24)
		openFigures(full, a, id)
		bare, _ := testModel(t, testOptions(), 80, 24)
		bare.open(id)
		for _, m := range []*model{full, bare} {
			for w := 40; w <= 240; w += 7 {
				for h := 8; h <= 70; h += 9 {
					m.Update(tea.WindowSizeMsg{Width: w, Height: h})
					requireShape(t, m, w, h)
					press(t, m, "G")
					requireShape(t, m, w, h)
					press(t, m, "g")
				}
			}
		}
	}
}

func TestSortKeyGoesThroughTheOrders(t *testing.T) {
	m, a := figureModel(t, 160, 50)
	openFigures(m, a, viewBus)
	shows(t, m, "MSGS FROM▾")
	for _, want := range []string{"MSGS TO▾", "BYTES FROM▾", "BYTES TO▾", "PENDING▾", "RTT▾", "SUBS▾", "IDLE▾", "UP▾", "CID▾", "MSGS FROM▾"} {
		run1(m, press(t, m, "s"))
		shows(t, m, want)
		if want == "PENDING▾" {
			if a.query.Sort != bus.SortPending {
				t.Errorf("asked for %q", a.query.Sort)
			}
			rows := screen(m)
			i := slices.IndexFunc(rows, func(r string) bool { return strings.Contains(r, "PENDING▾") })
			if !strings.Contains(rows[i+1], "rosey-tui@attic") {
				t.Errorf("the first by pending is %q", rows[i+1])
			}
		}
	}
	press(t, m, "esc")
	if m.shown != viewRoom {
		t.Error("esc does not leave")
	}
}

// What is not shown asks nothing, and one question is under way at a time.
func TestFiguresAskOnlyWhileShown(t *testing.T) {
	m, a := figureModel(t, 120, 40)
	asked := 0
	m.deps.nats = func(bus.NATSQuery) (bus.NATSReport, error) { asked++; return a.report, nil }
	first := m.open(viewBus)
	if asked != 0 {
		t.Fatal("opening asks within Update")
	}
	m.now = m.now.Add(5 * time.Second)
	run1(m, m.view().want(m)) // while the first is under way
	if asked != 0 {
		t.Error("a second question while the first is under way")
	}
	run1(m, first)
	press(t, m, "f2")
	for range 10 {
		m.now = m.now.Add(time.Second)
		run1(m, m.view().want(m))
	}
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
}

func TestStorageSpanKey(t *testing.T) {
	m, a := figureModel(t, 120, 40)
	openFigures(m, a, viewStorage)
	shows(t, m, "last 6 hours")
	for _, want := range []string{"last day", "last week", "last month", "last 6 hours"} {
		run1(m, press(t, m, "t"))
		shows(t, m, want)
	}
}

func TestLossMeterIsShown(t *testing.T) {
	m, a := figureModel(t, 120, 40)
	for i := range 6 { // two are published and never stored
		now := evening.Add(time.Duration(20+i) * time.Second)
		m.Update(batchMsg{at: now, updates: []roomUpdate{
			{"movienight", bus.Update{Kind: bus.UpdateHeartbeat, Heartbeat: bus.Heartbeat{Room: "movienight", Instance: "i", Published: map[string]uint64{bus.SubjectMessageLog: 762, bus.SubjectUserJoined: 31}}}},
			{"movienight", bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{Instance: "d", Time: now.UnixMilli(), JetStream: true, Bad: 2, Stored: map[string]uint64{bus.SubjectMessageLog: 750, bus.SubjectUserJoined: 31}}}},
		}})
	}
	openFigures(m, a, viewStorage)
	row := slices.IndexFunc(screen(m), func(r string) bool { return strings.Contains(r, "message.log") })
	if fields := strings.Fields(screen(m)[row]); fields[1] != "62" || fields[2] != "60" || !slices.Contains(fields[3:6], "2") {
		t.Errorf("the row says %q", screen(m)[row])
	}
	shows(t, m, "bad 2")
}

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
	m.Update(updates("movienight", bus.Update{Kind: bus.UpdateBotLost, Text: "the bot of movienight went silent"}))
	shows(t, m, "silent")
	m.Update(linkMsg{bus.Link{State: room.LinkDown, Reason: "the connection to NATS was lost"}})
	shows(t, m, "the connection to NATS was lost")
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

func TestMasked(t *testing.T) {
	for text, want := range map[string]string{
		"banned 203.0.113.77!":           "banned 203.0.x.x!",
		"from 2001:db8:85a3::8a2e:370":   "from 2001:x",
		"::1, 127.0.0.1 and 21:04:11":    "::1, 127.0.0.1 and 21:04:11",
		"version 2.15.2, ratio 1.2.3":    "version 2.15.2, ratio 1.2.3",
		"999.1.1.1 is none":              "999.1.1.1 is none",
		"cloaked 203.0.ABC.DEF as it is": "cloaked 203.0.ABC.DEF as it is",
	} {
		if got := masked(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestAmounts(t *testing.T) {
	for got, want := range map[string]string{
		bytesText(0): "0 B", bytesText(812): "812 B", bytesText(4_100_000): "4.1 MB", bytesText(999_600): "1.0 MB", bytesText(41e9): "41 GB",
		figure(0.01): "0", figure(0.3): "0.3", figure(12.4): "12", figure(1204): "1,204",
		lasted(42 * time.Second): "42s", lasted(192 * time.Second): "3m12s", lasted(134 * time.Minute): "2h14m", lasted(76 * time.Hour): "3d4h",
		tripText(210 * time.Microsecond): "0.21ms", tripText(4 * time.Millisecond): "4ms",
		spark([]float64{0, 1, 2, 4}, 6): "  ▁▂▄█", spark(nil, 3): "   ", bar(0.5, 4): "██", bar(0.001, 4): "▏", bar(2, 2): "██",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Views of figures are drawn for each batch: they must not cost more than the
// room does.
func BenchmarkFigureViews(b *testing.B) {
	for _, id := range []viewID{viewBus, viewStorage, viewLog} {
		b.Run(viewTable[id].title, func(b *testing.B) {
			m, a := figureModel(b, 200, 60)
			for i := range 5000 {
				m.journal.put(logEntry{key: fmt.Sprint(i), at: int64(i), who: "x", verb: "say", text: "a line of log"})
			}
			openFigures(m, a, id)
			for b.Loop() {
				m.View()
			}
		})
	}
}
