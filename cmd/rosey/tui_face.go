package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rosey/config"
	"rosey/tui"
)

// face is how the console shows itself: on a terminal's whole screen, as
// lines, or in a picture.
type face struct {
	plain, ascii bool
	snapshot     string
	size, keys   string
	operator     string
	theme        string

	stdio
}

func (f *face) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.operator, "operator", "", "`NAME` that other operators see and that actions are written down under (default: $ROSEY_OPERATOR, tui.operator, the login name)")
	c.Flags().StringVar(&f.theme, "theme", "", "wear the theme `NAME`, this time (default: the one chosen last, or the config's)")
	_ = c.RegisterFlagCompletionFunc("theme", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return tui.ThemeNames(themeDir()), cobra.ShellCompDirectiveNoFileComp
	})
	c.Flags().BoolVar(&f.plain, "plain", false, "lines instead of a screen: for screen readers, dumb terminals and pipes")
	c.Flags().BoolVar(&f.ascii, "ascii", false, "with --plain: write ASCII only")
	c.Flags().StringVar(&f.snapshot, "snapshot", "", "save the screen as `FILE` (.svg, .txt, .ansi) without a terminal, and end")
	c.Flags().StringVar(&f.size, "size", "120x36", "with --snapshot: `COLUMNSxROWS`")
	c.Flags().StringVar(&f.keys, "keys", "wait:5s", "with --snapshot: `KEYS` to type first, such as f3,wait:2s,type:hello,until:TEXT")
}

// check says what is wrong with the flags, or with where they are used.
func (f *face) check(g *global) error {
	f.stdio = g.stdio
	if f.theme != "" {
		if err := tui.FindTheme(f.theme, themeDir()); err != nil {
			return usageError{fmt.Errorf("--theme: %w", err)}
		}
	}
	switch {
	case f.plain && f.snapshot != "":
		return usageError{errors.New("--plain has no screen to take a picture of: leave out --plain or --snapshot")}
	case f.ascii && !f.plain:
		return usageError{errors.New("--ascii goes with --plain")}
	case f.plain:
		return nil
	case f.snapshot != "":
		s, err := f.picture()
		if err == nil {
			err = tui.CheckSnapshot(s)
		}
		if err != nil {
			return usageError{err}
		}
		return nil
	case !term.IsTerminal(int(os.Stdout.Fd())) || !term.IsTerminal(int(os.Stdin.Fd())):
		return errors.New("the console needs a terminal; `rosey tui --plain` writes and reads lines instead")
	case os.Getenv("TERM") == "dumb":
		return errors.New("this terminal says that it is dumb (TERM=dumb); `rosey tui --plain` writes and reads lines instead")
	}
	return nil
}

// wholeScreen tells whether there is a terminal to give back.
func (f *face) wholeScreen() bool { return !f.plain && f.snapshot == "" }

func (f *face) picture() (tui.SnapshotOptions, error) {
	s := tui.SnapshotOptions{File: f.snapshot, Keys: f.keys}
	if n, err := fmt.Sscanf(f.size, "%dx%d", &s.Width, &s.Height); n != 2 || err != nil {
		return s, fmt.Errorf("--size %q: write it as 120x36", f.size)
	}
	return s, nil
}

func (f *face) show(ctx context.Context, o tui.Options) error {
	switch {
	case f.plain:
		return tui.Plain(ctx, o, tui.PlainOptions{In: f.in, Out: f.out, ASCII: f.ascii})
	case f.snapshot != "":
		s, err := f.picture()
		if err != nil {
			return err
		}
		return tui.Snapshot(ctx, o, s)
	}
	return tui.Run(ctx, o)
}

// consoleConfig is a config that the console can use.
func consoleConfig(g *global, cfg *config.Config, err error) (*config.Config, error) {
	if err != nil {
		return nil, err
	}
	problems, warnings := judgeConsole(cfg)
	warn(g, warnings)
	if len(problems) > 0 {
		return nil, &config.Error{Problems: problems}
	}
	return cfg, nil
}

// judgeConsole is what only the console can tell of a config.
func judgeConsole(cfg *config.Config) (problems, warnings []config.Problem) {
	return tui.CheckConfig(cfg), tui.CheckTheme(cfg, themeDir())
}

// dataDir is where the console saves what it is told to; empty where there is
// no home, which saving then says.
func dataDir() string {
	dir, err := config.DataDir()
	if err != nil {
		return ""
	}
	return dir
}

// onSerialLine tells whether the terminal is a serial line's, by the name of
// its device. Its speed does not tell: terminals without a line have one too.
func onSerialLine() bool {
	name, err := os.Readlink("/proc/self/fd/1")
	if err != nil {
		return false
	}
	for _, prefix := range []string{"/dev/ttyS", "/dev/ttyUSB", "/dev/ttyACM", "/dev/ttyAMA", "/dev/hvc"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
