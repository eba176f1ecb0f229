package migrate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"rosey/config"
)

// Format is how a configuration is written down.
type Format string

const (
	JSON Format = "json"
	YAML Format = "yaml"
)

// formatOf is the format in which the loader reads the text.
func formatOf(name string, text []byte) Format {
	if config.IsJSON(name, text) {
		return JSON
	}
	return YAML
}

// A document is a parsed file. The nodes are YAML's for JSON too: one tree for
// both, with comments where there are any and the place of each value.
type document struct {
	format Format
	text   string // without byte order mark, lines ended by \n
	root   *yaml.Node
	head   string // the comment above everything
	foot   string
	spans  map[*yaml.Node]span // where each node of a JSON document stands
	crlf   bool
}

// span is a stretch of the text, in bytes.
type span struct{ from, to int }

// parseDocument reads text that the loader has found to be good.
func parseDocument(format Format, data []byte) (*document, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	d := &document{format: format, crlf: bytes.Contains(data, []byte("\r\n"))}
	d.text = strings.ReplaceAll(string(data), "\r\n", "\n")
	if format == JSON {
		return d, d.parseJSON()
	}
	return d, d.parseYAML()
}

func (d *document) parseYAML() error {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(d.text), &doc); err != nil {
		return fmt.Errorf("read YAML: %w", err)
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return fmt.Errorf("read YAML: expected an object")
	}
	d.head, d.foot = doc.HeadComment, doc.FootComment
	w := expander{left: config.MaxNodes}
	if d.root = w.writtenOut(doc.Content[0], 0); w.left < 0 {
		return fmt.Errorf("read YAML: its aliases make it too large")
	}
	if keys := d.root.Content; d.head == "" && len(keys) > 0 {
		// A comment right above the first key is the file's, not the key's.
		d.head, keys[0].HeadComment = keys[0].HeadComment, ""
	}
	if keys := d.root.Content; d.foot == "" && len(keys) > 0 {
		// Likewise below the last one.
		last := keys[len(keys)-2]
		d.foot, last.FootComment = last.FootComment, ""
	}
	return nil
}

// expander writes out aliases, up to the loader's bound.
type expander struct{ left int }

// writtenOut copies a node with its aliases and merges written out, so that
// any part of it can be moved.
func (w *expander) writtenOut(n *yaml.Node, depth int) *yaml.Node {
	if w.left--; w.left < 0 || depth > config.MaxDepth {
		w.left = -1
		return plainNode("!!null", "null")
	}
	if n.Kind == yaml.AliasNode {
		c := w.writtenOut(n.Alias, depth+1)
		c.Line, c.Column = n.Line, n.Column
		return c
	}
	c := *n
	c.Anchor, c.Alias, c.Content = "", nil, nil
	if n.Kind != yaml.MappingNode {
		for _, item := range n.Content {
			c.Content = append(c.Content, w.writtenOut(item, depth+1))
		}
		return &c
	}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		value := w.writtenOut(n.Content[i+1], depth+1)
		if n.Content[i].Tag == "!!merge" {
			merged = append(merged, value)
			continue
		}
		c.Content = append(c.Content, w.writtenOut(n.Content[i], depth+1), value)
	}
	for _, from := range merged {
		merge(&c, from)
	}
	return &c
}

// merge adds what << brings in and the mapping has not.
func merge(into, from *yaml.Node) {
	switch from.Kind {
	case yaml.SequenceNode:
		for _, item := range from.Content {
			merge(into, item)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(from.Content); i += 2 {
			if member(into, from.Content[i].Value) == nil {
				into.Content = append(into.Content, from.Content[i], from.Content[i+1])
			}
		}
	}
}

// member is the value of a key; nil when there is none.
func member(object *yaml.Node, key string) *yaml.Node {
	if object == nil || object.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(object.Content); i += 2 {
		if object.Content[i].Value == key {
			return object.Content[i+1]
		}
	}
	return nil
}

// Nodes that the source does not have.

func textNode(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// quotedNode is a text that stays one where YAML would read a number.
func quotedNode(text string) *yaml.Node {
	n := textNode(text)
	n.Style = yaml.DoubleQuotedStyle
	return n
}

func plainNode(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

func objectNode() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} }

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

func isText(n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode {
		return false
	}
	switch n.ShortTag() {
	case "!!null", "!!bool", "!!int", "!!float":
		return false
	}
	return true
}

// asJSON is a node's value as JSON on one line. text gives each text's
// spelling, which is how secrets are kept out.
func asJSON(n *yaml.Node, text func(*yaml.Node) string) json.RawMessage {
	var b bytes.Buffer
	writeValue(&b, n, text)
	return b.Bytes()
}

func writeValue(b *bytes.Buffer, n *yaml.Node, text func(*yaml.Node) string) {
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(quote(n.Content[i].Value) + ": ")
			writeValue(b, n.Content[i+1], text)
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				b.WriteString(", ")
			}
			writeValue(b, item, text)
		}
		b.WriteByte(']')
	default:
		b.WriteString(text(n))
	}
}

// scalarJSON is one scalar as JSON. What JSON cannot say becomes a text.
func scalarJSON(n *yaml.Node) string {
	switch n.ShortTag() {
	case "!!null":
		return "null"
	case "!!bool":
		return strings.ToLower(n.Value)
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return n.Value
		}
		var number any
		if n.Decode(&number) == nil {
			if out, err := json.Marshal(number); err == nil {
				return string(out)
			}
		}
	}
	return quote(n.Value)
}

// quote is text as JSON writes it, with < > & as they are.
func quote(text string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil { // no string fails
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
