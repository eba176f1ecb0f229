package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
	"rosey/migrate"
)

// rehearseTimeout is how long a rehearsal waits for the channel.
const rehearseTimeout = 30 * time.Second

// rehearsal is a migration of copies in a folder of its own.
type rehearsal struct {
	g        *global
	dir      string
	file     string // the config's copy
	database string // the database's copy; empty when there is none
	before   migrate.Contents
	source   []byte
}

// rehearse does the whole migration on copies: plan, apply, services, roll
// back. The bot joins without its account, so that a bot that runs with it
// stays in the room; its proxy is used.
func rehearse(ctx context.Context, g *global, plan *migrate.Plan) (err error) {
	dir, err := os.MkdirTemp("", "rosey-rehearsal-")
	if err != nil {
		return fmt.Errorf("start rehearsal: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r := &rehearsal{g: g, dir: dir, file: filepath.Join(dir, filepath.Base(plan.Path)), source: []byte(plan.Before.Reveal())}
	fmt.Fprintf(g.out, "[*] Rehearsing on copies in %s; nothing of yours is touched\n", dir)
	for _, step := range []func(context.Context, *migrate.Plan) error{r.copyFiles, r.migrate, r.services, r.rollback} {
		if err := step(ctx, plan); err != nil {
			return codedError{exitError, fmt.Errorf("rehearse: %w", err)}
		}
	}
	_, err = fmt.Fprintf(g.out, "\n✅ Rehearsal complete. For real: rosey migrate %s\n", config.ShellQuote(plan.Path))
	return err
}

func (r *rehearsal) copyFiles(ctx context.Context, plan *migrate.Plan) error {
	if err := os.WriteFile(r.file, r.source, 0o600); err != nil {
		return fmt.Errorf("copy config: %w", err)
	}
	from, found := plan.FindDatabase()
	if !found {
		fmt.Fprintf(r.g.out, "[*] Database: %s\n", plan.NoDatabase())
		return nil
	}
	r.database = filepath.Join(r.dir, "database", filepath.Base(from))
	if err := os.Mkdir(filepath.Dir(r.database), 0o700); err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	d := databases()
	if err := d.Copy(ctx, from, r.database); err != nil {
		return err
	}
	var err error
	if r.before, err = d.Inspect(ctx, r.database, true); err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.g.out, "[+] Database: sound (%s, %d rows)\n", r.before.Schema, r.before.Rows())
	return err
}

func (r *rehearsal) stateDir() string { return filepath.Join(r.dir, "state") }

// migrate leaves the database out: it is a copy already.
func (r *rehearsal) migrate(ctx context.Context, _ *migrate.Plan) error {
	p, err := migrate.Read(r.file, "")
	if err != nil {
		return err
	}
	if _, err := p.Apply(ctx, migrate.Options{StateDir: r.stateDir()}); err != nil {
		return err
	}
	_, err = fmt.Fprintln(r.g.out, "[+] Config: migrated, with a backup")
	return err
}

func (r *rehearsal) services(ctx context.Context, _ *migrate.Plan) error {
	cfg, _, err := config.Load(ctx, r.file)
	if err != nil {
		return err
	}
	r.isolate(cfg)
	log := slog.New(slog.DiscardHandler)
	s, err := startServices(ctx, serviceOptions{
		config: cfg, parts: parts{nats: true, db: true, bot: true}, stateDir: r.stateDir(), private: true, say: io.Discard, log: log,
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(r.g.out, "[+] NATS, database service and bot: started")
	said, err := r.joined(ctx, s, cfg, log)
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := errors.Join(err, s.Close(stopCtx)); err != nil {
		return err
	}
	fmt.Fprintf(r.g.out, "[+] CyTube: %s\n", said)
	return r.count(ctx)
}

// isolate keeps the rehearsal off everything that is not a copy.
func (r *rehearsal) isolate(cfg *config.Config) {
	cfg.NATS = config.Default().NATS
	cfg.NATS.StoreDir = filepath.Join(r.dir, "jetstream")
	cfg.Database.Path = r.database
	if r.database == "" {
		cfg.Database.Path = filepath.Join(r.dir, "bot_data.db")
	}
	cfg.Logging.ChatLogFile, cfg.Logging.MediaLogFile = "", ""
	for i := range cfg.Platforms {
		cfg.Platforms[i].User, cfg.Platforms[i].Password = "", ""
	}
}

// joined waits until the bot sees the room.
func (r *rehearsal) joined(ctx context.Context, s *services, cfg *config.Config, log *slog.Logger) (string, error) {
	conn, err := client{}.connect(ctx, cfg, s.server, r.stateDir(), false, log)
	if err != nil {
		return "", err
	}
	defer closeConn(conn)
	waitCtx, cancel := context.WithTimeout(ctx, rehearseTimeout)
	defer cancel()
	name, reason := cfg.Platforms[0].Name, "no answer"
	w := bus.Watch(waitCtx, conn, bus.WatchOptions{Room: name})
	said := ""
	for u := range w.Updates() {
		if u.Kind == bus.UpdateHeartbeat && u.Heartbeat.Link.Reason != "" {
			reason = u.Heartbeat.Link.Reason
		}
		if u.Kind == bus.UpdateHeartbeat && u.Heartbeat.Link.State == room.LinkUp && said == "" {
			said = fmt.Sprintf("joined %s at %s without an account", cfg.Platforms[0].Channel, cfg.Platforms[0].Domain)
			cancel()
		}
	}
	switch {
	case said != "":
		return said, nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	}
	return "", fmt.Errorf("join %s at %s: %s", cfg.Platforms[0].Channel, cfg.Platforms[0].Domain, reason)
}

// count proves that the services took the database over with all its rows.
func (r *rehearsal) count(ctx context.Context) error {
	if r.database == "" {
		return nil
	}
	after, err := databases().Inspect(ctx, r.database, false)
	if err != nil {
		return err
	}
	have := map[string]int64{}
	for _, t := range after.Tables {
		have[t.Table] = t.Rows
	}
	for _, t := range r.before.Tables {
		if have[t.Table] < t.Rows {
			fmt.Fprintf(r.g.out, "[!] Database: %s had %d rows and has %d: older ones than database.retention were removed\n", t.Table, t.Rows, have[t.Table])
		}
	}
	_, err = fmt.Fprintf(r.g.out, "[+] Database: taken over (%s, %d rows)\n", after.Schema, after.Rows())
	return err
}

func (r *rehearsal) rollback(ctx context.Context, _ *migrate.Plan) error {
	back, err := migrate.PlanRollback(r.stateDir(), r.file)
	if err != nil {
		return err
	}
	if _, err := back.Apply(ctx, migrate.RollbackOptions{StateDir: r.stateDir()}); err != nil {
		return err
	}
	data, err := os.ReadFile(r.file)
	if err != nil {
		return fmt.Errorf("read the config that came back: %w", err)
	}
	if !bytes.Equal(data, r.source) {
		return errors.New("the config that came back is not the one that was there")
	}
	_, err = fmt.Fprintln(r.g.out, "[+] Rolled back: the config is as it was, byte for byte")
	return err
}
