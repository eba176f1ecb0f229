package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"rosey/bus"
)

func natsCommand(g *global) *cobra.Command {
	c := &cobra.Command{
		Use:   "nats",
		Short: "Help with a NATS server of your own",
		Long: `Helps with a NATS server of your own. Without one, rosey runs its own.

  rosey nats permissions > rosey-auth.conf`,
	}
	c.AddCommand(&cobra.Command{
		Use:   "permissions",
		Short: "Print the permissions of every role as a nats-server config block",
		Long: `Prints an authorization block with the roles bot, db, operator, viewer and
admin, for those who run their own nats-server. The embedded server enforces
the same table. Put passwords in place of the placeholders.

  rosey nats permissions > rosey-auth.conf`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(g.out, bus.PermissionsBlock())
			return err
		},
	})
	return c
}
