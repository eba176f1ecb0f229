package store

import (
	"context"
	"database/sql"
)

// importRows is how many lines one transaction imports: writers wait meanwhile.
const importRows = 500

// noteRecentOwn says that recent_chat is known to its end.
const noteRecentOwn = `INSERT INTO rosey_meta (key, value) SELECT 'recent_own', coalesce(max(id), 0) FROM recent_chat
WHERE true ON CONFLICT (key) DO UPDATE SET value = excluded.value`

// takeBack finds the lines that v0.5.0 wrote while the file was its own again,
// and has them imported. An import that was cut short comes first: the lines
// between then wait for the start after this one.
func takeBack(ctx context.Context, tx *sql.Tx) error {
	var own, end, after, until int64
	err := tx.QueryRowContext(ctx, `SELECT
		coalesce((SELECT value FROM rosey_meta WHERE key = 'recent_own'), 0),
		coalesce((SELECT max(id) FROM recent_chat), 0),
		coalesce((SELECT value FROM rosey_meta WHERE key = 'import_after'), 0),
		coalesce((SELECT value FROM rosey_meta WHERE key = 'import_until'), 0)`).Scan(&own, &end, &after, &until)
	if err != nil || end <= own || after < until {
		return err
	}
	for key, value := range map[string]int64{"import_after": own, "import_until": end, "recent_own": end} {
		if err := setMeta(ctx, tx, key, value); err != nil {
			return err
		}
	}
	return nil
}

// ImportRecent makes searchable what v0.5.0 wrote into recent_chat before the
// file became ours, once; text gives a line's HTML as clean plain text. It
// changes nothing of v0.5.0's and counts nothing. What is missing when it fails
// or is stopped comes the next time. Such lines are in no room.
func (s *Store) ImportRecent(ctx context.Context, text func(html string) string) (imported int, err error) {
	for {
		var n int
		var done bool
		err := s.inTx(ctx, "import recent chat", func(tx *sql.Tx) error {
			b := newBatch(s, tx, Source{})
			if _, err := b.begin(ctx); err != nil {
				return err
			}
			n, done, err = b.importRecent(ctx, text)
			return err
		})
		if imported += n; err != nil || done {
			return imported, err
		}
	}
}

func (b *batch) importRecent(ctx context.Context, text func(string) string) (imported int, done bool, err error) {
	after, err := meta(ctx, b.tx, "import_after")
	if err != nil {
		return 0, false, err
	}
	type row struct {
		id   int64
		line Recent
	}
	found, err := b.tx.QueryContext(ctx, `SELECT id, timestamp, username, message FROM recent_chat
		WHERE id > ? AND id <= (SELECT value FROM rosey_meta WHERE key = 'import_until') ORDER BY id LIMIT ?`, after, importRows)
	rows, err := collect(found, err, func(r *row) []any {
		return []any{&r.id, &r.line.Timestamp, &r.line.Username, &r.line.Message}
	})
	if err != nil {
		return 0, false, err
	}
	if len(rows) == 0 {
		_, err := b.tx.ExecContext(ctx, `UPDATE rosey_meta
			SET value = (SELECT value FROM rosey_meta WHERE key = 'import_until') WHERE key = 'import_after'`)
		return 0, true, err
	}
	for _, r := range rows {
		if silentName(r.line.Username) {
			continue
		}
		line := Line{User: r.line.Username, Text: text(r.line.Message), Time: r.line.Timestamp * 1000}
		if _, err := b.place(ctx, line); err != nil {
			return 0, false, err
		}
	}
	if err := b.flushSearchable(ctx); err != nil {
		return 0, false, err
	}
	return len(b.lines), false, setMeta(ctx, b.tx, "import_after", rows[len(rows)-1].id)
}
