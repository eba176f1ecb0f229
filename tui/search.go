package tui

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// A search is what one looks for in the chat: first in the loaded lines, then
// in the database.
type search struct {
	text   string // as it was typed
	query  bus.ChatSearchQuery
	regexp *regexp.Regexp
	must   []string // folded words and phrases
	not    []string
	found  *regexp.Regexp // in a line, what was looked for; nil: nothing to see in it
}

// parseSearch reads what a person typed: words, "phrases", -exclusions,
// user:, since:, before: and one /regexp/.
func parseSearch(text string, now time.Time, loc *time.Location) (*search, error) {
	s := &search{text: text}
	rest := strings.TrimSpace(text)
	if from := strings.Index(rest, "/"); from >= 0 && (from == 0 || rest[from-1] == ' ') {
		if n := strings.LastIndex(rest, "/"); n > from {
			re, err := regexp.Compile("(?i)" + rest[from+1:n])
			if err != nil {
				return nil, fmt.Errorf("the regular expression cannot be read: %w", err)
			}
			s.regexp, s.query.Regexp = re, re.String()
			rest = strings.TrimSpace(rest[:from] + " " + rest[n+1:])
		}
	}
	var words []string
	for _, w := range searchWords(rest) {
		name, value, ok := strings.Cut(w, ":")
		var err error
		switch {
		case ok && name == "user" && value != "":
			s.query.User = value
		case ok && name == "since" && value != "":
			s.query.Since, err = readMoment(value, now, loc)
		case ok && name == "before" && value != "":
			s.query.Before, err = readMoment(value, now, loc)
		case strings.HasPrefix(w, "-") && len(w) > 1:
			s.not = append(s.not, room.Fold(strings.Trim(w[1:], `"`)))
			words = append(words, w)
		default:
			s.must = append(s.must, room.Fold(strings.Trim(w, `"`)))
			words = append(words, w)
		}
		if err != nil {
			return nil, err
		}
	}
	s.query.Text = strings.Join(words, " ")
	s.found = s.marks()
	return s, nil
}

// searchWords parts at blanks outside of double quotes, which stay.
func searchWords(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
}

// readMoment reads a date, a date with a time, or how long ago.
func readMoment(text string, now time.Time, loc *time.Location) (int64, error) {
	for _, form := range []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(form, text, loc); err == nil {
			return t.UnixMilli(), nil
		}
	}
	ago, err := config.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is no time: write 2026-11-20, 2026-11-20T21:04, or 90s 10m 2h 3d 1w ago", text)
	}
	return now.Add(-ago).UnixMilli(), nil
}

// matches tells whether a loaded line is what is looked for.
func (s *search) matches(l *line) bool {
	q := s.query
	switch {
	case q.User != "" && !l.spoken() && l.kind != lineServer,
		q.User != "" && room.Fold(l.name) != room.Fold(q.User),
		q.Since > 0 && l.at < q.Since, q.Before > 0 && l.at >= q.Before:
		return false
	}
	text := l.text()
	if !l.spoken() {
		text = l.name + " " + text // what was done, who came: the name is part of what it tells
	}
	if s.regexp != nil && !s.regexp.MatchString(text) {
		return false
	}
	text = room.Fold(text)
	for _, w := range s.must {
		if !strings.Contains(text, w) {
			return false
		}
	}
	for _, w := range s.not {
		if strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// searchKey is a key while a search is typed.
func (m *model) searchKey(v *channel, msg tea.KeyPressMsg) tea.Cmd {
	switch k := m.keys; {
	case key.Matches(msg, k.Cancel):
		v.finding = nil
	case key.Matches(msg, k.Choose):
		text := strings.TrimSpace(v.finding.value())
		v.finding = nil
		if text == "" {
			v.search = nil
			return nil
		}
		s, err := parseSearch(text, m.now, m.loc)
		if err != nil {
			m.status = err.Error()
			return nil
		}
		v.search = s
		return m.findNext(v, -1)
	default:
		v.finding.key(m, msg)
	}
	return nil
}

// findNext goes to the next hit in direction step: a loaded line, or, where
// none is left before, what the database has.
func (m *model) findNext(v *channel, step int) tea.Cmd {
	if v.search == nil {
		m.status = "look for something first: / does"
		return nil
	}
	v.chat.mark(v.search.found)
	if !v.chat.selecting() {
		v.chat.selectLast()
		if l := v.chat.selected(); step < 0 && l != nil && v.search.matches(l) {
			return nil
		}
	}
	if v.chat.selectMove(step, v.search.matches) {
		return m.wantOlder(v)
	}
	if step > 0 {
		m.status = "no hit after"
		return nil
	}
	h := newHits(v)
	return tea.Batch(m.push(h), h.more(m))
}

// hits is what the database has found; any of it can be gone to, and its author
// acted on.
type hits struct {
	room  string
	list  table
	found query[bus.ChatSearchReply]
	all   []bus.ChatHit
	next  bus.ChatSearchQuery
	text  string
	marks *regexp.Regexp
}

func newHits(v *channel) *hits {
	h := &hits{room: v.name, next: v.search.query, text: v.search.text, marks: v.search.found}
	h.next.Room, h.next.Limit = v.name, 100
	return h
}

func (h *hits) more(m *model) tea.Cmd {
	if h.found.asking {
		return nil
	}
	h.next.Offset = len(h.all)
	return h.found.ask(m, bus.SubjectChatSearch, h.next, func(*model) tea.Cmd {
		if h.found.err == nil {
			h.all = append(h.all, h.found.reply.Hits...)
		}
		return nil
	})
}

func (h *hits) rows(m *model, w int) []tableRow {
	s := m.styles
	rows := make([]tableRow, len(h.all))
	cols, lead := []column{{w: 18}, {w: 14, person: true}}, 36
	if w < narrowWidth {
		cols, lead = []column{{w: 6}, {w: 8, person: true}}, 18
	}
	for i, hit := range h.all {
		at := time.UnixMilli(hit.Time).In(m.loc)
		when := m.dateTime(at, at.Year() != m.now.In(m.loc).Year())
		if len(when) > cols[0].w {
			when = at.Format("2 Jan 2006")
		}
		if w < narrowWidth {
			when = at.Format("2 Jan")
		}
		name := cleanName(hit.User)
		rows[i] = tableRow{key: strconv.FormatInt(hit.ID, 10) + name, text: m.tableCells(cols, []string{when, name}, w-3, s.muted, s.name(name)) +
			"  " + m.excerptOf(strings.ReplaceAll(room.Clean(hit.Text), "\n", " "), h.marks, max(1, w-3-lead))}
	}
	return rows
}

func (h *hits) height(m *model) int { return max(1, min(m.h-6, max(4, len(h.all)))) }
func (h *hits) width(m *model) int  { return min(m.w-2, 120) }

func (h *hits) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := m.keys
	v := m.roomNamed(h.room)
	if v == nil || key.Matches(msg, k.Cancel, k.Close) {
		return nil, true
	}
	rows := h.rows(m, h.width(m)-4)
	if h.list.key(k, msg, rows, h.height(m)) {
		if h.list.at >= len(rows)-5 && h.found.reply.More {
			return h.more(m), false
		}
		return nil, false
	}
	if h.list.at >= len(h.all) {
		return nil, false
	}
	hit := h.all[h.list.at]
	switch {
	case key.Matches(msg, k.Choose):
		return tea.Batch(m.open(viewRoom), m.excerpt(v, hit)), true
	case key.Matches(msg, k.WhoIs):
		return m.openCard(v, hit.User), false
	case key.Matches(msg, k.Kick, k.Mute, k.Ban):
		return m.onPersonKey(v, cleanName(hit.User), msg), false
	case key.Matches(msg, k.Copy):
		return m.copy(hitLines([]bus.ChatHit{hit}, false)[0].plain(m.loc)), false
	}
	return nil, false
}

// hints are the keys of a hit, where there is one.
func (h *hits) hints(m *model) []key.Binding {
	k := m.keys
	switch {
	case len(h.all) == 0:
		return []key.Binding{k.Cancel}
	case m.opts.ReadOnly:
		return []key.Binding{bind("enter", "go there", "enter"), k.WhoIs, k.Copy, k.Cancel}
	}
	return []key.Binding{bind("enter", "go there", "enter"), k.WhoIs, k.Kick, k.Mute, k.Ban, k.Copy, k.Cancel}
}

func (h *hits) box(m *model) []string {
	s, w := m.styles, h.width(m)
	rows := h.rows(m, w-4)
	body := h.list.draw(m, rows, w-4, h.height(m))
	switch {
	case h.found.asking && len(rows) == 0:
		body[0] = s.muted.paint("  searching the database …")
	case h.found.trouble() != "":
		body[0] = s.warn.paint("  " + h.found.trouble())
	case h.found.reply.Error != "":
		body[0] = s.warn.paint("  " + room.Clean(h.found.reply.Error))
	case len(rows) == 0:
		body[0] = s.muted.paint("  nothing found")
	}
	body = append(body, "", m.keyHints(m.fitHints(h.hints(m), w-4)))
	more := ""
	if h.found.reply.More {
		more = "+"
	}
	return m.box(fmt.Sprintf("%d%s in the database · %s", len(h.all), more, room.Clean(h.text)), body, w)
}
