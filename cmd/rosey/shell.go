package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rosey/bus"
	"rosey/config"
)

const shellHelp = `Gives the room's bot commands and follows each to its outcome; "rosey shell help"
lists them. With a command as arguments it runs that one; without, it reads lines: from a terminal with a
prompt, history and completion (Tab), else one after another.

  rosey shell kick bob caps
  rosey shell help
  printf 'mute bob\nusers\nunmute bob\n' | rosey shell --json

On a terminal it asks before a command that takes something from somebody, such
as kick; --yes goes ahead. From a pipe or a script nobody is asked, and such a
command acts at once. Commands that act on many people or items show first on
whom, and there act only with --yes.

What follows the command's name is the command's, so rosey's own flags go
before it. One of them behind it is refused, for it would be taken as text; where
it is meant as text, -- goes before the command:

  rosey shell --dry-run kick bob
  rosey shell -- say --yes is a flag

With --json each command gives one line with what was asked (line), what came of
it (status: done, refused, no_effect, preview or no_bot), a sentence (text), and,
of commands that ask, the answer itself (data):

  rosey shell --json users | jq -r .status

Exit codes: 0 done, 5 refused, 6 no effect in time, 4 no bot or no NATS, 2 no
such command. Of several lines the worst decides.`

func shellCommand(g *global) *cobra.Command {
	s := shell{out: g.out, err: g.err}
	var cl client
	c := &cobra.Command{
		Use:   "shell [FLAGS] [COMMAND [ARGUMENT...]]",
		Short: "Give the bot commands: at a prompt, from a pipe, or one",
		Long:  shellHelp,

		DisableFlagsInUseLine: true,
		ValidArgsFunction:     shellWords(g, &cl, &s.room),
		RunE: func(c *cobra.Command, args []string) error {
			if c.ArgsLenAtDash() < 0 {
				if err := misplacedFlag(c, args); err != nil {
					return usageError{err}
				}
			}
			cl.name = "rosey-shell"
			return s.nobody(args, cl.attached(c.Context(), g, nil, func(cfg *config.Config, conn *bus.Conn) error {
				s.conn = conn
				return s.run(c.Context(), cfg, g.in, args)
			}))
		},
	}
	c.Flags().SetInterspersed(false) // what follows the command is the command's
	c.Flags().StringVarP(&s.room, "room", "r", "", "the `ROOM` (default: the config's first, or the only one there is)")
	c.Flags().StringVar(&s.operator, "operator", "", "`NAME` under which commands are written down (default: $ROSEY_OPERATOR, tui.operator, the login name)")
	c.Flags().BoolVar(&s.json, "json", false, "one JSON object for each command")
	c.Flags().BoolVar(&s.dryRun, "dry-run", false, "say what would be done, do nothing")
	c.Flags().BoolVarP(&s.yes, "yes", "y", false, "do not ask")
	c.Flags().StringVar(&cl.nats, "nats", "", "NATS `URL` instead of the config's")
	completesRooms(g, c)
	return c
}

// misplacedFlag finds a flag of the command line's own among the words of a
// command, where it would be text: a kick with --dry-run behind it would be one.
func misplacedFlag(c *cobra.Command, words []string) error {
	for i, w := range words {
		name, _, _ := strings.Cut(strings.TrimPrefix(w, "--"), "=")
		known := strings.HasPrefix(w, "--") && c.Flag(name) != nil
		if len(w) == 2 && w[0] == '-' && w[1] != '-' {
			known = c.Flags().ShorthandLookup(w[1:]) != nil
		}
		if known && i > 0 {
			return fmt.Errorf("%s stands behind the command %s, where it would be text: write rosey's flags before the command, or -- before it where %s is meant as text", w, words[0], w)
		}
	}
	return nil
}

// shell gives commands to one room's bot.
type shell struct {
	conn     *bus.Conn
	attach   func(*shell) error // finds conn where there is none yet
	room     string
	tree     bus.TreeReply
	operator string
	json     bool
	dryRun   bool
	yes      bool
	prompt   bool // a person sits at a prompt
	out, err io.Writer
	ask      func(ctx context.Context, question string) bool // nil where there is nobody to ask
}

func (s *shell) run(ctx context.Context, cfg *config.Config, in io.Reader, args []string) error {
	if s.operator == "" {
		s.operator = cfg.TUI.OperatorName()
	}
	if err := s.findBot(ctx, cfg); err != nil {
		return err
	}
	tty := terminalOf(in)
	if tty != nil {
		s.ask = s.asker(tty)
	}
	switch {
	case len(args) == 1 && strings.ContainsAny(args[0], " \t"): // a whole line in quotes
		return s.exit(s.line(ctx, args[0]))
	case len(args) > 0:
		return s.exit(s.words(ctx, args))
	case tty != nil:
		return s.exit(s.prompted(ctx, tty))
	default:
		return s.exit(s.lines(ctx, in))
	}
}

// terminalOf is the terminal that r reads, nil when it is none.
func terminalOf(r io.Reader) *os.File {
	if f, ok := r.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// findBot asks for the commands of the room that is meant. Asking around which
// rooms there are takes a quarter of a second, so the config's comes first.
func (s *shell) findBot(ctx context.Context, cfg *config.Config) (err error) {
	if s.room != "" {
		return s.askTree(ctx)
	}
	for _, p := range cfg.Platforms {
		if p.Enabled {
			s.room = p.Name
			if err = s.askTree(ctx); !errors.Is(err, bus.ErrNobody) {
				return err
			}
			break
		}
	}
	if s.room, err = theRoom(ctx, s.conn, cfg, ""); err != nil {
		return err
	}
	return s.askTree(ctx)
}

func (s *shell) askTree(ctx context.Context) (err error) {
	s.tree, err = bus.Tree(ctx, s.conn, s.room)
	if errors.Is(err, bus.ErrNobody) {
		return fmt.Errorf("no bot is there for the room %q: start one with `rosey run`, or name another room with --room: %w", s.room, bus.ErrNobody)
	}
	return err
}

// exit is the process's end after commands.
func (s *shell) exit(code int) error {
	if code == exitOK {
		return nil
	}
	return outcomeError{code}
}
