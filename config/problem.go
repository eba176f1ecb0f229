package config

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNone is what Find's error is when nobody named a file and none of the
// usual places has one.
var ErrNone = errors.New("no configuration file")

// Code tells apart the problems that programs act upon.
type Code int

const (
	CodeNone       Code = iota
	CodeV1              // the file is of version 1
	CodeUnknownKey      // nobody knows the key
	CodeMistyped        // nobody knows the key, and one that is known is much like it
)

// Problem is one thing that is wrong, or doubtful, in a configuration. None of
// its texts ever holds a secret.
type Problem struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`   // from 1; 0 when the file could not be read at all
	Column int    `json:"column,omitempty"` // in characters, from 1
	Key    string `json:"key,omitempty"`    // path of the key, such as platforms[0].domain
	What   string `json:"what"`             // what was expected and what was found
	Do     string `json:"do,omitempty"`     // what to do about it

	Code Code `json:"-"`
}

// String is "file:line:column: key: what (do)" with the parts there are.
func (p Problem) String() string {
	var out strings.Builder
	out.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&out, ":%d:%d", p.Line, p.Column)
	}
	if p.Key != "" {
		out.WriteString(": " + p.Key)
	}
	out.WriteString(": " + p.What)
	if p.Do != "" {
		out.WriteString("; " + p.Do)
	}
	return out.String()
}

// Error is everything that keeps a configuration from being used.
type Error struct {
	Problems []Problem
	Err      error // what lies beneath, if anything: ErrNone, fs.ErrNotExist …
}

// Error has one line for each problem.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives what lies beneath.
func (e *Error) Unwrap() error { return e.Err }

// Warnings are problems that a configuration can be used in spite of.
type Warnings []Problem
