package store

import "context"

func (w Note) apply(ctx context.Context, b *batch) error {
	if w.User == "" || w.Text == "" {
		if _, err := b.tx.ExecContext(ctx, "DELETE FROM rosey_note WHERE room = ? AND username = ?", w.Room, w.User); err != nil {
			return err
		}
	}
	if w.Text == "" {
		return nil
	}
	_, err := b.tx.ExecContext(ctx, "INSERT INTO rosey_note (room, username, text, author, time) VALUES (?, ?, ?, ?, ?)",
		w.Room, w.User, w.Text, w.Author, w.Time)
	return err
}

// Notes gives the notes on a person, or the room's own for an empty user,
// newest first. An empty room means every room.
func (s *Store) Notes(ctx context.Context, room, user string, limit int) ([]Note, error) {
	var where conditions
	where.add("username = ?", user)
	if room != "" {
		where.add("room = ?", room)
	}
	rows, err := s.read.QueryContext(ctx, "SELECT room, username, text, author, time FROM rosey_note"+
		where.sql()+" ORDER BY time DESC, id DESC LIMIT ?", append(where.args, limit)...)
	list, err := collect(rows, err, func(w *Note) []any {
		return []any{&w.Room, &w.User, &w.Text, &w.Author, &w.Time}
	})
	return list, s.explain("read notes", err)
}
