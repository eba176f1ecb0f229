package dbsvc

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/dbsvc/store"
)

const (
	maxQuery = 1000 // bytes of a search text or pattern
	// maxProgram bounds what a pattern compiles to, and so what it costs for
	// each line: repeats of repeats grow fast.
	maxProgram = 2000
)

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
	limit := s.opts.Conn.NC.MaxPayload()
	if int64(6*size+300*len(rows)) <= limit {
		return rows
	}
	slices.Reverse(rows) // the oldest are cut off
	rows = fitting(rows, limit)
	slices.Reverse(rows)
	return rows
}

func (s *Service) chatSearch(ctx context.Context, q bus.ChatSearchQuery) bus.ChatSearchReply {
	reply := bus.ChatSearchReply{Hits: []bus.ChatHit{}}
	if max(len(q.Text), len(q.Regexp)) > maxQuery {
		reply.Error = fmt.Sprintf("search for less: %d bytes are the limit", maxQuery)
		return reply
	}
	pattern, err := pattern(q.Regexp)
	if err != nil {
		reply.Error = err.Error()
		return reply
	}
	found, err := s.store.Search(ctx, store.Search{
		Text: room.Clean(q.Text), Pattern: pattern,
		User: strings.TrimSpace(room.Clean(q.User)), Room: room.Clean(q.Room),
		Since: unixMS(q.Since), Before: unixMS(q.Before), OldestFirst: q.OldestFirst,
		Limit: limited(q.Limit, maxLimit), Offset: skipped(q.Offset),
	})
	reply.Error, reply.More, reply.Reached = s.said(bus.SubjectChatSearch, err), found.More, found.Reached
	for _, h := range found.Hits {
		reply.Hits = append(reply.Hits, bus.ChatHit(h))
	}
	if fit := fitting(reply.Hits, s.opts.Conn.NC.MaxPayload()); len(fit) < len(reply.Hits) {
		reply.Hits, reply.More = fit, true
	}
	return reply
}

// pattern compiles a regular expression; nil for an empty one.
func pattern(text string) (*regexp.Regexp, error) {
	if text == "" {
		return nil, nil
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		var detail *syntax.Error
		if errors.As(err, &detail) {
			return nil, fmt.Errorf("the pattern cannot be read: %s: %s", detail.Code, room.Clean(detail.Expr))
		}
		return nil, fmt.Errorf("the pattern cannot be read: %s", room.Clean(err.Error()))
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > maxProgram {
		return nil, errors.New("the pattern is too large: use fewer or smaller repeats")
	}
	return regexp.Compile(text)
}
