package tui

import (
	"net/netip"
	"regexp"
	"strings"

	"rosey/bus/room"
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

	// A cloaked address is one as CyTube shows it to moderators (PROTOCOL.md §7):
	// four hashes of three characters, of four for IPv6. The bot undoes them, and so
	// can others.
	mayBeCloaked = regexp.MustCompile(`[A-Za-z0-9+/.*]{9,}|[A-Za-z0-9+/:*]{11,}`)
	cloaked      = regexp.MustCompile(`^(?:[A-Za-z0-9+/]{3}\.[A-Za-z0-9+/]{3}(?:\.(?:[A-Za-z0-9+/]{3}|\*)){2}|[A-Za-z0-9+/]{4}:[A-Za-z0-9+/]{4}(?::(?:[A-Za-z0-9+/]{4}|\*)){2})$`)

	// version is four numbers that are rather a version's, or a title's.
	version = regexp.MustCompile(`^\d(?:\.\d){3}$`)
	ofIP    = regexp.MustCompile(`(?i)\b(?:ip|uncloaked|address)\b`)
)

// masked takes out of a text what looks like a secret, and leaves of each IP
// address what tells networks apart: who reads over a shoulder, or is handed an
// export, is to learn neither.
func masked(text string) string {
	text = inURL.ReplaceAllStringFunc(text, config.RedactURL)
	text = secretWord.ReplaceAllString(text, "$1$2"+config.Mask)
	return mayBeCloaked.ReplaceAllStringFunc(address.ReplaceAllStringFunc(text, maskedAddress), maskedCloak)
}

// veiledAnswer is what the bot or the server says, with the addresses in it
// masked: of people, whose words are their own, nothing is. The card's key shows
// an address in full.
func veiledAnswer(text string) string {
	told := ofIP.MatchString(text)
	text = address.ReplaceAllStringFunc(text, func(found string) string {
		if !told && version.MatchString(found) {
			return found
		}
		return maskedAddress(found)
	})
	return mayBeCloaked.ReplaceAllStringFunc(text, maskedCloak)
}

func veiledSpans(spans []room.Span) []room.Span {
	for i := range spans {
		spans[i].Text = veiledAnswer(spans[i].Text)
	}
	return spans
}

// maskedCloak leaves of a cloaked address its first part. What has neither a
// capital nor a digit is rather a host's name.
func maskedCloak(found string) string {
	bare := strings.TrimRight(found, ".:")
	if !cloaked.MatchString(bare) || bare == strings.ToLower(bare) && !strings.ContainsAny(bare, "0123456789+/") {
		return found
	}
	head, sep := bare[:3], "."
	if bare[3] != '.' {
		head, sep = bare[:4], ":"
	}
	return head + strings.Repeat(sep+"x", 3) + found[len(bare):]
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
