package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// citation is how a comment names the source of a fact: "PROTOCOL.md §6".
var citation = regexp.MustCompile(`\b(PROTOCOL|COMPAT|DESIGN|STYLE|CONSOLE|FEATURES)\.md(?: §(\d+))?`)

// A reader can look up what a comment cites: the document is in docs, and the
// section is in the document.
func TestCitationsResolve(t *testing.T) {
	cited := 0
	goFiles(t, func(path string, source []byte) {
		for _, c := range citation.FindAllSubmatch(source, -1) {
			cited++
			doc, err := os.ReadFile(filepath.Join("..", "..", "docs", string(c[1])+".md"))
			if err != nil {
				t.Errorf("%s cites %s: %v", path, c[0], err)
				continue
			}
			if n := string(c[2]); n != "" && !regexp.MustCompile(`(?m)^##+ `+n+`\. `).Match(doc) {
				t.Errorf("%s cites %s, which has no such section", path, c[0])
			}
		}
	})
	if cited == 0 {
		t.Error("no citation was found: the pattern no longer fits how they are written")
	}
}
