package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

func manCommand(g *global) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "man",
		Short: "Write the man pages",
		Long: `Prints rosey(1), which has every command, or writes it and a page for each
command into a folder:

  rosey man | man -l -
  rosey man --dir /usr/local/share/man/man1`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if dir == "" {
				_, err := io.WriteString(g.out, wholeManual(c.Root()))
				return err
			}
			if err := writeManuals(dir, c.Root()); err != nil {
				return fmt.Errorf("write man pages: %w", err)
			}
			return nil
		},
	}
	c.Flags().StringVar(&dir, "dir", "", "write one page for each command into `FOLDER`")
	_ = c.MarkFlagDirname("dir") // the flag is defined above
	return c
}

func writeManuals(dir string, root *cobra.Command) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "rosey.1"), []byte(wholeManual(root)), 0o644); err != nil {
		return err
	}
	for _, c := range commandsUnder(root) {
		if err := os.WriteFile(filepath.Join(dir, pageName(c)+".1"), []byte(manual(c)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// commandsUnder are all commands below c, each before those below it.
func commandsUnder(c *cobra.Command) []*cobra.Command {
	var out []*cobra.Command
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			out = append(append(out, sub), commandsUnder(sub)...)
		}
	}
	return out
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// wholeManual is rosey(1).
func wholeManual(root *cobra.Command) string {
	var p manPage
	p.head(root)
	p.section("SYNOPSIS")
	p.printf("\\fBrosey\\fR \\fICOMMAND\\fR [\\fIFLAGS\\fR] [\\fIARGUMENTS\\fR]\n")
	p.section("DESCRIPTION")
	p.prose(root.Long)
	p.section("FLAGS OF EVERY COMMAND")
	p.flags(root.PersistentFlags())
	p.printf(".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\ntell what a command is for and what it takes\n")
	p.section("COMMANDS")
	for _, c := range commandsUnder(root) {
		p.command(c)
	}
	p.tail()
	return p.String()
}

// manual is the page of one command.
func manual(c *cobra.Command) string {
	var p manPage
	p.head(c)
	p.section("SYNOPSIS")
	p.synopsis(c)
	p.section("DESCRIPTION")
	p.about(c)
	p.section("FLAGS")
	p.flags(c.LocalFlags())
	p.flags(c.InheritedFlags())
	p.tail()
	p.section("SEE ALSO")
	see := []string{"\\fBrosey\\fR(1)"}
	for _, sub := range commandsUnder(c) {
		see = append(see, "\\fB"+roff(pageName(sub))+"\\fR(1)")
	}
	p.printf("%s\n", strings.Join(see, ",\n"))
	return p.String()
}
