package tui

import (
	"cmp"
	"slices"
	"strings"

	"rosey/bus/room"
)

// A completion under way: tab again gives the next candidate.
type completion struct {
	candidates []string
	at         int
	shown      int // characters that the present candidate put before the cursor
}

// complete completes what stands before the cursor, or goes to the next
// candidate.
func (m *model) complete(v *channel) {
	t := &v.tab
	if len(t.candidates) > 0 {
		t.at = (t.at + 1) % len(t.candidates)
		v.edit.replaceBefore(t.shown, t.candidates[t.at])
		t.shown = len(clusters(t.candidates[t.at]))
		return
	}
	start := v.edit.pos
	for start > 0 && v.edit.chars[start-1] != " " {
		start--
	}
	word := strings.Join(v.edit.chars[start:v.edit.pos], "")
	t.candidates = candidates(v, word, start == 0)
	if len(t.candidates) == 0 {
		m.status = "nothing to complete"
		return
	}
	v.edit.replaceBefore(v.edit.pos-start, t.candidates[0])
	t.at, t.shown = 0, len(clusters(t.candidates[0]))
}

// candidates are what word may become: commands at the start of the line,
// people with those who spoke last in front, then emotes.
func candidates(v *channel, word string, first bool) []string {
	if first && strings.HasPrefix(word, "/") {
		return commandNames(word)
	}
	at := ""
	if strings.HasPrefix(word, "@") {
		at, word = "@", word[1:]
	}
	want := room.Fold(word)
	var people []string
	for _, u := range v.state.Users {
		if strings.HasPrefix(room.Fold(u.Name), want) && room.Fold(u.Name) != room.Fold(v.state.Self.Name) {
			people = append(people, room.Clean(u.Name))
		}
	}
	slices.SortStableFunc(people, func(a, b string) int {
		return cmp.Compare(v.spoke[room.Fold(b)], v.spoke[room.Fold(a)])
	})
	var out []string
	for _, p := range people {
		out = append(out, at+p+" ")
	}
	if word == "" || at != "" {
		return out
	}
	for _, e := range v.state.Emotes {
		if strings.HasPrefix(room.Fold(e.Name), want) {
			out = append(out, room.Clean(e.Name)+" ")
		}
	}
	return out
}
