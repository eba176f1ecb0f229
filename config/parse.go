package config

import (
	"bytes"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// parse reads the file's text into a value, as JSON or YAML. A nil value comes
// with at least one problem; a value may come with some, too.
func parse(name string, data []byte) (*source, *value, []Problem) {
	text, what, do := decodable(data)
	src := newSource(name, text)
	if what != "" {
		return src, nil, []Problem{src.problem(position{1, 1}, "", what, do)}
	}
	if i := invalidUTF8(text); i >= 0 {
		return src, nil, []Problem{src.problem(src.position(i), "",
			"expected UTF-8, found a byte that is not", "save the file as UTF-8")}
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return src, nil, []Problem{src.problem(src.position(i), "",
			"a NUL byte stands here, and no text has one", "remove it with an editor that shows it")}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return src, nil, []Problem{src.problem(position{1, 1}, "",
			"the file is empty", "write an example beside it with: rosey config init")}
	}

	var root *value
	var problems []Problem
	if IsJSON(name, text) {
		root, problems = parseJSON(src)
	} else {
		root, problems = parseYAML(src)
	}
	if root != nil && root.kind != kindObject {
		return src, nil, append(problems, src.problem(root.at, "",
			"expected an object with keys such as nats and platforms, found "+root.found(false),
			"see an example with: rosey config init"))
	}
	return src, root, problems
}

// IsJSON goes by the file's extension, else by what it looks like. What is not
// JSON is YAML.
func IsJSON(name string, text []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return true
	case ".yaml", ".yml":
		return false
	}
	text = bytes.TrimSpace(bytes.TrimPrefix(text, byteOrderMark))
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// decodable takes a UTF-8 byte order mark off and refuses other encodings.
func decodable(data []byte) (text []byte, what, do string) {
	switch {
	case bytes.HasPrefix(data, byteOrderMark):
		return data[len(byteOrderMark):], "", ""
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")),
		len(data) > 1 && (data[0] == 0) != (data[1] == 0) && bytes.Count(data, []byte{0}) > len(data)/3:
		return nil, "expected UTF-8, found UTF-16", "save the file as UTF-8"
	}
	if n := bytes.Count(data, []byte{0}); n > 0 && (n > len(data)/10 || invalidUTF8(data) >= 0) {
		return nil, "expected text, found binary data", "name the configuration's file"
	}
	return data, "", ""
}

// invalidUTF8 is the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// duplicates reports keys that stand twice in one object.
func duplicates(src *source, object *value, path string) []Problem {
	var problems []Problem
	first := make(map[string]position, len(object.members))
	for _, m := range object.members {
		before, twice := first[m.key]
		if !twice {
			first[m.key] = m.at
			continue
		}
		problems = append(problems, src.problem(m.at, join(path, m.key),
			"the key stands here a second time, first at "+before.String(),
			"keep one of them"))
	}
	return problems
}
