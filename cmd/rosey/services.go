package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"

	"rosey/bot"
	"rosey/bus"
	"rosey/config"
	"rosey/dbsvc"
)

// stopTimeout bounds an orderly shutdown.
const stopTimeout = 10 * time.Second

// parts says which services to start.
type parts struct{ nats, db, bot bool }

// hosts are those of the parts that run here, as people call them: NATS may
// run elsewhere although one would have been started.
func (s *services) hosts(p parts) (names []string) {
	for _, part := range []struct {
		on   bool
		name string
	}{{s.server != nil, "NATS"}, {p.db, "the database service"}, {p.bot, "the bot"}} {
		if part.on {
			names = append(names, part.name)
		}
	}
	return names
}

// serviceOptions says how to start them.
type serviceOptions struct {
	config   *config.Config
	parts    parts
	stateDir string // for generated credentials; empty: the XDG state folder
	private  bool   // NATS without a listener: nothing outside this process can come in
	say      io.Writer
	log      *slog.Logger
}

// services are the running parts of one process, in their order of starting.
type services struct {
	server *bus.Server
	dbConn *bus.Conn
	db     *dbsvc.Service
	bots   *bus.Conn
	bot    *bot.Bot
}

// startServices starts NATS where it is missing, then the database service,
// then the bot, and says so in the lines that v0.5.0 printed. What was started
// is stopped again when a later part fails.
func startServices(ctx context.Context, o serviceOptions) (_ *services, err error) {
	s := &services{}
	defer func() {
		if err != nil {
			stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
			defer cancel()
			err = errors.Join(err, s.Close(stopCtx))
		}
	}()
	if o.parts.bot && !slices.ContainsFunc(o.config.Platforms, func(p config.Platform) bool { return p.Enabled }) {
		return nil, codedError{exitConfig, errors.New("no platform of the config is enabled, so the bot has no room: set enabled to true in one of them, or leave the bot out with --only nats,db")}
	}
	if err := s.startNATS(ctx, o); err != nil {
		return nil, err
	}
	url := config.RedactURL(o.config.NATS.URL)
	if o.parts == (parts{nats: true}) {
		fmt.Fprintf(o.say, "[+] NATS server started (listening on %s)\n", url) // nobody here connects to it
		return s, nil
	}
	fmt.Fprintf(o.say, "[*] Connecting to NATS: %s\n", url)
	if o.parts.db {
		if err := s.startDB(ctx, o, url); err != nil {
			return nil, err
		}
	}
	if o.parts.bot {
		if err := s.startBot(ctx, o, url); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *services) startNATS(ctx context.Context, o serviceOptions) error {
	need := o.private
	if !need && o.parts.nats {
		var err error
		if need, err = bus.NeedServer(ctx, o.config.NATS); err != nil {
			return err
		}
	}
	if !need {
		if o.parts == (parts{nats: true}) {
			return fmt.Errorf("start NATS: %w at %s, or nats.embedded does not allow one: there is nothing to do",
				bus.ErrServerRunning, config.RedactURL(o.config.NATS.URL))
		}
		return nil
	}
	server, err := bus.StartServer(ctx, bus.ServerOptions{
		NATS: o.config.NATS, Events: o.config.Events, StateDir: o.stateDir,
		StoreDir: o.config.NATS.StoreDir, InProcess: o.private, Logger: o.log,
	})
	if err != nil {
		return err
	}
	s.server = server
	o.config.NATS.URL = server.URL() // the demo leaves the port open
	return nil
}

// connect opens the bus in a role.
func (s *services) connect(ctx context.Context, o serviceOptions, role bus.Role, name string) (*bus.Conn, error) {
	return bus.Connect(ctx, bus.ConnectOptions{
		NATS: o.config.NATS, Role: role, Name: name, Server: s.server, StateDir: o.stateDir, Logger: o.log,
	})
}

func (s *services) startDB(ctx context.Context, o serviceOptions, url string) error {
	conn, err := s.connect(ctx, o, bus.RoleDB, "rosey-db")
	if err != nil {
		return err
	}
	s.dbConn = conn
	if s.server == nil {
		if err := bus.LookAtNATS(conn, o.config.NATS); err != nil {
			return err
		}
		if err := s.onlyDatabase(ctx, o); err != nil {
			return err
		}
	}
	fmt.Fprintf(o.say, "[+] Connected to NATS: %s\n", url)
	fmt.Fprintf(o.say, "[*] Starting DatabaseService: %s\n", o.config.Database.Path)
	s.db, err = dbsvc.Start(ctx, dbsvc.Options{
		Conn: conn, Database: o.config.Database, Events: o.config.Events, Logger: o.log, Instance: instance(),
		Version: buildInfo().Version,
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(o.say, "[+] DatabaseService started (listening on NATS)")
	return nil
}

// onlyDatabase refuses a second database service, which would take the first
// one's writes; a second bot stands by. The role of a service may not ask, so an
// operator does.
func (s *services) onlyDatabase(ctx context.Context, o serviceOptions) error {
	conn, err := s.connect(ctx, o, bus.RoleOf(o.config.NATS, bus.RoleOperator), "rosey-run")
	if err != nil {
		o.log.Warn("whether a database service runs already is not known", "error", err)
		return nil
	}
	defer closeConn(conn)
	if databaseRuns(ctx, conn, o.log) {
		return fmt.Errorf("%w, or leave it out with --only bot", errSecondDatabase)
	}
	return nil
}

func (s *services) startBot(ctx context.Context, o serviceOptions, url string) error {
	conn, err := s.connect(ctx, o, bus.RoleBot, "rosey-bot")
	if err != nil {
		return err
	}
	s.bots = conn
	state := o.stateDir
	if state == "" {
		if state, err = config.StateDir(); err != nil {
			return err
		}
	}
	if s.dbConn == nil {
		fmt.Fprintf(o.say, "[+] Connected to NATS: %s\n", url)
	}
	for _, p := range o.config.Platforms {
		if p.Enabled {
			fmt.Fprintf(o.say, "[*] Creating bot for %s/%s\n", p.Domain, p.Channel)
		}
	}
	s.bot, err = bot.Start(ctx, bot.Options{
		Conn: conn, Config: o.config, Logger: o.log, Instance: instance(), Version: buildInfo().Version, StateDir: state,
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(o.say, "[+] Bot created with NATS integration")
	if o.config.Shell.Enabled {
		fmt.Fprintln(o.say, "[+] PM command shell enabled")
	}
	fmt.Fprintln(o.say, "[*] Starting bot...")
	return nil
}

// Close stops the parts in reverse: the bot says goodbye and flushes, the
// database takes what is left, the bus goes last.
func (s *services) Close(ctx context.Context) error {
	var errs []error
	if s.bot != nil {
		errs = append(errs, s.bot.Close(ctx))
	}
	if s.bots != nil {
		errs = append(errs, s.bots.Close(ctx))
	}
	if s.db != nil {
		errs = append(errs, s.db.Close(ctx))
	}
	if s.dbConn != nil {
		errs = append(errs, s.dbConn.Close(ctx))
	}
	if s.server != nil {
		errs = append(errs, s.server.Shutdown(ctx))
	}
	return errors.Join(errs...)
}

// Failed tells when a service cannot go on.
func (s *services) Failed() <-chan error {
	if s.db == nil {
		return nil
	}
	return s.db.Err()
}

// instance names this process on the bus.
func instance() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s-%d", host, os.Getpid())
}
