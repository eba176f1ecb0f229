package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"rosey/config"
	"rosey/migrate"
	"rosey/tui"
)

// canShow tells whether this terminal can show the console.
func canShow() bool { return onTerminal() && os.Getenv("TERM") != "dumb" }

// migrateWizard opens the console on the migration alone.
func migrateWizard(ctx context.Context, g *global, file string, f migrateFlags) error {
	ctx, inChild := guarded(ctx)
	if !inChild {
		return guardConsole(ctx, g, false)
	}
	return wizardConsole(ctx, client{}, &tui.Migration{
		File: file, Output: f.output, NoBackup: f.noBackup, Soak: f.soak, Databases: databases(),
	})
}

// wizardConsole opens the console where there are no services yet: the wizard
// starts them or attaches to them. What it started stops with it.
func wizardConsole(ctx context.Context, cl client, with *tui.Migration) error {
	cfg := config.Default()
	return withLogFile(cfg, func(log *slog.Logger) (err error) {
		s := starter{cl: cl, log: log}
		with.Start = func(file string, own bool, say func(string)) (*tui.Services, error) {
			return s.start(ctx, file, own, say)
		}
		defer func() { err = errors.Join(err, s.end(ctx)) }()
		return tui.Run(ctx, tui.Options{
			TUI: cfg.TUI, Operator: cfg.TUI.OperatorName(), Version: buildInfo().Version, Logger: log,
			ThemeDir: themeDir(), MemoryFile: stateFile("console.json", false), DataDir: dataDir(), Env: os.Getenv, Slow: onSerialLine(), Migration: with,
		})
	})
}

// startFunc is tui.Migration's Start.
type startFunc = func(file string, own bool, say func(string)) (*tui.Services, error)

// starter starts what a console needs, and remembers how to stop it.
type starter struct {
	cl      client
	log     *slog.Logger
	running []func(context.Context) error // in their order of starting
}

// start starts the services of a config as `rosey tui` does, or attaches to
// those that run.
func (s *starter) start(ctx context.Context, file string, own bool, say func(string)) (*tui.Services, error) {
	cfg, warnings, err := config.Load(ctx, file)
	if err != nil {
		return nil, err
	}
	for _, w := range warnings {
		say("[!] " + w.String())
	}
	if s.cl.nats != "" {
		cfg.NATS.URL = s.cl.nats
	}
	services, hosts := &services{}, []string(nil)
	if own {
		if err := s.alone(ctx, cfg); err != nil {
			return nil, err
		}
		all := parts{nats: true, db: cfg.Database.RunAsService, bot: true}
		services, err = startServices(ctx, serviceOptions{config: cfg, parts: all, say: lineWriter(say), log: s.log})
		if err != nil {
			return nil, err
		}
		s.running = append(s.running, services.Close)
		hosts = services.hosts(all)
	}
	conn, err := s.cl.connect(ctx, cfg, services.server, "", false, s.log)
	if err != nil {
		return nil, errors.Join(err, s.end(ctx))
	}
	s.running = append(s.running, conn.Close)
	out := &tui.Services{Conn: conn, Config: cfg, Hosts: hosts}
	if own {
		out.Stop = s.stop
	}
	return out, nil
}

// alone refuses to start services beside those that run with the same config:
// what the wizard then proves would be theirs.
func (s *starter) alone(ctx context.Context, cfg *config.Config) error {
	b, err := s.cl.lookBeside(ctx, cfg, s.log)
	switch {
	case err != nil:
		return err
	case len(b.rooms) > 0:
		return fmt.Errorf("start the services: a bot runs in the room %s already: attach to the services that run, or stop them first", b.rooms[0])
	case b.db && cfg.Database.RunAsService:
		return fmt.Errorf("start the services: %w", errSecondDatabase)
	}
	return nil
}

// stop stops everything in reverse; a second time there is nothing to stop.
func (s *starter) stop(ctx context.Context) error {
	var errs []error
	for len(s.running) > 0 {
		last := len(s.running) - 1
		errs = append(errs, s.running[last](ctx))
		s.running = s.running[:last]
	}
	return errors.Join(errs...)
}

// end is stop for when ctx may have ended.
func (s *starter) end(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return s.stop(ctx)
}

// lineWriter passes on what is printed to it, in the pieces that Fprintf makes.
type lineWriter func(string)

func (w lineWriter) Write(p []byte) (int, error) {
	w(strings.TrimRight(string(p), "\n"))
	return len(p), nil
}

// offerMigration is what `rosey tui` does with a config of version 1.
func offerMigration(ctx context.Context, g *global, cl client) error {
	file, err := config.Find(g.config)
	if err != nil {
		return err
	}
	return wizardConsole(ctx, cl, &tui.Migration{File: file, Soak: time.Hour, Databases: databases()})
}

// migratedHere tells whether a file of version 2 was migrated on this machine
// and not taken back: then there is something to go on with.
func migratedHere(file string) bool {
	r, err := migrate.FindRecord("", file)
	return err == nil && r.RolledBack.IsZero()
}
