package tui

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// SnapshotOptions say how a picture of the console is made without a terminal.
type SnapshotOptions struct {
	File          string // ends in .svg, .txt or .ansi
	Width, Height int
	Keys          string // see ParseKeys
}

// CheckSnapshot tells what is wrong with o before anything is started.
func CheckSnapshot(o SnapshotOptions) error {
	switch strings.ToLower(filepath.Ext(o.File)) {
	case ".svg", ".txt", ".ansi":
	default:
		return fmt.Errorf("take picture: %q ends in none of .svg, .txt, .ansi", o.File)
	}
	if o.Width < 1 || o.Height < 1 || o.Width > 500 || o.Height > 200 {
		return fmt.Errorf("take picture: %dx%d is no size from 1x1 to 500x200", o.Width, o.Height)
	}
	_, err := ParseKeys(o.Keys)
	return err
}

// Snapshot runs the console without a terminal, types the keys, and saves the
// screen as it is then. It is the same program: only what would be written to
// the terminal goes nowhere.
func Snapshot(ctx context.Context, o Options, s SnapshotOptions) error {
	steps, err := ParseKeys(s.Keys)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var shot snapshot
	source := func(ctx context.Context, p *pump, send func(tea.Msg)) {
		playing := make(chan struct{})
		go func() {
			defer close(playing)
			shot, err = play(ctx, steps, send)
			send(tea.QuitMsg{})
		}()
		feed(ctx, o, p, send)
		<-playing
	}
	if showErr := show(ctx, o, connected(ctx, o), source, headless(s.Width, s.Height)...); showErr != nil {
		return showErr
	}
	if err != nil {
		return fmt.Errorf("take picture: %w", err)
	}
	return writePicture(s.File, shot)
}

// headless are the options of a program without a terminal.
func headless(w, h int) []tea.ProgramOption {
	return []tea.ProgramOption{
		tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithWindowSize(w, h), tea.WithoutSignalHandler(),
		tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=xterm-256color"}),
	}
}

// writePicture writes for the operator's eyes only: private messages and
// addresses can be on a screen.
func writePicture(path string, s snapshot) error {
	data := ""
	switch strings.ToLower(filepath.Ext(path)) {
	case ".svg":
		data = svgPicture(s.screen, s.title, s.by)
	case ".ansi":
		data = ansiPicture(s.screen)
	default:
		data = plainPicture(s.screen)
	}
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		return fmt.Errorf("save picture: %w", err)
	}
	return nil
}
