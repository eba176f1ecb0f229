package store

import (
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What can be wrong with a database, for errors.Is. The text of an error that
// wraps one is a sentence for people and says what to do next.
var (
	ErrNewer       = errors.New("the database is of a newer version")
	ErrCorrupt     = errors.New("the database is damaged")
	ErrLocked      = errors.New("the database is locked")
	ErrReadOnly    = errors.New("the database is read-only")
	ErrFull        = errors.New("the disk is full")
	ErrIO          = errors.New("the disk does not work")
	ErrNotDatabase = errors.New("the file is not a database")
	ErrNoFolder    = errors.New("the database's folder does not exist")
	ErrUnfinished  = errors.New("the database has an unfinished transaction")
	ErrRefused     = errors.New("the database refuses the row") // this row, not others
)

// failure is an error for both readers: kind for programs, text for people.
type failure struct {
	kind  error
	text  string
	cause error // may be nil
}

func (f *failure) Error() string {
	if f.cause == nil {
		return f.text
	}
	cause := f.cause.Error()
	var code *sqlite.Error
	if errors.As(f.cause, &code) && strings.Contains(cause, "not an error") { // the driver asked the wrong end of a backup
		cause = fmt.Sprintf("SQLite error %d", code.Code())
	}
	return f.text + " (" + strings.Join(strings.Fields(cause), " ") + ")"
}

func (f *failure) Unwrap() []error {
	if f.cause == nil {
		return []error{f.kind}
	}
	return []error{f.kind, f.cause}
}

// explain gives an error of SQLite its kind and its sentence. Other errors get
// the name of what was tried.
func (s *Store) explain(doing string, err error) error {
	return explain(s.path, doing, err)
}

func explain(path, doing string, err error) error {
	var known *failure
	var cause *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case !errors.As(err, &cause):
		return fmt.Errorf("%s: %w", doing, err)
	}
	say := func(kind error, text string) error {
		return &failure{kind: kind, text: fmt.Sprintf(text, path), cause: err}
	}
	switch cause.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return say(ErrLocked, "another program holds the database %s locked: stop it, or wait until it is done")
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return say(ErrReadOnly, "the database %s cannot be written: make the file and its folder writable for this user")
	case sqlite3.SQLITE_CANTOPEN:
		return say(ErrReadOnly, "the database %s cannot be opened: check that it is a file and that this user may read and write it and its folder")
	case sqlite3.SQLITE_FULL:
		return say(ErrFull, "the disk that holds the database %s is full: make room, nothing is lost until then")
	case sqlite3.SQLITE_IOERR:
		return say(ErrIO, "the disk that holds the database %s reports an error: check the disk and the file system")
	case sqlite3.SQLITE_CORRUPT:
		return say(ErrCorrupt, "the database %s is damaged: stop the service, keep a copy, then restore a backup or try `sqlite3 FILE .recover`")
	case sqlite3.SQLITE_NOTADB:
		return say(ErrNotDatabase, "%s is not an SQLite database: set database.path to the right file, or to a new one")
	case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_RANGE:
		return &failure{kind: ErrRefused, text: doing + ": the row cannot be stored", cause: err}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
