package dbsvc

import (
	"strings"

	"golang.org/x/net/html"
)

// plain is the text of a line of chat as CyTube sends it, for senders that
// give only that: entities resolved once, tags taken away, an image named as
// its title or alt text says (PROTOCOL.md §5).
func plain(src string) string {
	if !strings.ContainsAny(src, "<&") {
		return src
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.WriteString(html.UnescapeString(string(z.Raw())))
		case html.StartTagToken, html.SelfClosingTagToken:
			switch t := z.Token(); t.Data {
			case "br", "p", "div":
				b.WriteByte(' ')
			case "img":
				b.WriteString(label(t))
			}
		}
	}
}

// label is what an image is called.
func label(t html.Token) string {
	for _, key := range []string{"title", "alt"} {
		for _, a := range t.Attr {
			if a.Key == key && a.Val != "" {
				return a.Val
			}
		}
	}
	return ""
}
