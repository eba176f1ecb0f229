package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"rosey/bus/room"
	"rosey/config"
	"rosey/migrate"
)

// settle is how long a single look may take: heartbeats come every second, and
// a bot that is not heard by then is missing.
const settle = 8 * time.Second

// checkFlags are those of `rosey check`.
type checkFlags struct {
	client client
	room   string
	soak   time.Duration
	watch  bool
	asJSON bool
}

func checkCommand(g *global) *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check",
		Short: "See, item by item, that everything works",
		Long: `Goes through the migration guide's checklist on the running services, and ticks
each item by what it sees: the backup by its hash, the chat by a line of the
room that it finds again in the database, and so on. The last item is an hour
without issues. Its timer is kept when you leave, and the time in between counts
if services and history show that nothing happened.

  rosey check                look once
  rosey check --watch        follow it until everything has passed
  rosey check --json         for programs; with --watch one line each time

Exit codes: 0 everything passed, 1 something failed, 7 something waits to be
seen.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.soak <= 0 {
				return usageError{errors.New("--soak must be longer than nothing, such as 1h")}
			}
			return runCheck(c.Context(), g, f)
		},
	}
	c.Flags().BoolVarP(&f.watch, "watch", "w", false, "go on until everything has passed")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print the list as JSON")
	c.Flags().DurationVar(&f.soak, "soak", time.Hour, "how `LONG` it must run without issues")
	c.Flags().StringVarP(&f.room, "room", "r", "", "the `ROOM`, where there are several")
	c.Flags().StringVar(&f.client.nats, "nats", "", "NATS `URL` instead of the config's")
	completesRooms(g, c)
	return c
}

func runCheck(ctx context.Context, g *global, f checkFlags) error {
	opts := migrate.VerifyOptions{Soak: f.soak}
	opts.ConfigFile, opts.Config, opts.ConfigError = checkedConfig(ctx, g)
	cfg := opts.Config
	if cfg == nil {
		cfg = config.Default()
	}
	conn, err := f.client.connect(ctx, cfg, nil, "", true, nil)
	if err != nil {
		return err
	}
	defer closeConn(conn)
	opts.Conn, opts.Operator = conn, cfg.TUI.OperatorName()
	if opts.Room = f.room; opts.Room == "" {
		opts.Room = "primary" // the migration's own name for it
		for _, p := range cfg.Platforms {
			if p.Enabled {
				opts.Room = p.Name
				break
			}
		}
	}
	watchCtx, stop := context.WithCancel(ctx)
	defer stop()
	last := f.follow(watchCtx, g, migrate.Verify(watchCtx, opts))
	return f.verdict(g, last)
}

// checkedConfig finds and loads the config. What is wrong with it is an item of
// the list, not an error; none at all is for services that run elsewhere.
func checkedConfig(ctx context.Context, g *global) (string, *config.Config, error) {
	path, err := config.Find(g.config)
	if err != nil {
		return "", nil, nil
	}
	cfg, _, err := config.Load(ctx, path)
	return path, cfg, err
}

// follow takes lists until there is nothing to wait for, and gives the last.
func (f checkFlags) follow(ctx context.Context, g *global, lists <-chan migrate.Checklist) (last migrate.Checklist) {
	var enough <-chan time.Time
	if !f.watch {
		enough = time.After(settle)
	}
	printed, began := migrate.Checklist{}, time.Now()
	for {
		select {
		case <-ctx.Done():
			return last
		case <-enough:
			return last
		case list, ok := <-lists:
			if !ok {
				return last
			}
			// The first second's list would only say that nothing is known yet.
			if f.watch && (len(printed.Items) > 0 || list.Settled() || time.Since(began) > settle/2) {
				f.changed(g, printed, list)
				printed = list
			}
			if last = list; f.done(list) {
				return last
			}
		}
	}
}

// done says that waiting longer shows nothing more: all has passed, or, for a
// single look, only that is left which takes a person or an hour.
func (f checkFlags) done(list migrate.Checklist) bool {
	if list.Status == migrate.Passed || f.watch {
		return list.Status == migrate.Passed
	}
	if list.Item(migrate.ItemNATS).Status == migrate.Failed {
		return true // nothing is heard without it
	}
	return list.Settled()
}

// changed prints what is new in a list.
func (f checkFlags) changed(g *global, before, now migrate.Checklist) {
	if f.asJSON {
		_ = jsonLines(g.out).Encode(now) // a reader that is gone ends the command by its signal
		return
	}
	for i, item := range now.Items {
		if i >= len(before.Items) || before.Items[i].Status != item.Status {
			printItem(g.out, item)
		}
	}
}

// verdict prints a single look, and says by the exit code what it came to.
func (f checkFlags) verdict(g *global, list migrate.Checklist) error {
	switch {
	case f.watch:
	case f.asJSON:
		if err := printJSON(g, list); err != nil {
			return err
		}
	default:
		for _, item := range list.Items {
			printItem(g.out, item)
		}
	}
	switch list.Status {
	case migrate.Passed:
		return nil
	case migrate.Failed:
		return outcomeError{exitError}
	}
	return outcomeError{exitPending}
}

func printItem(w io.Writer, i migrate.Item) {
	mark := map[migrate.Status]string{migrate.Passed: "[x]", migrate.Pending: "[ ]", migrate.Failed: "[!]"}[i.Status]
	fmt.Fprintf(w, "%s %s: %s\n", mark, i.Title, room.Clean(i.Evidence))
	if i.Do != "" {
		fmt.Fprintf(w, "      → %s\n", room.Clean(i.Do))
	}
}
