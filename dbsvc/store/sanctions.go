package store

import "context"

func (w Sanction) apply(ctx context.Context, b *batch) error {
	_, err := b.tx.ExecContext(ctx, `
		INSERT INTO rosey_sanction (room, username, kind, until, author, reason, time) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (room, username, kind) DO UPDATE SET username = excluded.username, until = excluded.until,
			author = excluded.author, reason = excluded.reason, time = excluded.time`,
		w.Room, w.User, w.Kind, w.Until, w.Author, w.Reason, w.Time)
	return err
}

func (w SanctionEnd) apply(ctx context.Context, b *batch) error {
	_, err := b.tx.ExecContext(ctx, "DELETE FROM rosey_sanction WHERE room = ? AND username = ? AND kind = ?", w.Room, w.User, w.Kind)
	return err
}

// Sanctions gives the sanctions that stand, over or not, those that end first
// first. An empty room or user does not filter.
func (s *Store) Sanctions(ctx context.Context, room, user string, limit int) ([]Sanction, error) {
	var where conditions
	if room != "" {
		where.add("room = ?", room)
	}
	if user != "" {
		where.add("username = ?", user)
	}
	rows, err := s.read.QueryContext(ctx, "SELECT room, username, kind, until, author, reason, time FROM rosey_sanction"+
		where.sql()+" ORDER BY until, username, kind LIMIT ?", append(where.args, limit)...)
	list, err := collect(rows, err, func(w *Sanction) []any {
		return []any{&w.Room, &w.User, &w.Kind, &w.Until, &w.Author, &w.Reason, &w.Time}
	})
	return list, s.explain("read sanctions", err)
}
