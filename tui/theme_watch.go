package tui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
)

// themesMsg are the themes as their files say them now.
type themesMsg struct {
	themes themes
	broken []brokenTheme
}

// watchThemes sends a themesMsg for each change in the folder of the person's
// own themes since last, until ctx ends.
func watchThemes(ctx context.Context, dir, last string, every time.Duration, send func(tea.Msg)) {
	watchStamp(ctx, func() string { return folderStamp(dir) }, last, every, func() {
		all, broken := userThemes(dir)
		send(themesMsg{all, broken})
	})
}

// folderStamp changes with the folder and with the files in it.
func folderStamp(dir string) string {
	var b strings.Builder
	b.WriteString(dir)
	entries, _ := os.ReadDir(dir) // what cannot be read has no themes, which reading them says
	for _, e := range entries {
		if info, err := os.Stat(filepath.Join(dir, e.Name())); err == nil { // where a link leads, too
			fmt.Fprintf(&b, "\n%s %d %d %s", e.Name(), info.Size(), info.ModTime().UnixNano(), info.Mode())
		}
	}
	return b.String()
}

// refit takes the themes as their files are now. One that is worn and has a
// mistake now stays as it was.
func (m *model) refit(msg themesMsg) {
	worn := m.theme()
	for _, b := range msg.broken {
		if old, had := m.themes[b.name]; had && b.name == worn {
			msg.themes[b.name] = old
		}
	}
	known := m.broken
	m.themes, m.broken = msg.themes, msg.broken
	m.status = "the themes were read again"
	for _, b := range m.broken {
		if !slices.Contains(known, b) {
			m.tellAll(b.String())
		}
	}
	m.restyle()
}

// tellAll says something in the room that is shown and below it.
func (m *model) tellAll(text string) {
	m.status = text
	if v := m.room(); v != nil {
		v.local(m.now, text)
	}
}

// untold is what is to be said at the start.
func untold(warnings []config.Problem, broken []brokenTheme) []string {
	var out []string
	for _, w := range warnings {
		out = append(out, room.Clean(w.String()))
	}
	for _, b := range broken {
		text := b.String()
		if !slices.ContainsFunc(out, func(told string) bool { return strings.Contains(told, text) }) {
			out = append(out, text)
		}
	}
	return out
}

// tellLater says at the start what else the backlog would push away: when the
// room that is shown is known.
func (m *model) tellLater() {
	v := m.room()
	if v == nil || !v.known || len(m.untold) == 0 {
		return
	}
	if m.status == m.untold[0] {
		m.status = "" // the keys' hints stand there
	}
	for _, text := range m.untold {
		v.local(m.now, text)
	}
	m.untold = nil
}
