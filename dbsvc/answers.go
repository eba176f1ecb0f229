package dbsvc

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/dbsvc/store"
)

// Bounds on what one answer holds.
const (
	defaultLimit = 50
	maxLimit     = 500
	maxRecent    = 5000 // v0.5.0 had no bound; what is too much for one NATS message is cut
	maxOffset    = 1 << 30
	maxQuery     = 1000 // bytes of a search text
)

// answer serves the queries and puts the service on the list of NATS services.
func (s *Service) answer() error {
	c := s.opts.Conn
	for _, serve := range []func() (*nats.Subscription, error){
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectRecentChat, s.recentChat) },
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectOutboundGet, s.outbound) },
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectOutboundEnqueue, s.enqueue) },
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectUserStats, s.userStats) },
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectUsers, s.users) },
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectTopChatters, s.topChatters) },
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectChannelStats, s.channelStats) },
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectCountHistory, s.countHistory) },
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectChatSearch, s.chatSearch) },
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectActions, s.actions) },
	} {
		sub, err := serve()
		if err != nil {
			return err
		}
		s.answers = append(s.answers, sub.Unsubscribe)
	}
	listed, err := bus.AddService(c, "rosey-db", "rosey's database", s.opts.Version, map[string]string{"instance": s.opts.Instance})
	if err != nil {
		return err
	}
	s.answers = append(s.answers, listed.Stop)
	return nil
}

// said gives an error as a reply carries it, and logs it.
func (s *Service) said(subject string, err error) string {
	if err == nil {
		return ""
	}
	s.log.Warn("query was not answered", "subject", subject, "error", err)
	return err.Error()
}

func limited(n, most int) int { return min(cmp.Or(max(0, n), defaultLimit), most) }

func skipped(n int) int { return min(max(0, n), maxOffset) }

// recentChat answers an empty array on any error, as v0.5.0 did (COMPAT.md §2).
func (s *Service) recentChat(ctx context.Context, q bus.RecentQuery) []bus.RecentRow {
	lines, err := s.store.RecentChat(ctx, limited(q.Limit, maxRecent))
	s.said(bus.SubjectRecentChat, err)
	rows := make([]bus.RecentRow, len(lines))
	size := 0
	for i, l := range lines {
		rows[i] = bus.RecentRow(l)
		size += len(l.Message)
	}
	// JSON makes six bytes of a byte at most, and a row's frame has below 200.
	if limit := s.opts.Conn.NC.MaxPayload(); int64(6*size+300*len(rows)) > limit {
		return newest(rows, limit)
	}
	return rows
}

// newest cuts the oldest rows off until the answer fits into a message.
func newest(rows []bus.RecentRow, limit int64) []bus.RecentRow {
	used := int64(2)
	for i := len(rows) - 1; i >= 0; i-- {
		data, err := json.Marshal(rows[i])
		if used += int64(len(data)) + 1; err != nil || used > limit {
			return rows[i+1:]
		}
	}
	return rows
}

func (s *Service) outbound(ctx context.Context, q bus.OutboundQuery) []bus.OutboundRow {
	const defaultRetries = 3
	due, err := s.store.Due(ctx, limited(q.Limit, maxLimit), cmp.Or(max(0, q.MaxRetries), defaultRetries), time.Now())
	s.said(bus.SubjectOutboundGet, err)
	rows := make([]bus.OutboundRow, len(due))
	for i, o := range due {
		rows[i] = bus.OutboundRow(o)
	}
	return rows
}

func (s *Service) enqueue(ctx context.Context, q bus.OutboundEnqueue) bus.OutboundEnqueueReply {
	switch {
	case strings.TrimSpace(q.Message) == "":
		return bus.OutboundEnqueueReply{Error: "message is missing"}
	case len(q.Message) > maxText || len(q.ID) > maxName:
		return bus.OutboundEnqueueReply{Error: fmt.Sprintf("message or id is too long: %d and %d bytes are the limits", maxText, maxName)}
	}
	id, err := s.store.Enqueue(ctx, q.Message, q.ID, time.Now())
	return bus.OutboundEnqueueReply{MessageID: id, Error: s.said(bus.SubjectOutboundEnqueue, err)}
}

func (s *Service) userStats(ctx context.Context, q bus.UserStatsQuery) bus.UserStatsReply {
	user, err := s.store.User(ctx, strings.TrimSpace(room.Clean(q.Username)))
	reply := bus.UserStatsReply{Error: s.said(bus.SubjectUserStats, err)}
	if user != nil {
		u := userRow(*user)
		reply.User = &u
	}
	return reply
}

func (s *Service) users(ctx context.Context, q bus.TopQuery) bus.TopReply {
	users, err := s.store.Users(ctx, limited(q.Limit, maxLimit), skipped(q.Offset))
	return topReply(users, s.said(bus.SubjectUsers, err))
}

func (s *Service) topChatters(ctx context.Context, q bus.TopQuery) bus.TopReply {
	users, err := s.store.TopChatters(ctx, limited(q.Limit, maxLimit), skipped(q.Offset))
	return topReply(users, s.said(bus.SubjectTopChatters, err))
}

func topReply(users []store.UserStats, wrong string) bus.TopReply {
	reply := bus.TopReply{Users: make([]bus.UserStats, len(users)), Error: wrong}
	for i, u := range users {
		reply.Users[i] = userRow(u)
	}
	return reply
}

func userRow(u store.UserStats) bus.UserStats {
	return bus.UserStats{
		Username: u.Username, FirstSeen: u.FirstSeen, LastSeen: u.LastSeen,
		ChatLines: u.ChatLines, TimeConnected: u.TimeConnected, SessionStarted: u.SessionStarted,
	}
}

func (s *Service) channelStats(ctx context.Context, _ struct{}) bus.ChannelStatsReply {
	c, err := s.store.Channel(ctx)
	return bus.ChannelStatsReply{
		MaxUsers: c.MaxUsers, MaxUsersTime: c.MaxUsersTime,
		MaxConnected: c.MaxConnected, MaxConnectedTime: c.MaxConnectedTime,
		TotalUsers: c.TotalUsers, TotalLines: c.TotalLines,
		Error: s.said(bus.SubjectChannelStats, err),
	}
}

func (s *Service) countHistory(ctx context.Context, q bus.CountHistoryQuery) bus.CountHistoryReply {
	const most = 10000 // thirty days of one every five minutes are 8640
	counts, err := s.store.Counts(ctx, time.Unix(q.Since, 0), limited(q.Limit, most))
	reply := bus.CountHistoryReply{Rows: make([]bus.CountHistoryRow, len(counts)), Error: s.said(bus.SubjectCountHistory, err)}
	for i, c := range counts {
		reply.Rows[i] = bus.CountHistoryRow(c)
	}
	return reply
}

func (s *Service) chatSearch(ctx context.Context, q bus.ChatSearchQuery) bus.ChatSearchReply {
	if len(q.Text) > maxQuery {
		return bus.ChatSearchReply{Hits: []bus.ChatHit{}, Error: fmt.Sprintf("search for less: %d bytes are the limit", maxQuery)}
	}
	hits, more, err := s.store.Search(ctx, store.Search{
		Text: room.Clean(q.Text), User: strings.TrimSpace(room.Clean(q.User)), Room: room.Clean(q.Room),
		Since: unixMS(q.Since), Before: unixMS(q.Before),
		Limit: limited(q.Limit, maxLimit), Offset: skipped(q.Offset),
	})
	reply := bus.ChatSearchReply{Hits: make([]bus.ChatHit, len(hits)), More: more, Error: s.said(bus.SubjectChatSearch, err)}
	for i, h := range hits {
		reply.Hits[i] = bus.ChatHit(h)
	}
	return reply
}

// unixMS is the zero time for 0, and bounded to what a line can have.
func unixMS(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(min(max(0, ms), maxSeconds*1000))
}

func (s *Service) actions(ctx context.Context, q bus.ActionsQuery) bus.ActionsReply {
	actions, err := s.store.Actions(ctx, strings.TrimSpace(room.Clean(q.Username)), time.Unix(q.Since, 0), limited(q.Limit, maxLimit))
	reply := bus.ActionsReply{Rows: make([]bus.ActionRow, len(actions)), Error: s.said(bus.SubjectActions, err)}
	for i, a := range actions {
		reply.Rows[i] = bus.ActionRow{
			ID: a.ID, Timestamp: a.Timestamp, Username: a.Username, Action: a.Action, Details: a.Details,
		}
	}
	return reply
}
