package room

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// UTF16Len is the length of s as CyTube counts it: in UTF-16 code units
// (PROTOCOL.md §5).
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n += units(r)
	}
	return n
}

// units is 1 or 2; an invalid byte counts as the U+FFFD that it becomes.
func units(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// Split cuts text into parts of at most limit UTF-16 units, in order. It cuts
// at the last line end that fits, else at the last blank, else between two
// graphemes; only a grapheme longer than the limit is itself cut. White space
// at a cut is dropped, except the indent of the line that follows; parts are
// never blank. A limit below 2 counts as 2, the size of the largest character.
func Split(text string, limit int) []string {
	limit = max(limit, 2)
	var parts []string
	for text != "" {
		n := fitting(text, limit)
		if n < len(text) {
			n = cutAt(text, n)
		}
		if part := strings.TrimRightFunc(text[:n], unicode.IsSpace); strings.TrimSpace(part) != "" {
			parts = append(parts, part)
		}
		text = afterCut(text[:n], text[n:])
	}
	return parts
}

// fitting is the length in bytes of the longest beginning of text that has at
// most limit units.
func fitting(text string, limit int) int {
	left := limit
	for i, r := range text {
		if left -= units(r); left < 0 {
			return i
		}
	}
	return len(text)
}

// cutAt finds the best place to cut text at or before byte n, which is inside
// it. A blank or line end right at n is a good place too.
func cutAt(text string, n int) int {
	if i := strings.LastIndexByte(text[:n+1], '\n'); i >= 0 && strings.TrimSpace(text[:i]) != "" {
		return i
	}
	next, _ := utf8.DecodeRuneInString(text[n:])
	if unicode.IsSpace(next) {
		return n
	}
	if i := strings.LastIndexFunc(text[:n], unicode.IsSpace); i >= 0 && strings.TrimSpace(text[:i]) != "" {
		return i
	}
	return lastBoundary(text, n)
}

// lastBoundary is the last grapheme boundary at or before n, or n itself where
// the first grapheme is longer than that.
func lastBoundary(text string, n int) int {
	end, state, rest := 0, -1, text
	for rest != "" {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if end+len(cluster) > n {
			break
		}
		end += len(cluster)
	}
	if end == 0 {
		return n
	}
	return end
}

// afterCut drops from rest the white space at which it was cut from part: the
// line ends, or all of it where no line ended there.
func afterCut(part, rest string) string {
	trimmed := strings.TrimLeftFunc(rest, unicode.IsSpace)
	blank := rest[:len(rest)-len(trimmed)]
	if i := strings.LastIndexByte(blank, '\n'); i >= 0 {
		return rest[i+1:]
	}
	return trimmed
}

// CommonStart is what all the names begin with, as the first one writes it,
// up to the end of a grapheme. same compares two beginnings.
func CommonStart(names []string, same func(a, b string) bool) string {
	first, end, state := names[0], 0, -1
	for rest := first; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		next := end + len(cluster)
		for _, n := range names[1:] {
			if len(n) < next || !same(n[:next], first[:next]) {
				return first[:end]
			}
		}
		end = next
	}
	return first
}
