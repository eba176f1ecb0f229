package migrate

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"rosey/config"
)

// secrets knows which texts of a file nobody may see. It is made from the file
// as it was, and hides them in whatever is shown of it.
type secrets struct {
	nodes map[*yaml.Node]string // what each secret node shows instead
	texts []string              // long enough to be hidden wherever they occur, longest first
	held  bool                  // there is one at all
}

// secretKey matches the names of keys whose values let somebody in.
var secretKey = regexp.MustCompile(`(?i)pass|secret|token|key$|credential|auth|cookie`)

// hiddenEverywhere is how long a secret must be for its text to be hidden where
// it stands for something else, too; a shorter one would take whole words away.
const hiddenEverywhere = 4

func findSecrets(root *yaml.Node) *secrets {
	s := &secrets{nodes: make(map[*yaml.Node]string)}
	s.find(root, false)
	s.order()
	return s
}

// order has the longest first: a secret within another must not break it up.
func (s *secrets) order() {
	slices.SortFunc(s.texts, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	s.texts = slices.Compact(s.texts)
}

// find walks a value. inside says that it stands under a secret's name.
func (s *secrets) find(n *yaml.Node, inside bool) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, v := n.Content[i].Value, n.Content[i+1]
			if key == "user" || key == "channel" {
				s.pair(v, inside)
				continue
			}
			named := secretKey.MatchString(key) && !strings.HasPrefix(key, "max_")
			s.find(v, inside || named)
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			s.find(item, inside)
		}
	default:
		s.scalar(n, inside)
	}
}

// pair walks [name, password]: all but the name is secret, and anything in
// another form than that is taken for one.
func (s *secrets) pair(n *yaml.Node, inside bool) {
	if n.Kind != yaml.SequenceNode {
		s.find(n, inside || n.Kind == yaml.MappingNode)
		return
	}
	for i, item := range n.Content {
		s.find(item, inside || i > 0 || item.Kind != yaml.ScalarNode)
	}
}

func (s *secrets) scalar(n *yaml.Node, inside bool) {
	switch {
	case n.Value == "" || isNull(n) || n.ShortTag() == "!!bool":
	case inside:
		s.nodes[n] = config.Mask
		s.held = true
		s.hide(n.Value)
	case isText(n) && config.RedactURL(n.Value) != n.Value:
		s.nodes[n] = config.RedactURL(n.Value)
		s.held = true
		s.hide(n.Value)
	}
}

// hide remembers a text in the spellings in which it may be met.
func (s *secrets) hide(text string) {
	for _, spelled := range []string{text, strings.Trim(quote(text), `"`), config.EscapeReferences(text)} {
		if len(spelled) >= hiddenEverywhere && !strings.Contains(config.Mask, spelled) {
			s.texts = append(s.texts, spelled)
		}
	}
}

// text hides the secrets that stand in any text.
func (s *secrets) text(text string) string {
	for _, secret := range s.texts {
		text = strings.ReplaceAll(text, secret, config.Mask)
	}
	return text
}

// json is a value as JSON on one line, for people.
func (s *secrets) json(n *yaml.Node) json.RawMessage {
	return asJSON(n, func(n *yaml.Node) string {
		if shown, secret := s.nodes[n]; secret {
			return quote(s.text(shown))
		}
		if isText(n) {
			return quote(s.text(n.Value))
		}
		return scalarJSON(n)
	})
}

// document is the whole text of a document with its secrets hidden. The nodes
// are those of tree, which has the same shape and may be the document's own.
func (s *secrets) document(d *document, tree *yaml.Node) string {
	var cuts []cut
	whole := s.cuts(d, d.root, tree, &cuts)
	if !whole {
		// A text over several lines, or one whose end is not certain: show the
		// tree instead of the text.
		return s.text(s.rewritten(d, tree))
	}
	slices.SortFunc(cuts, func(a, b cut) int { return cmp.Compare(b.from, a.from) })
	text := d.text
	for _, c := range cuts {
		text = text[:c.from] + c.shown + text[c.to:]
	}
	return s.text(text)
}

// cut is a stretch of the text that something else is shown for.
type cut struct {
	span
	shown string
}

// cuts finds the stretches of the secret nodes. It reports false when one of
// them cannot be found for sure.
func (s *secrets) cuts(d *document, n, of *yaml.Node, cuts *[]cut) bool {
	if shown, secret := s.nodes[of]; secret {
		at, ok := d.spanOf(n)
		*cuts = append(*cuts, cut{at, quote(shown)})
		return ok
	}
	if len(n.Content) != len(of.Content) {
		return false
	}
	for i := range n.Content {
		if !s.cuts(d, n.Content[i], of.Content[i], cuts) {
			return false
		}
	}
	return true
}

// rewritten is the document written anew from its tree, each secret replaced.
func (s *secrets) rewritten(d *document, tree *yaml.Node) string {
	masked := s.masked(tree)
	plain := &document{format: d.format, text: d.text, head: d.head, foot: d.foot}
	text, err := emit(masked, plain, d.format)
	if err != nil {
		return "(cannot be shown without its passwords)\n"
	}
	return text
}

func (s *secrets) masked(n *yaml.Node) *yaml.Node {
	if shown, secret := s.nodes[n]; secret {
		return textNode(shown)
	}
	c := *n
	c.Content = nil
	for _, child := range n.Content {
		c.Content = append(c.Content, s.masked(child))
	}
	return &c
}

// spanOf is where a scalar stands in the text. For YAML it is worked out from
// where it begins, and only for texts on one line.
func (d *document) spanOf(n *yaml.Node) (span, bool) {
	if d.format == JSON {
		s, ok := d.spans[n]
		return s, ok
	}
	from, rest := d.lineAt(n)
	line, _, _ := strings.Cut(rest, "\n")
	length := -1
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		length = closingQuote(line, '"', '\\')
	case n.Style&yaml.SingleQuotedStyle != 0:
		length = closingQuote(line, '\'', '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle|yaml.TaggedStyle) == 0 && strings.HasPrefix(line, n.Value):
		length = len(n.Value)
	}
	if length < 0 {
		return span{}, false
	}
	return span{from, from + length}, true
}

// lineAt is the text from the node on.
func (d *document) lineAt(n *yaml.Node) (from int, rest string) {
	for range n.Line - 1 {
		i := strings.IndexByte(d.text[from:], '\n')
		if i < 0 {
			return len(d.text), ""
		}
		from += i + 1
	}
	for range n.Column - 1 {
		for i := range d.text[from:] {
			if i > 0 {
				from += i
				break
			}
		}
	}
	return from, d.text[from:]
}

// closingQuote is the length of a quoted text at the start of line, or -1 when
// it does not end there.
func closingQuote(line string, mark, escape byte) int {
	if line == "" || line[0] != mark {
		return -1
	}
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] == escape && i+1 < len(line) && (escape != mark || line[i+1] == mark):
			i++
		case line[i] == mark:
			return i + 1
		}
	}
	return -1
}
