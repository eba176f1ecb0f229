package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

func (w Sent) apply(ctx context.Context, b *batch) error {
	_, err := b.tx.StmtContext(ctx, b.s.stmts.markSent).ExecContext(ctx, w.Time/1000, w.MessageID)
	return err
}

func (w Failed) apply(ctx context.Context, b *batch) error {
	var result sql.Result
	var err error
	if w.Permanent {
		result, err = b.tx.StmtContext(ctx, b.s.stmts.giveUp).ExecContext(ctx, w.Error, w.Time/1000, w.MessageID)
	} else {
		result, err = b.tx.StmtContext(ctx, b.s.stmts.countFailure).ExecContext(ctx, w.Error, w.MessageID)
	}
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err // sent already, or no such message
	}
	_, err = b.tx.StmtContext(ctx, b.s.stmts.noteAttempt).ExecContext(ctx, w.MessageID, w.Time/1000)
	return err
}

// Enqueue puts a message into the outbound queue and tells its id. The same
// key, unless empty, gives the same message again.
func (s *Store) Enqueue(ctx context.Context, message, key string, now time.Time) (int64, error) {
	var id int64
	err := s.inTx(ctx, "enqueue message", func(tx *sql.Tx) error {
		if key != "" {
			err := tx.QueryRowContext(ctx, "SELECT message_id FROM rosey_outbound WHERE key = ?", key).Scan(&id)
			if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		result, err := tx.ExecContext(ctx,
			"INSERT INTO outbound_messages (timestamp, message, sent) VALUES (?, ?, 0)", now.Unix(), message)
		if err != nil {
			return fmt.Errorf("insert message: %w", err)
		}
		if id, err = result.LastInsertId(); err != nil || key == "" {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO rosey_outbound (message_id, key) VALUES (?, ?)", id, key)
		return err
	})
	return id, err
}

// Outbound is a message that is due.
type Outbound struct {
	ID         int64
	Timestamp  int64 // Unix seconds at which it was enqueued
	Message    string
	RetryCount int
	LastError  *string
}

// A message is due at once the first time, then 2, 4, 8 … minutes after the
// last try. v0.5.0 counted from when the message was enqueued and kept no time
// of the last try: that still holds for what only v0.5.0 tried.
const selectDue = `
SELECT m.id, m.timestamp, m.message, coalesce(m.retry_count, 0), m.last_error
FROM outbound_messages m LEFT JOIN rosey_outbound r ON r.message_id = m.id
WHERE m.sent = 0
  AND coalesce(m.retry_count, 0) < ?1
  AND (coalesce(m.retry_count, 0) = 0
    OR coalesce(r.last_attempt, m.timestamp) + (1 << min(m.retry_count, 30)) * 60 <= ?2)
ORDER BY m.timestamp, m.id
LIMIT ?3`

// Due gives messages to send, oldest first.
func (s *Store) Due(ctx context.Context, limit, maxRetries int, now time.Time) ([]Outbound, error) {
	rows, err := s.stmts.due.QueryContext(ctx, maxRetries, now.Unix(), limit)
	due, err := collect(rows, err, func(o *Outbound) []any {
		return []any{&o.ID, &o.Timestamp, &o.Message, &o.RetryCount, &o.LastError}
	})
	return due, s.explain("read outbound messages", err)
}
