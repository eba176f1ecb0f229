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
}

// watchConfig sends a configMsg for each change of the file since last, until
// ctx ends. A file that is being written is let be until it has stood still
// between two looks.
func watchConfig(ctx context.Context, path string, last fileStamp, every time.Duration, send func(tea.Msg)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	before := last
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := stamp(path)
		still := now == before
		before = now
		if now == last || now == (fileStamp{}) || !still { // gone: an editor is about to put it back
			continue
		}
		last = now
		send(readConfig(path))
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
func readConfig(path string) configMsg {
	cfg, _, err := config.Reread(path)
	var wrong *config.Error
	switch {
	case errors.As(err, &wrong):
		return configMsg{problems: wrong.Problems}
	case err != nil:
		return configMsg{problems: []config.Problem{{File: path, What: err.Error()}}}
	}
	return configMsg{tui: cfg.TUI, problems: CheckConfig(cfg)}
}

// reconfigure takes what the file says now; where something is wrong with it,
// everything stays as it was, and a line says where.
func (m *model) reconfigure(msg configMsg) {
	v := m.room()
	if len(msg.problems) == 0 {
		m.applySettings(msg.tui)
		m.status = "the config was read again"
		return
	}
	text := "the config has a mistake and is not taken: " + room.Clean(msg.problems[0].String())
	if more := len(msg.problems) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	if m.status = text; v != nil {
		v.local(m.now, text)
	}
}
