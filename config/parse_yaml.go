package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds of a YAML file once its aliases are written out; the second one is
// JSON's, too. A real configuration
// has some hundred nodes; these keep a hostile one from filling the memory.
const (
	MaxNodes = 20_000
	MaxDepth = 100
)

func parseYAML(src *source) (*value, []Problem) {
	dec := yaml.NewDecoder(bytes.NewReader(src.data))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, []Problem{src.problem(position{1, 1}, "",
			"the file holds comments only", "see an example with: rosey config init")}
	} else if err != nil {
		return nil, []Problem{yamlProblem(src, err)}
	}
	var next yaml.Node
	if err := dec.Decode(&next); err == nil {
		return nil, []Problem{src.problem(position{next.Line, next.Column}, "",
			"a second YAML document begins here", "keep one, and remove the --- between")}
	} else if !errors.Is(err, io.EOF) {
		return nil, []Problem{yamlProblem(src, err)}
	}

	r := yamlReader{src: src}
	root, ok := r.value(doc.Content[0], "", 0)
	if !ok {
		return nil, r.problems
	}
	return root, r.problems
}

// yamlReader turns yaml's nodes into values, aliases and merges written out.
type yamlReader struct {
	src      *source
	nodes    int
	problems []Problem
}

func (r *yamlReader) problem(n *yaml.Node, what, do string) {
	r.problems = append(r.problems, r.src.problem(place(n), "", what, do))
}

func place(n *yaml.Node) position { return position{max(n.Line, 1), max(n.Column, 1)} }

// value reports false when the file is not worth reading on.
func (r *yamlReader) value(n *yaml.Node, path string, depth int) (*value, bool) {
	if r.nodes++; r.nodes > MaxNodes || depth > MaxDepth {
		r.problem(n, "the file is nested too deeply, or its aliases make it too large",
			"write out what the aliases (*name) stand for")
		return nil, false
	}
	v := &value{at: place(n)}
	switch n.Kind {
	case yaml.AliasNode:
		target, ok := r.value(n.Alias, path, depth+1)
		if !ok {
			return nil, false
		}
		*v = *target
		v.at = place(n)
		return v, true
	case yaml.SequenceNode:
		v.kind = kindList
		for i, item := range n.Content {
			child, ok := r.value(item, path+"["+strconv.Itoa(i)+"]", depth+1)
			if !ok {
				return nil, false
			}
			v.items = append(v.items, child)
		}
		return v, true
	case yaml.MappingNode:
		v.kind = kindObject
		return v, r.mapping(n, v, path, depth)
	}
	r.scalar(n, v)
	return v, true
}

// mapping reads entries in order; those merged in with << come after the
// mapping's own and give way to them.
func (r *yamlReader) mapping(n *yaml.Node, object *value, path string, depth int) bool {
	var merged []*value
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, node := n.Content[i], n.Content[i+1]
		v, ok := r.value(node, join(path, key.Value), depth+1)
		if !ok {
			return false
		}
		switch {
		case key.Tag == "!!merge":
			merged = append(merged, v)
		case key.Kind != yaml.ScalarNode:
			r.problem(key, "expected a plain key, found a list, an object or an alias", "write a key such as nats:")
		default:
			object.members = append(object.members, member{key: key.Value, at: place(key), value: v})
		}
	}
	r.problems = append(r.problems, duplicates(r.src, object, path)...)
	for _, from := range merged {
		r.merge(object, from)
	}
	return true
}

func (r *yamlReader) merge(object, from *value) {
	switch from.kind {
	case kindObject:
		for _, m := range from.members {
			if object.get(m.key) == nil {
				object.members = append(object.members, m)
			}
		}
	case kindList:
		for _, item := range from.items {
			if item.kind == kindObject {
				r.merge(object, item)
			}
		}
	}
}

func (r *yamlReader) scalar(n *yaml.Node, v *value) {
	v.text = n.Value
	v.plain = n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	switch tag := n.ShortTag(); tag {
	case "!!null":
		v.kind = kindNull
	case "!!bool":
		v.kind = kindBool
		v.text = strconv.FormatBool(strings.EqualFold(n.Value, "true"))
	case "!!int", "!!float":
		v.kind = kindNumber
		if err := n.Decode(&v.number); err != nil {
			v.number = math.NaN()
		}
	case "!!str", "!!timestamp", "!!merge", "!!binary":
		v.kind = kindText
	default:
		v.kind = kindText
		r.problem(n, "expected a plain value, found a YAML tag (!…)",
			"remove the tag; put a text that begins with ! in quotes")
	}
}

var (
	yamlLine   = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	yamlAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
)

// yamlProblem places a syntax error. yaml tells the line at most, and its text
// may repeat the file's, so only the texts known to be harmless are passed on.
func yamlProblem(src *source, err error) Problem {
	head := yamlLine.FindStringSubmatch(err.Error())
	if head == nil {
		return src.problem(position{1, 1}, "", "the file is no YAML", "check it with a YAML editor")
	}
	text := err.Error()[len(head[0]):]
	if anchor := yamlAnchor.FindStringSubmatch(text); anchor != nil {
		at := bytes.Index(src.data, []byte("*"+anchor[1]))
		return src.problem(src.position(at), "", "an alias (*…) is used that no anchor (&…) defines",
			"put a text that begins with * in quotes")
	}
	line, _ := strconv.Atoi(head[1])
	at := src.lineStart(line)
	for _, known := range yamlTexts {
		if strings.Contains(text, known.says) {
			return src.problem(at, "", "invalid YAML at or just before this line: "+known.what, known.do)
		}
	}
	return src.problem(at, "", "invalid YAML at or just before this line", "look at indentation, colons and quotes")
}

// yamlTexts are the usual errors of the YAML scanner and what they mean.
var yamlTexts = []struct{ says, what, do string }{
	{"cannot start any token", "a value begins with a character that has a meaning in YAML, or a tab indents",
		"put the value in quotes, and indent with spaces"},
	{"found a tab character", "a tab indents", "indent with spaces"},
	{"mapping values are not allowed", "a colon stands where no key can",
		"put a text with a colon in quotes, and check the indentation"},
	{"could not find expected ':'", "a key has no colon and space after it", "write key: value"},
	{"did not find expected key", "the indentation changes in the middle of a section", "indent its keys alike"},
	{"did not find expected '-' indicator", "the indentation changes in the middle of a list", "indent its entries alike"},
	{"did not find expected ',' or", "a [ or { is not closed", "close it"},
	{"found unexpected end of stream", "a quote is not closed", "close it"},
	{"found unknown escape character", `a text in "…" holds a backslash that starts no escape`,
		`write \\ for a backslash, or use '…'`},
	{"block sequence entries are not allowed", "a list begins where none can", "put it on a line of its own, indented"},
	{"control characters are not allowed", "the file holds a control character", "remove it"},
}

func (p position) String() string { return fmt.Sprintf("%d:%d", p.line, p.column) }
