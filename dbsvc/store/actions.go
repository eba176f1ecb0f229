package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// PendingOutcome is the outcome of an action of which nothing has come yet.
const PendingOutcome = "pending"

func (w Action) apply(ctx context.Context, b *batch) error {
	id, outcome, err := w.earlier(ctx, b)
	switch {
	case err != nil:
		return fmt.Errorf("look for earlier row: %w", err)
	case id == 0:
		return w.insert(ctx, b)
	case w.Outcome == PendingOutcome && outcome != PendingOutcome:
		return nil
	}
	if _, err := b.tx.ExecContext(ctx, `UPDATE user_actions SET username = ?, action_type = ?, details = ? WHERE id = ?`,
		w.User, w.Action, w.details(), id); err != nil {
		return err
	}
	_, err = b.tx.ExecContext(ctx, `UPDATE rosey_action SET target = ?, reason = ?, outcome = ?, text = ?, source = ? WHERE id = ?`,
		w.Target, w.Reason, w.Outcome, w.Text, w.Source, id)
	return err
}

// earlier is the row that this one replaces; its id is 0 when there is none.
func (w Action) earlier(ctx context.Context, b *batch) (id int64, outcome string, err error) {
	if w.Key == "" {
		return 0, "", nil
	}
	err = b.tx.QueryRowContext(ctx, "SELECT id, outcome FROM rosey_action WHERE room = ? AND key = ?", w.Room, w.Key).Scan(&id, &outcome)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil
	}
	return id, outcome, err
}

func (w Action) insert(ctx context.Context, b *batch) error {
	result, err := b.tx.ExecContext(ctx, `INSERT INTO user_actions (timestamp, username, action_type, details) VALUES (?, ?, ?, ?)`,
		w.Time/1000, w.User, w.Action, w.details())
	if err != nil {
		return err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return err
	}
	_, err = b.tx.ExecContext(ctx, `INSERT INTO rosey_action (id, room, key, target, reason, outcome, text, source)
		VALUES (?, ?, nullif(?, ''), ?, ?, ?, ?, ?)`, id, w.Room, w.Key, w.Target, w.Reason, w.Outcome, w.Text, w.Source)
	return err
}

// details is what v0.5.0's readers see, as in `bob: caps (done)`; nil when
// there is nothing to say.
func (w Action) details() any {
	text := w.Details
	if text == "" {
		text = w.Target
		if w.Reason != "" {
			text = strings.TrimPrefix(text+": "+w.Reason, ": ")
		}
	}
	if w.Outcome != "" {
		text = strings.TrimSpace(text + " (" + w.Outcome + ")")
	}
	if text == "" {
		return nil
	}
	return text
}

// Acted is a row of user_actions and what is kept beside it.
type Acted struct {
	ID, Timestamp                                    int64
	Username, Action, Details                        string
	Room, Key, Target, Reason, Outcome, Text, Source string
}

// ActionsFilter says which actions to find. Empty fields do not filter; names
// are in any case.
type ActionsFilter struct {
	User, Target, Room string
	Since, Before      time.Time
	Limit              int
}

// Actions gives what was done, newest first.
func (s *Store) Actions(ctx context.Context, q ActionsFilter) ([]Acted, error) {
	var where conditions
	if q.User != "" {
		where.add("u.username = ? COLLATE NOCASE", q.User)
	}
	if q.Target != "" {
		where.add("a.target <> '' AND a.target = ?", q.Target)
	}
	if q.Room != "" {
		where.add("a.room = ?", q.Room)
	}
	if !q.Since.IsZero() {
		where.add("u.timestamp >= ?", q.Since.Unix())
	}
	if !q.Before.IsZero() {
		where.add("u.timestamp < ?", q.Before.Unix())
	}
	rows, err := s.read.QueryContext(ctx, `
		SELECT u.id, u.timestamp, u.username, u.action_type, coalesce(u.details, ''), coalesce(a.room, ''), coalesce(a.key, ''),
		       coalesce(a.target, ''), coalesce(a.reason, ''), coalesce(a.outcome, ''), coalesce(a.text, ''), coalesce(a.source, '')
		FROM user_actions u LEFT JOIN rosey_action a ON a.id = u.id`+where.sql()+`
		ORDER BY u.timestamp DESC, u.id DESC LIMIT ?`, append(where.args, q.Limit)...)
	actions, err := collect(rows, err, func(a *Acted) []any {
		return []any{&a.ID, &a.Timestamp, &a.Username, &a.Action, &a.Details,
			&a.Room, &a.Key, &a.Target, &a.Reason, &a.Outcome, &a.Text, &a.Source}
	})
	return actions, s.explain("read user actions", err)
}
