package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"rosey/config"
)

func configCommand(g *global) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Write, check and show the config",
		Long: `Writes, checks and shows the config. Nothing is ever overwritten.

  rosey config init          write an annotated example to fill in
  rosey config validate      say what is wrong with it, with line and column
  rosey config show          print it as it takes effect`,
	}
	c.AddCommand(configInit(g), configValidate(g), configShow(g), configSchema(g))
	return c
}

func configInit(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write an annotated example to fill in",
		Long: `Writes a config with every key, what it means and its default. It never
overwrites a file. Without FILE it goes to the XDG config folder, where rosey
looks for it; only you can read it, since it may hold a password.

  rosey config init
  rosey config init ./config.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var path string
			if len(args) == 1 {
				path = args[0]
			} else {
				dir, err := config.ConfigDir()
				if err != nil {
					return err
				}
				path = filepath.Join(dir, "config.yaml")
			}
			if err := config.WriteExample(path); err != nil {
				return err
			}
			_, err := fmt.Fprintf(g.out, "Wrote %s\nNext: put your channel and account in it, then run `rosey config validate -c %s`.\n", path, path)
			return err
		},
	}
}

func configValidate(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "validate",
		Short: "Say what is wrong with the config, all at once",
		Long: `Says what is wrong with the config, all at once, each with its line and column
and what to do. Warnings, such as of a theme that there is not, leave it valid.

  rosey config validate
  rosey config validate -c ./config.yaml

Exit codes: 0 it is valid, 3 it has a mistake.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			path, err := config.Find(g.config)
			if err != nil {
				return err
			}
			return config.Validate(c.Context(), g.out, path, judgeConsole)
		},
	}
}

func configShow(g *global) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show",
		Short: "Print the config as it takes effect, secrets masked",
		Long: `Prints the config with defaults and environment filled in, and dots in place of
every secret.

  rosey config show
  rosey config show --json | jq .nats.url`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := loadConfig(c.Context(), g)
			if err != nil {
				return err
			}
			text, err := config.Show(cfg, asJSON)
			if err != nil {
				return err
			}
			_, err = g.out.Write(text)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}

func configSchema(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the config, for editors",
		Long: `Prints the JSON Schema of the config. An editor that knows it completes keys,
shows what they mean, and marks mistakes.

  rosey config schema > rosey.schema.json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			text, err := config.Schema()
			if err != nil {
				return err
			}
			_, err = g.out.Write(text)
			return err
		},
	}
}
