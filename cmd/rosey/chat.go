package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rosey/bus"
	"rosey/config"
)

func chatCommand(g *global) *cobra.Command {
	c := &cobra.Command{
		Use:   "chat",
		Short: "Search what was said",
		Long: `Searches the chat that the database service has stored.

  rosey chat search popcorn`,
	}
	c.AddCommand(chatSearchCommand(g))
	return c
}

func chatSearchCommand(g *global) *cobra.Command {
	var cl client
	var q bus.ChatSearchQuery
	var from since
	var asJSON bool
	c := &cobra.Command{
		Use:   "search QUERY",
		Short: "Find lines in the stored chat, newest first",
		Long: `Finds lines that hold all words of the query. Quote a "whole phrase" within
the query; a word with - before it must not occur.

  rosey chat search popcorn
  rosey chat search '"next one" -trailer' --user Alice --since 2w --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			q.Text = strings.Join(args, " ")
			q.Since = from.unixMS()
			return cl.attached(c.Context(), g, nil, func(_ *config.Config, conn *bus.Conn) error {
				reply, err := bus.Request[bus.ChatSearchReply](c.Context(), conn, bus.SubjectChatSearch, q)
				if err != nil {
					return fmt.Errorf("search chat: %w", err)
				}
				if reply.Error != "" {
					return errors.New("search chat: " + reply.Error)
				}
				return printHits(g, reply, asJSON)
			})
		},
	}
	cl.watches = true
	c.Flags().StringVarP(&q.User, "user", "u", "", "only lines of `NAME`, in any case")
	c.Flags().StringVarP(&q.Room, "room", "r", "", "only lines of `ROOM`")
	c.Flags().Var(&from, "since", "only lines since a `TIME`: "+sinceHelp)
	c.Flags().IntVarP(&q.Limit, "limit", "n", 50, "at most `N` lines, up to 500")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	c.Flags().StringVar(&cl.nats, "nats", "", "NATS `URL` instead of the config's")
	completesRooms(g, c)
	return c
}

func printHits(g *global, reply bus.ChatSearchReply, asJSON bool) error {
	if asJSON {
		return jsonLines(g.out).Encode(reply)
	}
	for _, h := range reply.Hits {
		stamp := time.UnixMilli(h.Time).Format("2006-01-02 15:04:05")
		where := ""
		if h.Room != "" { // lines that v0.5.0 stored have none
			where = h.Room + " "
		}
		if _, err := fmt.Fprintf(g.out, "%s %s<%s> %s\n", stamp, where, h.User, h.Text); err != nil {
			return err
		}
	}
	if len(reply.Hits) == 0 {
		fmt.Fprintln(g.err, "No line was found.")
	}
	if reply.More {
		fmt.Fprintln(g.err, "There is more: raise --limit or narrow the query.")
	}
	return nil
}
