package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

func actionsCommand(g *global) *cobra.Command {
	var cl client
	var q bus.ActionsQuery
	var from since
	var asJSON bool
	c := &cobra.Command{
		Use:   "actions",
		Short: "Print what was done to whom, by whom, and what came of it",
		Long: `Prints the commands that were given, and what others did in the room as far as
CyTube told, newest first.

  rosey actions --user bob
  rosey actions --by alice --since 24h --json
  rosey actions --since 2025-11-20`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !from.IsZero() {
				q.Since = from.Unix()
			}
			return cl.attached(c.Context(), g, nil, func(_ *config.Config, conn *bus.Conn) error {
				reply, err := bus.Request[bus.ActionsReply](c.Context(), conn, bus.SubjectActions, q)
				if errors.Is(err, bus.ErrNobody) {
					return fmt.Errorf("no database service answers: start one with `rosey run`: %w", err)
				}
				if err != nil {
					return fmt.Errorf("read actions: %w", err)
				}
				if reply.Error != "" {
					return errors.New("read actions: " + reply.Error)
				}
				return printActions(g, reply, asJSON)
			})
		},
	}
	cl.name, cl.watches = "rosey-actions", true
	c.Flags().StringVarP(&q.Target, "user", "u", "", "only what was done to `NAME`, in any case")
	c.Flags().StringVar(&q.Username, "by", "", "only what `NAME` did, in any case")
	c.Flags().StringVarP(&q.Room, "room", "r", "", "only in `ROOM`")
	c.Flags().Var(&from, "since", "only from a `TIME` on: "+sinceHelp)
	c.Flags().IntVarP(&q.Limit, "limit", "n", 50, "at most `N`, up to 500")
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object for each")
	c.Flags().StringVar(&cl.nats, "nats", "", "NATS `URL` instead of the config's")
	completesRooms(g, c)
	return c
}

func printActions(g *global, reply bus.ActionsReply, asJSON bool) error {
	e := jsonLines(g.out)
	for _, a := range reply.Rows {
		if asJSON {
			if err := e.Encode(a); err != nil {
				return fmt.Errorf("print action: %w", err)
			}
			continue
		}
		if _, err := fmt.Fprintln(g.out, auditLine(a)); err != nil {
			return fmt.Errorf("print action: %w", err)
		}
	}
	return nil
}

// auditLine is an action as a person reads it, with what came of it.
func auditLine(a bus.ActionRow) string {
	what := a.Deed()
	if a.Outcome != "" {
		what += " (" + string(a.Outcome) + ")"
	}
	parts := []string{time.Unix(a.Timestamp, 0).Format("2006-01-02 15:04:05"), a.Room, a.Username, what}
	if a.Outcome != bus.StatusDone && a.Text != "" {
		parts = append(parts, "- "+room.Clean(a.Text)) // on one line
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.TrimSpace(strings.Join(parts, " "))
}
