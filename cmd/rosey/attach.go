package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// client is a connection of a person's own: a console or a one-shot command.
type client struct {
	name     string // on the server's list; empty: rosey-tui
	nats     string // --nats
	readOnly bool   // as a viewer and as nobody else: what --read-only promises
	watches  bool   // asks for no more than a viewer's rights, and may have more
}

// connect opens the bus as an operator or, where it only watches, as a viewer.
// With wait it returns at once and keeps trying where NATS is not there yet.
func (cl client) connect(ctx context.Context, cfg *config.Config, server *bus.Server, stateDir string, wait bool, log *slog.Logger) (*bus.Conn, error) {
	n := cfg.NATS
	n.URL = cmp.Or(cl.nats, n.URL)
	role := bus.RoleOperator
	if cl.readOnly || cl.watches {
		role = bus.RoleViewer
	}
	if server == nil {
		role = bus.RoleOf(n, role)
	}
	if cl.readOnly && role != bus.RoleViewer {
		return nil, usageError{fmt.Errorf("--read-only needs the viewer's credentials, and the config has those of the %s, whom the server lets act: set nats.user to viewer", role)}
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return bus.Connect(ctx, bus.ConnectOptions{
		NATS: n, Role: role, Name: cmp.Or(cl.name, "rosey-tui") + "@" + host, Server: server, StateDir: stateDir, Wait: wait, Logger: log,
	})
}

// attached runs do over a connection as the config has it, closed behind it: by
// then everything has its answer and nothing is in flight.
func (cl client) attached(ctx context.Context, g *global, log *slog.Logger, do func(*config.Config, *bus.Conn) error) error {
	cfg, err := clientConfig(ctx, g)
	if err != nil {
		return err
	}
	conn, err := cl.connect(ctx, cfg, nil, "", false, log)
	if err != nil {
		return err
	}
	defer conn.NC.Close()
	return do(cfg, conn)
}

func closeConn(conn *bus.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // the command is over; nothing of its own is in flight
}

// clientConfig is the config of a command that only attaches: a file is used
// when there is one, and is not needed.
func clientConfig(ctx context.Context, g *global) (*config.Config, error) {
	if _, err := config.Find(g.config); err != nil && g.config == "" && os.Getenv("ROSEY_CONFIG") == "" {
		return config.Default(), nil
	}
	return loadConfig(ctx, g)
}

// theRoom is the room a command means: the one named, or the only one there is.
func theRoom(ctx context.Context, conn *bus.Conn, cfg *config.Config, named string) (string, error) {
	if named != "" {
		return named, nil
	}
	rooms, err := bus.Rooms(ctx, conn)
	if err != nil {
		return "", err
	}
	names := make([]string, 0, len(rooms))
	for _, r := range rooms {
		names = append(names, r.Room)
	}
	if len(names) == 0 {
		for _, p := range cfg.Platforms {
			if p.Enabled {
				names = append(names, p.Name)
			}
		}
	}
	switch len(names) {
	case 0:
		return "", fmt.Errorf("no bot answers on %s: start one with `rosey run`, or name the room with --room: %w", config.RedactURL(conn.Link().URL), bus.ErrNobody)
	case 1:
		return names[0], nil
	default:
		return "", usageError{fmt.Errorf("there are several rooms, %s: choose one with --room", room.Clean(strings.Join(names, ", ")))}
	}
}
