package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// person is a row of user_stats, in Unix seconds, while a batch works on it:
// however much someone says in a batch, the row is read and written once.
type person struct {
	name    string // as stored
	isNew   bool
	first   int64
	last    int64
	lines   int64
	online  int64
	session sql.NullInt64
}

// silentName tells names that are not people: CyTube speaks as [server] and
// [voteskip], and v0.5.0 keeps server apart (COMPAT.md §3).
func silentName(name string) bool {
	return name == "" || strings.EqualFold(name, "server") || strings.HasPrefix(name, "[") && strings.HasSuffix(name, "]")
}

// fold is equal for names that SQLite's NOCASE takes for equal. It folds ASCII,
// which is all that CyTube's names are made of (COMPAT.md §7).
func fold(name string) string {
	for i := range len(name) {
		if c := name[i]; 'A' <= c && c <= 'Z' {
			lower := []byte(name)
			for j := i; j < len(lower); j++ {
				if c := lower[j]; 'A' <= c && c <= 'Z' {
					lower[j] = c + 'a' - 'A'
				}
			}
			return string(lower)
		}
	}
	return name
}

// known gives the row of name, nil when there is none. v0.5.0 made a row for
// each spelling of a name: the one seen last goes on.
func (b *batch) known(ctx context.Context, name string) (*person, error) {
	key := fold(name)
	if p, ok := b.people[key]; ok {
		return p, nil
	}
	p := &person{}
	err := b.tx.StmtContext(ctx, b.s.stmts.getPerson).QueryRowContext(ctx, name).
		Scan(&p.name, &p.first, &p.last, &p.lines, &p.online, &p.session)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	b.people[key] = p
	return p, nil
}

// person gives the row of name, a new one when there is none.
func (b *batch) person(ctx context.Context, name string, at int64) (*person, error) {
	p, err := b.known(ctx, name)
	if err != nil || p != nil {
		return p, err
	}
	p = &person{name: name, isNew: true, first: at, last: at}
	b.people[fold(name)] = p
	return p, nil
}

// saw notes that the person was there. Times may come in any order: a line
// from before the connection is written after newer ones.
func (p *person) saw(at int64) {
	p.first, p.last = min(p.first, at), max(p.last, at)
}

// endSession adds the time since the session's start.
func (p *person) endSession(at int64) {
	if p.session.Valid {
		p.online += max(0, at-p.session.Int64)
		p.session = sql.NullInt64{}
	}
}

func (b *batch) flushPeople(ctx context.Context) error {
	insert := b.tx.StmtContext(ctx, b.s.stmts.addPerson)
	update := b.tx.StmtContext(ctx, b.s.stmts.setPerson)
	for _, p := range b.people {
		stmt := update
		if p.isNew {
			stmt = insert
		}
		if _, err := stmt.ExecContext(ctx, p.first, p.last, p.lines, p.online, p.session, p.name); err != nil {
			return err
		}
	}
	return nil
}
