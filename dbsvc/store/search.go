package store

import (
	"context"
	"regexp"
	"strings"
	"time"
)

// Search says which lines to find. Empty fields do not filter; without any,
// every line is found.
type Search struct {
	Text          string         // words, "phrases", -exclusions, beginnings*
	Pattern       *regexp.Regexp // must match the line's text
	User, Room    string         // the user in any case
	Since, Before time.Time
	OldestFirst   bool
	Limit, Offset int
}

// Hit is a line found.
type Hit struct {
	ID   int64
	Time int64 // Unix ms
	Room string
	User string
	Text string
}

// Found is what a search gave.
type Found struct {
	Hits []Hit
	More bool // there are others behind the last one, or may be

	// Reached is, when a Pattern was not held against all lines, the Unix ms
	// of the last one that it was held against.
	Reached int64
}

// Bounds on a search for a pattern, which looks at line after line. A program
// of maxProgram steps is at worst run for each byte of matchBytes.
const (
	patternTime = 400 * time.Millisecond
	maxLines    = 500_000
	matchBytes  = 8 << 10
)

// Search finds chat lines, newest first unless asked otherwise.
func (s *Store) Search(ctx context.Context, q Search) (Found, error) {
	query, args := q.compile()
	if query == "" {
		return Found{Hits: []Hit{}}, nil
	}
	if q.Pattern != nil {
		found, err := s.matching(ctx, q, query, args)
		return found, s.explain("search chat", err)
	}
	rows, err := s.read.QueryContext(ctx, query, args...)
	hits, err := collect(rows, err, hitFields)
	if err != nil {
		return Found{Hits: []Hit{}}, s.explain("search chat", err)
	}
	found := Found{Hits: hits, More: len(hits) > q.Limit}
	if found.More {
		found.Hits = hits[:q.Limit]
	}
	for i := range found.Hits {
		found.Hits[i].Time = found.Hits[i].ID >> slotBits
	}
	return found, nil
}

func hitFields(h *Hit) []any { return []any{&h.ID, &h.Room, &h.User, &h.Text} }

// matching holds the pattern against what the rest of the search finds, until
// there are enough hits or it has looked long enough.
func (s *Store) matching(ctx context.Context, q Search, query string, args []any) (Found, error) {
	found := Found{Hits: []Hit{}}
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return found, err
	}
	defer func() { _ = rows.Close() }() // Err tells what Close would
	var h Hit
	into := hitFields(&h)
	began, skip := time.Now(), q.Offset
	for looked := 1; rows.Next(); looked++ {
		if err := rows.Scan(into...); err != nil {
			return found, err
		}
		h.Time = h.ID >> slotBits
		if q.Pattern.MatchString(h.Text[:min(len(h.Text), matchBytes)]) {
			if len(found.Hits) == q.Limit {
				found.More = true
				return found, nil
			}
			if skip--; skip < 0 {
				found.Hits = append(found.Hits, h)
			}
		}
		if looked == s.patternLines || time.Since(began) > patternTime {
			found.More, found.Reached = true, h.Time
			return found, nil
		}
	}
	return found, rows.Err()
}

// compile gives the statement; an empty one when the text has nothing in it
// that could be found. A limit is left to who holds a pattern against the
// lines.
func (q Search) compile() (string, []any) {
	t := parseTerms(q.Text)
	if len(t.must) == 0 && len(t.not) == 0 && strings.TrimSpace(q.Text) != "" {
		return "", nil
	}
	var where conditions
	// id is that of whichever table leads: the index understands ranges of it.
	from, id := "rosey_chat c", "c.id"
	if match := q.match(t); match != "" {
		from, id = "rosey_chat_fts f JOIN rosey_chat c ON c.id = f.rowid", "f.rowid"
		where.add("f.rosey_chat_fts MATCH ?", match)
	} else if len(t.not) > 0 {
		where.add("c.id NOT IN (SELECT rowid FROM rosey_chat_fts WHERE rosey_chat_fts MATCH ?)",
			"text : ("+strings.Join(t.not, " OR ")+")")
	}
	if q.User != "" {
		where.add("c.user = ? COLLATE NOCASE", q.User)
	}
	if q.Room != "" {
		where.add("c.room = ?", q.Room)
	}
	if !q.Since.IsZero() {
		where.add(id+" >= ?", q.Since.UnixMilli()<<slotBits)
	}
	if !q.Before.IsZero() {
		where.add(id+" < ?", q.Before.UnixMilli()<<slotBits)
	}
	query := "SELECT c.id, c.room, c.user, c.text FROM " + from + where.sql() + " ORDER BY " + id
	if !q.OldestFirst {
		query += " DESC"
	}
	if q.Pattern != nil {
		return query, where.args
	}
	return query + " LIMIT ? OFFSET ?", append(where.args, q.Limit+1, q.Offset)
}

// match is the full-text query: the terms in the text, and the name, which
// narrows the search; that it is the whole name is left to the caller.
func (q Search) match(t terms) string {
	var must []string
	if len(t.must) > 0 {
		must = append(must, "text : ("+strings.Join(t.must, " AND ")+")")
	}
	if name := phrase(strings.TrimSuffix(q.User, "*")); name != "" {
		must = append(must, "user : "+name)
	}
	if len(must) == 0 {
		return ""
	}
	match := strings.Join(must, " AND ")
	if len(t.not) > 0 {
		match = "(" + match + ") NOT text : (" + strings.Join(t.not, " OR ") + ")"
	}
	return match
}
