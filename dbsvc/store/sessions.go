package store

import (
	"context"
	"database/sql"
)

// sessionGap is how long nobody may write before it is said that nobody was
// watching the room: a bot, v0.5.0's too, writes its status every ten seconds.
// What happened in a longer gap is unknown, so the sessions of before have
// ended when it began.
const sessionGap = 30 * 1000

func (w Join) apply(ctx context.Context, b *batch) error {
	if silentName(w.User) {
		return nil
	}
	at := w.Time / 1000
	p, err := b.person(ctx, w.User, at)
	if err != nil {
		return err
	}
	p.saw(at)
	if !p.session.Valid {
		p.session = sql.NullInt64{Int64: at, Valid: true}
	}
	_, err = b.tx.StmtContext(ctx, b.s.stmts.addSession).ExecContext(ctx, w.User, w.Room, w.Time)
	return err
}

func (w Leave) apply(ctx context.Context, b *batch) error {
	if silentName(w.User) {
		return nil
	}
	if _, err := b.tx.StmtContext(ctx, b.s.stmts.dropSession).ExecContext(ctx, w.User, w.Room); err != nil {
		return err
	}
	return b.left(ctx, w.User, w.Time/1000, true)
}

// left ends the person's session unless another room still has them. Someone
// who was never seen gets no row for leaving.
func (b *batch) left(ctx context.Context, name string, at int64, seen bool) error {
	p, err := b.known(ctx, name)
	if err != nil || p == nil {
		return err
	}
	if seen {
		p.saw(at)
	}
	var elsewhere bool
	err = b.tx.StmtContext(ctx, b.s.stmts.hasSession).QueryRowContext(ctx, name).Scan(&elsewhere)
	if err != nil {
		return err
	}
	if !elsewhere {
		p.endSession(max(at, p.last))
	}
	return nil
}

// listen runs before each entry: it takes up again or ends the sessions that
// were open when writes stopped coming.
func (b *batch) listen(ctx context.Context) error {
	before := b.heard
	b.heard = max(b.heard, b.arrived)
	gap := b.arrived-before > sessionGap // so it is in a file that only v0.5.0 wrote, where before is 0
	if b.paused != 0 {
		if err := b.takeUp(ctx, gap); err != nil {
			return err
		}
	}
	if !gap {
		return nil
	}
	if _, err := b.tx.ExecContext(ctx, "DELETE FROM rosey_session"); err != nil {
		return err
	}
	return b.endSessions(ctx, before/1000)
}

// takeUp continues the sessions that pause ended, when there was no gap: the
// bot was there all the time and only we were away.
func (b *batch) takeUp(ctx context.Context, gap bool) error {
	if !gap {
		if _, err := b.tx.ExecContext(ctx, `UPDATE user_stats SET current_session_start = ?
			WHERE current_session_start IS NULL
			AND username COLLATE NOCASE IN (SELECT user FROM rosey_session)`, b.paused/1000); err != nil {
			return err
		}
	}
	b.paused = 0
	_, err := b.tx.ExecContext(ctx, "DELETE FROM rosey_meta WHERE key = 'paused_at'")
	return err
}

// endSessions ends every open session, at the latest when the person was last
// seen.
func (b *batch) endSessions(ctx context.Context, at int64) error {
	rows, err := b.tx.QueryContext(ctx, "SELECT username FROM user_stats WHERE current_session_start IS NOT NULL")
	open, err := collect(rows, err, aText)
	if err != nil {
		return err
	}
	for _, p := range b.people {
		p.endSession(max(at, p.last))
	}
	for _, name := range open {
		p, err := b.person(ctx, name, at)
		if err != nil {
			return err
		}
		p.endSession(max(at, p.last))
	}
	return nil
}

// forget ends what is known of who is in a room, as far as it was announced
// before a time in Unix ms: the bot lost the room, or was started anew.
func (b *batch) forget(ctx context.Context, room string, before, at int64) error {
	rows, err := b.tx.StmtContext(ctx, b.s.stmts.forgetRoom).QueryContext(ctx, room, before)
	gone, err := collect(rows, err, aText)
	if err != nil {
		return err
	}
	for _, name := range gone {
		if err := b.left(ctx, name, at, false); err != nil {
			return err
		}
	}
	return nil
}

// pause ends the open sessions for the time that we are away, because v0.5.0
// closes them too when it stops. Who was where stays known, see takeUp.
func (s *Store) pause(ctx context.Context) error {
	return s.inTx(ctx, "end sessions", func(tx *sql.Tx) error {
		heard, err := meta(ctx, tx, "last_write")
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `UPDATE user_stats
			SET total_time_connected = coalesce(total_time_connected, 0) + max(0, max(last_seen, ?) - current_session_start),
			    current_session_start = NULL
			WHERE current_session_start IS NOT NULL`, heard/1000)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return setMeta(ctx, tx, "paused_at", heard)
	})
}
