package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rosey/bus"
	"rosey/config"
	"rosey/tui"
)

func tuiCommand(g *global) *cobra.Command {
	var attach, asDemo bool
	var cl client
	var f face
	c := &cobra.Command{
		Use:   "tui",
		Short: "Open the operator's console",
		Long: `Starts what is missing (NATS, database service, bot), then opens the console
on it. Leaving the console stops what it started and nothing else.

  rosey tui --demo             look around in a made-up room
  rosey tui                    the room of your config
  rosey tui --attach           services that run already; start nothing
  rosey tui --attach --nats nats://host:4222 --read-only
  rosey tui --plain            the same as lines, for screen readers and pipes
  rosey tui --demo --snapshot room.svg --keys wait:20s,esc

Where the config is still one of the Python bot's, it opens the migration.
With --read-only the NATS server itself refuses all but watching.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if asDemo && (attach || cl.nats != "") {
				return usageError{errors.New("--demo brings its own services: leave out --attach and --nats")}
			}
			if err := f.check(g); err != nil {
				return err
			}
			ctx, inChild := guarded(c.Context())
			switch {
			case !inChild && f.wholeScreen():
				return guardConsole(ctx, g, asDemo)
			case attach:
				return attachConsole(ctx, g, cl, f)
			}
			return ownConsole(ctx, g, cl, f, asDemo)
		},
	}
	c.Flags().BoolVar(&attach, "attach", false, "attach to running services, start nothing")
	c.Flags().BoolVar(&asDemo, "demo", false, "a made-up room; needs nothing, touches nothing of yours")
	c.Flags().BoolVar(&cl.readOnly, "read-only", false, "watch only, enforced by the server")
	c.Flags().StringVar(&cl.nats, "nats", "", "NATS `URL` instead of the config's")
	f.flags(c)
	return c
}

// guardConsole runs the console in a child, so that the terminal is given back
// whatever happens to it.
func guardConsole(ctx context.Context, g *global, asDemo bool) error {
	dir := ""
	if !asDemo { // which leaves no trace in the user's folders
		var err error
		if dir, err = config.StateDir(); err != nil {
			return err
		}
	}
	return guard(ctx, g, dir)
}

// attachConsole opens the console on services that run elsewhere, or will.
func attachConsole(ctx context.Context, g *global, cl client, f face) error {
	cfg, err := clientConfig(ctx, g)
	cfg, err = consoleConfig(g, cfg, err)
	if errors.Is(err, config.ErrV1) && f.wholeScreen() && !cl.readOnly {
		return offerMigration(ctx, g, cl)
	}
	if err != nil {
		return err
	}
	return withLogFile(cfg, func(log *slog.Logger) (err error) {
		conn, err := cl.connect(ctx, cfg, nil, "", true, log)
		if err != nil {
			return err
		}
		attached := starter{running: []func(context.Context) error{conn.Close}}
		defer func() { err = errors.Join(err, attached.end(ctx)) }()
		return console(ctx, &tui.Services{Conn: conn, Config: cfg}, nil, f, false, log)
	})
}

// ownConsole starts what is missing first.
func ownConsole(ctx context.Context, g *global, cl client, f face, asDemo bool) (err error) {
	o := serviceOptions{parts: parts{nats: true, db: true, bot: true}, say: io.Discard}
	if asDemo {
		d, err := startDemo(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, d.Close()) }()
		o.config, o.stateDir, o.private = d.config, d.stateDir(), true
		o.log = slog.New(slog.DiscardHandler)
		return startAndShow(ctx, o, cl, f, true)
	}
	o.config, err = loadConfig(ctx, g)
	o.config, err = consoleConfig(g, o.config, err)
	if errors.Is(err, config.ErrV1) && f.wholeScreen() && !cl.readOnly {
		return offerMigration(ctx, g, cl)
	}
	if err != nil {
		return err
	}
	if cl.nats != "" {
		o.config.NATS.URL = cl.nats
	}
	o.parts.db = o.config.Database.RunAsService
	return withLogFile(o.config, func(log *slog.Logger) error {
		o.log = log
		b, err := cl.lookBeside(ctx, o.config, log)
		if err != nil {
			return err
		}
		o.parts = b.missing(o.parts)
		return startAndShow(ctx, o, cl, f, false)
	})
}

func startAndShow(ctx context.Context, o serviceOptions, cl client, f face, asDemo bool) (err error) {
	s, err := startServices(ctx, o)
	if err != nil {
		return err
	}
	started := starter{cl: cl, log: o.log, running: []func(context.Context) error{s.Close}}
	defer func() { err = errors.Join(err, started.end(ctx)) }()
	conn, err := cl.connect(ctx, o.config, s.server, o.stateDir, false, o.log)
	if err != nil {
		return err
	}
	started.running = append(started.running, conn.Close)
	again := func(file string, own bool, say func(string)) (*tui.Services, error) {
		return started.start(ctx, file, own, say)
	}
	return console(ctx, &tui.Services{Conn: conn, Config: o.config, Stop: started.stop, Hosts: s.hosts(o.parts)}, again, f, asDemo, o.log)
}

// console shows services. again starts others, once the wizard has stopped
// them; nil where they run elsewhere.
func console(ctx context.Context, s *tui.Services, again startFunc, f face, asDemo bool, log *slog.Logger) error {
	conn, cfg := s.Conn, s.Config
	var rooms []string
	for _, p := range cfg.Platforms {
		if p.Enabled {
			rooms = append(rooms, p.Name)
		}
	}
	var wizard *tui.Migration
	if !asDemo {
		wizard = &tui.Migration{File: cfg.Path, Databases: databases(), Running: s, Start: again}
	}
	return f.show(ctx, tui.Options{
		ThemeDir: themeDir(), HistoryFile: stateFile("history", asDemo), MemoryFile: stateFile("console.json", asDemo), Migration: wizard,
		Conn: conn, Hosts: s.Hosts, Rooms: rooms, TUI: cfg.TUI, Theme: f.theme, Warnings: tui.CheckTheme(cfg, themeDir()), ReadOnly: conn.Role() == bus.RoleViewer, Demo: asDemo,
		Operator: cmp.Or(f.operator, cfg.TUI.OperatorName()), Version: buildInfo().Version, Logger: log,
		Config: cfg.Path, DataDir: dataDir(), Env: os.Getenv, Slow: onSerialLine(),
	})
}

// themeDir is where the person's own themes lie: nowhere for one who has no
// home.
func themeDir() string {
	dir, err := config.ConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "themes")
}

// stateFile is where the console keeps something for the next time; a demo keeps
// nothing.
func stateFile(name string, asDemo bool) string {
	dir, err := config.StateDir()
	if err != nil || asDemo {
		return ""
	}
	return filepath.Join(dir, name)
}

// withLogFile logs into a file, since the console has the screen.
func withLogFile(cfg *config.Config, do func(*slog.Logger) error) error {
	dir, err := config.StateDir()
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	f, err := openLogFile(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := do(newLogger(f, cfg.Logging)); err != nil {
		return fmt.Errorf("%w (log: %s)", err, f.Name())
	}
	return nil
}
