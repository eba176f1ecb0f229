package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func manCommand(g *global) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "man",
		Short: "Write the man pages",
		Long: `Prints rosey(1), or writes the pages of all commands into a folder:

  rosey man | man -l -
  rosey man --dir /usr/local/share/man/man1`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			header := &doc.GenManHeader{Title: "ROSEY", Section: "1", Source: "rosey " + buildInfo().Version}
			c.Root().DisableAutoGenTag = true // same input, same page
			if dir == "" {
				return doc.GenMan(c.Root(), header, g.out)
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return fmt.Errorf("write man pages: %w", err)
			}
			return doc.GenManTree(c.Root(), header, dir)
		},
	}
	c.Flags().StringVar(&dir, "dir", "", "write one page for each command into `FOLDER`")
	return c
}
