package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseJSON reads strict JSON. A syntax error is the only problem then: what
// follows it could be anything.
func parseJSON(src *source) (*value, []Problem) {
	var raw json.RawMessage
	err := json.Unmarshal(src.data, &raw)
	if at := tooDeep(src.data); at >= 0 && (err == nil || strings.Contains(err.Error(), "max depth")) {
		return nil, []Problem{src.problem(src.position(at), "",
			fmt.Sprintf("the file is nested more than %d levels deep", MaxDepth), "remove what stands here: no configuration goes so deep")}
	}
	if err != nil {
		return nil, []Problem{jsonProblem(src, err)}
	}
	r := jsonReader{src: src, tokens: NewJSONTokens(src.data)}
	root, err := r.value("")
	if err != nil {
		return nil, []Problem{jsonProblem(src, err)}
	}
	return root, r.problems
}

// tooDeep is the offset of the first bracket that is deeper than any
// configuration goes, or -1. The bound keeps a hostile file from the stack.
func tooDeep(data []byte) int {
	depth, text := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return i
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return -1
}

// jsonReader turns tokens into values that know their place.
type jsonReader struct {
	src      *source
	tokens   *JSONTokens
	problems []Problem
}

func (r *jsonReader) value(path string) (*value, error) {
	token, err := r.tokens.Next()
	if err != nil {
		return nil, err
	}
	v := &value{at: token.position()}
	switch t := token.Token.(type) {
	case json.Delim:
		if t == '[' {
			v.kind = kindList
			return v, r.list(v, path)
		}
		v.kind = kindObject
		return v, r.object(v, path)
	case string:
		v.kind, v.text = kindText, t
	case json.Number:
		v.kind, v.text = kindNumber, t.String()
		// A number too large for a float is infinite, and refused as such.
		v.number, _ = strconv.ParseFloat(v.text, 64)
	case bool:
		v.kind, v.text = kindBool, strconv.FormatBool(t)
	}
	return v, nil
}

func (r *jsonReader) list(list *value, path string) error {
	for r.tokens.More() {
		item, err := r.value(path + "[" + strconv.Itoa(len(list.items)) + "]")
		if err != nil {
			return err
		}
		list.items = append(list.items, item)
	}
	_, err := r.tokens.Next()
	return err
}

func (r *jsonReader) object(object *value, path string) error {
	for r.tokens.More() {
		token, err := r.tokens.Next()
		if err != nil {
			return err
		}
		key := fmt.Sprint(token.Token)
		v, err := r.value(join(path, key))
		if err != nil {
			return err
		}
		object.members = append(object.members, member{key: key, at: token.position(), value: v})
	}
	r.problems = append(r.problems, duplicates(r.src, object, path)...)
	_, err := r.tokens.Next()
	return err
}

// jsonProblem says in a person's words what encoding/json stumbled over.
func jsonProblem(src *source, err error) Problem {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return src.problem(position{1, 1}, "", "the file is no JSON", "check it with a JSON editor")
	}
	offset := int(syntax.Offset) - 1
	if strings.HasPrefix(syntax.Error(), "unexpected end") || offset >= len(src.data) {
		return src.problem(src.position(len(src.data)), "",
			`the file ends before its last object, list or text does`, `add the closing }, ] or "`)
	}
	offset = max(offset, 0)
	before := bytes.TrimRight(src.data[:offset], " \t\r\n")
	char, _ := utf8.DecodeRune(src.data[offset:])
	at := src.position(offset)
	switch {
	case (char == '}' || char == ']') && bytes.HasSuffix(before, []byte(",")):
		return src.problem(src.position(len(before)-1), "",
			fmt.Sprintf("a comma stands before the closing %c", char), "remove the comma")
	case strings.Contains(syntax.Error(), "in string literal"):
		return src.problem(at, "", "a text holds a line break or a control character",
			`close the text with ", or write the character as \n or \u00XX`)
	case strings.Contains(syntax.Error(), "in string escape"), strings.Contains(syntax.Error(), `in \u`):
		return src.problem(at, "", "a text holds a backslash that starts no JSON escape", `write \\ for a backslash`)
	case char == '/' || char == '#':
		return src.problem(at, "", "JSON has no comments", `write it under a "_comment" key, or use YAML`)
	case char == '\'':
		return src.problem(at, "", `expected ", found '`, "put texts and keys in double quotes")
	case strings.Contains(syntax.Error(), "after top-level value"):
		return src.problem(at, "", fmt.Sprintf("expected the end of the file, found %q", char),
			"remove what follows the last }")
	case strings.Contains(syntax.Error(), "after "):
		return src.problem(at, "", fmt.Sprintf("expected a comma, a colon or a closing bracket, found %q", char),
			"look at the end of the entry before")
	}
	return src.problem(at, "", fmt.Sprintf("expected a key or a value, found %q", char),
		`put texts and keys in double quotes; true, false, null and numbers have none`)
}
