package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version and commit are set by the linker for a release:
// go build -ldflags "-X main.version=1.2.3 -X main.commit=abcdef".
var (
	version = "0.6.0-dev" // v0.5.0 was the Python program's
	commit  string
)

// build describes this binary.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date,omitempty"` // of the commit
	Go      string `json:"go"`
}

func buildInfo() build {
	b := build{Version: version, Commit: commit, Go: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = cmp.Or(b.Commit, s.Value[:min(12, len(s.Value))])
			case "vcs.time":
				b.Date, _, _ = strings.Cut(s.Value, "T")
			}
		}
	}
	b.Commit = cmp.Or(b.Commit, "unknown")
	return b
}

func versionCommand(g *global) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "version",
		Short: "Print version, commit and Go version",
		Long: `Prints what a report of a mistake should say: version, commit, Go version.

  rosey version
  rosey version --json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := buildInfo()
			if asJSON {
				return jsonLines(g.out).Encode(b)
			}
			_, err := fmt.Fprintf(g.out, "rosey %s (commit %s, %s)\n", b.Version, b.Commit, b.Go)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}
