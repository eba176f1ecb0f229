package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"rosey/bus"
	"rosey/config"
	"rosey/dbsvc"
)

// errSecondDatabase says why no second database service starts on a bus.
var errSecondDatabase = errors.New("a database service runs already on this NATS, and two of them take the writes from one another: attach to the one that runs, or stop it first")

// beside is what of a config's services runs already, started by somebody else.
type beside struct {
	nats  bool
	db    bool
	rooms []string // of the config, with a bot in them
	all   bool     // a bot is in each of them
}

// lookBeside asks the bus what runs. Where NATS is still to be started nothing
// does. A question that fails is taken for a no and logged: rights to ask are
// not rights to start.
func (cl client) lookBeside(ctx context.Context, cfg *config.Config, log *slog.Logger) (beside, error) {
	need, err := bus.NeedServer(ctx, cfg.NATS)
	if err != nil || need {
		return beside{}, err
	}
	conn, err := cl.connect(ctx, cfg, nil, "", false, log)
	if err != nil {
		return beside{}, err
	}
	defer closeConn(conn)
	b := beside{nats: true, all: true}
	held, err := bus.Rooms(ctx, conn)
	if err != nil {
		log.Warn("whether a bot runs already is not known", "error", err)
	}
	for _, p := range cfg.Platforms {
		switch {
		case !p.Enabled:
		case slices.ContainsFunc(held, func(r bus.RoomInfo) bool { return r.Room == p.Name }):
			b.rooms = append(b.rooms, p.Name)
		default:
			b.all = false
		}
	}
	b.all = b.all && len(b.rooms) > 0
	b.db = databaseRuns(ctx, conn, log)
	return b, nil
}

func databaseRuns(ctx context.Context, conn *bus.Conn, log *slog.Logger) bool {
	others, err := bus.Services(ctx, conn)
	if err != nil {
		log.Warn("whether a database service runs already is not known", "error", err)
	}
	return slices.ContainsFunc(others, func(o bus.ServiceStats) bool { return o.Name == dbsvc.ServiceName })
}

// missing leaves out of p what runs already. A bot stays where one of its rooms
// has none: in the others it stands by.
func (b beside) missing(p parts) parts {
	p.nats = p.nats && !b.nats
	p.db = p.db && !b.db
	p.bot = p.bot && !b.all
	return p
}
