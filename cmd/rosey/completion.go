package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rosey/bot"
	"rosey/bus"
	"rosey/config"
)

func completionCommand(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the script with which a shell completes rosey's words",
		Long: `Prints the script for bash, zsh, fish or powershell. Commands, flags and their
values complete then, and the bot's commands behind rosey shell.

For the shell that runs:

  source <(rosey completion bash)
  source <(rosey completion zsh)
  rosey completion fish | source

For every one from now on, such as:

  rosey completion bash > ~/.local/share/bash-completion/completions/rosey
  rosey completion zsh > "${fpath[1]}/_rosey"
  rosey completion fish > ~/.config/fish/completions/rosey.fish

Bash needs its package bash-completion for that, zsh needs compinit.`,
		Args:                  cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs:             []string{"bash", "zsh", "fish", "powershell"},
		ValidArgsFunction:     cobra.FixedCompletions([]string{"bash", "zsh", "fish", "powershell"}, cobra.ShellCompDirectiveNoFileComp),
		DisableFlagsInUseLine: true,
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(g.out, true)
			case "zsh":
				return root.GenZshCompletion(g.out)
			case "fish":
				return root.GenFishCompletion(g.out, true)
			}
			return root.GenPowerShellCompletionWithDesc(g.out)
		},
	}
}

// completesRooms has --room offer the rooms of the config.
func completesRooms(g *global, c *cobra.Command) {
	_ = c.RegisterFlagCompletionFunc("room", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var rooms []string
		for _, p := range configForCompletion(g).Platforms {
			if p.Enabled {
				rooms = append(rooms, cobra.CompletionWithDesc(p.Name, p.Channel+" at "+p.Domain))
			}
		}
		return rooms, cobra.ShellCompDirectiveNoFileComp
	})
}

// configForCompletion reads the config and runs no command for it: a Tab must
// not ask for a passphrase. What is wrong with it is for others to tell.
func configForCompletion(g *global) *config.Config {
	if path, err := config.Find(g.config); err == nil {
		if cfg, _, err := config.Reread(path); err == nil {
			return cfg
		}
	}
	return config.Default()
}

// completionWait bounds how long a Tab may look for the bot.
const completionWait = time.Second

// shellWords completes a command for the bot: its name from this build's tree,
// people by asking who is there.
func shellWords(g *global, cl *client, named *string) cobra.CompletionFunc {
	return func(c *cobra.Command, words []string, _ string) ([]string, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(c.Context(), completionWait)
		defer cancel()
		s := shell{tree: bot.Tree(""), room: *named, attach: func(s *shell) error { return s.find(ctx, configForCompletion(g), *cl) }}
		defer func() {
			if s.conn != nil {
				s.conn.NC.Close()
			}
		}()
		if len(words) == 0 {
			return s.described(), cobra.ShellCompDirectiveNoFileComp
		}
		for i, w := range words {
			words[i] = bus.QuoteWord(w)
		}
		return s.candidates(ctx, strings.Join(words, " ")+" "), cobra.ShellCompDirectiveNoFileComp
	}
}

// find connects only to watch, and finds the bot.
func (s *shell) find(ctx context.Context, cfg *config.Config, cl client) (err error) {
	cl.watches = true
	if s.conn, err = cl.connect(ctx, cfg, nil, "", false, nil); err != nil {
		return err
	}
	return s.findBot(ctx, cfg)
}

// described are the commands' names, each with what it does.
func (s *shell) described() []string {
	names := make([]string, len(s.tree.Commands))
	for i, c := range s.tree.Commands {
		names[i] = cobra.CompletionWithDesc(c.Name, c.Help)
	}
	return names
}
