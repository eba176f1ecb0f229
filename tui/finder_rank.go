package tui

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rosey/bus/room"
)

// How well an entry answers what was typed; less is better.
const (
	rankExact = iota * 10
	rankPrefix
	rankWord                    // a word of the title begins with it
	rankInside                  // somewhere in the title
	rankLoose                   // its letters in order, with gaps: one more for each
	rankNote   = rankLoose + 90 // a word of the note begins with it
	rankNone   = -1
)

// rank tells how well title and note answer what was typed. Of several words
// each must be answered.
func rank(typed, title, note string) int {
	typed, title, note = room.Fold(strings.TrimSpace(typed)), room.Fold(title), room.Fold(note)
	if !strings.HasPrefix(typed, "/") {
		title = strings.TrimPrefix(title, "/")
	}
	if r := rankWords(typed, title, note); r != rankNone {
		return r
	}
	sum := 0
	words := strings.Fields(typed)
	for _, word := range words {
		r := rankWords(word, title, note)
		if r == rankNone || len(words) < 2 {
			return rankNone
		}
		sum += r + 1
	}
	return sum
}

func rankWords(typed, title, note string) int {
	at := strings.Index(title, typed)
	switch {
	case typed == title:
		return rankExact
	case at == 0:
		return rankPrefix
	case wordBegins(title, typed):
		return rankWord
	case at > 0 && utf8.RuneCountInString(typed) > 1:
		return rankInside
	}
	if gaps := looseIn(title, typed); gaps > 0 {
		return rankLoose + min(gaps, 80)
	}
	if wordBegins(note, typed) {
		return rankNote
	}
	return rankNone
}

// wordBegins tells whether a word of text begins with prefix.
func wordBegins(text, prefix string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], prefix)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		if i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
			return true
		}
		from = i + max(1, len(prefix))
		if from > len(text) {
			return false
		}
	}
}

// looseIn tells in how many gaps the letters of typed stand in text in order,
// the first at the start of a word; 0 where they do not, or where too far apart
// to be meant.
func looseIn(text, typed string) int {
	want := []rune(typed)
	if len(want) < 3 {
		return 0
	}
	best := 0
	all := []rune(text)
	for start, c := range all {
		if c != want[0] || start > 0 && unicode.IsLetter(all[start-1]) {
			continue
		}
		at, n, gaps := start, 1, 0
		for i := start + 1; i < len(all) && n < len(want); i++ {
			if all[i] == want[n] {
				gaps += min(1, i-at-1)
				at, n = i, n+1
			}
		}
		if n == len(want) && at-start < 3*len(want) && gaps > 0 && (best == 0 || gaps < best) {
			best = gaps
		}
	}
	return best
}

// look finds the entries that answer what was typed, best first. Where nothing
// is typed they are all there, those used last before the others.
func (p *finder) look() {
	p.at, p.found = 0, p.found[:0]
	typed := p.find.value()
	ranks := make([]int, len(p.entries))
	for i, e := range p.entries {
		if strings.TrimSpace(typed) == "" {
			if ranks[i] = slices.Index(p.recent, e.title); ranks[i] < 0 {
				ranks[i] = len(p.recent)
			}
		} else if ranks[i] = rank(typed, e.title, e.note); ranks[i] == rankNone {
			continue
		}
		p.found = append(p.found, i)
	}
	slices.SortStableFunc(p.found, func(a, b int) int { return ranks[a] - ranks[b] })
}

// maxRecent bounds what the palette has used last.
const maxRecent = 8

// used puts what was done first among what was used last.
func used(recent []string, title string) []string {
	recent = slices.DeleteFunc(slices.Clone(recent), func(t string) bool { return t == title })
	return append([]string{title}, recent[:min(len(recent), maxRecent-1)]...)
}
