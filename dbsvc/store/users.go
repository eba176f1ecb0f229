package store

import (
	"context"
	"fmt"
	"strings"
)

// UserStats is what is known of a person, all spellings of the name together.
type UserStats struct {
	Username       string // as spelled last
	FirstSeen      int64
	LastSeen       int64
	ChatLines      int64
	TimeConnected  int64 // seconds, an open session up to the last write included
	SessionStarted int64 // 0 when no session is open
	Actions        int64 // against them: kicks, mutes and bans that took effect
	Notes          int64
}

// selectPeople merges rows whose names differ in case alone. In SQLite, bare
// columns beside one max() come from the row that has the maximum.
const selectPeople = `
SELECT username, min(first_seen) first_seen, max(last_seen) last_seen, sum(coalesce(total_chat_lines, 0)) lines,
  sum(coalesce(total_time_connected, 0) + CASE WHEN current_session_start IS NULL THEN 0
    ELSE max(0, max(last_seen, (SELECT coalesce(max(value), 0) / 1000 FROM rosey_meta WHERE key = 'last_write')) - current_session_start) END) time,
  coalesce(sum(current_session_start), 0) session
FROM user_stats%s GROUP BY username COLLATE NOCASE`

// countActions and countNotes are of the person in p.
const (
	countActions = `(SELECT count(*) FROM rosey_action a JOIN user_actions u ON u.id = a.id
  WHERE a.target <> '' AND a.target = p.username AND a.outcome NOT IN ('refused', 'no_effect', 'preview', 'pending')
  AND u.action_type IN ('kick', 'mute', 'smute', 'ban', 'ipban'))`
	countNotes = `(SELECT count(*) FROM rosey_note n WHERE n.username = p.username)`
)

// Order is one of the orders that people can be in.
type Order int

const (
	ByLines Order = iota
	ByName
	ByFirstSeen
	ByLastSeen
	ByTime
	ByActions
)

var orders = [...]string{
	ByLines: "lines", ByName: "username COLLATE NOCASE", ByFirstSeen: "first_seen",
	ByLastSeen: "last_seen", ByTime: "time", ByActions: countActions,
}

// UsersFilter says which people to find. Empty fields do not filter.
type UsersFilter struct {
	Names         []string // in any case
	Part          string   // of the name, in any case
	Talkers       bool     // only who said anything
	Order         Order
	Descending    bool
	Limit, Offset int
}

// Users gives people.
func (s *Store) Users(ctx context.Context, q UsersFilter) ([]UserStats, error) {
	var where conditions
	if len(q.Names) > 0 {
		names := make([]any, len(q.Names))
		for i, name := range q.Names {
			names[i] = name
		}
		where.add("username COLLATE NOCASE IN ("+strings.Repeat("?,", len(names)-1)+"?)", names...)
	}
	if q.Part != "" {
		where.add("instr(lower(username), lower(?)) > 0", q.Part)
	}
	people := fmt.Sprintf(selectPeople, where.sql())
	if q.Talkers {
		people += " HAVING sum(coalesce(total_chat_lines, 0)) > 0"
	}
	order := orders[q.Order]
	if q.Descending {
		order += " DESC"
	}
	// The counts are looked up for the page alone.
	rows, err := s.read.QueryContext(ctx, "SELECT p.*, "+countActions+", "+countNotes+" FROM (SELECT * FROM ("+people+") p ORDER BY "+order+
		", username LIMIT ? OFFSET ?) p", append(where.args, q.Limit, q.Offset)...)
	users, err := collect(rows, err, func(u *UserStats) []any {
		return []any{&u.Username, &u.FirstSeen, &u.LastSeen, &u.ChatLines, &u.TimeConnected, &u.SessionStarted, &u.Actions, &u.Notes}
	})
	return users, s.explain("read users", err)
}

// User gives one person, nil when nobody of that name was seen.
func (s *Store) User(ctx context.Context, name string) (*UserStats, error) {
	found, err := s.Users(ctx, UsersFilter{Names: []string{name}, Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// TopChatters gives those who said anything, the most talkative first.
func (s *Store) TopChatters(ctx context.Context, limit, offset int) ([]UserStats, error) {
	return s.Users(ctx, UsersFilter{Talkers: true, Descending: true, Limit: limit, Offset: offset})
}
