package config

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

// A token's place is the one that its offset has in the text.
func TestTokensKnowTheirPlaces(t *testing.T) {
	for _, text := range []string{
		`{"a": [1, "日本", {"é": null}], "b" : true}`,
		"{\r\n\t\"日本\":\n [1,\n\n2] , \"b\"\n:\"c\"}\n",
		`{"a":[` + strings.Repeat(`"é",`, 200_000) + `1]}`, // one long line
	} {
		src, tokens, n := newSource("", []byte(text)), NewJSONTokens([]byte(text)), 0
		for {
			token, err := tokens.Next()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if n++; n > 100 && token.Token != json.Delim(']') {
				continue // asking for each place of a long line takes long
			}
			if want := src.position(token.From); token.position() != want {
				t.Fatalf("%.40q: the token %v of bytes %d to %d is at %v, want %v", text, token.Token, token.From, token.To, token.position(), want)
			}
			if written := text[token.From:token.To]; !strings.HasPrefix(written, `"`) && len(written) > 5 {
				t.Fatalf("%.40q: the token %v is written %q", text, token.Token, written)
			}
		}
		if n < 9 {
			t.Errorf("%.40q: %d tokens", text, n)
		}
	}
}
