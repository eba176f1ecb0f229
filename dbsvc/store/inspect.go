package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"modernc.org/sqlite"

	"rosey/assets"
)

// Contents is what a database file holds, whoever wrote it.
type Contents struct {
	Schema string // for people
	Tables []TableRows
	Bytes  int64
}

// TableRows is how many rows a table has.
type TableRows struct {
	Table string
	Rows  int64
}

// v050Tables are those that a file of v0.5.0 has; its ancestors lack some.
var v050Tables = []string{
	"user_stats", "user_actions", "channel_stats", "user_count_history",
	"recent_chat", "current_status", "outbound_messages", "api_tokens",
}

// Inspect checks the structure of a file and counts its rows, for a person who
// has not given it to this program yet: it only reads. With still it leaves not
// even SQLite's own side files behind, and refuses with ErrLocked a file that
// cannot be read so, because a program is at work on it. The error's text says
// what to do; ErrNewer, ErrCorrupt, ErrNotDatabase, ErrUnfinished for errors.Is.
func Inspect(ctx context.Context, path string, still bool) (Contents, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Contents{}, fmt.Errorf("look at database: %w", err)
	}
	if !info.Mode().IsRegular() {
		return Contents{}, &failure{kind: ErrNotDatabase, text: fmt.Sprintf("%s is no regular file: set database.path to the database", path)}
	}
	if still && hasBytes(path+"-wal") {
		return Contents{}, &failure{kind: ErrLocked, text: fmt.Sprintf("beside the database %s lies what a program wrote last (%[1]s-wal): it is at work on it, or was killed. To look without touching anything, stop it; if none runs, start the bot that the database belongs to once, and stop it", path)}
	}
	still = still && !hasBytes(path+"-journal") // its locks tell whether somebody is at work, and make no file
	db, err := sql.Open("sqlite", readOnly(path, still))
	if err != nil {
		return Contents{}, explain(path, "look at database", err)
	}
	defer func() { _ = db.Close() }() // it only read
	db.SetMaxOpenConns(1)
	c := Contents{Bytes: info.Size()}
	if err := c.read(ctx, db, path); err != nil {
		return Contents{}, unfinished(path, explain(path, "look at database", err))
	}
	return c, nil
}

// unfinished makes one of an error that a half-done transaction is the cause
// of: to read the file it must be taken back, which changes the file.
func unfinished(path string, err error) error {
	var known *failure
	if !errors.As(err, &known) || known.kind != ErrReadOnly || !hasBytes(path+"-journal") {
		return err
	}
	return &failure{kind: ErrUnfinished, cause: known.cause, text: fmt.Sprintf("the database %s has an unfinished transaction (%[1]s-journal): the program that wrote to it was killed. Leave the two files together, start the old bot once and stop it, which tidies up, and come back", path)}
}

func hasBytes(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}

func readOnly(path string, still bool) string {
	params := "mode=ro&_pragma=busy_timeout(2000)"
	if still {
		params = "mode=ro&immutable=1"
	}
	return fmt.Sprintf("file:%s?%s", (&url.URL{Path: path}).EscapedPath(), params)
}

func (c *Contents) read(ctx context.Context, db *sql.DB, path string) error {
	version, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	if version > schemaNow {
		return &failure{kind: ErrNewer, text: fmt.Sprintf("the database %s was written by a newer rosey (its schema is %d, this one knows %d): update rosey", path, version, schemaNow)}
	}
	if err := quickCheck(ctx, db, path); err != nil {
		return err
	}
	rows, err := db.QueryContext(ctx, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`)
	names, err := collect(rows, err, aText)
	if err != nil {
		return err
	}
	known := 0
	for _, name := range names {
		var t TableRows
		if t, err = countRows(ctx, db, name); err != nil {
			return err
		}
		c.Tables = append(c.Tables, t)
		if slices.Contains(v050Tables, name) {
			known++
		}
	}
	if err := checkColumns(ctx, db, path); err != nil {
		return err
	}
	switch {
	case version > 0:
		c.Schema = fmt.Sprintf("rosey %d", version)
	case known == 0 && len(names) > 0:
		return &failure{kind: ErrNotDatabase, text: fmt.Sprintf("%s has none of the bot's tables: set database.path to the bot's own database", path)}
	case len(names) == 0:
		c.Schema = "empty"
	case known == len(v050Tables):
		c.Schema = "v0.5.0"
	default:
		c.Schema = "older than v0.5.0; rosey adds what is missing"
	}
	return nil
}

const selectColumns = `
	SELECT t.name || '.' || c.name FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
	WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY 1`

// checkColumns says that the tables are the bot's, and not others by the same
// names: each has the columns that v0.5.0 makes it with, but for those that its
// ancestors lack.
func checkColumns(ctx context.Context, db *sql.DB, path string) error {
	rows, err := db.QueryContext(ctx, selectColumns)
	have, err := collect(rows, err, aText)
	if err != nil {
		return err
	}
	want, err := v050Columns(ctx)
	if err != nil {
		return err
	}
	for _, column := range want {
		table, _, _ := strings.Cut(column, ".")
		if slices.Contains(have, column) || !slices.ContainsFunc(have, func(c string) bool { return strings.HasPrefix(c, table+".") }) {
			continue
		}
		return &failure{kind: ErrNotDatabase, text: fmt.Sprintf("%s is not the bot's database: its table %s has no column %s: set database.path to the bot's own", path, table, strings.TrimPrefix(column, table+"."))}
	}
	return nil
}

// v050Columns are the columns that every file of the bot has, as table.column.
func v050Columns(ctx context.Context) ([]string, error) {
	db, err := sql.Open("sqlite", "file::memory:")
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // nothing in it is wanted any more
	db.SetMaxOpenConns(1)             // each connection would have a memory of its own
	if _, err := db.ExecContext(ctx, assets.SchemaV050); err != nil {
		return nil, fmt.Errorf("make v0.5.0's tables: %w", err)
	}
	rows, err := db.QueryContext(ctx, selectColumns)
	columns, err := collect(rows, err, aText)
	return slices.DeleteFunc(columns, func(name string) bool {
		return slices.ContainsFunc(added, func(c struct{ table, column, kind string }) bool { return name == c.table+"."+c.column })
	}), err
}

func countRows(ctx context.Context, db *sql.DB, table string) (TableRows, error) {
	t := TableRows{Table: table}
	name := `"` + strings.ReplaceAll(table, `"`, `""`) + `"`
	err := db.QueryRowContext(ctx, "SELECT count(*) FROM "+name).Scan(&t.Rows)
	return t, err
}

// Copy copies a whole database by SQLite's own backup: the copy is of one
// moment, though others write meanwhile. The target is made, for its owner
// only, or replaced in one transaction, which waits for nobody: ErrLocked when
// a program uses it.
func Copy(ctx context.Context, from, to string) (err error) {
	f, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	if err := unused(ctx, to); errors.Is(err, ErrLocked) {
		return err
	}
	db, err := sql.Open("sqlite", readOnly(from, false))
	if err != nil {
		return explain(from, "copy database", err)
	}
	defer func() { _ = db.Close() }() // it only read
	conn, err := db.Conn(ctx)
	if err != nil {
		return explain(from, "copy database", err)
	}
	defer func() { _ = conn.Close() }()
	err = conn.Raw(func(driverConn any) error { return backUp(ctx, driverConn, to) })
	return unfinished(from, explain(to, "copy database", err))
}

// unused says, by ErrLocked, that a program has the database open: its journal
// cannot be put away then, though nothing is being written.
func unused(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", fmt.Sprintf("file:%s?_pragma=busy_timeout(0)", (&url.URL{Path: path}).EscapedPath()))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // nothing was written that could be lost
	_, err = db.ExecContext(ctx, "PRAGMA journal_mode = DELETE")
	return explain(path, "look who uses the database", err)
}

// backupPages is how much is copied between two looks at the context.
const backupPages = 4096

func backUp(ctx context.Context, driverConn any, to string) error {
	source, ok := driverConn.(interface {
		NewBackup(string) (*sqlite.Backup, error)
	})
	if !ok {
		return errors.New("the driver has no backup")
	}
	b, err := source.NewBackup(fmt.Sprintf("file:%s?_pragma=synchronous(full)", (&url.URL{Path: to}).EscapedPath()))
	if err != nil {
		return err
	}
	for more := true; more; {
		if more, err = b.Step(backupPages); err == nil {
			err = ctx.Err()
		}
		if err != nil {
			_ = b.Finish() // it says the step's error again
			return err
		}
	}
	return b.Finish()
}
