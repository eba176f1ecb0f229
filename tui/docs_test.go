package tui

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const keysHeader = `# The console's keys

Made from the key map by ` + "`go test ./tui -run TestDocsOfKeys -update`" + `. The first column is the name for ` + "`tui.keys`" + ` in the config, as in

    tui:
      keys:
        help: f1 alt+h
        playlist: alt+y

which takes the place of the key's usual spellings; an empty text switches it off. A name that there is not, or a key that two of the everywhere-keys would take, is told with its place in the file.

| name | keys | does |
| --- | --- | --- |
`

// The table of keys in docs is the key map's.
func TestDocsOfKeys(t *testing.T) {
	var b strings.Builder
	b.WriteString(keysHeader)
	k := defaultKeys()
	named := k.named()
	for _, name := range slices.Sorted(maps.Keys(named)) {
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", name, strings.Join(named[name].Keys(), "` `"), named[name].Help().Desc)
	}
	path := filepath.Join("..", "docs", "keys.md")
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != b.String() {
		t.Errorf("%s is not the key map's (%v); run this test with -update", path, err)
	}
}
