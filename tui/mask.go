package tui

import (
	"net/netip"
	"regexp"
	"strings"

	"rosey/config"
)

var (
	// secretWord is a word that people write before a secret. What migrate takes
	// for one by the names of keys is wider, and would hide what follows "author"
	// or "monkey" in a conversation.
	secretWord = regexp.MustCompile(`(?i)\b(passw(?:or)?d|passwd|token|secret|api[_-]?key|authorization|bearer)(\s*[:=]\s*|\s+is\s+|\s+)(\S+)`)
	inURL      = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://\S+`)

	// address finds what may be an IP address; netip decides.
	address = regexp.MustCompile(`[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}|\b\d{1,3}(?:\.\d{1,3}){3}\b`)
)

// masked takes out of a text what looks like a secret, and leaves of each IP
// address what tells networks apart: who reads over a shoulder, or is handed an
// export, is to learn neither.
func masked(text string) string {
	text = inURL.ReplaceAllStringFunc(text, config.RedactURL)
	text = secretWord.ReplaceAllString(text, "$1$2"+config.Mask)
	return address.ReplaceAllStringFunc(text, maskedAddress)
}

func maskedAddress(found string) string {
	a, err := netip.ParseAddr(found)
	if err != nil || a.IsLoopback() || a.IsUnspecified() { // those are nobody's
		return found
	}
	if a.Is4() {
		parts := strings.Split(found, ".")
		return parts[0] + "." + parts[1] + ".x.x"
	}
	head, _, _ := strings.Cut(a.StringExpanded(), ":")
	return head + ":x"
}
