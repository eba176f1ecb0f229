package migrate

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"rosey/config"
)

// jsonReader makes nodes of JSON, and remembers where each one stands.
type jsonReader struct {
	doc    *document
	tokens *config.JSONTokens
}

func (d *document) parseJSON() error {
	d.spans = make(map[*yaml.Node]span)
	r := jsonReader{doc: d, tokens: config.NewJSONTokens([]byte(d.text))}
	root, err := r.value()
	if err != nil {
		return fmt.Errorf("read JSON: %w", err)
	}
	if root.Kind != yaml.MappingNode {
		return fmt.Errorf("read JSON: expected an object")
	}
	d.root = root
	return nil
}

// next gives a token and a node that stands where it begins.
func (r *jsonReader) next() (json.Token, *yaml.Node, error) {
	token, err := r.tokens.Next()
	n := &yaml.Node{Line: token.Line, Column: token.Column}
	r.doc.spans[n] = span{token.From, token.To}
	return token.Token, n, err
}

func (r *jsonReader) value() (*yaml.Node, error) {
	token, n, err := r.next()
	if err != nil {
		return nil, err
	}
	n.Kind = yaml.ScalarNode
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		} else {
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
		}
		return n, r.content(n)
	case string:
		n.Tag, n.Value = "!!str", t
	case json.Number:
		n.Tag, n.Value = "!!int", t.String()
		if strings.ContainsAny(n.Value, ".eE") {
			n.Tag = "!!float"
		}
	case bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(t)
	default:
		n.Tag, n.Value = "!!null", "null"
	}
	return n, nil
}

// content reads what is in a list or an object, up to its end.
func (r *jsonReader) content(n *yaml.Node) error {
	for r.tokens.More() {
		if n.Kind == yaml.MappingNode {
			token, key, err := r.next()
			if err != nil {
				return err
			}
			key.Kind, key.Tag, key.Value = yaml.ScalarNode, "!!str", fmt.Sprint(token)
			n.Content = append(n.Content, key)
		}
		v, err := r.value()
		if err != nil {
			return err
		}
		n.Content = append(n.Content, v)
	}
	end, err := r.tokens.Next()
	r.doc.spans[n] = span{r.doc.spans[n].from, end.To}
	return err
}

// jsonWriter writes a tree as JSON in the manner of its source: what came from
// it stands as it stood there, with the indentation that its new place needs.
type jsonWriter struct {
	strings.Builder
	source *document // nil: everything is new
	unit   string    // one step of indentation
}

func writeJSON(root *yaml.Node, source *document) string {
	w := jsonWriter{unit: "  "}
	if source.format == JSON {
		w.source, w.unit = source, indentation(source.text)
	}
	w.object(root, "")
	if w.source == nil || strings.HasSuffix(source.text, "\n") {
		w.WriteByte('\n')
	}
	return w.String()
}

// indentation is the white space before the first line that has any; a file on
// one line gets two spaces.
func indentation(text string) string {
	for line := range strings.SplitSeq(text, "\n") {
		rest := strings.TrimLeft(line, " \t")
		if rest != "" && len(rest) < len(line) && len(line)-len(rest) <= 8 {
			return line[:len(line)-len(rest)]
		}
	}
	return "  "
}

func (w *jsonWriter) object(n *yaml.Node, indent string) {
	if len(n.Content) == 0 {
		w.WriteString("{}")
		return
	}
	w.WriteString("{")
	for i := 0; i+1 < len(n.Content); i += 2 {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString("\n" + indent + w.unit + quote(n.Content[i].Value) + ": ")
		w.value(n.Content[i+1], indent+w.unit)
	}
	w.WriteString("\n" + indent + "}")
}

func (w *jsonWriter) value(n *yaml.Node, indent string) {
	if w.source != nil {
		if s, ok := w.source.spans[n]; ok {
			w.WriteString(w.moved(s, indent))
			return
		}
	}
	switch {
	case n.Kind == yaml.MappingNode:
		w.object(n, indent)
	case n.Kind == yaml.SequenceNode && hasCollection(n):
		w.WriteString("[")
		for i, item := range n.Content {
			if i > 0 {
				w.WriteByte(',')
			}
			w.WriteString("\n" + indent + w.unit)
			w.value(item, indent+w.unit)
		}
		w.WriteString("\n" + indent + "]")
	default:
		w.Write(asJSON(n, scalarJSON))
	}
}

func hasCollection(list *yaml.Node) bool {
	for _, item := range list.Content {
		if item.Kind != yaml.ScalarNode {
			return true
		}
	}
	return false
}

// moved is a stretch of the source with its further lines indented anew. A
// JSON text has no line breaks, so no value changes.
func (w *jsonWriter) moved(s span, indent string) string {
	first := w.source.text[strings.LastIndexByte(w.source.text[:s.from], '\n')+1:]
	old := first[:len(first)-len(strings.TrimLeft(first, " \t"))]
	lines := strings.Split(w.source.text[s.from:s.to], "\n")
	for i := 1; i < len(lines); i++ {
		if rest, ok := strings.CutPrefix(lines[i], old); ok {
			lines[i] = indent + rest
		}
	}
	return strings.Join(lines, "\n")
}
