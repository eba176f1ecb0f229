package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"
)

// stdio is what a command may read from and write to.
type stdio struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

const longHelp = `rosey is a CyTube bot, its database service, and a terminal console from
which operators watch and moderate the channel. The three meet over NATS, a
message server that is built in; in one process or on three machines.

See it without setting anything up:

  rosey tui --demo

Set it up:

  rosey config init          write an annotated config to fill in
  rosey tui                  start what is missing, open the console
  rosey run                  the same without a screen, for a server
  rosey tui --attach         the console on services that run elsewhere

Without the console:

  rosey shell kick bob caps  give the bot a command, see what comes of it
  rosey actions --since 24h  what was done, by whom, to what end

Come from the Python bot:

  rosey migrate config.json  take its config over, with a backup
  rosey check --watch        see, item by item, that everything works`

// global holds the flags that every command has.
type global struct {
	config string
	stdio
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string, io stdio) int {
	root, started := newRoot(io)
	root.SetArgs(args)
	command, err := root.ExecuteContextC(ctx)
	if err != nil && !*started {
		// Flags, arguments and command names are judged before anything runs.
		err = usageError{err}
	}
	if err != nil && !errors.As(err, &exited{}) { // a child has said itself what was wrong
		report(io.err, err, command.CommandPath())
	}
	return exitCode(err)
}

// newRoot builds the command tree. The flag it returns turns true when a
// command has been understood and runs.
func newRoot(io stdio) (*cobra.Command, *bool) {
	g := &global{stdio: io}
	started := new(bool)
	root := &cobra.Command{
		Use:               "rosey",
		Short:             "CyTube bot, database service and operator's console",
		Long:              longHelp,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRun:  func(*cobra.Command, []string) { *started = true },
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { writeHelp(g.out, c) })
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	root.PersistentFlags().StringVarP(&g.config, "config", "c", "",
		"the config `FILE` (default: $ROSEY_CONFIG, ./config.json or .yaml, then the XDG config folder)")
	_ = root.MarkPersistentFlagFilename("config", "json", "yaml", "yml") // the flag is defined above
	root.AddGroup(groups...)
	root.AddCommand(grouped("watch", tuiCommand(g), shellCommand(g), eventsCommand(g), chatCommand(g), actionsCommand(g))...)
	root.AddCommand(grouped("services", configCommand(g), runCommand(g), checkCommand(g), migrateCommand(g), natsCommand(g))...)
	root.AddCommand(grouped("more", completionCommand(g), manCommand(g), versionCommand(g))...)
	root.SetHelpCommandGroupID("more")
	root.InitDefaultHelpCmd()
	tidy(root)
	return root, started
}
