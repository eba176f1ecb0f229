package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// helpWidth is how wide a help text gets: a terminal's usual 80 columns.
const helpWidth = 80

// exitCodes are the codes that a process ends with, in their order.
var exitCodes = []struct {
	code int
	what string
}{
	{exitOK, "done"},
	{exitError, "an error"},
	{exitUsage, "the command line is not understood, or the bot has no such command"},
	{exitConfig, "the config is missing or has a mistake"},
	{exitNATS, "NATS cannot be reached or lets nobody in, or no bot answers"},
	{exitRefused, "rosey shell: the command was refused"},
	{exitNoEffect, "rosey shell: nothing came of the command in time"},
	{exitPending, "rosey check: something waits to be seen"},
	{exitDue, "rosey migrate --check: a migration is due"},
}

// groups are the headings under which the commands stand.
var groups = []*cobra.Group{
	{ID: "watch", Title: "Watch and moderate"},
	{ID: "services", Title: "Set up and run"},
	{ID: "more", Title: "More"},
}

// grouped puts commands under a heading.
func grouped(id string, commands ...*cobra.Command) []*cobra.Command {
	for _, c := range commands {
		c.GroupID = id
	}
	return commands
}

// writeHelp writes what a command is for, how it is written and what it takes.
func writeHelp(w io.Writer, c *cobra.Command) {
	long := c.Long
	if long == "" {
		long = c.Short + "."
	}
	fmt.Fprintf(w, "%s\n\n%s", reflow(long, helpWidth), usage(c))
	if c.HasParent() {
		return
	}
	fmt.Fprintln(w, "\nExit codes:")
	for _, e := range exitCodes {
		fmt.Fprintf(w, "  %2d  %s\n", e.code, e.what)
	}
	fmt.Fprintln(w, "\n`rosey COMMAND --help` tells more about a command, with examples; `rosey man`\nprints all of it as a man page.")
}

// usage is the part of the help that is made from the command tree.
func usage(c *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintln(&b, "Usage:")
	for _, line := range synopsis(c) {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	for _, g := range c.Groups() {
		listCommands(&b, g.Title, c, g.ID)
	}
	if len(c.Groups()) == 0 {
		listCommands(&b, "Commands", c, "")
	}
	flags := func(title string, set *pflag.FlagSet) {
		if set.HasAvailableFlags() {
			fmt.Fprintf(&b, "\n%s:\n%s", title, set.FlagUsagesWrapped(helpWidth))
		}
	}
	flags("Flags", c.LocalFlags())
	flags("Flags of every command", c.InheritedFlags())
	return b.String()
}

// synopsis is how a command may be written.
func synopsis(c *cobra.Command) []string {
	var lines []string
	if c.Runnable() {
		lines = append(lines, strings.Replace(c.UseLine(), "[flags]", "[FLAGS]", 1))
	}
	if c.HasAvailableSubCommands() {
		lines = append(lines, c.CommandPath()+" COMMAND")
	}
	return lines
}

// listCommands lists the commands of a group under c.
func listCommands(b *strings.Builder, title string, c *cobra.Command, group string) {
	under := available(c, group)
	if len(under) > 0 {
		fmt.Fprintf(b, "\n%s:\n", title)
	}
	for _, sub := range under {
		fmt.Fprintf(b, "  %-12s %s\n", sub.Name(), sub.Short)
	}
}

func available(c *cobra.Command, group string) []*cobra.Command {
	var under []*cobra.Command
	for _, sub := range c.Commands() {
		if sub.GroupID == group && sub.IsAvailableCommand() {
			under = append(under, sub)
		}
	}
	return under
}

// reflow wraps the paragraphs of a text at width; lines that are indented are
// examples and stay as they are.
func reflow(text string, width int) string {
	var out []string
	for _, p := range paragraphs(text) {
		if p.literal {
			out = append(out, strings.Join(p.lines, "\n"))
			continue
		}
		out = append(out, fill(strings.Join(p.lines, " "), width))
	}
	return strings.Join(out, "\n\n")
}

// A paragraph is of words to fill, or of lines to leave as they are.
type paragraph struct {
	literal bool
	lines   []string
}

func paragraphs(text string) []paragraph {
	var out []paragraph
	for _, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		lines := strings.Split(block, "\n")
		out = append(out, paragraph{literal: strings.HasPrefix(lines[0], " "), lines: lines})
	}
	return out
}

func fill(text string, width int) string {
	var out strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case column == 0:
		case column+1+n >= width:
			out.WriteByte('\n')
			column = 0
		default:
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += n
	}
	return out.String()
}
