package tui

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"rosey/bus/room"
	"rosey/config"
)

// rules are the person's own: what to look out for, whom to ignore, what to
// hide, and the actions of their own. They are made from the config and
// changed while the console runs; they touch nothing but what they hold.
type rules struct {
	highlights []highlight
	ignored    map[string]bool // folded names
	filters    []*filter
	presets    []preset
}

// A highlight marks lines and may ring or notify for new ones.
type highlight struct {
	word         string         // folded; empty when match is set
	match        *regexp.Regexp // of a match written between slashes
	role         string         // of the theme
	bell, notify bool
}

// A filter hides lines while it is active.
type filter struct {
	name           string
	text, user     *regexp.Regexp // nil: any
	active, invert bool
}

// A verdict is what the rules make of a line.
type verdict struct {
	hidden bool
	filter bool       // it is a filter that hides it, not who it is by
	mark   *highlight // the first that matches; nil for none
}

// compileRules makes the rules of t. The config has held every expression
// against the same rules, so an error means that t did not come from a file.
func compileRules(t config.TUI) (*rules, error) {
	r := &rules{ignored: map[string]bool{}}
	for _, h := range t.Highlights {
		made := highlight{role: cmp.Or(h.Colour, "accent"), bell: h.Bell, notify: h.Notify}
		if pattern, ok := config.MatchPattern(h.Match); ok {
			re, err := regexp.Compile(pattern)
			if err != nil {
				return nil, fmt.Errorf("read highlight %q: %w", h.Match, err)
			}
			made.match = re
		} else {
			made.word = room.Fold(h.Match)
		}
		r.highlights = append(r.highlights, made)
	}
	for _, name := range t.Ignore {
		r.ignored[room.Fold(name)] = true
	}
	for _, f := range t.Filters {
		made := &filter{name: f.Name, active: f.Active, invert: f.Invert}
		var err error
		if made.text, err = optional(f.Text); err == nil {
			made.user, err = optional(f.User)
		}
		if err != nil {
			return nil, fmt.Errorf("read filter %q: %w", f.Name, err)
		}
		r.filters = append(r.filters, made)
	}
	for _, p := range t.Presets {
		r.presets = append(r.presets, newPreset(p))
	}
	return r, nil
}

func optional(pattern string) (*regexp.Regexp, error) {
	if pattern == "" {
		return nil, nil
	}
	return regexp.Compile(pattern)
}

// judge is what the rules say of l. Only what people say and their coming and
// going can be hidden: what was done to someone, notices and gaps always show.
func (r *rules) judge(l *line) verdict {
	var v verdict
	switch l.kind {
	case lineChat, lineAction, linePM, lineJoin, lineLeave:
		v.filter = r.filtersOut(l)
		v.hidden = v.filter || r.ignored[room.Fold(l.name)]
	default:
		return v
	}
	if v.hidden || l.kind == lineJoin || l.kind == lineLeave {
		return v
	}
	text := l.text()
	for i := range r.highlights {
		if r.highlights[i].matches(text) {
			v.mark = &r.highlights[i]
			break
		}
	}
	return v
}

func (r *rules) filtersOut(l *line) bool {
	for _, f := range r.filters {
		if f.active && f.matches(l) != f.invert {
			return true
		}
	}
	return false
}

// on is how many filters are on.
func (r *rules) on() int {
	n := 0
	for _, f := range r.filters {
		if f.active {
			n++
		}
	}
	return n
}

func (h *highlight) matches(text string) bool {
	if h.match != nil {
		return h.match.MatchString(text)
	}
	return names(text, h.word)
}

func (f *filter) matches(l *line) bool {
	return (f.text == nil || f.text.MatchString(l.text())) && (f.user == nil || f.user.MatchString(l.name))
}

// String is the filter's name and state, for its list.
func (f *filter) String() string {
	state := "off"
	switch {
	case f.active && f.invert:
		state = "shows only what matches"
	case f.active:
		state = "hides what matches"
	case f.invert:
		state = "off, inverted"
	}
	return f.name + ": " + state
}

// filter finds a filter by name, in any case; nil when there is none.
func (r *rules) filter(name string) *filter {
	for _, f := range r.filters {
		if strings.EqualFold(f.name, name) {
			return f
		}
	}
	return nil
}

// keep takes over from what was before how the filters have been switched
// while running, where the config says the same of them as it did.
func (r *rules) keep(before *rules, was, is config.TUI) {
	for _, f := range is.Filters {
		for _, old := range was.Filters {
			if f != old {
				continue
			}
			if now, then := r.filter(f.Name), before.filter(f.Name); now != nil && then != nil {
				now.active, now.invert = then.active, then.invert
			}
		}
	}
}
