package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rosey/bus/room"
	"rosey/config"
	"rosey/dbsvc/store"
	"rosey/migrate"
)

// migrateFlags are those of `rosey migrate`.
type migrateFlags struct {
	output   string
	backup   bool
	noBackup bool
	dryRun   bool
	check    bool
	yes      bool
	asJSON   bool
	rehearse bool
	soak     time.Duration
}

func migrateCommand(g *global) *cobra.Command {
	var f migrateFlags
	c := &cobra.Command{
		Use:   "migrate FILE",
		Short: "Take a v1 config over to v2",
		Long: `Reads a config of the Python bot's first layout, JSON or YAML, and writes it as
version 2: FILE.bak first, then the new file in one piece. A database that lies
there is checked and copied too, and never altered. A file that is version 2
already stays as it is.

On a terminal it leads through it step by step: what becomes of each key, what
you may choose, the difference, writing it, starting the services, and a
checklist that ticks itself. Nothing is written before you say so; leave it when
you like, and the same command goes on where you left.

  rosey migrate config.json              on a terminal: step by step
  rosey migrate config.json --dry-run    show what would happen, write nothing
  rosey migrate config.json --rehearse   do all of it on copies, services too
  rosey migrate rollback config.json     take it back

Without a terminal, or with --yes, it asks nothing and only migrates. Exit codes: 0 done or
nothing to do, 1 error, 2 usage; with --check 10 when a migration is due.`,
		Args: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return errors.New("name the old bot's config, such as: rosey migrate config.json")
			case 1:
				return nil
			}
			return fmt.Errorf("migrate one config at a time, such as: rosey migrate %s", config.ShellQuote(args[0]))
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.usage(); err != nil {
				return usageError{err}
			}
			return runMigrate(c.Context(), g, args[0], f)
		},
	}
	c.Flags().StringVarP(&f.output, "output", "o", "", "write to `FILE` and leave the source as it is")
	c.Flags().BoolVar(&f.noBackup, "no-backup", false, "copy neither the config nor the database first")
	c.Flags().BoolVar(&f.backup, "backup", false, "copy first; this is the default, and taken for the old script's sake")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the plan and the difference; write nothing at all")
	c.Flags().BoolVar(&f.check, "check", false, "only say by exit code 10 whether a migration is due")
	c.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print a report as JSON, and nothing else; do not ask")
	c.Flags().BoolVar(&f.rehearse, "rehearse", false, "do the whole of it on copies in a temporary folder")
	c.Flags().DurationVar(&f.soak, "soak", time.Hour, "how `LONG` it must then run without issues, for the last box of the checklist")
	c.AddCommand(rollbackCommand(g))
	return c
}

func (f migrateFlags) usage() error {
	one := 0
	for _, set := range []bool{f.dryRun, f.check, f.rehearse} {
		if set {
			one++
		}
	}
	switch {
	case f.backup && f.noBackup:
		return errors.New("--backup and --no-backup are opposites: give one of them")
	case f.output == "-":
		return errors.New("--output names a file, and standard output is none of those: --dry-run prints what would be written")
	case one > 1:
		return errors.New("--dry-run, --check and --rehearse are three different things: give one of them")
	case f.soak <= 0:
		return errors.New("--soak must be longer than nothing, such as 1h")
	case f.rehearse && (f.asJSON || f.output != ""):
		return errors.New("--rehearse works on copies: leave out --json and --output")
	}
	return nil
}

// runMigrate is the whole command. What it refuses has exit code 1, as the old
// script had, and not a bad config's 3.
func runMigrate(ctx context.Context, g *global, path string, f migrateFlags) error {
	if f.wizard(path) {
		return migrateWizard(ctx, g, path, f)
	}
	if !f.asJSON {
		fmt.Fprintf(g.out, "[*] Reading config: %s\n", path)
	}
	plan, err := migrate.Read(path, f.output)
	if err != nil {
		return f.refused(g, path, err)
	}
	if !f.asJSON {
		fmt.Fprintln(g.out, versionLine(plan))
	}
	switch {
	case !plan.Due():
		return f.nothingDue(g, plan)
	case f.check:
		return f.due(g, plan)
	case f.dryRun:
		return f.show(ctx, g, plan)
	case plan.CheckDatabase() != nil:
		return f.refused(g, path, plan.CheckDatabase())
	case f.rehearse:
		return rehearse(ctx, g, plan)
	case plan.Obstacle != nil:
		return f.refused(g, path, plan.Obstacle)
	case !f.asJSON && !f.yes && onTerminal():
		if yes, err := confirm(ctx, g, plan); err != nil || !yes {
			return err
		}
	}
	return f.apply(ctx, g, plan)
}

// wizard tells whether a person is there to be led through it, and the file one
// that there is something to do with.
func (f migrateFlags) wizard(path string) bool {
	if f.asJSON || f.yes || f.check || f.dryRun || f.rehearse || !canShow() {
		return false
	}
	plan, err := migrate.Read(path, f.output)
	return err == nil && plan.Obstacle == nil && (plan.Due() || migratedHere(path))
}

func versionLine(p *migrate.Plan) string {
	if p.Due() {
		return fmt.Sprintf("[*] Config version: %s (v1 format detected)", p.Version)
	}
	return fmt.Sprintf("[*] Config version: %s (v2 format)", p.Version)
}

// refused tells why nothing is done.
func (f migrateFlags) refused(g *global, path string, err error) error {
	if f.asJSON {
		r := migrate.Report{Report: migrate.ReportVersion, File: path, Keys: []migrate.Key{}, Warnings: []config.Problem{}, Problems: []config.Problem{}, Error: err.Error()}
		var bad *config.Error
		if errors.As(err, &bad) {
			r.Problems = bad.Problems
		}
		if err := printJSON(g, r); err != nil {
			return err
		}
	}
	return codedError{exitError, err}
}

func (f migrateFlags) nothingDue(g *global, p *migrate.Plan) error {
	if f.asJSON {
		return printJSON(g, p.Report())
	}
	_, err := fmt.Fprintln(g.out, "✅ Config is already v2 format. Nothing to do.")
	printWarnings(g.err, p.Warnings)
	return err
}

func (f migrateFlags) due(g *global, p *migrate.Plan) error {
	var err error
	if f.asJSON {
		err = printJSON(g, p.Report())
	} else {
		_, err = fmt.Fprintf(g.out, "[*] A migration is due: rosey migrate %s\n", config.ShellQuote(p.Path))
	}
	if err != nil {
		return err
	}
	return outcomeError{exitDue}
}

// show is the dry run: it reads the config and the database, and no more.
func (f migrateFlags) show(ctx context.Context, g *global, p *migrate.Plan) error {
	if f.asJSON {
		r := p.Report()
		var bad *config.Error
		if errors.As(p.CheckDatabase(), &bad) {
			r.Problems = append(r.Problems, bad.Problems...)
		}
		return printJSON(g, r)
	}
	printPlan(g.out, p)
	printDatabaseNow(ctx, g.out, p, true)
	fmt.Fprintf(g.out, "\n%s\nNothing was written (dry run).\n", p.Diff())
	if p.Obstacle != nil {
		fmt.Fprintln(g.err, "[!]", room.Clean(p.Obstacle.Error()))
	}
	return nil
}

// confirm shows the plan and asks once.
func confirm(ctx context.Context, g *global, p *migrate.Plan) (bool, error) {
	printPlan(g.out, p)
	printDatabaseNow(ctx, g.out, p, false)
	fmt.Fprintf(g.out, "\n%s\n", p.Diff())
	return ask(ctx, g, "Migrate "+p.Path+" now?")
}

// ask waits for one line; only y or yes is yes.
func ask(ctx context.Context, g *global, question string) (bool, error) {
	fmt.Fprintf(g.out, "%s [y/N] ", question)
	answer := make(chan string, 1)
	go func() { // ends with the process at the latest: a terminal's read cannot be called off
		line, _ := bufio.NewReader(g.in).ReadString('\n') // the end of the input is a no
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(g.out)
		return false, ctx.Err()
	case a := <-answer:
		if a == "y" || a == "yes" {
			return true, nil
		}
		_, err := fmt.Fprintln(g.out, "Nothing was written.")
		return false, err
	}
}

func (f migrateFlags) apply(ctx context.Context, g *global, p *migrate.Plan) error {
	out, err := p.Apply(ctx, migrate.Options{
		Output: f.output, NoBackup: f.noBackup, Databases: databases(),
		Step: func(s migrate.Step) error {
			if s == migrate.StepDatabaseCopy && large(p) {
				fmt.Fprintln(g.err, "rosey: copying the database, which may take a while")
			}
			return ctx.Err()
		},
	})
	if f.asJSON {
		r := p.Report()
		r.Done = out
		if err != nil {
			r.Error = err.Error()
		}
		if err := printJSON(g, r); err != nil {
			return err
		}
	}
	if err != nil {
		return codedError{exitError, err}
	}
	if !f.asJSON {
		printDone(g.out, p, out)
	}
	return nil
}

// large says that copying the database takes long enough to be announced.
func large(p *migrate.Plan) bool {
	path, found := p.FindDatabase()
	info, err := os.Stat(path)
	return found && err == nil && info.Size() > 256<<20
}

// databases gives migrate what only the store can do.
func databases() *migrate.Databases {
	return &migrate.Databases{
		Inspect: func(ctx context.Context, path string, still bool) (migrate.Contents, error) {
			found, err := store.Inspect(ctx, path, still)
			c := migrate.Contents{Schema: found.Schema, Bytes: found.Bytes}
			for _, t := range found.Tables {
				c.Tables = append(c.Tables, migrate.TableRows(t))
			}
			return c, err
		},
		Copy: func(ctx context.Context, from, to string) error {
			err := store.Copy(ctx, from, to)
			if errors.Is(err, store.ErrFull) {
				return migrate.ErrFull // whose sentence names what the person knows
			}
			return err
		},
	}
}

func onTerminal() bool {
	return term.IsTerminal(int(os.Stdout.Fd())) && term.IsTerminal(int(os.Stdin.Fd()))
}
