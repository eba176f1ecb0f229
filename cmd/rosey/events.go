package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"time"

	"github.com/spf13/cobra"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

func eventsCommand(g *global) *cobra.Command {
	var cl client
	var roomName string
	var from since
	var asJSON bool
	c := &cobra.Command{
		Use:   "events",
		Short: "Print what happens in a room, as lines or JSON",
		Long: `Prints what happens in a room until it is stopped: first the history that was
asked for, then live. What was missed while NATS or the bot was away is fetched
and printed once, in order.

  rosey events --since 10m
  rosey events --json | jq -r 'select(.event=="message") | .data.content'`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			ctx := c.Context()
			log := slog.New(slog.NewTextHandler(g.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
			return cl.attached(ctx, g, log, func(cfg *config.Config, conn *bus.Conn) error {
				name, err := theRoom(ctx, conn, cfg, roomName)
				if err != nil {
					return err
				}
				o := bus.WatchOptions{Room: name}
				if !from.IsZero() {
					o.Since, o.Backlog = from.Time, math.MaxInt
				}
				return printEvents(ctx, g, bus.Watch(ctx, conn, o), name, asJSON)
			})
		},
	}
	cl.watches = true
	c.Flags().StringVarP(&roomName, "room", "r", "", "the `ROOM`, where there are several")
	c.Flags().Var(&from, "since", "begin with the history since a `TIME`: "+sinceHelp)
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON envelope a line")
	c.Flags().StringVar(&cl.nats, "nats", "", "NATS `URL` instead of the config's")
	completesRooms(g, c)
	return c
}

// printEvents writes until ctx ends or the output is gone.
func printEvents(ctx context.Context, g *global, w *bus.Watcher, name string, asJSON bool) error {
	for u := range w.Updates() {
		var err error
		switch u.Kind {
		case bus.UpdateBacklog, bus.UpdateEvent:
			err = printEvent(g.out, u, name, asJSON)
		case bus.UpdateNoBot, bus.UpdateBotLost:
			fmt.Fprintf(g.err, "rosey: %s\n", u.Text)
		case bus.UpdateLink:
			if u.Link.State != room.LinkUp {
				fmt.Fprintf(g.err, "rosey: NATS %s: %s\n", u.Link.State, u.Link.Reason)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func printEvent(out io.Writer, u bus.Update, name string, asJSON bool) error {
	if asJSON {
		return jsonLines(out).Encode(struct {
			bus.Envelope
			Data room.Event `json:"data"` // in the place of Envelope.Data
		}{bus.Envelope{
			V: bus.EnvelopeVersion, Seq: u.Seq, Time: u.Time, Room: name, Channel: u.Channel, Event: u.Event.EventName(),
		}, u.Event})
	}
	at := u.Time
	if m, ok := u.Event.(*room.Message); ok && m.Replay {
		at = m.Time // said before we came
	}
	stamp := time.UnixMilli(at).Format("2006-01-02 15:04:05")
	_, err := fmt.Fprintf(out, "%s %s\n", stamp, eventLine(u.Event))
	return err
}
