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
)

// ServiceName is what the service is listed as among those on the bus.
const ServiceName = "rosey-db"

// Bounds on what one answer holds.
const (
	defaultLimit = 50
	maxLimit     = 500
	maxRecent    = 5000 // v0.5.0 had no bound; what is too much for one NATS message is cut
	maxOffset    = 1 << 30
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
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectSanctions, s.sanctions) },
		func() (*nats.Subscription, error) { return bus.Respond(c, bus.SubjectNotes, s.notes) },
	} {
		sub, err := serve()
		if err != nil {
			return err
		}
		s.answers = append(s.answers, sub.Unsubscribe)
	}
	listed, err := bus.AddService(c, ServiceName, "rosey's database", s.opts.Version, map[string]string{"instance": s.opts.Instance})
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

func (s *Service) channelStats(ctx context.Context, _ struct{}) bus.ChannelStatsReply {
	c, err := s.store.Channel(ctx)
	return bus.ChannelStatsReply{
		MaxUsers: c.MaxUsers, MaxUsersTime: c.MaxUsersTime,
		MaxConnected: c.MaxConnected, MaxConnectedTime: c.MaxConnectedTime,
		TotalUsers: c.TotalUsers, TotalLines: c.TotalLines, Retention: s.opts.Database.Retention,
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

// unixMS is the zero time for 0, and bounded to what a row can have.
func unixMS(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(min(max(0, ms), maxSeconds*1000))
}

// unixSeconds is unixMS for seconds.
func unixSeconds(s int64) time.Time {
	return unixMS(min(max(0, s), maxSeconds) * 1000)
}

// fitting gives as many of the first rows as one NATS message takes.
func fitting[T any](rows []T, limit int64) []T {
	const frame = 1000 // of the reply around them
	used := int64(frame)
	for i := range rows {
		data, err := json.Marshal(rows[i])
		if used += int64(len(data)) + 1; err != nil || used > limit {
			return rows[:i]
		}
	}
	return rows
}
