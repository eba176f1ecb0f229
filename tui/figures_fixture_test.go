package tui

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// figures is what the views of figures are told.
type figures struct {
	report   bus.NATSReport
	services []bus.ServiceStats
	faults   bus.Stats
	query    bus.NATSQuery // that was asked last
}

func (a *figures) sources() busSources {
	return busSources{
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
func figureModel(tb testing.TB, w, h int) (*model, *figures) {
	m, _ := sceneModel(tb, w, h)
	a := &figures{}
	m.deps.busSources = a.sources()
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
	a.faults = bus.Stats{Since: evening.Add(-time.Hour), Reconnects: 2}
	for i := range 12 {
		n, now := uint64(i), evening.Add(time.Duration(i)*time.Second)
		if i > 6 {
			n = 6
		}
		m.Update(batchMsg{at: now, updates: []roomUpdate{
			{room: "movienight", Update: event(message("21:04", "bob", "again"))},
			{room: "movienight", Update: bus.Update{Kind: bus.UpdateHeartbeat, Heartbeat: bus.Heartbeat{Room: "movienight", Instance: "i", Link: room.Connection{State: room.LinkUp}, RTT: 41}}},
			{Update: bus.Update{Kind: bus.UpdatePublished, Heartbeat: bus.Heartbeat{Room: "movienight", Instance: "i",
				Published: map[string]uint64{bus.SubjectMessageLog: 700 + 10*n, bus.SubjectUserJoined: 31}}}},
			{Update: bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{Instance: "d", Time: now.UnixMilli(), JetStream: true, Rows: 900 + 12*n, CommitMS: 1.2 + float64(i%3),
				Stored: map[string]uint64{bus.SubjectMessageLog: 690 + 10*n, bus.SubjectUserJoined: 30 + n/6}, Bytes: 621_000}}},
		}})
		m.Update(rttMsg{rtt: time.Duration(90+i*i*20) * time.Microsecond})
		m.Update(tickMsg(now))
	}
	return m, a
}

// openFigures opens a view and lets it ask twice, a second apart.
func openFigures(m *model, a *figures, id viewID) {
	a.report = busReport(12)
	run1(m, m.open(id))
	a.report = busReport(13)
	m.now = evening.Add(13 * time.Second)
	run1(m, m.view().want(m))
}
