package room

import (
	"strings"
	"sync/atomic"
	"unicode"
)

// class is what cleaning needs to know of a character.
type class uint8

const (
	classPlain     class = iota
	classBlank           // becomes a space
	classLine            // ends a line
	classDrop            // goes without a trace
	classReplace         // becomes U+FFFD
	classEscape          // may begin an escape sequence
	classMark            // combines with what stands before it
	classLinker          // a mark that binds the next letter too: a virama
	classJoiner          // ZWJ, ZWNJ
	classSelector        // chooses text or emoji presentation
	classModifier        // a skin tone
	classEmoji           // a pictograph
	classFlag            // the black flag, which tags may follow
	classPrepend         // makes a cluster with what stands behind it
	classLead            // Hangul leading consonant
	classVowelTail       // Hangul vowel or trailing consonant
	classSyllable        // Hangul syllable
)

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
	blackFlag          = '\U0001f3f4'
	keycap             = "\u20e3"
)

// classPages remembers classes by pages of 256 characters, each worked out when
// it is first met: a look-up in Unicode's tables costs many times more.
var classPages [(unicode.MaxRune + 1) / 256]atomic.Pointer[[256]class]

// classOf is a character's class. Two goroutines may both work out a page; they
// come to the same.
func classOf(r rune) class {
	slot := &classPages[r>>8]
	page := slot.Load()
	if page == nil {
		page = new([256]class)
		for i := range page {
			page[i] = classify(r&^0xff | rune(i))
		}
		slot.Store(page)
	}
	return page[r&0xff]
}

func classify(r rune) class {
	switch {
	case r < ' ' || 0x7f <= r && r < 0xa0:
		return classifyControl(r)
	case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
		return classJoiner
	case r == '\ufe0e' || r == '\ufe0f':
		return classSelector
	case 0x1f3fb <= r && r <= 0x1f3ff:
		return classModifier
	case r == '\u2028' || r == '\u2029':
		return classLine
	case isInvisible(r):
		return classDrop
	case r != '\u3000' && unicode.Is(unicode.Zs, r): // the ideographic space is two cells wide
		return classBlank
	case unicode.Is(linkers, r):
		return classLinker
	case unicode.Is(unicode.M, r), unicode.Is(otherMarks, r):
		return classMark
	case unicode.Is(prepends, r):
		return classPrepend
	case r == blackFlag:
		return classFlag
	case isPictograph(r):
		return classEmoji
	case isUnknown(r):
		return classReplace
	}
	return classifyHangul(r)
}

func classifyControl(r rune) class {
	switch r {
	case '\n', '\r', '\u0085':
		return classLine
	case '\t', '\v', '\f':
		return classBlank
	case esc, c1CSI, c1OSC, c1DCS, c1SOS, c1PM, c1APC:
		return classEscape
	}
	return classDrop
}

func classifyHangul(r rune) class {
	switch {
	case 0x1100 <= r && r < 0x1160, 0xa960 <= r && r <= 0xa97c:
		return classLead
	case 0x1160 <= r && r < 0x1200, 0xd7b0 <= r && r <= 0xd7fb:
		return classVowelTail
	case 0xac00 <= r && r <= 0xd7a3:
		return classSyllable
	}
	return classPlain
}

// isInvisible holds for what shows nothing: format characters, bidirectional
// controls, fillers, selectors, tags, and the placeholder of an object. (Joiners
// and the selectors of emoji are handled before.) The Arabic signs that enclose
// numbers are visible, and seldom enough to go with the rest.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
		r == '\ufffc'
}

// isUnknown holds for private-use characters, noncharacters and unassigned
// ones: of none of them does anybody know what it shows or how wide it is.
// Ideographs of planes 2 and 3 that are newer than the tables are let through.
func isUnknown(r rune) bool {
	if 0x20000 <= r && r <= 0x3ffff && !unicode.Is(unicode.Noncharacter_Code_Point, r) {
		return false
	}
	return unicode.In(r, unicode.Co, unicode.Cn)
}

// isPictograph holds for what can be part of an emoji sequence. The blocks of
// pictographs hold room for emoji that are newer than the tables; regional
// indicators, in pairs, are flags by themselves.
func isPictograph(r rune) bool {
	switch {
	case 0x1f1e6 <= r && r <= 0x1f1ff:
		return false
	case 0x1f000 <= r && r <= 0x1faff:
		return true
	}
	return unicode.Is(pictographs, r)
}

// isGeneral holds for marks that belong to no script.
func isGeneral(r rune) bool { return unicode.Is(unicode.Inherited, r) }

// joinsLetters holds for letters and marks of the scripts in which a joiner or
// a non-joiner changes how a word looks.
func joinsLetters(r rune) bool {
	return unicode.Is(joining, r) && unicode.In(r, unicode.L, unicode.M)
}

// flagTags are the tag sequences of the flags that fonts have: England,
// Scotland and Wales.
var flagTags = []string{tags("gbeng"), tags("gbsct"), tags("gbwls")}

// tags spells a region in tag characters, with the one that ends it.
func tags(region string) string {
	var b strings.Builder
	for _, letter := range region {
		b.WriteRune(0xe0000 + letter)
	}
	b.WriteRune(0xe007f)
	return b.String()
}

// flagTagsLen is the length of a flag's tags at the start of s.
func flagTagsLen(s string) int {
	for _, t := range flagTags {
		if strings.HasPrefix(s, t) {
			return len(t)
		}
	}
	return 0
}
