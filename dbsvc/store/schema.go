package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"rosey/assets"
)

// versions are our schema's steps: versions[i] leads from version i to i+1.
var versions = []string{assets.SchemaRosey1, assets.SchemaRosey2}

// schemaNow is the version that this program writes.
var schemaNow = len(versions)

// added lists the columns that v0.5.0 itself adds to files of its ancestors.
var added = []struct{ table, column, kind string }{
	{"outbound_messages", "retry_count", "INTEGER DEFAULT 0"},
	{"outbound_messages", "last_error", "TEXT"},
	{"channel_stats", "max_connected", "INTEGER DEFAULT 0"},
	{"channel_stats", "max_connected_timestamp", "INTEGER"},
}

// schemaVersion is 0 for a file that rosey has never opened.
func schemaVersion(ctx context.Context, db interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}) (int, error) {
	var ours bool
	err := db.QueryRowContext(ctx, "SELECT count(*) > 0 FROM sqlite_master WHERE name = 'rosey_meta'").Scan(&ours)
	if err != nil || !ours {
		return 0, err
	}
	var version int
	err = db.QueryRowContext(ctx, "SELECT value FROM rosey_meta WHERE key = 'schema'").Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errors.New("rosey_meta has no schema version")
	}
	return version, err
}

// upgrade brings the file to the present schema, all of it or nothing.
func (s *Store) upgrade(ctx context.Context) error {
	return s.inTx(ctx, "upgrade database", func(tx *sql.Tx) error {
		// Also for a file of ours: v0.5.0 would do the same to it.
		if _, err := tx.ExecContext(ctx, assets.SchemaV050); err != nil {
			return fmt.Errorf("make v0.5.0's tables: %w", err)
		}
		for _, c := range added {
			if err := addColumn(ctx, tx, c.table, c.column, c.kind); err != nil {
				return fmt.Errorf("add column %s.%s: %w", c.table, c.column, err)
			}
		}
		version, err := schemaVersion(ctx, tx)
		if err != nil {
			return fmt.Errorf("read schema version: %w", err)
		}
		for v := version; v < schemaNow; v++ {
			if _, err := tx.ExecContext(ctx, versions[v]); err != nil {
				return fmt.Errorf("upgrade to schema %d: %w", v+1, err)
			}
		}
		if version == schemaNow {
			return takeBack(ctx, tx)
		}
		if _, err := tx.ExecContext(ctx, noteRecentOwn); err != nil {
			return fmt.Errorf("take stock of recent_chat: %w", err)
		}
		return setMeta(ctx, tx, "schema", int64(schemaNow))
	})
}

func addColumn(ctx context.Context, tx *sql.Tx, table, column, kind string) error {
	var has bool
	err := tx.QueryRowContext(ctx, "SELECT count(*) > 0 FROM pragma_table_info(?) WHERE name = ?", table, column).Scan(&has)
	if err != nil || has {
		return err
	}
	_, err = tx.ExecContext(ctx, "ALTER TABLE "+table+" ADD COLUMN "+column+" "+kind)
	return err
}

func setMeta(ctx context.Context, tx *sql.Tx, key string, value int64) error {
	_, err := tx.ExecContext(ctx,
		"INSERT INTO rosey_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)
	return err
}

// meta is 0 where the key is missing.
func meta(ctx context.Context, tx *sql.Tx, key string) (int64, error) {
	var value int64
	err := tx.QueryRowContext(ctx, "SELECT value FROM rosey_meta WHERE key = ?", key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return value, err
}
