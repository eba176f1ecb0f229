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
	key    usersKey
}

// usersKey is everything the list depends on.
type usersKey struct {
	rev        uint64
	w, h, look int
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

// scroll moves the list by n rows.
func (p *usersPane) scroll(n int) { p.offset += n }

// view is the list in r. rev changes with the state.
func (p *usersPane) view(s *styles, by ansi.Method, st room.State, hideAFK bool, rev uint64, look int, r rect) []string {
	if k := (usersKey{rev, r.w, r.h, look}); k != p.key || p.rows == nil {
		p.rows, p.key = userRows(s, by, st, hideAFK, r), k
	}
	p.offset = max(0, min(p.offset, len(p.rows)-r.h))
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

// userRows are the whole list, with air between the groups where r has it.
func userRows(s *styles, by ansi.Method, st room.State, hideAFK bool, r rect) []string {
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
	var rows []string
	for i, g := range userGroups {
		if len(groups[i]) == 0 {
			continue
		}
		if airy && len(rows) > 0 {
			rows = append(rows, blank(r.w))
		}
		rows = append(rows, s.muted.paint(spread(by, " "+g.title, fmt.Sprintf("%d ", len(groups[i])), r.w)))
		for _, u := range groups[i] {
			rows = append(rows, userRow(s, by, st, u, g.mark, r.w))
		}
	}
	return rows
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
	return "  " + s.muted.paint(mark) + " " + k.paint(fit(by, name, space)) + s.muted.paint(tail)
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
