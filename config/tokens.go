package config

import (
	"bytes"
	"encoding/json"
)

// JSONTokens reads a JSON text token by token, each with its place. A number
// is a json.Number.
type JSONTokens struct {
	src *source
	dec *json.Decoder
}

// A JSONToken is a token, or the key of an object, and where it stands.
type JSONToken struct {
	json.Token
	Line, Column int // both from 1, columns in characters
	From, To     int // its bytes
}

// NewJSONTokens begins to read a text.
func NewJSONTokens(text []byte) *JSONTokens { return newTokens(newSource("", text)) }

func newTokens(src *source) *JSONTokens {
	t := &JSONTokens{src: src, dec: json.NewDecoder(bytes.NewReader(src.data))}
	t.dec.UseNumber()
	return t
}

// Next gives the next token; the brackets of objects and lists are some, too.
func (t *JSONTokens) Next() (JSONToken, error) {
	start := int(t.dec.InputOffset())
	start += len(t.src.data[start:]) - len(bytes.TrimLeft(t.src.data[start:], " \t\r\n,:"))
	token, err := t.dec.Token()
	at := t.src.position(start)
	return JSONToken{Token: token, Line: at.line, Column: at.column, From: start, To: int(t.dec.InputOffset())}, err
}

// More says that the object or the list that is being read goes on.
func (t *JSONTokens) More() bool { return t.dec.More() }

func (t JSONToken) position() position { return position{t.Line, t.Column} }
