package store

import (
	"context"
	"database/sql"
	"time"
)

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

// UserStats is what is known of a person, all spellings of the name together.
type UserStats struct {
	Username       string // as spelled last
	FirstSeen      int64
	LastSeen       int64
	ChatLines      int64
	TimeConnected  int64 // seconds, an open session up to the last write included
	SessionStarted int64 // 0 when no session is open
}

// userColumns merges rows whose names differ in case alone. In SQLite, bare
// columns beside one max() come from the row that has the maximum.
const userColumns = `
SELECT username, min(first_seen), max(last_seen), sum(coalesce(total_chat_lines, 0)),
  sum(coalesce(total_time_connected, 0) + CASE WHEN current_session_start IS NULL THEN 0
    ELSE max(0, max(last_seen, (SELECT coalesce(max(value), 0) / 1000 FROM rosey_meta WHERE key = 'last_write')) - current_session_start) END),
  coalesce(sum(current_session_start), 0)
FROM user_stats `

const (
	selectUserStats   = userColumns + `WHERE username = ? COLLATE NOCASE GROUP BY username COLLATE NOCASE`
	selectTopChatters = userColumns + `GROUP BY username COLLATE NOCASE
HAVING sum(coalesce(total_chat_lines, 0)) > 0 ORDER BY 4 DESC, 1 LIMIT ? OFFSET ?`
	selectUsers = userColumns + `GROUP BY username COLLATE NOCASE ORDER BY 3 DESC, 1 LIMIT ? OFFSET ?`
)

func userFields(u *UserStats) []any {
	return []any{&u.Username, &u.FirstSeen, &u.LastSeen, &u.ChatLines, &u.TimeConnected, &u.SessionStarted}
}

// User gives one person, nil when nobody of that name was seen.
func (s *Store) User(ctx context.Context, name string) (*UserStats, error) {
	rows, err := s.stmts.userStats.QueryContext(ctx, name)
	found, err := collect(rows, err, userFields)
	if err != nil || len(found) == 0 {
		return nil, s.explain("read user", err)
	}
	return &found[0], nil
}

// TopChatters gives those who said anything, the most talkative first.
func (s *Store) TopChatters(ctx context.Context, limit, offset int) ([]UserStats, error) {
	rows, err := s.stmts.topChatters.QueryContext(ctx, limit, offset)
	top, err := collect(rows, err, userFields)
	return top, s.explain("read top chatters", err)
}

// Users gives everyone, those seen last first.
func (s *Store) Users(ctx context.Context, limit, offset int) ([]UserStats, error) {
	rows, err := s.read.QueryContext(ctx, selectUsers, limit, offset)
	users, err := collect(rows, err, userFields)
	return users, s.explain("read users", err)
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

// Acted is a row of user_actions.
type Acted struct {
	ID, Timestamp             int64
	Username, Action, Details string
}

// Actions gives what was done since a time, by one person or, with an empty
// name, by all; newest first.
func (s *Store) Actions(ctx context.Context, name string, since time.Time, limit int) ([]Acted, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT id, timestamp, username, action_type, coalesce(details, '') FROM user_actions
		WHERE (?1 = '' OR username = ?1 COLLATE NOCASE) AND timestamp >= ?2
		ORDER BY id DESC LIMIT ?3`, name, since.Unix(), limit)
	actions, err := collect(rows, err, func(a *Acted) []any {
		return []any{&a.ID, &a.Timestamp, &a.Username, &a.Action, &a.Details}
	})
	return actions, s.explain("read user actions", err)
}
