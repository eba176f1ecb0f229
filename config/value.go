package config

import (
	"bytes"
	"fmt"
	"sort"
	"strconv"
	"unicode/utf8"
)

// kind is what a value of the file is, whatever was expected.
type kind int

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindText
	kindList
	kindObject
)

// position is a place in the file, both counted from 1, columns in characters.
type position struct{ line, column int }

// value is one node of the parsed file, the same for JSON and YAML.
type value struct {
	kind    kind
	at      position
	text    string // a text, or a number or bool as it was written
	number  float64
	plain   bool // YAML text without quotes
	items   []*value
	members []member
}

// member is one entry of an object.
type member struct {
	key   string
	at    position
	value *value
}

// get finds the member of that key; nil when there is none.
func (v *value) get(key string) *value {
	if v == nil {
		return nil
	}
	for _, m := range v.members {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// absent says that there is no value: no key, or null.
func (v *value) absent() bool { return v == nil || v.kind == kindNull }

// foundText bounds how much of somebody's text a message repeats.
const foundText = 40

// found describes v for a message. Only when quote is set does it repeat what
// the file says, as that may be a password in the wrong place.
func (v *value) found(quote bool) string {
	switch v.kind {
	case kindBool:
		if quote {
			return v.text
		}
		return "true or false"
	case kindNumber:
		if quote {
			return "the number " + shorten(v.text)
		}
		return "a number"
	case kindText:
		if quote {
			return "the text " + strconv.Quote(shorten(RedactURL(v.text)))
		}
		return "a text"
	case kindList:
		return fmt.Sprintf("a list of %d", len(v.items))
	case kindObject:
		return "an object"
	}
	return "null"
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= foundText {
		return s
	}
	return string([]rune(s)[:foundText-1]) + "…"
}

// source is the file's text and how to speak of places in it.
type source struct {
	name  string
	data  []byte
	lines []int // offset of each line's first byte
}

func newSource(name string, data []byte) *source {
	lines := []int{0}
	for i, b := range data {
		if b == '\n' {
			lines = append(lines, i+1)
		}
	}
	return &source{name: name, data: data, lines: lines}
}

// position is the place of the byte at offset; past the end, the end's.
func (s *source) position(offset int) position {
	offset = min(max(offset, 0), len(s.data))
	line := sort.SearchInts(s.lines, offset+1) - 1
	return position{line + 1, utf8.RuneCount(s.data[s.lines[line]:offset]) + 1}
}

// lineStart is the place of the first character of a line that is no space.
func (s *source) lineStart(line int) position {
	line = min(max(line, 1), len(s.lines))
	text := s.data[s.lines[line-1]:]
	return s.position(s.lines[line-1] + len(text) - len(bytes.TrimLeft(text, " \t")))
}

func (s *source) problem(at position, key, what, do string) Problem {
	return Problem{File: s.name, Line: at.line, Column: at.column, Key: key, What: what, Do: do}
}
