package room

import (
	"strings"
	"unicode/utf8"
)

// Clean makes remote text safe to show on one line of a terminal, in a log or
// in a reply. Every text from outside passes through it once.
//
// It takes out control characters (C0, DEL, C1) and whole escape sequences
// with what they carry; bidirectional overrides, isolates and marks; invisible
// and default-ignorable characters; and combining marks that have no base or
// pile up on one. Joiners, variation selectors and tags stay where an emoji or
// a script needs them. Line ends, tabs and odd blanks become a space each.
// Invalid UTF-8, private-use and unassigned characters become U+FFFD.
//
// What is left is valid UTF-8 whose grapheme clusters are of bounded length.
// Cleaning it again changes nothing, and text that is clean already comes back
// without a copy.
func Clean(s string) string { return clean(s, false) }

// CleanLines is Clean for text of several lines: line ends stay, as "\n".
func CleanLines(s string) string { return clean(s, true) }

// Bounds of a grapheme cluster. The longest emoji in use, a kiss between two
// people with skin tones, has nine characters behind the first; a Hebrew
// letter carries five marks, a Tibetan stack about as many.
const (
	maxTail    = 16 // characters behind the first
	maxMarks   = 8  // combining marks on one base
	maxGeneral = 4  // of these, marks of no script, with which text is defaced
	maxJamo    = 8  // Hangul letters that make one syllable
)

// A cleaner walks a text once. What it keeps depends only on what it kept
// before and on the character that follows, so that a second walk over the
// result keeps all of it.
type cleaner struct {
	in    string
	at    int // of the character in hand
	lines bool

	out    []byte // what is kept of in[:copied]; nil while nothing was left out
	copied int    // in[copied:at] is kept and not yet in out

	prev      rune  // last character kept
	prevClass class // and its class; classBlank at the start
	marks     int   // marks kept on the base in hand
	general   int   // of these, the marks of no script
	tail      int   // characters kept behind the first of the cluster in hand
	linked    bool  // a virama may bind the next letter to this cluster
}

func clean(s string, lines bool) string {
	c := cleaner{in: s, lines: lines, prevClass: classBlank}
	for c.at < len(s) {
		if n := asciiLen(s[c.at:]); n > 0 {
			c.at += n
			c.base(rune(s[c.at-1]), classPlain)
			continue
		}
		r, size := utf8.DecodeRuneInString(s[c.at:])
		if r == utf8.RuneError && size == 1 {
			c.invalid()
			continue
		}
		c.step(r, size)
	}
	if c.out == nil {
		return s
	}
	c.flush()
	return string(c.out)
}

// asciiLen is how much of the start of s is printable ASCII, which is most of
// most texts and always stays.
func asciiLen(s string) int {
	for i := range len(s) {
		if b := s[i]; b < ' ' || b >= 0x7f {
			return i
		}
	}
	return len(s)
}

// step takes the character in hand and moves past it.
func (c *cleaner) step(r rune, size int) {
	switch k := classOf(r); k {
	case classDrop:
		c.drop(size)
	case classEscape:
		c.drop(escapeLen(c.in[c.at:]))
	case classLine:
		c.lineEnd(r, size)
	case classBlank:
		c.replace(size, ' ')
	case classReplace:
		c.replace(size, utf8.RuneError)
	case classMark, classLinker:
		c.keepIf(c.fits(r, 0), r, size, k)
	case classJoiner:
		c.keepIf(c.joins(r, size), r, size, k)
	case classSelector:
		c.keepIf(c.selects(size), r, size, k)
	case classModifier:
		c.keepIf(c.prevClass == classEmoji || c.prevClass == classSelector, r, size, k)
	case classPrepend:
		c.keepIf(c.prevClass != classPrepend, r, size, k)
	case classLead, classVowelTail:
		c.keepIf(c.tail < maxJamo || !c.sameSyllable(k), r, size, k)
	case classFlag:
		c.base(r, classEmoji)
		c.at += size + flagTagsLen(c.in[c.at+size:])
	default:
		c.base(r, k)
		c.at += size
	}
}

// base takes note of a kept character that marks may follow.
func (c *cleaner) base(r rune, k class) {
	if c.linked || c.sameSyllable(k) || k == classEmoji && c.prevClass == classJoiner {
		c.tail++
	} else {
		c.tail = 0
	}
	if r == ' ' || r == '\n' {
		k = classBlank
	}
	c.prev, c.prevClass = r, k
	c.marks, c.general, c.linked = 0, 0, false
}

// keepIf keeps or drops the character in hand.
func (c *cleaner) keepIf(keep bool, r rune, size int, k class) {
	if !keep {
		c.drop(size)
		return
	}
	switch k {
	case classMark, classLinker:
		c.marks++
		if isGeneral(r) {
			c.general++
		}
		c.linked = c.linked || k == classLinker
		fallthrough
	case classJoiner, classSelector, classModifier:
		c.tail++
		c.prev, c.prevClass = r, k
	default:
		c.base(r, k)
	}
	c.at += size
}

// fits says whether a mark may stay, behind so many characters that are still
// to be kept.
func (c *cleaner) fits(r rune, behind int) bool {
	if c.prevClass == classBlank || c.tail+behind >= maxTail || c.marks >= maxMarks {
		return false
	}
	return c.general < maxGeneral || !isGeneral(r)
}

// joins says whether a joiner joins something: two emoji, or two characters of
// a script whose letters change shape or stay apart by it.
func (c *cleaner) joins(r rune, size int) bool {
	if c.tail+2 > maxTail {
		return false
	}
	next, _ := utf8.DecodeRuneInString(c.in[c.at+size:])
	switch k := classOf(next); k {
	case classEmoji, classFlag:
		return r == zeroWidthJoiner &&
			(c.prevClass == classEmoji || c.prevClass == classSelector || c.prevClass == classModifier)
	case classMark, classLinker:
		return joinsLetters(c.prev) && joinsLetters(next) && c.fits(next, 1)
	case classPlain, classPrepend:
		return joinsLetters(c.prev) && joinsLetters(next)
	}
	return false
}

// selects says whether a variation selector chooses the look of an emoji or is
// part of a keycap.
func (c *cleaner) selects(size int) bool {
	switch {
	case c.prevClass == classEmoji:
		return true
	case c.prev == '#' || c.prev == '*' || '0' <= c.prev && c.prev <= '9':
		return strings.HasPrefix(c.in[c.at+size:], keycap)
	}
	return false
}

// sameSyllable says whether a Hangul letter or syllable goes on with the
// syllable in hand.
func (c *cleaner) sameSyllable(k class) bool {
	switch k {
	case classLead, classSyllable:
		return c.prevClass == classLead
	case classVowelTail:
		return c.prevClass == classLead || c.prevClass == classVowelTail || c.prevClass == classSyllable
	}
	return false
}

// lineEnd makes one line end, or one blank, of a line end of any kind.
func (c *cleaner) lineEnd(r rune, size int) {
	switch {
	case r == '\r' && strings.HasPrefix(c.in[c.at+size:], "\n"):
		c.drop(size)
	case !c.lines:
		c.replace(size, ' ')
	case r == '\n':
		c.base(r, classBlank)
		c.at += size
	default:
		c.replace(size, '\n')
	}
}

// invalid makes one U+FFFD of a run of bytes that are not UTF-8.
func (c *cleaner) invalid() {
	n := 1
	for rest := c.in[c.at:]; n < len(rest); n++ {
		if r, size := utf8.DecodeRuneInString(rest[n:]); r != utf8.RuneError || size != 1 {
			break
		}
	}
	c.replace(n, utf8.RuneError)
}

// replace puts r in the place of the next n bytes.
func (c *cleaner) replace(n int, r rune) {
	c.drop(n)
	c.out = utf8.AppendRune(c.out, r)
	c.base(r, classPlain)
}

// drop leaves the next n bytes out.
func (c *cleaner) drop(n int) {
	c.flush()
	c.at += n
	c.copied = c.at
}

// flush copies what was kept since the last cut.
func (c *cleaner) flush() {
	if c.out == nil {
		c.out = make([]byte, 0, len(c.in)+utf8.UTFMax)
	}
	c.out = append(c.out, c.in[c.copied:c.at]...)
}
