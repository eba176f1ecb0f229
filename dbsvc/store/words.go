package store

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// unspaced are scripts that put no blanks between words. Each of their letters
// is indexed as a word, so that a search for a few of them, as a phrase, finds
// them anywhere in a line.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// words is text as the full-text index gets it, and as a query is compared:
// forms that look alike made one, letters of unspaced scripts set apart, and
// symbols, emoji among them, turned into words, which FTS5's tokenizer would
// take for blanks.
func words(text string) string {
	if isASCII(text) {
		return text
	}
	var b strings.Builder
	for _, r := range norm.NFKC.String(text) {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case isUnspaced(r):
			b.WriteByte(' ')
			b.WriteRune(r)
			b.WriteByte(' ')
		case unicode.Is(unicode.So, r):
			fmt.Fprintf(&b, " u%x ", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isUnspaced(r rune) bool {
	return r == 'ー' || r == '々' || unicode.In(r, unspaced...)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// terms is what a person searches for: all of must, none of not. Each element
// is a phrase in FTS5's syntax.
type terms struct{ must, not []string }

// parseTerms reads words, "phrases", -exclusions and beginnings*. Whatever a
// person types is one of these or nothing: it never is an error, and no
// operator of FTS5 gets through.
func parseTerms(text string) terms {
	var t terms
	for text = strings.TrimLeftFunc(text, unicode.IsSpace); text != ""; text = strings.TrimLeftFunc(text, unicode.IsSpace) {
		var not bool
		if rest, ok := strings.CutPrefix(text, "-"); ok && rest != "" {
			not, text = true, rest
		}
		var term string
		if rest, ok := strings.CutPrefix(text, `"`); ok {
			term, text, _ = strings.Cut(rest, `"`)
		} else if i := strings.IndexFunc(text, unicode.IsSpace); i >= 0 {
			term, text = text[:i], text[i:]
		} else {
			term, text = text, ""
		}
		phrase := phrase(term)
		switch {
		case phrase == "":
		case not:
			t.not = append(t.not, phrase)
		default:
			t.must = append(t.must, phrase)
		}
	}
	return t
}

// phrase quotes a term for FTS5, empty when there is nothing in it to search
// for.
func phrase(term string) string {
	prefix := strings.HasSuffix(term, "*")
	term = words(strings.ReplaceAll(term, "\x00", " ")) // FTS5 reads as far as a NUL
	if !strings.ContainsFunc(term, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return ""
	}
	quoted := `"` + strings.ReplaceAll(term, `"`, `""`) + `"`
	if prefix {
		quoted += "*"
	}
	return quoted
}
