package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
)

// reloadEvery is how often the config file is looked at. Looking is a stat; it
// finds a file that an editor has replaced as well as one that was written to,
// on every file system.
const reloadEvery = time.Second

// configMsg is the config as its file says it now, or what is wrong with it.
type configMsg struct {
	tui      config.TUI
	problems []config.Problem
	warnings []config.Problem // in spite of which it is taken
}

// watchConfig sends a configMsg for each change of the file since last, until
// ctx ends. themeDir is where the person's own themes lie.
func watchConfig(ctx context.Context, path, themeDir string, last fileStamp, every time.Duration, send func(tea.Msg)) {
	watchStamp(ctx, func() fileStamp { return stamp(path) }, last, every, func() { send(readConfig(path, themeDir)) })
}

// watchStamp calls changed for each change of a stamp since last, until ctx
// ends. What is being written is let be until it has stood still between two
// looks.
func watchStamp[T comparable](ctx context.Context, look func() T, last T, every time.Duration, changed func()) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	before := last
	var gone T
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := look()
		still := now == before
		before = now
		if now == last || now == gone || !still { // gone: an editor is about to put it back
			continue
		}
		last = now
		changed()
	}
}

// A fileStamp changes with the file.
type fileStamp struct {
	size  int64
	mtime time.Time
}

func stamp(path string) fileStamp {
	info, err := os.Stat(path)
	if err != nil {
		return fileStamp{}
	}
	return fileStamp{info.Size(), info.ModTime()}
}

// readConfig reads the file as a configMsg.
func readConfig(path, themeDir string) configMsg {
	cfg, _, err := config.Reread(path)
	var wrong *config.Error
	switch {
	case errors.As(err, &wrong):
		return configMsg{problems: wrong.Problems}
	case err != nil:
		return configMsg{problems: []config.Problem{{File: path, What: err.Error()}}}
	}
	return configMsg{tui: cfg.TUI, problems: CheckConfig(cfg), warnings: CheckTheme(cfg, themeDir)}
}

// reconfigure takes what the file says now; where something is wrong with it,
// everything stays as it was, and a line says where.
func (m *model) reconfigure(msg configMsg) {
	if len(msg.problems) == 0 {
		m.applySettings(msg.tui)
		m.status = "the config was read again"
		for _, w := range msg.warnings {
			m.tellAll("the config was read again, but " + room.Clean(w.String()))
		}
		return
	}
	if msg.problems[0].Code == config.CodeV1 { // a migration was taken back
		m.status = "the config is version 1 now: what runs goes on with what it had"
		return
	}
	text := "the config has a mistake and is not taken: " + room.Clean(msg.problems[0].String())
	if more := len(msg.problems) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	m.tellAll(text)
}
