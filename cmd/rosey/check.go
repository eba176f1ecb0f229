package main

import "github.com/spf13/cobra"

func checkCommand(g *global) *cobra.Command {
	return &cobra.Command{Use: "check", Short: "See, item by item, that everything works"}
}
