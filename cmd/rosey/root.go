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
which operators watch and moderate the channel. The three meet over NATS, in
one process or on three machines.

See it without setting anything up:

  rosey tui --demo

Set it up:

  rosey config init          write an annotated config to fill in
  rosey tui                  start what is missing, and open the console
  rosey run                  the same services without a screen, for a server
  rosey tui --attach         open the console on services that run elsewhere

Without the console:

  rosey shell kick bob caps  give the bot a command, and learn what came of it
  rosey actions --since 24h  what was done, by whom, and what came of it

Come from the Python bot:

  rosey migrate config.json  take its config over, with a backup
  rosey check --watch        see, item by item, that everything works

Exit codes: 0 done, 1 error, 2 usage, 3 bad config, 4 NATS unreachable or
refused, or no bot; of rosey shell also 5 refused, 6 no effect; of rosey check
7 something waits to be seen; of rosey migrate --check 10 a migration is due.`

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
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
	}
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	root.PersistentFlags().StringVarP(&g.config, "config", "c", "",
		"config `FILE` (default: $ROSEY_CONFIG, ./config.json or .yaml, then the XDG config folder)")
	_ = root.MarkPersistentFlagFilename("config", "json", "yaml", "yml") // the flag is defined above
	root.AddCommand(
		tuiCommand(g), runCommand(g), shellCommand(g), eventsCommand(g), chatCommand(g), actionsCommand(g),
		configCommand(g), migrateCommand(g), checkCommand(g), natsCommand(g), manCommand(g), versionCommand(g),
	)
	return root, started
}
