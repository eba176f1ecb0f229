package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rosey/bus/room"
	"rosey/migrate"
)

// rollbackFlags are those of `rosey migrate rollback`.
type rollbackFlags struct {
	database bool
	dryRun   bool
	yes      bool
	asJSON   bool
}

// rollbackReport is what --json prints.
type rollbackReport struct {
	Report   int                      `json:"report"`
	Rollback *migrate.Rollback        `json:"rollback,omitempty"`
	Diff     string                   `json:"diff,omitempty"`
	Done     *migrate.RollbackOutcome `json:"done,omitempty"`
	Error    string                   `json:"error,omitempty"`
}

func rollbackCommand(g *global) *cobra.Command {
	var f rollbackFlags
	c := &cobra.Command{
		Use:   "rollback [FILE]",
		Short: "Take a migration back",
		Long: `Brings back the config that a migration replaced; without FILE, that of the last
migration on this machine. What it replaces is kept beside it, as FILE.v2.bak.
The backup must be the very one that was made then. Stop the services first.

  rosey migrate rollback config.json --dry-run   show what would come back
  rosey migrate rollback config.json --database  the database's copy, too`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			file := ""
			if len(args) == 1 {
				file = args[0]
			}
			err := runRollback(c.Context(), g, file, f)
			var coded codedError
			if err != nil && !errors.As(err, &coded) {
				err = codedError{exitError, err} // a bad config is the error here, not the reason to exit with 3
			}
			return err
		},
	}
	c.Flags().BoolVar(&f.database, "database", false, "bring back the database's copy, too: what was stored since is kept aside")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "print what would come back; write nothing at all")
	c.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print a report as JSON, and nothing else; do not ask")
	return c
}

func runRollback(ctx context.Context, g *global, file string, f rollbackFlags) error {
	r, err := migrate.PlanRollback("", file)
	if f.asJSON {
		return rollbackJSON(ctx, g, r, err, f)
	}
	if err != nil {
		return err
	}
	printRollback(g, r, f)
	if f.dryRun {
		_, err := fmt.Fprintln(g.out, "Nothing was written (dry run).")
		return err
	}
	if !f.yes && onTerminal() {
		if yes, err := ask(ctx, g, "Bring it back now?"); err != nil || !yes {
			return err
		}
	} else if err := f.sure(r); err != nil {
		return err
	}
	out, err := f.apply(ctx, r)
	if err != nil {
		return err
	}
	if out.DatabaseKept != "" {
		fmt.Fprintf(g.out, "[+] Database brought back: %s; what it was is in %s\n", r.Database, out.DatabaseKept)
	}
	if out.Kept != "" {
		fmt.Fprintf(g.out, "[+] What was there is in %s\n", out.Kept)
	}
	for _, warning := range append(r.Warnings, out.Warnings...) {
		fmt.Fprintln(g.out, "[!]", room.Clean(warning))
	}
	_, err = fmt.Fprintf(g.out, "[+] Brought back: %s\n\n✅ Rollback complete!\nIf rosey still runs with it, stop that first, then start the old bot: two bots with one account throw each other out of the room.\n", r.File)
	return err
}

// sure keeps a backup that nothing proves from being used without a person's
// word.
func (f rollbackFlags) sure(r *migrate.Rollback) error {
	if r.Verified || f.yes {
		return nil
	}
	return fmt.Errorf("take back the migration of %s: nothing on this machine says that %s is its backup: look at it, and say --yes", r.File, r.Backup)
}

func (f rollbackFlags) apply(ctx context.Context, r *migrate.Rollback) (*migrate.RollbackOutcome, error) {
	return r.Apply(ctx, migrate.RollbackOptions{
		Database: f.database, Databases: databases(), Step: func(migrate.Step) error { return ctx.Err() },
	})
}

func rollbackJSON(ctx context.Context, g *global, r *migrate.Rollback, err error, f rollbackFlags) error {
	report := rollbackReport{Report: migrate.ReportVersion, Rollback: r}
	if err == nil {
		report.Diff = r.Diff()
		if !f.dryRun {
			if err = f.sure(r); err == nil {
				report.Done, err = f.apply(ctx, r)
			}
		}
	}
	if err != nil {
		report.Error = err.Error()
	}
	return errors.Join(printJSON(g, report), err)
}

func printRollback(g *global, r *migrate.Rollback, f rollbackFlags) {
	fmt.Fprintf(g.out, "[*] Config: %s\n[*] Backup: %s", r.File, r.Backup)
	if r.Verified {
		fmt.Fprintf(g.out, " (made on %s, unchanged since)", r.At.Local().Format(time.DateTime))
	}
	fmt.Fprintln(g.out)
	if !r.Verified {
		fmt.Fprintln(g.out, "[!] Nothing on this machine says that this is the backup of that migration.")
	}
	if r.Changed {
		fmt.Fprintln(g.out, "[!] The config was changed after it was migrated; it is kept as it is.")
	}
	switch {
	case f.database && r.Copy != "":
		fmt.Fprintf(g.out, "[*] Database: %s comes back to %s\n", r.Copy, r.Database)
	case r.Copy != "":
		fmt.Fprintf(g.out, "[*] Database: %s stays as it is (--database brings back %s)\n", r.Database, r.Copy)
	}
	fmt.Fprintf(g.out, "\n%s\n", r.Diff())
}
