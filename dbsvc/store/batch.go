package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// batch is one transaction under way.
type batch struct {
	s       *Store
	tx      *sql.Tx
	source  Source
	arrived int64 // Unix ms of the entry being applied
	heard   int64 // Unix ms of the newest entry applied so far, of earlier batches too
	paused  int64 // see pause; 0 once that is settled
	newest  int64 // newest millisecond in rosey_chat

	people map[string]*person // by folded name
	slots  map[int64]*slot    // by millisecond
	lines  []storedLine

	result Result
}

func newBatch(s *Store, tx *sql.Tx, source Source) *batch {
	return &batch{s: s, tx: tx, source: source, people: map[string]*person{}, slots: map[int64]*slot{}}
}

// Apply commits the entries, and how far the source has been applied, in one
// transaction. Entries at or before the position that the file has are left
// out, so an entry delivered twice counts once, even with two services on one
// file. A zero source, where there is no JetStream, keeps no position.
//
// After an error nothing of the batch is stored. With ErrRefused one of the
// entries is at fault; with the other kinds the batch can be tried again.
func (s *Store) Apply(ctx context.Context, source Source, entries []Entry) (Result, error) {
	if len(entries) == 0 || ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	// A batch takes milliseconds: it is done or not begun. Being able to stop
	// each statement would cost more than some of them.
	ctx = context.WithoutCancel(ctx)
	var b *batch
	err := s.inTx(ctx, "write batch", func(tx *sql.Tx) error {
		b = newBatch(s, tx, source)
		return b.run(ctx, entries)
	})
	if err != nil {
		return Result{}, err
	}
	return b.result, nil
}

func (b *batch) run(ctx context.Context, entries []Entry) error {
	at, err := b.begin(ctx)
	if err != nil {
		return fmt.Errorf("read where to go on: %w", err)
	}
	for _, e := range entries {
		// A stream that lost its end gives the same numbers again, to younger
		// messages.
		if b.source.Stream != "" && e.Seq <= at.Seq && e.Arrived <= at.Time {
			b.result.Skipped++
			continue
		}
		at.Seq, at.Time = e.Seq, e.Arrived
		b.arrived = e.Arrived / 1e6
		if err := b.listen(ctx); err != nil {
			return fmt.Errorf("look after sessions: %w", err)
		}
		if e.Write != nil {
			if err := e.Write.apply(ctx, b); err != nil {
				return fmt.Errorf("write %T: %w", e.Write, err)
			}
		}
		b.result.Applied++
	}
	if b.result.Applied == 0 {
		return nil
	}
	return b.flush(ctx, at)
}

// flush writes what was gathered in memory.
func (b *batch) flush(ctx context.Context, at Position) error {
	if err := b.flushLines(ctx); err != nil {
		return fmt.Errorf("write lines: %w", err)
	}
	if err := b.flushPeople(ctx); err != nil {
		return fmt.Errorf("write people: %w", err)
	}
	if err := setMeta(ctx, b.tx, "last_write", b.heard); err != nil {
		return fmt.Errorf("write time of last write: %w", err)
	}
	if b.source.Stream == "" {
		return nil
	}
	if _, err := b.tx.StmtContext(ctx, b.s.stmts.setPosition).ExecContext(ctx,
		at.Stream, at.Created, int64(at.Seq), at.Time); err != nil {
		return fmt.Errorf("write position: %w", err)
	}
	return nil
}

// begin reads what the batch goes on from. It is read every time because
// another program may have written since. The position is zero but for the
// source where the file knows another stream of that name, or none.
func (b *batch) begin(ctx context.Context) (Position, error) {
	at := Position{Source: b.source}
	err := b.tx.StmtContext(ctx, b.s.stmts.getState).QueryRowContext(ctx).Scan(&b.heard, &b.paused, &b.newest)
	b.newest >>= slotBits
	if err != nil || b.source.Stream == "" {
		return at, err
	}
	known, err := scanPosition(b.tx.StmtContext(ctx, b.s.stmts.getPosition).QueryRowContext(ctx, b.source.Stream), b.source.Stream)
	if err == nil && known.Created == b.source.Created {
		at = known
	}
	return at, err
}

// Position tells how far the named stream has been applied; its Created is 0
// when nothing of it has.
func (s *Store) Position(ctx context.Context, stream string) (Position, error) {
	at, err := scanPosition(s.stmts.getPosition.QueryRowContext(ctx, stream), stream)
	return at, s.explain("read position", err)
}

func scanPosition(row *sql.Row, stream string) (Position, error) {
	at := Position{Source: Source{Stream: stream}}
	var seq int64
	err := row.Scan(&at.Created, &seq, &at.Time)
	if errors.Is(err, sql.ErrNoRows) {
		return at, nil
	}
	at.Seq = uint64(seq)
	return at, err
}
