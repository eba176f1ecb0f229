package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"
)

// Options says which file to open.
type Options struct {
	Path string

	// Busy is how long a call waits for another program that holds the file
	// locked. Zero is two seconds.
	Busy time.Duration

	params string // more of the DSN, for tests
}

// Store is an open database file. Its methods may be called from any number of
// goroutines; writers wait for one another.
type Store struct {
	path  string
	write *sql.DB // one connection: SQLite has one writer anyway
	read  *sql.DB
	stmts statements

	patternLines int // maxLines, but in tests
}

// Open opens the file, makes it when it is missing, and brings it to the
// present schema. The error's text says what to do; for errors.Is it is one of
// ErrNewer, ErrCorrupt, ErrLocked, ErrReadOnly, ErrFull, ErrIO, ErrNotDatabase
// and ErrNoFolder.
func Open(ctx context.Context, opts Options) (*Store, error) {
	if opts.Busy == 0 {
		opts.Busy = 2 * time.Second
	}
	path, err := checkFile(opts.Path)
	if err != nil {
		return nil, err
	}
	opts.Path = path
	if err := probe(ctx, opts); err != nil {
		return nil, explain(path, "look at database", err)
	}
	s := &Store{path: path, patternLines: maxLines}
	if err := s.open(ctx, opts); err != nil {
		return nil, errors.Join(explain(path, "open database", err), s.closeAll())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, opts Options) (err error) {
	const pragmas = "&_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_pragma=cache_size(-8000)" +
		"&_pragma=journal_size_limit(67108864)&_txlock=immediate"
	if s.write, err = sql.Open("sqlite", dsn(opts, pragmas)); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := s.upgrade(ctx); err != nil {
		return err
	}
	if s.read, err = sql.Open("sqlite", dsn(opts, "&_pragma=query_only(1)")); err != nil {
		return err
	}
	readers := max(2, runtime.GOMAXPROCS(0))
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return s.prepare(ctx)
}

// Close ends the open sessions, brings everything into the main file and
// closes it. It must not run together with other calls.
func (s *Store) Close(ctx context.Context) error {
	err := s.pause(ctx)
	if e := s.checkpoint(ctx, "TRUNCATE"); err == nil {
		err = e
	}
	return errors.Join(s.explain("close database", err), s.closeAll())
}

func (s *Store) closeAll() error {
	var errs []error
	errs = append(errs, s.stmts.close())
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// Size is how many bytes the file and its log take on disk.
func (s *Store) Size() int64 {
	var total int64
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(s.path + suffix); err == nil {
			total += info.Size()
		}
	}
	return total
}

// inTx runs fn in one write transaction.
func (s *Store) inTx(ctx context.Context, doing string, fn func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(doing, err)
	}
	if err := fn(tx); err != nil {
		_ = tx.Rollback() // the first error is the one that tells
		return s.explain(doing, err)
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		return s.explain(doing, fmt.Errorf("commit: %w", err))
	}
	return nil
}
