package store

import (
	"context"
	"database/sql"
)

// importRows is how many lines one transaction imports: writers wait meanwhile.
const importRows = 500

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
	if err != nil || len(rows) == 0 {
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
	return len(b.lines), len(rows) < importRows, setMeta(ctx, b.tx, "import_after", rows[len(rows)-1].id)
}
