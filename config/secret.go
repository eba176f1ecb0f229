package config

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// Mask is what a secret prints as.
const Mask = "••••"

// Secret is text that never prints: every fmt verb, JSON, YAML and slog give
// Mask, or nothing for an empty one. Reveal gives the text.
type Secret string

// Reveal gives the text itself, to be handed to whoever must have it.
func (s Secret) Reveal() string { return string(s) }

// String is Mask, or empty for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return Mask
}

// GoString keeps %#v from showing the text.
func (s Secret) GoString() string { return fmt.Sprintf("config.Secret(%q)", s.String()) }

// Format masks under every verb, %x and %d included.
func (s Secret) Format(f fmt.State, verb rune) {
	text := s.String()
	switch {
	case verb == 'v' && f.Flag('#'):
		text = s.GoString()
	case verb == 'q':
		text = `"` + text + `"`
	}
	// A formatter has nobody to tell that its writer is gone; fmt does the same.
	_, _ = io.WriteString(f, text)
}

// MarshalText masks in whatever encodes by text. A Secret is no map's key:
// encoding/json writes keys that are strings as they are.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON masks.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalYAML masks.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// LogValue masks in structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// nextURL finds where the next URL of a comma-separated list starts. A comma
// inside a password is no such place.
var nextURL = regexp.MustCompile(`,\s*[A-Za-z][A-Za-z0-9+.-]*://`)

// secretQuery finds the values of query parameters that let somebody in.
var secretQuery = regexp.MustCompile(`(?i)([?&][^=&#]*(?:key|token|secret|pass|auth)[^=&#]*=)[^&#]*`)

// RedactURL masks what lets somebody in inside a URL or a comma-separated list
// of them: nats://user:pw@host becomes nats://user:••••@host, and a lone user,
// which is a token to NATS, is masked too. It works on text that is no valid
// URL, and where it must guess it masks too much rather than too little.
func RedactURL(urls string) string {
	var out strings.Builder
	for {
		at := nextURL.FindStringIndex(urls)
		if at == nil {
			out.WriteString(redactOne(urls))
			return out.String()
		}
		out.WriteString(redactOne(urls[:at[0]]))
		out.WriteByte(',')
		urls = urls[at[0]+1:]
	}
}

func redactOne(url string) string {
	scheme, rest := "", url
	if i := strings.Index(url, "://"); i >= 0 {
		scheme, rest = url[:i+3], url[i+3:]
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		user, _, hasPassword := strings.Cut(rest[:at], ":")
		if !hasPassword {
			user = ""
		} else {
			user += ":"
		}
		rest = user + Mask + rest[at:]
	}
	return secretQuery.ReplaceAllString(scheme+rest, "${1}"+Mask)
}
