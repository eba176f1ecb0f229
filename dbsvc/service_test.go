package dbsvc_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/dbsvc"
)

// ask sends a request as v0.5.0's Python does and gives the reply as it is.
func ask(tb testing.TB, c *bus.Conn, subject, payload string) string {
	tb.Helper()
	m, err := c.NC.Request(subject, []byte(payload), testTimeout)
	if err != nil {
		tb.Fatalf("%s %s: %v", subject, payload, err)
	}
	return string(m.Data)
}

func TestSubjectsOfV050(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	s := srv.serve(t, path)
	py := srv.connect(t, bus.RoleBot)

	publish(t, py, bus.SubjectUserJoined, `{"username": "Alice"}`)
	publish(t, py, bus.SubjectMessageLog,
		`{"username": "Alice", "message": "1 &lt; 2 &amp;amp; <a href=\"https://x.example/\">https://x.example/</a> <img title=\":kappa:\" src=\"k.png\">"}`,
		`{"username": "bob", "message": "日本語"}`, `{"username": "[server]", "message": "secret"}`)
	publish(t, py, bus.SubjectUserLeft, `{"username": "alice"}`)
	publish(t, py, bus.SubjectUserCount, `{"chat_count": 12, "connected_count": 25}`, `{"chat_count": 13, "connected_count": null}`)
	publish(t, py, bus.SubjectHighWater, `{"chat_count": 12, "connected_count": null}`, `{"chat_count": 11, "connected_count": 30}`)
	publish(t, py, bus.SubjectStatusUpdate, `{"status_data": {"bot_name": "Rosey", "bot_rank": 3.0, "bot_afk": 0, "bot_connected": 1, "what": []}}`)
	applied(t, py, s)

	expectRows(t, path, "SELECT username, total_chat_lines, current_session_start, last_seen >= first_seen FROM user_stats ORDER BY 1", "Alice|1|<nil>|1", "bob|1|<nil>|1")
	expectRows(t, path, "SELECT user, text FROM rosey_chat ORDER BY id", "Alice|1 < 2 &amp; https://x.example/ :kappa:", "bob|日本語")
	expectRows(t, path, "SELECT chat_users, connected_users FROM user_count_history ORDER BY id", "12|25", "13|0")
	expectRows(t, path, "SELECT max_users, max_connected FROM channel_stats", "12|30")
	expectRows(t, path, "SELECT bot_name, bot_rank, bot_afk, bot_connected FROM current_status", "Rosey|3|0|1")

	var chat []map[string]any
	if err := json.Unmarshal([]byte(ask(t, py, bus.SubjectRecentChat, `{"limit": 50}`)), &chat); err != nil || len(chat) != 2 {
		t.Fatalf("recent chat: %v, %v", chat, err)
	}
	if first := chat[0]; len(first) != 3 || first["username"] != "Alice" || !strings.Contains(fmt.Sprint(first["message"]), "&lt; 2 &amp;amp; <a") ||
		first["timestamp"].(float64) < float64(time.Now().Unix()-60) {
		t.Errorf("recent chat: %v", first)
	}
	for _, bad := range []string{`nonsense`, `[]`, `{"limit": "many"}`, `{"limit": 1e99}`} {
		for _, subject := range []string{bus.SubjectRecentChat, bus.SubjectOutboundGet} {
			if got := ask(t, py, subject, bad); got != "[]" {
				t.Errorf("%s %s: %s", subject, bad, got)
			}
		}
	}

	var queued bus.OutboundEnqueueReply
	for range 2 {
		if err := json.Unmarshal([]byte(ask(t, py, bus.SubjectOutboundEnqueue, `{"message": "hello", "id": "k"}`)), &queued); err != nil || queued.MessageID != 1 {
			t.Fatalf("enqueue: %+v, %v", queued, err)
		}
	}
	row := ask(t, py, bus.SubjectOutboundGet, `{"limit": 20, "max_retries": 3}`)
	if want := `[{"id":1,"timestamp":`; !strings.HasPrefix(row, want) || !strings.HasSuffix(row, `,"message":"hello","retry_count":0,"last_error":null}]`) {
		t.Errorf("outbound: %s", row)
	}
	publish(t, py, bus.SubjectOutboundFailed, `{"message_id": 1, "error": "cooldown"}`)
	applied(t, py, s)
	if row := ask(t, py, bus.SubjectOutboundGet, `{}`); row != "[]" {
		t.Errorf("just tried, and due: %s", row)
	}
	publish(t, py, bus.SubjectOutboundSent, `{"message_id": 1}`, `{"message_id": 1}`)
	applied(t, py, s)
	expectRows(t, path, "SELECT sent, retry_count, last_error FROM outbound_messages", "1|1|cooldown")
	if h := s.Health(); h.Bad != 0 || h.Lost != 0 || !h.JetStream || h.Error != "" || h.Stored[bus.SubjectMessageLog] != 3 {
		t.Errorf("health: %+v", h)
	}
}

func TestActionsSanctionsAndNotes(t *testing.T) {
	srv := startNATS(t, "2m")
	s := srv.serve(t, dbPath(t))
	bot := srv.connect(t, bus.RoleBot)
	viewer := srv.connect(t, bus.RoleViewer)
	const start = 1763640000
	act := bus.ActionWrite{Username: "op", Action: "kick", Time: start, Room: "primary", ID: "k1",
		Target: "Ben", Reason: "spam \x1b[2J", Outcome: bus.StatusPending, Source: room.SourceShell}
	publish(t, bot, bus.SubjectActionLog, act)
	act.Outcome, act.Text, act.Time = bus.StatusDone, "Ben was kicked", start+5
	publish(t, bot, bus.SubjectActionLog, act, bus.ActionWrite{Username: "op", Action: "say", Details: "hi", Time: start + 9})
	mute := bus.SanctionWrite{Room: "primary", Username: "Ben", Kind: bus.SanctionMute, Until: (start + 600) * 1000, By: "op", Reason: "caps", Time: start}
	publish(t, bot, bus.SubjectSanctionSet, mute, bus.SanctionWrite{Room: "primary", Username: "eve", Kind: bus.SanctionBan, Until: (start + 60) * 1000, By: "op", Time: start},
		`{"room":"primary","username":"ben","kind":"stare","until":1763640600000,"by":"op"}`, `{"room":"primary","username":"ben","kind":"ban","by":"op"}`)
	publish(t, bot, bus.SubjectSanctionEnd, bus.SanctionEnd{Room: "primary", Username: "EVE", Kind: bus.SanctionBan})
	publish(t, bot, bus.SubjectNoteSet, bus.NoteWrite{Room: "primary", Username: "ben", Text: "shouts", By: "op", Time: start},
		bus.NoteWrite{Room: "primary", Text: "first\nsecond", By: "op", Time: start}, bus.NoteWrite{Room: "primary", Text: strings.Repeat("x", 1<<20/2), By: "op"})
	applied(t, bot, s)

	actions, err := bus.Request[bus.ActionsReply](testContext(t), viewer, bus.SubjectActions, bus.ActionsQuery{Target: "ben", Before: start + 1})
	want := bus.ActionRow{ID: 1, Timestamp: start, Username: "op", Action: "kick", Details: "Ben: " + room.Clean(act.Reason) + " (done)",
		Room: "primary", Key: "k1", Target: "Ben", Reason: room.Clean(act.Reason), Outcome: bus.StatusDone, Text: "Ben was kicked", Source: room.SourceShell}
	if err != nil || len(actions.Rows) != 1 || actions.Rows[0] != want {
		t.Errorf("actions: %+v, want %+v, %v", actions, want, err)
	}
	sanctions, err := bus.Request[bus.SanctionsReply](testContext(t), viewer, bus.SubjectSanctions, bus.SanctionsQuery{Room: "primary"})
	if err != nil || len(sanctions.Sanctions) != 1 || sanctions.Sanctions[0] != mute {
		t.Errorf("sanctions: %+v, %v", sanctions, err)
	}
	notes, err := bus.Request[bus.NotesReply](testContext(t), viewer, bus.SubjectNotes, bus.NotesQuery{})
	if err != nil || len(notes.Notes) != 1 || notes.Notes[0].Text != "first\nsecond" {
		t.Errorf("the room's own note: %+v, %v", notes, err)
	}
	stats, err := bus.Request[bus.UserStatsReply](testContext(t), viewer, bus.SubjectUserStats, bus.UserStatsQuery{Username: "ben"})
	if err != nil || stats.User != nil {
		t.Errorf("someone never seen: %+v, %v", stats, err)
	}
	if h := s.Health(); h.Bad != 3 {
		t.Errorf("%d bad payloads, want 3", h.Bad)
	}
}

func TestQueries(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	s := srv.serve(t, path)
	bot := srv.connect(t, bus.RoleBot)
	viewer := srv.connect(t, bus.RoleViewer)
	const start = 1763640000.0
	five := 5
	publish(t, bot, bus.SubjectMessageLog,
		bus.MessageWrite{Username: "ann", Message: "good movie", Text: "good movie", Time: start + 0.25, Room: "primary"},
		bus.MessageWrite{Username: "ann", Message: "good movie", Text: "good movie", Time: start + 0.25, Room: "primary"},
		bus.MessageWrite{Username: "ANN", Message: "bad movie", Text: "bad movie", Time: start + 1, Room: "other"},
		bus.MessageWrite{Username: "ben", Message: "from the future", Time: float64(time.Now().Unix() + 86400*365), Room: "primary"})
	publish(t, bot, bus.SubjectUserCount, bus.CountWrite{ChatCount: 3, ConnectedCount: &five, Time: start})
	publish(t, bot, bus.SubjectHighWater, bus.CountWrite{ChatCount: 3, ConnectedCount: &five, Time: start})
	publish(t, bot, bus.SubjectActionLog, bus.ActionWrite{Username: "op", Action: "kick", Details: "ben: spam", Time: start})
	applied(t, bot, s)

	get := func(subject string, q, reply any) {
		t.Helper()
		data, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(ask(t, viewer, subject, string(data))), reply); err != nil {
			t.Fatal(err)
		}
	}
	var search bus.ChatSearchReply
	get(bus.SubjectChatSearch, bus.ChatSearchQuery{Text: "movie", User: "Ann"}, &search)
	if len(search.Hits) != 2 || search.Hits[0].Text != "bad movie" || search.Hits[1].Time != 1763640000250 || search.More {
		t.Errorf("search: %+v", search)
	}
	get(bus.SubjectChatSearch, bus.ChatSearchQuery{Text: "movie", Room: "primary", Limit: 1}, &search)
	if len(search.Hits) != 1 || search.More {
		t.Errorf("search in a room: %+v", search)
	}
	get(bus.SubjectChatSearch, bus.ChatSearchQuery{Text: "future", Before: time.Now().Add(time.Hour).UnixMilli()}, &search)
	if len(search.Hits) != 1 {
		t.Errorf("a time that cannot be: %+v", search)
	}
	get(bus.SubjectChatSearch, bus.ChatSearchQuery{Text: strings.Repeat("movie ", 1000)}, &search)
	if len(search.Hits) != 0 || search.Error == "" {
		t.Errorf("endless search: %+v", search)
	}
	var stats bus.UserStatsReply
	get(bus.SubjectUserStats, bus.UserStatsQuery{Username: "aNN"}, &stats)
	if stats.User == nil || stats.User.ChatLines != 2 || stats.User.FirstSeen != start {
		t.Errorf("user stats: %+v", stats.User)
	}
	get(bus.SubjectUserStats, bus.UserStatsQuery{Username: "nobody"}, &stats)
	if stats.User != nil || stats.Error != "" {
		t.Errorf("nobody: %+v", stats)
	}
	var top bus.TopReply
	get(bus.SubjectTopChatters, bus.TopQuery{Limit: 1}, &top)
	if len(top.Users) != 1 || top.Users[0].Username != "ann" {
		t.Errorf("top: %+v", top)
	}
	get(bus.SubjectUsers, bus.TopQuery{Offset: 1}, &top)
	if len(top.Users) != 1 {
		t.Errorf("users: %+v", top)
	}
	get(bus.SubjectUsers, bus.TopQuery{Names: []string{"BEN", "ann"}, Sort: bus.SortName, Descending: true}, &top)
	if len(top.Users) != 2 || top.Users[0].Username != "ben" {
		t.Errorf("users by name: %+v", top)
	}
	get(bus.SubjectUsers, bus.TopQuery{Sort: "height"}, &top)
	if len(top.Users) != 0 || top.Error == "" {
		t.Errorf("an order that there is not: %+v", top)
	}
	search = bus.ChatSearchReply{}
	get(bus.SubjectChatSearch, bus.ChatSearchQuery{OldestFirst: true, Limit: 2}, &search)
	if len(search.Hits) != 2 || search.Hits[0].Text != "good movie" || !search.More {
		t.Errorf("from the oldest on: %+v", search)
	}
	for text, want := range map[string]string{"^(good|bad)": "", "(": "missing closing )", "(((a|bc){20}){40}){1}": "too large", "((abc){9}def){99}": "too large", strings.Repeat("a", 2000): "search for less"} {
		search = bus.ChatSearchReply{}
		get(bus.SubjectChatSearch, bus.ChatSearchQuery{Regexp: text}, &search)
		if !strings.Contains(search.Error, want) || (want == "") != (search.Error == "") {
			t.Errorf("pattern %.40s: %+v", text, search)
		}
		if text == "^(good|bad)" && len(search.Hits) != 2 {
			t.Errorf("pattern %s: %+v", text, search)
		}
	}
	var channel bus.ChannelStatsReply
	get(bus.SubjectChannelStats, struct{}{}, &channel)
	if channel != (bus.ChannelStatsReply{MaxUsers: 3, MaxUsersTime: start, MaxConnected: 5, MaxConnectedTime: start, TotalUsers: 2, TotalLines: 3}) {
		t.Errorf("channel: %+v", channel)
	}
	var counts bus.CountHistoryReply
	get(bus.SubjectCountHistory, bus.CountHistoryQuery{Since: start}, &counts)
	if len(counts.Rows) != 1 || counts.Rows[0] != (bus.CountHistoryRow{Timestamp: start, Chat: 3, Connected: 5}) {
		t.Errorf("counts: %+v", counts)
	}
	var actions bus.ActionsReply
	get(bus.SubjectActions, bus.ActionsQuery{Username: "OP"}, &actions)
	if len(actions.Rows) != 1 || actions.Rows[0].Details != "ben: spam" {
		t.Errorf("actions: %+v", actions)
	}
}

func TestLongRecentChatIsCutToOneMessage(t *testing.T) {
	srv := startNATS(t, "2m")
	s := srv.serve(t, dbPath(t))
	bot := srv.connect(t, bus.RoleBot)
	long := strings.Repeat("<", 10_000) // six bytes each in JSON
	const lines = 200                   // 12 MB of JSON, more than one message may hold
	for i := range lines {
		publish(t, bot, bus.SubjectMessageLog, bus.MessageWrite{Username: "bob", Message: fmt.Sprint(long, i)})
	}
	applied(t, bot, s)
	var chat []bus.RecentRow
	if err := json.Unmarshal([]byte(ask(t, bot, bus.SubjectRecentChat, `{"limit": 1000}`)), &chat); err != nil {
		t.Fatal(err)
	}
	if len(chat) < 10 || len(chat) >= lines || !strings.HasSuffix(chat[len(chat)-1].Message, fmt.Sprint(lines-1)) {
		t.Errorf("%d rows", len(chat))
	}
}

func TestBadPayloads(t *testing.T) {
	srv := startNATS(t, "2m")
	path := dbPath(t)
	var log logs
	s := srv.serve(t, path, func(o *dbsvc.Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	bot := srv.connect(t, bus.RoleBot)
	var sent uint64
	for _, test := range []struct {
		subject  string
		payloads []any
	}{
		{bus.SubjectUserJoined, []any{"", "nonsense \x1b[2Jboo", "null", "[]", `{}`, `{"username":5}`, `{"username":""}`, `{"username":"\u0007 "}`,
			bus.UserWrite{Username: strings.Repeat("x", 5000)}, `{"username":"a","time":"now"}`, `{"username":"a","time":-1}`, `{"username":"a","time":1763640000000}`}},
		{bus.SubjectUserLeft, []any{"\xff\xfe", `{"name":"bob"}`}},
		{bus.SubjectMessageLog, []any{`{"username":"bob"}`, `{"message":"hi"}`, `{"username":"bob","message":7}`,
			bus.MessageWrite{Username: "bob", Message: strings.Repeat("x", 100_000)}}},
		{bus.SubjectUserCount, []any{`{"chat_count":-1}`, `{"chat_count":1.5}`, `{"chat_count":1e30}`, `{"chat_count":1,"connected_count":-4}`}},
		{bus.SubjectHighWater, []any{`{"chat_count":"many"}`}},
		{bus.SubjectStatusUpdate, []any{`{}`, `{"status_data":[]}`, `{"status_data":{}}`}},
		{bus.SubjectOutboundSent, []any{`{}`, `{"message_id":"x"}`, `{"message_id":-1}`}},
		{bus.SubjectOutboundFailed, []any{`{"error":"x"}`}},
		{bus.SubjectActionLog, []any{`{"username":"op"}`, `{"action_type":"kick"}`}},
	} {
		publish(t, bot, test.subject, test.payloads...)
		sent += uint64(len(test.payloads))
	}
	publish(t, bot, bus.SubjectMessageLog, `{"username":"bob","message":"still here"}`)
	applied(t, bot, s)
	if h := s.Health(); h.Bad != sent || h.Rows != 1 || h.Applied != sent+1 {
		t.Errorf("of %d bad payloads: %+v", sent, h)
	}
	expectRows(t, path, "SELECT username, message FROM recent_chat", "bob|still here")
	expectRows(t, path, "SELECT count(*) FROM user_stats", "1")
	if !log.has("write refused") || log.has("\x1b") || log.has(strings.Repeat("x", 300)) {
		t.Error("the log is not clean, or silent")
	}
	for _, subject := range []string{bus.SubjectChatSearch, bus.SubjectUserStats, bus.SubjectOutboundEnqueue} {
		if got := ask(t, bot, subject, "nonsense"); !strings.Contains(got, `"error"`) {
			t.Errorf("%s: %s", subject, got)
		}
	}
}

func TestWithoutJetStream(t *testing.T) {
	srv := startPlainNATS(t)
	path := dbPath(t)
	var log logs
	s := srv.serve(t, path, func(o *dbsvc.Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	bot := srv.connect(t, bus.RoleBot)
	if h := s.Health(); h.JetStream || !log.has("no JetStream") {
		t.Errorf("nobody says that there is no JetStream: %+v", h)
	}
	for i := range 1000 {
		publish(t, bot, bus.SubjectMessageLog, bus.MessageWrite{Username: "bob", Message: fmt.Sprint("line ", i)})
	}
	if got := ask(t, bot, bus.SubjectMessageLog, "nonsense"); !strings.Contains(got, `"error"`) {
		t.Errorf("a bad write: %s", got)
	}
	publish(t, bot, bus.SubjectUserJoined, bus.UserWrite{Username: "eve"})
	publish(t, bot, bus.SubjectUserLeft, bus.UserWrite{Username: "eve"})
	eventually(t, "writes received", func() bool { return s.Health().Stored[bus.SubjectUserLeft] == 1 })
	if err := s.Close(testContext(t)); err != nil {
		t.Fatal(err)
	}
	expectRows(t, path, "SELECT count(*), count(DISTINCT message) FROM recent_chat", "1000|1000")
	expectRows(t, path, "SELECT username, total_chat_lines FROM user_stats ORDER BY 1", "bob|1000", "eve|0")
}

func TestHealthIsPublishedAndTheServiceIsListed(t *testing.T) {
	srv := startNATS(t, "2m")
	srv.serve(t, dbPath(t))
	viewer := srv.connect(t, bus.RoleViewer)
	sub, err := viewer.NC.SubscribeSync(bus.SubjectDBHealth)
	if err != nil {
		t.Fatal(err)
	}
	m, err := sub.NextMsg(testTimeout)
	if err != nil {
		t.Fatal(err)
	}
	var h bus.DBHealth
	if err := json.Unmarshal(m.Data, &h); err != nil || h.Instance != "test" || !h.JetStream || h.Bytes == 0 || h.Time == 0 {
		t.Errorf("health: %s, %v", m.Data, err)
	}
	if info := ask(t, viewer, "$SRV.INFO.rosey-db", ""); !strings.Contains(info, bus.SubjectChatSearch) {
		t.Errorf("micro info: %s", info)
	}
}
