package main

import (
	"encoding/json"
	"fmt"
	"io"
)

// jsonLines writes values for programs, each on a line and with <, > and & as
// they are.
func jsonLines(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// printJSON writes one document, indented.
func printJSON(g *global, v any) error {
	e := jsonLines(g.out)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("print report: %w", err)
	}
	return nil
}
