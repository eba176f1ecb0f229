package room

import (
	"strings"
	"unicode/utf8"
)

// The controls that begin a sequence or end a string (ECMA-48). Each exists as
// ESC with a letter and as one character of C1.
const (
	esc = '\x1b'
	bel = '\a'

	c1DCS = '\u0090'
	c1SOS = '\u0098'
	c1CSI = '\u009b'
	c1ST  = '\u009c'
	c1OSC = '\u009d'
	c1PM  = '\u009e'
	c1APC = '\u009f'
)

// escapeLen is the length in bytes of the escape sequence at the start of s,
// which begins with ESC or a C1 control. Of a sequence that is not complete
// only the control itself counts: the rest is shown as the text it is, so that
// nobody hides the end of a line behind an introducer.
func escapeLen(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	body := s[size:]
	if r == esc {
		if body == "" {
			return size
		}
		switch body[0] {
		case '[':
			r = c1CSI
		case 'P', 'X', ']', '^', '_':
			r = c1OSC
		default:
			return size + span(body, ' ', '/', '0', '~')
		}
		body = body[1:]
	}
	n := 0
	if r == c1CSI {
		params := len(body) - len(strings.TrimLeft(body, "0123456789:;<=>?"))
		if tail := span(body[params:], ' ', '/', '@', '~'); tail > 0 {
			n = params + tail
		}
	} else {
		n = stringLen(body)
	}
	if n == 0 {
		return size
	}
	return len(s) - len(body) + n
}

// span is the length of any number of bytes from lo to hi with one from first
// to last behind them; 0 when s does not begin so.
func span(s string, lo, hi, first, last byte) int {
	for i := range len(s) {
		switch b := s[i]; {
		case lo <= b && b <= hi:
		case first <= b && b <= last:
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

// stringLen is the length of a control string (the title in OSC 0, the data in
// a DCS) with its terminator, ST or BEL. Any other control breaks the string
// off, as in terminals; it is 0 then.
func stringLen(s string) int {
	for i, r := range s {
		switch {
		case r == bel || r == c1ST:
			return i + utf8.RuneLen(r)
		case r == esc && strings.HasPrefix(s[i+1:], `\`):
			return i + 2
		case r < ' ' || 0x7f <= r && r < 0xa0:
			return 0
		}
	}
	return 0
}
