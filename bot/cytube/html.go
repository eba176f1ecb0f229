package cytube

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"rosey/bus/room"
)

// Bounds on what one piece of HTML may become. Beyond them text stays, style
// goes.
const (
	maxSpans = 1000
	maxDepth = 32
)

// lines says whether a text may have line breaks.
type lines bool

const (
	oneLine   lines = false
	manyLines lines = true
)

func (l lines) clean(s string) string {
	if l == manyLines {
		return room.CleanLines(s)
	}
	return room.Clean(strings.Map(spaced, s))
}

// spaced makes a space of white space that a single line cannot have.
func spaced(r rune) rune {
	switch r {
	case '\n', '\r', '\t':
		return ' '
	}
	return r
}

// plain is the text of a piece of HTML, on one line.
func plain(src string) string { return textOf(spansOf(src, oneLine)) }

// unescape resolves entities, once.
func unescape(s string) string { return html.UnescapeString(s) }

// textOf joins spans to the text they are of.
func textOf(spans []room.Span) string {
	if len(spans) == 1 {
		return spans[0].Text
	}
	var b strings.Builder
	for _, span := range spans {
		b.WriteString(span.Text)
	}
	return b.String()
}

// spansOf decodes HTML: tags become styles or nothing, entities become the
// characters they stand for, and all of it is cleaned. Empty text has no
// spans; the text of the spans, joined, is clean too.
func spansOf(src string, l lines) []room.Span {
	if !strings.Contains(src, "<") {
		text := l.clean(unescape(src))
		if text == "" {
			return nil
		}
		return []room.Span{{Text: text}}
	}
	p := parser{lines: l}
	p.run(src)
	return p.cleaned()
}

// parser collects the spans of one piece of HTML.
type parser struct {
	lines  lines
	spans  []room.Span
	open   []element // that carry a style, innermost last
	hidden string    // the element whose content is not text, such as script
	border bool      // a block has just begun or ended: the source's own line breaks do not count
}

type element struct {
	tag  string
	kind room.SpanKind
	link string
}

// kinds are the elements that style their text.
var kinds = map[string]room.SpanKind{
	"a": room.SpanLink, "span": room.SpanText,
	"strong": room.SpanStrong, "b": room.SpanStrong,
	"em": room.SpanEm, "i": room.SpanEm, "u": room.SpanEm,
	"s": room.SpanStrike, "strike": room.SpanStrike, "del": room.SpanStrike,
	"code": room.SpanCode, "tt": room.SpanCode, "kbd": room.SpanCode,
}

// blocks are the elements that stand on lines of their own.
var blocks = []string{
	"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr",
	"blockquote", "pre", "center", "hr", "section", "article", "header", "footer",
}

// hiddens are the elements whose content is never shown as text.
var hiddens = []string{"script", "style", "iframe", "noembed", "noframes", "title", "template", "object"}

func (p *parser) run(src string) {
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken: // the end: reading a string cannot fail
			return
		case html.TextToken:
			text := string(z.Text())
			if p.border {
				text = strings.TrimLeft(text, "\n\r")
			}
			if p.hidden == "" {
				p.text(text)
			}
		case html.StartTagToken:
			p.start(z, false)
		case html.SelfClosingTagToken:
			p.start(z, true)
		case html.EndTagToken:
			raw, _ := z.TagName()
			p.finish(string(raw))
		}
	}
}

func (p *parser) start(z *html.Tokenizer, closed bool) {
	raw, more := z.TagName()
	tag := string(raw)
	if p.hidden != "" {
		return
	}
	if slices.Contains(hiddens, tag) {
		if !closed {
			p.hidden = tag
		}
		return
	}
	switch kind, styles := kinds[tag]; {
	case tag == "br":
		p.text("\n")
	case tag == "img":
		p.image(attributes(z, more))
	case slices.Contains(blocks, tag):
		p.newline()
	case styles && !closed && len(p.open) < maxDepth:
		p.open = append(p.open, styled(tag, kind, attributes(z, more)))
	}
}

func (p *parser) finish(tag string) {
	if p.hidden != "" {
		if p.hidden == tag {
			p.hidden = ""
		}
		return
	}
	if slices.Contains(blocks, tag) {
		p.newline()
		return
	}
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].tag == tag {
			p.open = slices.Delete(p.open, i, i+1)
			return
		}
	}
}

// attributes are those that matter here.
func attributes(z *html.Tokenizer, more bool) map[string]string {
	found := map[string]string{}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch k := string(key); k {
		case "href", "src", "class", "title", "alt":
			if _, twice := found[k]; !twice {
				found[k] = string(value)
			}
		}
	}
	return found
}

func styled(tag string, kind room.SpanKind, attrs map[string]string) element {
	switch tag {
	case "a":
		link := webAddress(attrs["href"])
		if link == "" {
			kind = room.SpanText
		}
		return element{tag, kind, link}
	case "span":
		if slices.Contains(strings.Fields(attrs["class"]), "spoiler") {
			kind = room.SpanSpoiler
		}
	}
	return element{tag: tag, kind: kind}
}

func (p *parser) image(attrs map[string]string) {
	address := webAddress(attrs["src"])
	text := firstOf(attrs["title"], attrs["alt"], address)
	if text == "" {
		return
	}
	kind := room.SpanImage
	if slices.Contains(strings.Fields(attrs["class"]), "channel-emote") {
		kind = room.SpanEmote
	}
	if style := p.style(); style.Kind == room.SpanSpoiler {
		kind = room.SpanSpoiler
	}
	p.add(room.Span{Kind: kind, Text: text, Link: address})
}

// newline begins a new line, once, where lines there are; else it parts words.
func (p *parser) newline() {
	if n := len(p.spans); n > 0 {
		last := p.spans[n-1].Text
		parted := strings.HasSuffix(last, "\n") || p.lines == oneLine && strings.HasSuffix(last, " ")
		if !parted {
			p.text("\n")
		}
	}
	p.border = true
}

func (p *parser) text(text string) {
	span := p.style()
	span.Text = text
	p.add(span)
}

// style is that of the open elements: a spoiler goes before all, since it
// hides, then a link; else the innermost counts.
func (p *parser) style() room.Span {
	var style room.Span
	for _, e := range p.open {
		switch {
		case e.kind == room.SpanText || style.Kind == room.SpanSpoiler:
		case e.kind == room.SpanSpoiler || style.Kind != room.SpanLink:
			style.Kind = e.kind
		}
		if e.link != "" {
			style.Link = e.link
		}
	}
	return style
}

// add appends a span, to the last one if that is styled alike.
func (p *parser) add(span room.Span) {
	if span.Text == "" {
		return
	}
	p.border = false
	if len(p.spans) >= maxSpans {
		span.Kind, span.Link = room.SpanText, ""
	}
	if n := len(p.spans); n > 0 {
		last := &p.spans[n-1]
		alike := last.Kind == span.Kind && last.Link == span.Link
		if alike && span.Kind != room.SpanImage && span.Kind != room.SpanEmote {
			last.Text += span.Text
			return
		}
	}
	p.spans = append(p.spans, span)
}

// cleaned cleans span by span. What is clean in pieces may not be when joined
// (combining marks can pile up across a border), and then the text counts for
// more than its styles.
func (p *parser) cleaned() []room.Span {
	kept := p.spans[:0]
	for _, span := range p.spans {
		if span.Text = p.lines.clean(span.Text); span.Text != "" {
			kept = append(kept, span)
		}
	}
	if p.lines == manyLines {
		kept = trimLines(kept)
	}
	text := textOf(kept)
	if again := p.lines.clean(text); again != text {
		kept = []room.Span{{Text: again}}
	}
	if text == "" || len(kept) == 0 {
		return nil
	}
	return kept
}

// trimLines drops line breaks at the end, which closing tags leave.
func trimLines(spans []room.Span) []room.Span {
	for len(spans) > 0 {
		last := &spans[len(spans)-1]
		if last.Text = strings.TrimRight(last.Text, "\n"); last.Text != "" {
			break
		}
		spans = spans[:len(spans)-1]
	}
	return spans
}

// webAddress is s when it is one that may be opened, else "": an address of
// the web, whole, and clean.
func webAddress(s string) string {
	s = strings.TrimSpace(cut(s, maxLine))
	if strings.HasPrefix(s, "//") {
		s = "https:" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return room.Clean(strings.ReplaceAll(s, " ", "%20"))
}
