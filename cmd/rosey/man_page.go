package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manPage writes a page in the macros of man(7).
type manPage struct{ strings.Builder }

func (p *manPage) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func (p *manPage) head(c *cobra.Command) {
	b := buildInfo()
	p.printf(".TH %s 1 \"%s\" \"rosey %s\" \"User Commands\"\n", strings.ToUpper(pageName(c)), b.Date, b.Version)
	p.printf(".nh\n") // no word of a command is broken
	p.printf(".ad l\n")
	p.section("NAME")
	p.printf("%s \\- %s\n", roff(pageName(c)), roff(c.Short))
}

func (p *manPage) section(title string) { p.printf(".SH \"%s\"\n", title) }

// command is a command's part of the whole manual.
func (p *manPage) command(c *cobra.Command) {
	p.printf(".SS \"%s\"\n", roff(c.CommandPath()))
	p.synopsis(c)
	p.printf(".PP\n")
	p.about(c)
	p.flags(c.LocalFlags())
}

func (p *manPage) synopsis(c *cobra.Command) {
	for i, line := range synopsis(c) {
		if i > 0 {
			p.printf(".br\n")
		}
		words := strings.TrimPrefix(line, c.CommandPath())
		p.printf("\\fB%s\\fR%s\n", roff(c.CommandPath()), roff(words))
	}
}

func (p *manPage) about(c *cobra.Command) {
	if c.Long == "" {
		p.printf("%s.\n", line(c.Short))
		return
	}
	p.prose(c.Long)
}

// prose fills paragraphs and leaves examples as they are.
func (p *manPage) prose(text string) {
	for i, part := range paragraphs(text) {
		switch {
		case part.literal:
			p.printf(".PP\n.EX\n")
			for _, l := range part.lines {
				p.printf("%s\n", line(strings.TrimPrefix(l, "  ")))
			}
			p.printf(".EE\n")
			continue
		case i > 0:
			p.printf(".PP\n")
		}
		for _, l := range part.lines {
			p.printf("%s\n", line(l))
		}
	}
}

func (p *manPage) flags(set *pflag.FlagSet) {
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" { // which every command has
			return
		}
		name := "\\fB" + roff("--"+f.Name) + "\\fR"
		if f.Shorthand != "" {
			name = "\\fB" + roff("-"+f.Shorthand) + "\\fR, " + name
		}
		value, usage := pflag.UnquoteUsage(f)
		if value != "" {
			name += " \\fI" + roff(value) + "\\fR"
		}
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
			usage += " (default " + f.DefValue + ")"
		}
		p.printf(".TP\n%s\n%s\n", name, line(usage))
	})
}

// described are terms with what they are, such as exit codes.
func (p *manPage) described(title string, terms ...[2]string) {
	p.section(title)
	for _, t := range terms {
		p.printf(".TP\n\\fB%s\\fR\n%s\n", roff(t[0]), line(t[1]))
	}
}

// tail is what is the same for every command.
func (p *manPage) tail() {
	codes := make([][2]string, len(exitCodes))
	for i, e := range exitCodes {
		codes[i] = [2]string{fmt.Sprint(e.code), e.what}
	}
	p.described("EXIT STATUS", codes...)
	p.described("ENVIRONMENT",
		[2]string{"ROSEY_CONFIG", "the config, where --config names none"},
		[2]string{"ROSEY_OPERATOR", "the name under which actions are written down, where --operator gives none"},
		[2]string{"XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME", "where the folders below lie instead"},
		[2]string{"NO_COLOR", "set to anything: the console has no colours"},
		[2]string{"TERM", "what the console's terminal can; dumb: only rosey tui --plain"})
	p.described("FILES",
		[2]string{"./config.json, ./config.yaml, ~/.config/rosey/config.yaml", "the config, looked for in this order"},
		[2]string{"~/.config/rosey/themes/", "themes of your own"},
		[2]string{"~/.local/share/rosey/", "the streams of the built-in NATS server, and what the console saves"},
		[2]string{"~/.local/state/rosey/", "generated credentials, the console's log rosey.log, and what it remembers"})
}

// line is a line of text: one that begins like a request of roff's is none.
func line(text string) string {
	text = roff(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		return `\&` + text
	}
	return text
}

var roffText = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, `"`, `\(dq`)

func roff(text string) string { return roffText.Replace(text) }
