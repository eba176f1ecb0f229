package tui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"

	"github.com/charmbracelet/x/ansi"
)

// How a terminal shows a notification on the desktop.
type notifyBy int

const (
	notifyNone notifyBy = iota
	notifyOSC9          // iTerm2, WezTerm, Ghostty, Windows Terminal and others
	notify777           // urxvt, foot, VTE: with a title of its own
	notify99            // kitty
)

// notifyFor goes by what the terminal says of itself in the environment. A
// terminal that nothing is known of gets none, because some print what they do
// not understand; tmux and screen pass none on unless they were told to.
func notifyFor(env func(string) string) notifyBy {
	if env == nil {
		return notifyNone
	}
	term, program := env("TERM"), env("TERM_PROGRAM")
	switch {
	case env("TMUX") != "" || strings.HasPrefix(term, "screen") || strings.HasPrefix(term, "tmux") || term == "dumb":
		return notifyNone
	case env("KITTY_WINDOW_ID") != "" || term == "xterm-kitty":
		return notify99
	case strings.HasPrefix(term, "rxvt"), strings.HasPrefix(term, "foot"), env("VTE_VERSION") != "":
		return notify777
	case program == "iTerm.app", program == "WezTerm", program == "ghostty", term == "xterm-ghostty", env("WT_SESSION") != "":
		return notifyOSC9
	}
	return notifyNone
}

// sequence is what shows text under title. Both are clean, and of what the
// sequence itself is made of there is nothing in them.
func (n notifyBy) sequence(title, text string) string {
	safe := strings.NewReplacer(";", ",", "\n", " ")
	title, text = safe.Replace(title), safe.Replace(text)
	switch n {
	case notifyOSC9:
		return ansi.Notify(title + ": " + text)
	case notify777:
		return "\x1b]777;notify;" + title + ";" + text + "\x07"
	case notify99:
		return "\x1b]99;i=rosey:d=0:p=title;" + title + "\x1b\\" + "\x1b]99;i=rosey:d=1:p=body;" + text + "\x1b\\"
	}
	return ""
}

// notifyEvery is the least time between two notifications, and between two
// bells: a raid must not shake the desk.
const notifyEvery = 5 * time.Second

// A notifier rings and notifies, and holds back what comes too soon.
type notifier struct {
	by   notifyBy
	last time.Time
	held int // since last
}

// notice is the sequence for a highlighted line; empty when nothing is wanted
// or it is too soon.
func (n *notifier) notice(h *highlight, title, text string, now time.Time) string {
	if h == nil || !h.bell && !h.notify {
		return ""
	}
	if !n.last.IsZero() && now.Sub(n.last) < notifyEvery {
		n.held++
		return ""
	}
	if n.held > 0 {
		text += " (and " + count(uint64(n.held), "line") + " before)"
	}
	n.last, n.held = now, 0
	out := ""
	if h.bell {
		out = "\a"
	}
	if h.notify {
		out += n.by.sequence(clip(title, 64), clip(text, 200))
	}
	return out
}

// noteHighlight keeps a highlighted line, so that the person is told of it: only of
// what was said now, and not by the bot itself.
func (v *channel) noteHighlight(l *line, e room.Event) {
	if l == nil || l.verdict.hidden || l.verdict.mark == nil {
		return
	}
	said, ok := e.(*room.Message)
	if ok && (said.Replay || room.Fold(said.User) == room.Fold(v.state.Self.Name)) {
		return
	}
	v.marked = l
}

// ring rings and notifies for what the batch has highlighted.
func (m *model) ring() tea.Cmd {
	var out string
	for _, v := range m.rooms {
		l := v.marked
		if v.marked = nil; l == nil {
			continue
		}
		out += m.notify.notice(l.verdict.mark, l.name+" in "+room.Clean(v.name), l.text(), m.now)
	}
	if out == "" {
		return nil
	}
	return tea.Raw(out)
}
