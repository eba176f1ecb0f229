package tui

import (
	"context"

	"rosey/bus"
	"rosey/bus/room"
)

// busSources are how the bus view asks what does not lie on one subject. Without it
// the view asks nothing.
type busSources struct {
	nats     func(bus.NATSQuery) (bus.NATSReport, error)
	services func() ([]bus.ServiceStats, error)
	faults   func() bus.Stats // of our own connection; asks nobody
}

func busSourcesOf(ctx context.Context, c *bus.Conn) busSources {
	return busSources{
		nats: func(q bus.NATSQuery) (bus.NATSReport, error) {
			ctx, cancel := context.WithTimeout(ctx, queryTimeout)
			defer cancel()
			r := bus.AskNATS(ctx, c, q)
			if len(r.Servers) == 0 && c.Link().State != room.LinkUp {
				return r, bus.ErrUnreachable // what was known before stays
			}
			return r, nil
		},
		services: func() ([]bus.ServiceStats, error) {
			ctx, cancel := context.WithTimeout(ctx, queryTimeout)
			defer cancel()
			return bus.Services(ctx, c)
		},
		faults: c.Stats,
	}
}
