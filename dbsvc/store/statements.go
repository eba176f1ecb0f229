package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// statements are prepared when the file is opened. That also tells early when
// a table is not what it should be.
type statements struct {
	all []*sql.Stmt

	getState, getPosition, setPosition              *sql.Stmt
	getPerson, addPerson, setPerson                 *sql.Stmt
	addSession, dropSession, hasSession, forgetRoom *sql.Stmt
	getSlot                                         *sql.Stmt
	addRecent, addChat, addWords                    inserter
	addCount, raiseUsers, raiseConnected            *sql.Stmt
	markSent, countFailure, giveUp, noteAttempt     *sql.Stmt
	recent, due, countsSince                        *sql.Stmt
}

// inserter is one INSERT, for a row and for a chunk of rows.
type inserter struct{ one, many *sql.Stmt }

func (s *Store) prepare(ctx context.Context) error {
	p := &s.stmts
	for _, q := range []struct {
		stmt **sql.Stmt
		db   *sql.DB
		sql  string
	}{
		{&p.getState, s.write, `SELECT
			coalesce((SELECT value FROM rosey_meta WHERE key = 'last_write'), 0),
			coalesce((SELECT value FROM rosey_meta WHERE key = 'paused_at'), 0),
			coalesce((SELECT max(id) FROM rosey_chat), 0)`},
		{&p.getPosition, s.write, `SELECT created, seq, time FROM rosey_stream WHERE stream = ?`},
		{&p.setPosition, s.write, `INSERT INTO rosey_stream (stream, created, seq, time) VALUES (?, ?, ?, ?)
			ON CONFLICT (stream) DO UPDATE SET created = excluded.created, seq = excluded.seq, time = excluded.time`},
		{&p.getPerson, s.write, `SELECT username, first_seen, last_seen, coalesce(total_chat_lines, 0),
			coalesce(total_time_connected, 0), current_session_start
			FROM user_stats WHERE username = ? COLLATE NOCASE ORDER BY last_seen DESC LIMIT 1`},
		{&p.addPerson, s.write, `INSERT INTO user_stats
			(first_seen, last_seen, total_chat_lines, total_time_connected, current_session_start, username)
			VALUES (?, ?, ?, ?, ?, ?)`},
		{&p.setPerson, s.write, `UPDATE user_stats SET first_seen = ?, last_seen = ?, total_chat_lines = ?,
			total_time_connected = ?, current_session_start = ? WHERE username = ?`},
		{&p.addSession, s.write, `INSERT INTO rosey_session (user, room, seen) VALUES (?, ?, ?)
			ON CONFLICT (user, room) DO UPDATE SET seen = max(seen, excluded.seen)`},
		{&p.dropSession, s.write, `DELETE FROM rosey_session WHERE user = ? AND room = ?`},
		{&p.hasSession, s.write, `SELECT count(*) > 0 FROM rosey_session WHERE user = ?`},
		{&p.forgetRoom, s.write, `DELETE FROM rosey_session WHERE room = ? AND seen < ? RETURNING user`},
		{&p.getSlot, s.write, `SELECT id, room, user, text FROM rosey_chat WHERE id >= ? AND id < ? ORDER BY id`},
		{&p.addCount, s.write, `INSERT INTO user_count_history (timestamp, chat_users, connected_users) VALUES (?, ?, ?)`},
		{&p.raiseUsers, s.write, `UPDATE channel_stats SET max_users = ?1, max_users_timestamp = ?2, last_updated = ?2
			WHERE id = 1 AND coalesce(max_users, 0) < ?1`},
		{&p.raiseConnected, s.write, `UPDATE channel_stats SET max_connected = ?1, max_connected_timestamp = ?2, last_updated = ?2
			WHERE id = 1 AND coalesce(max_connected, 0) < ?1`},
		{&p.markSent, s.write, `UPDATE outbound_messages SET sent = 1, sent_timestamp = ? WHERE id = ? AND sent = 0`},
		{&p.countFailure, s.write, `UPDATE outbound_messages SET retry_count = coalesce(retry_count, 0) + 1, last_error = ?
			WHERE id = ? AND sent = 0`},
		{&p.giveUp, s.write, `UPDATE outbound_messages SET retry_count = coalesce(retry_count, 0) + 1, last_error = ?,
			sent = 1, sent_timestamp = ? WHERE id = ? AND sent = 0`},
		{&p.noteAttempt, s.write, `INSERT INTO rosey_outbound (message_id, last_attempt) VALUES (?, ?)
			ON CONFLICT (message_id) DO UPDATE SET last_attempt = excluded.last_attempt`},

		{&p.recent, s.read, selectRecent},
		{&p.due, s.read, selectDue},
		{&p.countsSince, s.read, selectCountsSince},
	} {
		if err := p.add(ctx, q.stmt, q.db, q.sql); err != nil {
			return err
		}
	}
	return s.prepareInserts(ctx)
}

func (s *Store) prepareInserts(ctx context.Context) error {
	p := &s.stmts
	for _, q := range []struct {
		in      *inserter
		sql     string
		columns int
	}{
		{&p.addRecent, "INSERT INTO recent_chat (timestamp, username, message) VALUES ", 3},
		{&p.addChat, "INSERT INTO rosey_chat (id, room, user, text) VALUES ", 4},
		{&p.addWords, "INSERT INTO rosey_chat_fts (rowid, text, user) VALUES ", 3},
	} {
		if err := p.add(ctx, &q.in.one, s.write, q.sql+placeholders(1, q.columns)); err != nil {
			return err
		}
		if err := p.add(ctx, &q.in.many, s.write, q.sql+placeholders(chunk, q.columns)); err != nil {
			return err
		}
	}
	return nil
}

func (p *statements) add(ctx context.Context, stmt **sql.Stmt, db *sql.DB, query string) error {
	prepared, err := db.PrepareContext(ctx, query)
	if err != nil {
		return fmt.Errorf("prepare statement, is this a database of Rosey-Robot v0.5.0?: %w", err)
	}
	*stmt = prepared
	p.all = append(p.all, prepared)
	return nil
}

func (p *statements) close() error {
	var errs []error
	for _, stmt := range p.all {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}
