package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// called is a flag's value with a name of its own for what it takes. Usage
// texts are written with that name in back quotes; help and man page read it
// from the type, and shells show the text as it is.
type called struct {
	pflag.Value
	name string
}

func (c called) Type() string { return c.name }

// tidy goes over a finished command tree: names of values out of their back
// quotes, lengths of time as people write them, and no files offered where no
// file is meant.
func tidy(c *cobra.Command) {
	each := func(f *pflag.Flag) {
		if f.Value.Type() == "duration" {
			f.DefValue = strings.TrimSuffix(strings.TrimSuffix(f.DefValue, "0s"), "0m")
		}
		if strings.Contains(f.Usage, "`") {
			name, usage := pflag.UnquoteUsage(f)
			f.Usage, f.Value = usage, called{f.Value, name}
		}
		if _, has := c.GetFlagCompletionFunc(f.Name); !has && !slices.Contains([]string{"snapshot", "output"}, f.Name) && len(f.Annotations) == 0 {
			_ = c.RegisterFlagCompletionFunc(f.Name, cobra.NoFileCompletions) // the flag is there, and has none
		}
	}
	c.InitDefaultHelpFlag()
	c.Flags().VisitAll(each)
	c.PersistentFlags().VisitAll(each)
	if f := c.Flags().Lookup("help"); f != nil {
		f.Usage = "print this"
	}
	if c.ValidArgsFunction == nil {
		c.ValidArgsFunction = cobra.NoFileCompletions
		if takesFiles(c) {
			c.ValidArgsFunction = cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault)
		}
	}
	for _, sub := range c.Commands() {
		tidy(sub)
	}
}

// takesFiles tells commands whose arguments are files.
func takesFiles(c *cobra.Command) bool { return strings.Contains(c.Use, "FILE") }
