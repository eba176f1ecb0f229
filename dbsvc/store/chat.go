package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// A line's id is its millisecond times slotSize plus a number, so that ids are
// in order of time, and a filter by time is a range of ids also in the
// full-text index.
const (
	slotBits = 11
	slotSize = 1 << slotBits
)

// slot is one millisecond of rosey_chat while a batch works on it.
type slot struct {
	next int64 // next free id
	here map[lineKey]struct{}
}

// lineKey is what makes two lines of one millisecond the same line.
type lineKey struct{ room, user, text string }

type storedLine struct {
	id int64
	Line
}

func (w Line) apply(ctx context.Context, b *batch) error {
	if silentName(w.User) {
		return nil
	}
	stored, err := b.place(ctx, w)
	if err != nil || !stored {
		return err
	}
	p, err := b.person(ctx, w.User, w.Time/1000)
	if err != nil {
		return err
	}
	p.saw(w.Time / 1000)
	p.lines++
	return nil
}

// place gives the line its id. stored is false when it is there already.
func (b *batch) place(ctx context.Context, w Line) (stored bool, err error) {
	at, err := b.slot(ctx, w.Time)
	if err != nil {
		return false, err
	}
	if w.Once {
		key := lineKey{w.Room, fold(w.User), w.Text}
		if _, there := at.here[key]; there {
			b.result.Repeated++
			return false, nil
		}
		at.here[key] = struct{}{}
	}
	for ms := w.Time; at.next&(slotSize-1) == slotSize-1; { // full: the next one
		ms++
		if at, err = b.slot(ctx, ms); err != nil {
			return false, err
		}
	}
	b.lines = append(b.lines, storedLine{at.next, w})
	at.next++
	return true, nil
}

// slot gives a millisecond. Only one that is not newer than all others can
// hold lines already.
func (b *batch) slot(ctx context.Context, ms int64) (*slot, error) {
	if at, ok := b.slots[ms]; ok {
		return at, nil
	}
	at := &slot{next: ms << slotBits, here: map[lineKey]struct{}{}}
	b.slots[ms] = at
	if ms > b.newest {
		return at, nil
	}
	rows, err := b.tx.StmtContext(ctx, b.s.stmts.getSlot).QueryContext(ctx, at.next, at.next+slotSize)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err tells what Close would
	for rows.Next() {
		var id int64
		var key lineKey
		if err := rows.Scan(&id, &key.room, &key.user, &key.text); err != nil {
			return nil, err
		}
		key.user = fold(key.user)
		at.here[key] = struct{}{}
		at.next = id + 1
	}
	return at, rows.Err()
}

// chunk is how many rows one INSERT takes.
const chunk = 32

// flushLines writes recent_chat in the order of arrival, then our tables. It
// notes how far recent_chat is ours: what is found behind that at the next
// start, another program wrote.
func (b *batch) flushLines(ctx context.Context) error {
	if len(b.lines) == 0 {
		return nil
	}
	if err := b.insertLines(ctx, &b.s.stmts.addRecent, func(args []any, l storedLine) []any {
		return append(args, l.Time/1000, l.User, l.HTML)
	}); err != nil {
		return err
	}
	if _, err := b.tx.ExecContext(ctx, noteRecentOwn); err != nil {
		return err
	}
	return b.flushSearchable(ctx)
}

// flushSearchable writes our table and its index by id: the full-text index
// writes out what it has gathered whenever an id is smaller than the last one.
func (b *batch) flushSearchable(ctx context.Context) error {
	slices.SortFunc(b.lines, func(x, y storedLine) int { return cmp.Compare(x.id, y.id) })
	if err := b.insertLines(ctx, &b.s.stmts.addChat, func(args []any, l storedLine) []any {
		return append(args, l.id, l.Room, l.User, l.Text)
	}); err != nil {
		return err
	}
	return b.insertLines(ctx, &b.s.stmts.addWords, func(args []any, l storedLine) []any {
		return append(args, l.id, words(l.Text), words(l.User))
	})
}

// insertLines inserts all lines, chunk by chunk and the rest one by one.
func (b *batch) insertLines(ctx context.Context, in *inserter, values func([]any, storedLine) []any) error {
	many, one := b.tx.StmtContext(ctx, in.many), b.tx.StmtContext(ctx, in.one)
	var args []any
	for rest := b.lines; len(rest) > 0; {
		stmt, n := many, chunk
		if len(rest) < chunk {
			stmt, n = one, 1
		}
		args = args[:0]
		for _, l := range rest[:n] {
			args = values(args, l)
		}
		if _, err := stmt.ExecContext(ctx, args...); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// placeholders is the VALUES of an INSERT of n rows.
func placeholders(n, columns int) string {
	row := "(" + strings.Repeat("?,", columns-1) + "?)"
	return strings.Repeat(row+",", n-1) + row
}
