package store

import (
	"context"
	"strings"
	"time"
)

// Search says which lines to find. Empty fields do not filter.
type Search struct {
	Text          string // words, "phrases", -exclusions, beginnings*
	User, Room    string // the user in any case
	Since, Before time.Time
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

// Search finds chat lines, newest first. more says that there are others
// behind the last one.
func (s *Store) Search(ctx context.Context, q Search) (hits []Hit, more bool, err error) {
	query, args := q.compile()
	if query == "" {
		return []Hit{}, false, nil
	}
	rows, err := s.read.QueryContext(ctx, query, args...)
	hits, err = collect(rows, err, func(h *Hit) []any { return []any{&h.ID, &h.Room, &h.User, &h.Text} })
	if err != nil {
		return []Hit{}, false, s.explain("search chat", err)
	}
	if more = len(hits) > q.Limit; more {
		hits = hits[:q.Limit]
	}
	for i := range hits {
		hits[i].Time = hits[i].ID >> slotBits
	}
	return hits, more, nil
}

// compile gives the statement; an empty one when the text has nothing in it
// that could be found.
func (q Search) compile() (string, []any) {
	t := parseTerms(q.Text)
	if len(t.must) == 0 && len(t.not) == 0 && strings.TrimSpace(q.Text) != "" {
		return "", nil
	}
	var where []string
	var args []any
	filter := func(condition string, value any) {
		where = append(where, condition)
		args = append(args, value)
	}
	// id is that of whichever table leads: the index understands ranges of it.
	from, id := "rosey_chat c", "c.id"
	if match := q.match(t); match != "" {
		from, id = "rosey_chat_fts f JOIN rosey_chat c ON c.id = f.rowid", "f.rowid"
		filter("f.rosey_chat_fts MATCH ?", match)
	} else if len(t.not) > 0 {
		filter("c.id NOT IN (SELECT rowid FROM rosey_chat_fts WHERE rosey_chat_fts MATCH ?)",
			"text : ("+strings.Join(t.not, " OR ")+")")
	}
	if q.User != "" {
		filter("c.user = ? COLLATE NOCASE", q.User)
	}
	if q.Room != "" {
		filter("c.room = ?", q.Room)
	}
	if !q.Since.IsZero() {
		filter(id+" >= ?", q.Since.UnixMilli()<<slotBits)
	}
	if !q.Before.IsZero() {
		filter(id+" < ?", q.Before.UnixMilli()<<slotBits)
	}
	query := "SELECT c.id, c.room, c.user, c.text FROM " + from
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	return query + " ORDER BY " + id + " DESC LIMIT ? OFFSET ?", append(args, q.Limit+1, q.Offset)
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
