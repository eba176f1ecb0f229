package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

// smallFile is up to which size a file's structure is checked before it is
// used: about a millisecond for each MiB. Larger ones are checked by
// CheckIntegrity, beside the work.
const smallFile = 4 << 20

// checkFile says what it can about the file without SQLite, whose own words
// are poor there, and makes it when it is missing: it may hold API tokens, so
// it is for its owner only.
func checkFile(path string) (string, error) {
	if path == "" {
		return "", &failure{kind: ErrNoFolder, text: "no database file is named: set database.path"}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find database file: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", &failure{kind: ErrNoFolder,
			text: fmt.Sprintf("the folder %s does not exist: make it, or correct database.path", filepath.Dir(path))}
	case err != nil && isFolder(path):
		return "", &failure{kind: ErrNotDatabase,
			text: fmt.Sprintf("%s is a folder: set database.path to a file", path)}
	case errors.Is(err, fs.ErrPermission), err != nil && isFile(path):
		return "", &failure{kind: ErrReadOnly, cause: err,
			text: fmt.Sprintf("the database %s cannot be written: make the file and its folder writable for this user", path)}
	case err != nil:
		return "", fmt.Errorf("open database file: %w", err)
	}
	defer func() { _ = f.Close() }() // nothing was written to it
	head := make([]byte, 16)
	n, err := io.ReadFull(f, head)
	if err != nil && n == 0 {
		return path, nil // empty: SQLite fills it
	}
	if !bytes.Equal(head, []byte("SQLite format 3\x00")) {
		return "", &failure{kind: ErrNotDatabase,
			text: fmt.Sprintf("%s is not an SQLite database: set database.path to the right file, or to a new one", path)}
	}
	return path, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// probe looks at the file before anything in it is changed: is it newer than
// this program, is it whole.
func probe(ctx context.Context, opts Options) error {
	db, err := sql.Open("sqlite", dsn(opts, ""))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it only read
	db.SetMaxOpenConns(1)
	version, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	if version > schemaNow {
		return &failure{kind: ErrNewer, text: fmt.Sprintf(
			"the database %s was written by a newer rosey (its schema is %d, this one knows %d): update rosey, or set database.path to another file",
			opts.Path, version, schemaNow)}
	}
	if info, err := os.Stat(opts.Path); err != nil || info.Size() > smallFile {
		return err
	}
	return quickCheck(ctx, db, opts.Path)
}

// CheckIntegrity reads the whole file and says whether its structure is
// sound. It takes about a second for each GiB and disturbs nobody.
func (s *Store) CheckIntegrity(ctx context.Context) error {
	return s.explain("check database", quickCheck(ctx, s.read, s.path))
}

func quickCheck(ctx context.Context, db *sql.DB, path string) error {
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return &failure{kind: ErrCorrupt, cause: errors.New(found), text: fmt.Sprintf(
			"the database %s is damaged: stop the service, keep a copy, then restore a backup or try `sqlite3 FILE .recover`", path)}
	}
	return nil
}

// dsn is the file as the driver wants it, for every connection of a pool.
func dsn(opts Options, pragmas string) string {
	return fmt.Sprintf("file:%s?_pragma=busy_timeout(%d)%s%s",
		(&url.URL{Path: opts.Path}).EscapedPath(), opts.Busy.Milliseconds(), pragmas, opts.params)
}
