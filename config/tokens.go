package config

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// JSONTokens reads a JSON text token by token, each with its place. A number
// is a json.Number.
type JSONTokens struct {
	text []byte
	dec  *json.Decoder

	// Where the last token began. Columns are counted on from there: a file may
	// be one line of a megabyte.
	line, column, offset int
}

// A JSONToken is a token, or the key of an object, and where it stands.
type JSONToken struct {
	json.Token
	Line, Column int // both from 1, columns in characters
	From, To     int // its bytes
}

// NewJSONTokens begins to read a text.
func NewJSONTokens(text []byte) *JSONTokens {
	t := &JSONTokens{text: text, dec: json.NewDecoder(bytes.NewReader(text)), line: 1, column: 1}
	t.dec.UseNumber()
	return t
}

// Next gives the next token; the brackets of objects and lists are some, too.
func (t *JSONTokens) Next() (JSONToken, error) {
	from := int(t.dec.InputOffset())
	from += len(t.text[from:]) - len(bytes.TrimLeft(t.text[from:], " \t\r\n,:"))
	token, err := t.dec.Token()
	t.moveTo(from)
	return JSONToken{Token: token, Line: t.line, Column: t.column, From: from, To: int(t.dec.InputOffset())}, err
}

func (t *JSONTokens) moveTo(offset int) {
	passed := t.text[t.offset:offset]
	if end := bytes.LastIndexByte(passed, '\n'); end >= 0 {
		t.line, t.column = t.line+bytes.Count(passed, []byte{'\n'}), 1
		passed = passed[end+1:]
	}
	t.column += utf8.RuneCount(passed)
	t.offset = offset
}

// More says that the object or the list that is being read goes on.
func (t *JSONTokens) More() bool { return t.dec.More() }

func (t JSONToken) position() position { return position{t.Line, t.Column} }
