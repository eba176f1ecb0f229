package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"rosey/config"
)

func runCommand(g *global) *cobra.Command {
	var only []string
	var demo bool
	c := &cobra.Command{
		Use:   "run",
		Short: "Run the services without a screen",
		Long: `Runs NATS (where nothing answers at the configured loopback address), the
database service and the bot, until it is told to stop. The first signal ends
it in order: the bot leaves, what is in flight is stored, NATS goes last. A
second signal cuts that short.

  rosey run                  all that the config asks for
  rosey run --only db        one part; the others run elsewhere
  rosey run --demo           a made-up room, nothing of yours is touched

Under systemd (Type=notify) it reports when it is ready.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := parseParts(only)
			if err != nil {
				return usageError{err}
			}
			return runServices(c.Context(), g, p, demo)
		},
	}
	c.Flags().StringSliceVar(&only, "only", nil, "run only these `PARTS`: nats, db, bot")
	c.Flags().BoolVar(&demo, "demo", false, "run a made-up room instead of the config's")
	_ = c.RegisterFlagCompletionFunc("only", cobra.FixedCompletions([]string{"nats", "db", "bot"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func parseParts(only []string) (parts, error) {
	if len(only) == 0 {
		return parts{nats: true, db: true, bot: true}, nil
	}
	for _, name := range only {
		if !slices.Contains([]string{"nats", "db", "bot"}, name) {
			return parts{}, fmt.Errorf("--only %q: the parts are nats, db and bot", name)
		}
	}
	return parts{
		nats: slices.Contains(only, "nats"),
		db:   slices.Contains(only, "db"),
		bot:  slices.Contains(only, "bot"),
	}, nil
}

func runServices(ctx context.Context, g *global, p parts, asDemo bool) (err error) {
	o := serviceOptions{parts: p, say: g.out}
	if asDemo {
		d, err := startDemo(ctx)
		if err != nil {
			return err
		}
		o.config, o.stateDir = d.config, d.stateDir()
		defer func() { err = errors.Join(err, d.Close()) }()
	} else {
		cfg, err := loadConfig(ctx, g)
		if ctx.Err() != nil {
			return nil // it was told to stop before there was anything
		}
		if err != nil {
			return err
		}
		o.config = cfg
		o.parts.db = p.db && cfg.Database.RunAsService
	}
	o.log = newLogger(g.err, o.config.Logging)
	s, err := startServices(ctx, o)
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		o.log.Info("stopped while starting", "reason", context.Cause(ctx))
		return nil // told to stop, and what was started has been stopped
	}
	if err != nil {
		return err
	}
	if asDemo {
		fmt.Fprintf(g.out, "Attach a console: XDG_STATE_HOME=%s rosey tui --attach --nats %s\n", filepath.Dir(o.stateDir), o.config.NATS.URL)
	}
	notify(o.log, daemon.SdNotifyReady)

	select {
	case <-ctx.Done():
		o.log.Info("stopping", "reason", context.Cause(ctx))
	case err = <-s.Failed():
		o.log.Error("stopping", "reason", err)
	}
	notify(o.log, daemon.SdNotifyStopping)
	return stopServices(ctx, s, o.log, err)
}

// stopServices stops them in order and says what was left undone: events and
// writes that did not reach NATS, and writes in NATS that are not in the
// database. Both are taken up at the next start.
func stopServices(ctx context.Context, s *services, log *slog.Logger, why error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	began := time.Now()
	err := s.Close(ctx)
	left := []any{"took", time.Since(began).Round(time.Millisecond)}
	if s.bot != nil {
		left = append(left, "unsent", s.bot.Unsent())
	}
	if s.db != nil {
		left = append(left, "unstored", s.db.Health().Behind)
	}
	if err != nil {
		left = append(left, "error", err)
	}
	log.Info("stopped", left...)
	return cmp.Or(why, err)
}

// notify tells systemd, where it asked to be told.
func notify(log *slog.Logger, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		log.Warn("tell systemd", "error", err)
	}
}

// loadConfig reads the config and shows its warnings.
func loadConfig(ctx context.Context, g *global) (*config.Config, error) {
	path, err := config.Find(g.config)
	if err != nil {
		return nil, err
	}
	cfg, warnings, err := config.Load(ctx, path)
	warn(g, warnings)
	return cfg, err
}

func warn(g *global, warnings []config.Problem) {
	for _, w := range warnings {
		fmt.Fprintf(g.err, "rosey: warning: %v\n", w)
	}
}
