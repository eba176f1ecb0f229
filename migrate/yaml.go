package migrate

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// writeYAML writes a tree as YAML, with the comments that its nodes carry.
func writeYAML(root *yaml.Node, source *document) (string, error) {
	doc := yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{root}}
	unit := 2
	if source.format == YAML {
		doc.HeadComment, doc.FootComment = source.head, source.foot
		if n := len(indentation(source.text)); n >= 2 {
			unit = n
		}
	} else {
		unstyle(root)
	}
	var out strings.Builder
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(unit)
	if err := enc.Encode(&doc); err != nil {
		return "", fmt.Errorf("write YAML: %w", err)
	}
	if err := enc.Close(); err != nil {
		return "", fmt.Errorf("write YAML: %w", err)
	}
	return out.String(), nil
}

// unstyle lets the encoder decide where a tree that came from JSON needs
// quotes.
func unstyle(n *yaml.Node) {
	n.Style = 0
	for _, c := range n.Content {
		unstyle(c)
	}
}

// emit writes the tree in a format, with the line ends of the source.
func emit(root *yaml.Node, source *document, format Format) (string, error) {
	text := ""
	if format == JSON {
		text = writeJSON(root, source)
	} else {
		var err error
		if text, err = writeYAML(root, source); err != nil {
			return "", err
		}
	}
	if source.crlf {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text, nil
}
