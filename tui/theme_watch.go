package tui

import (
	"cmp"
	"context"
	"fmt"
	"os"
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
		if info, err := os.Stat(dir + "/" + e.Name()); err == nil { // where a link leads, too
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
	if v == nil || !v.known {
		return
	}
	for _, text := range m.untold {
		v.local(m.now, text)
	}
	m.untold = nil
}

// CheckTheme tells what is wrong with the theme that a config asks for, where
// dir has the person's own. The console wears another then, so nothing need
// stop for it.
func CheckTheme(cfg *config.Config, dir string) []config.Problem {
	all, broken := userThemes(dir)
	if p, wrong := themeProblem(cfg, all, broken); wrong {
		return []config.Problem{p}
	}
	return nil
}

func themeProblem(cfg *config.Config, all themes, broken []brokenTheme) (config.Problem, bool) {
	name := cmp.Or(cfg.TUI.Theme, "default")
	if _, ok := all[name]; ok {
		return config.Problem{}, false
	}
	const key = "tui.theme"
	if i := slices.IndexFunc(broken, func(b brokenTheme) bool { return b.name == name }); i >= 0 {
		return cfg.Problem(key, fmt.Sprintf("the theme %q has a mistake: %s", name, broken[i]), "correct it, or choose another"), true
	}
	do := "choose one of " + strings.Join(all.names(), ", ")
	if like := likeliest(name, all.names()); like != "" {
		do = "did you mean " + like + "? There are " + strings.Join(all.names(), ", ")
	}
	return cfg.Problem(key, fmt.Sprintf("expected a theme, found %q", clip(room.Clean(name), maxName)), do), true
}

// likeliest is the name that was probably meant; empty when none is like it.
func likeliest(name string, names []string) string {
	best, distance := "", 1+len(name)/3
	for _, n := range names {
		if d := config.EditDistance(strings.ToLower(name), n); d <= distance {
			best, distance = n, d-1
		}
	}
	return best
}
