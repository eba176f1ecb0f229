package cytubetest

import (
	stdhtml "html"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// links finds what CyTube makes into links.
var links = regexp.MustCompile(`(?i)(\w+://(?:[^:/[\]\s]+|\[[0-9a-f:]+\])(?::\d+)?(?:/[^/\s]*)*)`)

// linkMark stands for a link while filters run over the text around it.
const linkMark = "\ueeee"

var (
	escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;",
		`"`, "&quot;", "'", "&#39;", "(", "&#40;", ")", "&#41;")
	looseEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

	// What the sanitiser's serialiser escapes again (PROTOCOL.md §5).
	textEscaper      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	attributeEscaper = looseEscaper
)

// escapeText makes a user's text safe to put into HTML.
func escapeText(s string) string { return escaper.Replace(s) }

// decodeText undoes it, for the channel's log.
func decodeText(s string) string { return stdhtml.UnescapeString(s) }

// format makes a line of chat into the HTML that goes to clients: escaped,
// filtered, linked, sanitised.
func (c *channel) format(text string) string {
	escaped := escapeText(text)
	if !strings.Contains(escaped, "://") { // no link: most lines
		return sanitize(applyFilters(c.filters, escaped, false))
	}
	found := links.FindAllString(escaped, -1)
	filtered := applyFilters(c.filters, links.ReplaceAllLiteralString(escaped, linkMark), false)
	parts := strings.Split(filtered, linkMark)
	var b strings.Builder
	for i, part := range parts {
		b.WriteString(part)
		if i < len(parts)-1 && i < len(found) {
			b.WriteString(c.formatLink(found[i]))
		}
	}
	return sanitize(b.String())
}

// formatLink makes a link into an anchor unless a filter has changed it.
func (c *channel) formatLink(link string) string {
	if filtered := applyFilters(c.filters, link, true); filtered != link || !c.options.LinkRegex {
		return filtered
	}
	return `<a href="` + link + `" target="_blank" rel="noopener noreferrer">` + link + `</a>`
}

// formatPoll escapes a poll's title or option; unlike chat it is not
// sanitised afterwards (PROTOCOL.md §5).
func formatPoll(text string) string {
	return links.ReplaceAllString(escapeText(text),
		`<a href="$1" target="_blank" rel="noopener noreferer">$1</a>`)
}

var (
	allowedTags = words(`h1 h2 h3 h4 h5 h6 blockquote p a ul ol nl li b i strong em strike abbr code hr br
		div table thead caption tbody tr th td pre iframe button center cite details font img marquee s
		section small span sub summary sup template address article aside footer header hgroup main nav
		dd dl dt figcaption figure bdi bdo data dfn kbd mark q rb rp rt rtc ruby samp time u var wbr
		col colgroup tfoot`)
	allowedAttributes = words("id border class color height role style title valign width rel")
	ownAttributes     = map[string][]string{
		"a":       {"href", "name", "target"},
		"font":    {"size"},
		"img":     {"src", "alt"},
		"marquee": {"behavior", "behaviour", "direction", "scrollamount"},
		"table":   {"cellpadding", "cellspacing"},
		"th":      {"colspan", "rowspan"},
		"td":      {"colspan", "rowspan"},
	}
	voidTags       = words("img br hr area base basefont input link meta")
	textlessTags   = words("script style textarea option noscript")
	allowedSchemes = words("http https ftp mailto tel mumble")
)

func words(s string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// sanitizer keeps the tags and attributes that CyTube allows. Tags it does
// not allow vanish; their text stays, but for scripts and styles.
type sanitizer struct {
	out  strings.Builder
	open []string // allowed tags not yet closed
	skip int      // depth in tags whose text goes as well
}

// sanitize is CyTube's HTML sanitiser, which also writes every entity anew. A
// text without tags needs no tokens, but for characters that they change.
func sanitize(s string) string {
	if !strings.ContainsAny(s, "<\r\x00") {
		return textEscaper.Replace(stdhtml.UnescapeString(s))
	}
	var z sanitizer
	t := html.NewTokenizer(strings.NewReader(s))
	for {
		kind := t.Next()
		if kind == html.ErrorToken {
			break
		}
		z.token(t.Token())
	}
	for _, tag := range slices.Backward(z.open) {
		z.out.WriteString("</" + tag + ">")
	}
	return z.out.String()
}

func (z *sanitizer) token(t html.Token) {
	switch t.Type {
	case html.TextToken:
		if z.skip == 0 {
			z.out.WriteString(textEscaper.Replace(t.Data))
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		z.start(t)
	case html.EndTagToken:
		z.end(t.Data)
	}
}

func (z *sanitizer) start(t html.Token) {
	if !allowedTags[t.Data] {
		if textlessTags[t.Data] && t.Type == html.StartTagToken {
			z.skip++
		}
		return
	}
	if z.skip > 0 {
		return
	}
	z.out.WriteString("<" + t.Data)
	for _, a := range t.Attr {
		if allowedAttribute(t.Data, a) {
			z.out.WriteString(" " + a.Key + `="` + attributeEscaper.Replace(a.Val) + `"`)
		}
	}
	if voidTags[t.Data] {
		z.out.WriteString(" />")
		return
	}
	z.out.WriteString(">")
	z.open = append(z.open, t.Data)
}

// end closes a tag and every one opened inside it.
func (z *sanitizer) end(tag string) {
	if textlessTags[tag] {
		z.skip = max(0, z.skip-1)
		return
	}
	if z.skip > 0 || !slices.Contains(z.open, tag) {
		return
	}
	for len(z.open) > 0 {
		last := z.open[len(z.open)-1]
		z.open = z.open[:len(z.open)-1]
		z.out.WriteString("</" + last + ">")
		if last == tag {
			return
		}
	}
}

func allowedAttribute(tag string, a html.Attribute) bool {
	if a.Key == "href" || a.Key == "src" {
		if u, err := url.Parse(strings.TrimSpace(a.Val)); err != nil || u.Scheme != "" && !allowedSchemes[strings.ToLower(u.Scheme)] {
			return false
		}
	}
	return allowedAttributes[a.Key] || slices.Contains(ownAttributes[tag], a.Key) ||
		strings.HasPrefix(a.Key, "data-") || strings.HasPrefix(a.Key, "aria-")
}
