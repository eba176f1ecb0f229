package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
)

// usersPane lists who is here, by rank.
type usersPane struct {
	offset int // rows scrolled past
	rows   []string
	names  []string // of whom each row is; empty for titles
	key    usersKey

	focus bool   // keys move in the list
	sel   string // the chosen person, by name
}

// usersKey is everything the list depends on.
type usersKey struct {
	rev        uint64
	w, h, look int
	sel, asOf  string
}

// userGroups are the list's blocks, in order; the first that takes a user has
// them.
var userGroups = []struct {
	title, mark string
	takes       func(room.User) bool
}{
	{"ADMINS", "~", func(u room.User) bool { return !u.Meta.AFK && u.Rank >= room.RankAdmin }},
	{"MODERATORS", "@", func(u room.User) bool { return !u.Meta.AFK && u.Rank >= room.RankModerator }},
	{"USERS", "+", func(u room.User) bool { return !u.Meta.AFK && u.Rank >= room.RankUser }},
	{"GUESTS", " ", func(u room.User) bool { return !u.Meta.AFK }},
	{"AFK", "·", func(room.User) bool { return true }},
}

// scroll moves the list by n rows, its last one to the foot at most.
func (p *usersPane) scroll(n int) { p.offset = max(0, min(p.offset+n, len(p.rows)-p.key.h)) }

// view is the list in r. rev changes with the state; asOf is of when it is, empty
// for now.
func (p *usersPane) view(s *styles, by ansi.Method, st room.State, hideAFK bool, asOf string, rev uint64, look int, r rect) []string {
	sel := ""
	if p.focus {
		sel = p.sel
	}
	if k := (usersKey{rev, r.w, r.h, look, sel, asOf}); k != p.key || p.rows == nil {
		p.rows, p.names = userRows(s, by, st, hideAFK, sel, r)
		if asOf != "" {
			p.rows, p.names = p.fadedRows(s, by, asOf, sel, r.w)
		}
		p.key = k
	}
	p.scroll(0)
	out := make([]string, 0, r.h)
	shown := p.rows[p.offset:min(len(p.rows), p.offset+r.h)]
	out = append(out, shown...)
	if below := len(p.rows) - p.offset - r.h; below > 0 && r.h > 1 {
		out[r.h-1] = s.muted.paint(fit(by, fmt.Sprintf("   ↓ %d more", below+1), r.w))
	}
	for len(out) < r.h {
		out = append(out, blank(r.w))
	}
	return out
}

// fadedRows are the list as it was last known, with a row that says so.
func (p *usersPane) fadedRows(s *styles, by ansi.Method, asOf, sel string, w int) (rows, names []string) {
	rows = append(rows, s.strong.paint(fit(by, " "+asOf, w)))
	for i, row := range p.rows {
		if sel == "" || room.Fold(p.names[i]) != room.Fold(sel) {
			row = s.fade(row)
		}
		rows = append(rows, row)
	}
	return rows, append([]string{""}, p.names...)
}

// userRows are the whole list, with air between the groups where r has it.
func userRows(s *styles, by ansi.Method, st room.State, hideAFK bool, sel string, r rect) (rows, names []string) {
	groups := make([][]room.User, len(userGroups))
	for _, u := range st.Users {
		for i, g := range userGroups {
			if g.takes(u) {
				groups[i] = append(groups[i], u)
				break
			}
		}
	}
	if hideAFK {
		groups[len(groups)-1] = nil
	}
	airy := len(st.Users)+2*len(groups) <= r.h
	for i, g := range userGroups {
		if len(groups[i]) == 0 {
			continue
		}
		if airy && len(rows) > 0 {
			rows, names = append(rows, blank(r.w)), append(names, "")
		}
		names = append(names, "")
		rows = append(rows, s.muted.paint(spread(by, " "+g.title, fmt.Sprintf("%d ", len(groups[i])), r.w)))
		for _, u := range groups[i] {
			row := userRow(s, by, st, u, g.mark, r.w)
			if sel != "" && room.Fold(u.Name) == room.Fold(sel) {
				row = under(s.selected, s.accent.paint("›")+by.TruncateLeft(row, 1, ""))
			}
			rows, names = append(rows, row), append(names, u.Name)
		}
	}
	return rows, names
}

// move chooses the next person in direction step and brings them into a window
// of h rows.
func (p *usersPane) move(step, h int) {
	at := -1
	for i, n := range p.names {
		if n != "" && room.Fold(n) == room.Fold(p.sel) {
			at = i
		}
	}
	if at < 0 && step < 0 {
		at = len(p.names)
	}
	for i := at + step; i >= 0 && i < len(p.names); i += step {
		if p.names[i] != "" {
			p.sel = p.names[i]
			p.offset = max(min(p.offset, i-1), i-h+2)
			return
		}
	}
}

// at is whom a row of the window shows.
func (p *usersPane) at(row int) string {
	if i := p.offset + row; row >= 0 && i < len(p.names) {
		return p.names[i]
	}
	return ""
}

func userRow(s *styles, by ansi.Method, st room.State, u room.User, mark string, w int) string {
	notes := userNotes(st, u)
	tail := ""
	if notes != "" {
		tail = " " + notes + " "
	}
	name := cleanName(u.Name)
	k := s.name(name)
	if u.Meta.AFK {
		k = s.muted
	}
	space := max(0, w-4-by.StringWidth(tail))
	return "  " + s.muted.paint(mark) + " " + k.paint(fit(by, cutName(by, name, space), space)) + s.muted.paint(tail)
}

// userNotes are the marks behind a name.
func userNotes(st room.State, u room.User) string {
	var notes []string
	switch {
	case u.Meta.ShadowMuted:
		notes = append(notes, "shadow")
	case u.Meta.Muted:
		notes = append(notes, "muted")
	}
	if st.Leader != "" && room.Fold(st.Leader) == room.Fold(u.Name) {
		notes = append(notes, "♛")
	}
	if st.Self.Name != "" && room.Fold(st.Self.Name) == room.Fold(u.Name) {
		notes = append(notes, "you")
	}
	return strings.Join(notes, " ")
}
