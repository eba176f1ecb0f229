package store

import (
	"context"
	"database/sql"
	"strings"
	"time"
)

// conditions is a WHERE under construction.
type conditions struct {
	all  []string
	args []any
}

func (c *conditions) add(condition string, args ...any) {
	c.all = append(c.all, condition)
	c.args = append(c.args, args...)
}

func (c *conditions) sql() string {
	if len(c.all) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.all, " AND ")
}

// collect reads a whole result. An empty one is an empty slice, not nil: as
// JSON it is [].
func collect[T any](rows *sql.Rows, err error, fields func(*T) []any) ([]T, error) {
	list := []T{}
	if err != nil {
		return list, err
	}
	defer func() { _ = rows.Close() }() // Err tells what Close would
	var row T
	into := fields(&row)
	for rows.Next() {
		var zero T
		row = zero
		if err := rows.Scan(into...); err != nil {
			return list, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// aText is a row of one column.
func aText(text *string) []any { return []any{text} }

// Recent is a line of recent_chat; Message is HTML as CyTube sent it.
type Recent struct {
	Timestamp         int64
	Username, Message string
}

// The index on timestamp alone gives the newest seconds but no order within
// one. edge is the second in which the limit falls; of that one, the last
// lines are taken, so that a second with thousands of lines is not sorted.
const selectRecent = `
WITH edge (at) AS (
  SELECT coalesce((SELECT timestamp FROM recent_chat ORDER BY timestamp DESC LIMIT 1 OFFSET ?1 - 1), -1 << 62))
SELECT timestamp, username, message FROM (
  SELECT r.id, timestamp, username, message FROM recent_chat r, edge WHERE timestamp > at
  UNION ALL
  SELECT * FROM (
    SELECT r.id, timestamp, username, message FROM recent_chat r, edge WHERE timestamp = at ORDER BY r.id DESC LIMIT ?1)
  ORDER BY 2 DESC, 1 DESC LIMIT ?1)
ORDER BY timestamp, id`

// RecentChat gives the newest lines of recent_chat, oldest first.
func (s *Store) RecentChat(ctx context.Context, limit int) ([]Recent, error) {
	rows, err := s.stmts.recent.QueryContext(ctx, limit)
	lines, err := collect(rows, err, func(r *Recent) []any { return []any{&r.Timestamp, &r.Username, &r.Message} })
	return lines, s.explain("read recent chat", err)
}

// ChannelStats is the highest counts ever and what there is in total. Times
// are Unix seconds, 0 when never.
type ChannelStats struct {
	MaxUsers, MaxUsersTime         int64
	MaxConnected, MaxConnectedTime int64
	TotalUsers, TotalLines         int64
}

// Channel gives the channel's statistics.
func (s *Store) Channel(ctx context.Context) (ChannelStats, error) {
	var c ChannelStats
	err := s.read.QueryRowContext(ctx, `
		SELECT coalesce(max_users, 0), coalesce(max_users_timestamp, 0),
		       coalesce(max_connected, 0), coalesce(max_connected_timestamp, 0),
		       (SELECT count(DISTINCT username COLLATE NOCASE) FROM user_stats),
		       (SELECT coalesce(sum(total_chat_lines), 0) FROM user_stats)
		FROM channel_stats WHERE id = 1`).
		Scan(&c.MaxUsers, &c.MaxUsersTime, &c.MaxConnected, &c.MaxConnectedTime, &c.TotalUsers, &c.TotalLines)
	return c, s.explain("read channel statistics", err)
}

// Counted is one measurement of user_count_history.
type Counted struct{ Timestamp, Chat, Connected int64 }

const selectCountsSince = `SELECT timestamp, chat_users, connected_users FROM (
  SELECT id, timestamp, chat_users, connected_users FROM user_count_history WHERE timestamp >= ?
  ORDER BY timestamp DESC, id DESC LIMIT ?) ORDER BY timestamp, id`

// Counts gives the newest measurements since a time, oldest first.
func (s *Store) Counts(ctx context.Context, since time.Time, limit int) ([]Counted, error) {
	rows, err := s.stmts.countsSince.QueryContext(ctx, since.Unix(), limit)
	counts, err := collect(rows, err, func(c *Counted) []any { return []any{&c.Timestamp, &c.Chat, &c.Connected} })
	return counts, s.explain("read count history", err)
}
