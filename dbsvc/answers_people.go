package dbsvc

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/dbsvc/store"
)

func (s *Service) userStats(ctx context.Context, q bus.UserStatsQuery) bus.UserStatsReply {
	user, err := s.store.User(ctx, strings.TrimSpace(room.Clean(q.Username)))
	reply := bus.UserStatsReply{Error: s.said(bus.SubjectUserStats, err)}
	if user != nil {
		u := bus.UserStats(*user)
		reply.User = &u
	}
	return reply
}

// orders are those of bus.TopQuery.
var orders = map[bus.UsersSort]store.Order{
	bus.SortLines: store.ByLines, bus.SortName: store.ByName, bus.SortFirstSeen: store.ByFirstSeen,
	bus.SortLastSeen: store.ByLastSeen, bus.SortTime: store.ByTime, bus.SortActions: store.ByActions,
}

func (s *Service) users(ctx context.Context, q bus.TopQuery) bus.TopReply {
	order, known := orders[q.Sort]
	if !known {
		return bus.TopReply{Users: []bus.UserStats{}, Error: fmt.Sprintf("there is no order %q of people", room.Clean(string(q.Sort[:min(len(q.Sort), maxName)])))}
	}
	if len(q.Names) > maxLimit || len(q.Filter) > maxName {
		return bus.TopReply{Users: []bus.UserStats{}, Error: fmt.Sprintf("ask for less: %d names, or a part of a name, are the limit", maxLimit)}
	}
	filter := store.UsersFilter{
		Part: strings.TrimSpace(room.Clean(q.Filter)), Order: order, Descending: q.Descending,
		Limit: limited(cmp.Or(q.Limit, len(q.Names)), maxLimit), Offset: skipped(q.Offset),
	}
	for _, name := range q.Names {
		filter.Names = append(filter.Names, strings.TrimSpace(room.Clean(name[:min(len(name), maxName)])))
	}
	users, err := s.store.Users(ctx, filter)
	return topReply(users, s.said(bus.SubjectUsers, err))
}

func (s *Service) topChatters(ctx context.Context, q bus.TopQuery) bus.TopReply {
	users, err := s.store.TopChatters(ctx, limited(q.Limit, maxLimit), skipped(q.Offset))
	return topReply(users, s.said(bus.SubjectTopChatters, err))
}

func topReply(users []store.UserStats, wrong string) bus.TopReply {
	reply := bus.TopReply{Users: make([]bus.UserStats, len(users)), Error: wrong}
	for i, u := range users {
		reply.Users[i] = bus.UserStats(u)
	}
	return reply
}
