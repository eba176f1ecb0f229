package tui

import (
	"net/netip"
	"regexp"
	"strings"
)

// address finds what may be an IP address; netip decides.
var address = regexp.MustCompile(`[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}|\b\d{1,3}(?:\.\d{1,3}){3}\b`)

// masked leaves of each IP address in a text what tells networks apart: who
// reads over a shoulder, or gets an export, is not to learn where a person is.
func masked(text string) string {
	return address.ReplaceAllStringFunc(text, func(found string) string {
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
	})
}
