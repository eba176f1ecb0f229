package tui

import (
	"strings"

	"rosey/bus/room"
)

// A logFilter chooses entries: all of its words must be found, who: and kind:
// narrow to a person and a kind, a leading - turns a word round, and a leading
// ! the whole filter.
type logFilter struct {
	text   string
	words  []filterWord
	invert bool
}

type filterWord struct {
	field string // "", who, kind or room
	text  string // folded
	not   bool
}

func newLogFilter(text string) logFilter {
	f := logFilter{text: strings.TrimSpace(text)}
	rest := f.text
	if inverted, ok := strings.CutPrefix(rest, "!"); ok {
		f.invert, rest = true, inverted
	}
	for word := range strings.FieldsSeq(rest) {
		w := filterWord{text: word}
		if cut, ok := strings.CutPrefix(word, "-"); ok && cut != "" {
			w.not, w.text = true, cut
		}
		if field, value, ok := strings.Cut(w.text, ":"); ok && (field == "who" || field == "kind" || field == "room") {
			w.field, w.text = field, value
		}
		if w.text = room.Fold(w.text); w.text != "" {
			f.words = append(f.words, w)
		}
	}
	return f
}

// empty tells whether the filter lets all through.
func (f logFilter) empty() bool { return len(f.words) == 0 && !f.invert }

// inverted is the filter turned round.
func (f logFilter) inverted() logFilter {
	if f.invert {
		return newLogFilter(strings.TrimPrefix(f.text, "!"))
	}
	return newLogFilter("!" + f.text)
}

func (f logFilter) match(e *logEntry) bool {
	if len(f.words) == 0 {
		return true // an inversion of nothing would hide all
	}
	for _, w := range f.words {
		if w.match(e) == w.not {
			return f.invert
		}
	}
	return !f.invert
}

func (w filterWord) match(e *logEntry) bool {
	switch w.field {
	case "who":
		return strings.Contains(room.Fold(e.who), w.text) || strings.Contains(room.Fold(e.target), w.text)
	case "kind":
		return strings.HasPrefix(string(e.kind), w.text) || strings.HasPrefix(room.Fold(e.verb), w.text)
	case "room":
		return strings.Contains(room.Fold(e.room), w.text)
	}
	for _, text := range []string{e.who, e.verb, e.target, e.reason, e.text, e.room, string(e.status)} {
		if strings.Contains(room.Fold(text), w.text) {
			return true
		}
	}
	return false
}
