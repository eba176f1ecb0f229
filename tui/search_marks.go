package tui

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// What was looked for stands out inside the lines that have it.

// marks finds the words, phrases and the expression of a search; nil where it
// has none, as user:bob.
func (s *search) marks() *regexp.Regexp {
	words := slices.DeleteFunc(slices.Clone(s.must), func(w string) bool { return w == "" })
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) }) // the longest that fits is marked
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	if s.regexp != nil {
		words = append(words, s.regexp.String())
	}
	if len(words) == 0 {
		return nil
	}
	found, err := regexp.Compile("(?i)(?:" + strings.Join(words, "|") + ")")
	if err != nil { // each part has been read before
		return nil
	}
	return found
}

// mark gives what found finds in pieces the ink of a hit over their own. A hit
// may go over several pieces.
func mark(pieces []piece, found *regexp.Regexp, hit ink) []piece {
	if found == nil {
		return pieces
	}
	var text strings.Builder
	for _, p := range pieces {
		text.WriteString(p.text)
	}
	hits := found.FindAllStringIndex(text.String(), -1)
	if len(hits) == 0 {
		return pieces
	}
	out := make([]piece, 0, len(pieces)+2*len(hits))
	at := 0
	for _, p := range pieces {
		end := at + len(p.text)
		for at < end {
			for len(hits) > 0 && hits[0][1] <= at {
				hits = hits[1:]
			}
			to, k := end, p.ink
			switch {
			case len(hits) == 0:
			case hits[0][0] > at:
				to = min(end, hits[0][0])
			default:
				to, k = min(end, hits[0][1]), p.ink+hit
			}
			out = append(out, piece{p.text[len(p.text)-(end-at) : len(p.text)-(end-to)], k})
			at = to
		}
	}
	return out
}

// mark has what was looked for stand out in the chat's lines until it is live
// again.
func (c *chat) mark(found *regexp.Regexp) {
	c.render.marks = found
	c.version++
}

// excerptOf is text in w cells with its first hit in sight and each hit marked.
func (m *model) excerptOf(text string, found *regexp.Regexp, w int) string {
	s := m.styles
	if found != nil {
		if at := found.FindStringIndex(text); at != nil && m.by.StringWidth(text[:at[1]]) > w-2 {
			from := max(0, at[0]-w/3)
			for from > 0 && !utf8.RuneStart(text[from]) {
				from--
			}
			text = ellipsis + text[from:]
		}
	}
	var b strings.Builder
	for _, p := range mark([]piece{{fit(m.by, text, w), s.text}}, found, s.hit) {
		b.WriteString(p.ink.paint(p.text))
	}
	return b.String()
}
