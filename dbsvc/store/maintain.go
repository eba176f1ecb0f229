package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Retention is how long rows are kept; zero keeps them for ever.
type Retention struct {
	RecentChat   time.Duration
	CountHistory time.Duration
	Outbound     time.Duration // after sending
	RevokedToken time.Duration // after creation
	Chat         time.Duration // searchable chat
}

// pruneRows is how many rows one transaction deletes: writers wait meanwhile.
const pruneRows = 2000

// Removed says how many rows of one kind retention took.
type Removed struct {
	What string
	Rows int64
	Keep time.Duration
}

func (r Removed) String() string {
	return fmt.Sprintf("%d %s older than %s", r.Rows, r.What, r.Keep)
}

// Maintain deletes what is older than its retention (COMPAT.md §3), refreshes
// what the query planner knows, and brings the log into the main file. It
// yields to writers between small transactions.
func (s *Store) Maintain(ctx context.Context, keep Retention, now time.Time) (removed []Removed, err error) {
	for _, rule := range []struct {
		what string
		keep time.Duration
		unit int64    // of the column, per second
		sql  []string // run together; ?1 is the oldest to keep, ?2 a limit
	}{
		{"lines of recent_chat", keep.RecentChat, 1, []string{
			"DELETE FROM recent_chat WHERE id IN (SELECT id FROM recent_chat WHERE timestamp < ?1 LIMIT ?2)"}},
		{"user counts", keep.CountHistory, 1, []string{
			"DELETE FROM user_count_history WHERE id IN (SELECT id FROM user_count_history WHERE timestamp < ?1 LIMIT ?2)"}},
		{"messages sent from the web", keep.Outbound, 1, []string{
			"DELETE FROM outbound_messages WHERE id IN (SELECT id FROM outbound_messages WHERE sent = 1 AND sent_timestamp < ?1 LIMIT ?2)"}},
		{"revoked tokens", keep.RevokedToken, 1, []string{
			"DELETE FROM api_tokens WHERE token IN (SELECT token FROM api_tokens WHERE revoked = 1 AND created_at < ?1 LIMIT ?2)"}},
		{"lines of the searchable chat", keep.Chat, 1000 << slotBits, []string{
			"DELETE FROM rosey_chat_fts WHERE rowid IN (SELECT id FROM rosey_chat WHERE id < ?1 ORDER BY id LIMIT ?2)",
			"DELETE FROM rosey_chat WHERE id IN (SELECT id FROM rosey_chat WHERE id < ?1 ORDER BY id LIMIT ?2)"}},
	} {
		if rule.keep <= 0 {
			continue
		}
		n, err := s.prune(ctx, rule.sql, now.Add(-rule.keep).Unix()*rule.unit)
		if n > 0 {
			removed = append(removed, Removed{rule.what, n, rule.keep})
		}
		if err != nil {
			return removed, err
		}
	}
	for _, orphans := range []string{
		"DELETE FROM rosey_outbound WHERE message_id NOT IN (SELECT id FROM outbound_messages)",
		"DELETE FROM rosey_action WHERE id NOT IN (SELECT id FROM user_actions)", // v0.5.0's tools may delete those
	} {
		if _, err := s.write.ExecContext(ctx, orphans); err != nil {
			return removed, s.explain("delete old rows", err)
		}
	}
	if _, err := s.write.ExecContext(ctx, "PRAGMA optimize"); err != nil {
		return removed, s.explain("optimize database", err)
	}
	return removed, s.explain("empty the log", s.checkpoint(ctx, "PASSIVE"))
}

// prune runs deletions with a limit until the last of them finds nothing more.
func (s *Store) prune(ctx context.Context, deletions []string, before int64) (deleted int64, err error) {
	for {
		var n int64
		err := s.inTx(ctx, "delete old rows", func(tx *sql.Tx) error {
			for _, query := range deletions {
				result, err := tx.ExecContext(ctx, query, before, pruneRows)
				if err != nil {
					return err
				}
				if n, err = result.RowsAffected(); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return deleted, err
		}
		if deleted += n; n < pruneRows {
			return deleted, nil
		}
	}
}

// checkpoint copies the log into the main file as far as readers allow.
func (s *Store) checkpoint(ctx context.Context, mode string) error {
	var busy, inLog, done int
	if err := s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &inLog, &done); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}
