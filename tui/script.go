package tui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// A scriptStep is one thing that a script does to a console: a key, a wait, a text
// to wait for.
type scriptStep struct {
	keys  []tea.KeyPressMsg
	wait  time.Duration
	until string
}

// untilTimeout bounds the wait for a text.
const untilTimeout = 5 * time.Minute

// ParseKeys reads a script: keys by name (f3, ctrl+p, alt+k, enter), letters,
// type:TEXT, wait:2s and until:TEXT, with commas between. A comma itself is
// typed as the key comma, and stands in a TEXT as \,.
func ParseKeys(script string) ([]scriptStep, error) {
	const comma = "\x00"
	var steps []scriptStep
	for part := range strings.SplitSeq(strings.ReplaceAll(script, `\,`, comma), ",") {
		part = strings.ReplaceAll(strings.TrimLeft(part, " "), comma, ",")
		name, rest, _ := strings.Cut(part, ":")
		switch name {
		case "":
		case "wait":
			d, err := time.ParseDuration(rest)
			if err != nil || d < 0 || d > time.Hour {
				return nil, fmt.Errorf("read keys: %q is no time to wait; write wait:2s", rest)
			}
			steps = append(steps, scriptStep{wait: d})
		case "until":
			steps = append(steps, scriptStep{until: rest})
		case "type":
			var s scriptStep
			for _, c := range clusters(rest) {
				r, _ := utf8.DecodeRuneInString(c)
				s.keys = append(s.keys, tea.KeyPressMsg{Code: r, Text: c})
			}
			steps = append(steps, s)
		default:
			k, err := parseKey(strings.TrimSpace(part))
			if err != nil {
				return nil, err
			}
			steps = append(steps, scriptStep{keys: []tea.KeyPressMsg{k}})
		}
	}
	return steps, nil
}

var keyCodes = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace, "comma": ',',
	"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "insert": tea.KeyInsert,
	"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
	"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
}

// parseKey reads a key as the key map spells it.
func parseKey(name string) (tea.KeyPressMsg, error) {
	var k tea.KeyPressMsg
	rest := name
	for _, mod := range []struct {
		prefix string
		mod    tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if after, ok := strings.CutPrefix(rest, mod.prefix); ok && after != "" {
			rest, k.Mod = after, k.Mod|mod.mod
		}
	}
	n, err := strconv.Atoi(strings.TrimPrefix(rest, "f"))
	switch code, named := keyCodes[rest]; {
	case named:
		k.Code = code
	case strings.HasPrefix(rest, "f") && err == nil && n >= 1 && n <= 20:
		k.Code = tea.KeyF1 + rune(n-1)
	case utf8.RuneCountInString(rest) == 1:
		k.Code, _ = utf8.DecodeRuneInString(rest)
	default:
		return k, fmt.Errorf("read keys: there is no key %q; write such as f3, ctrl+p, alt+k, enter, or type:TEXT", name)
	}
	if k.Mod == 0 && (rest == "space" || rest == "comma" || utf8.RuneCountInString(rest) == 1) {
		k.Text = string(k.Code)
	}
	return k, nil
}

// screenMsg asks for the screen as it is now.
type screenMsg struct{ to chan<- snapshot }

// A snapshot is a screen, ready to be drawn.
type snapshot struct {
	screen, title string
	by            ansi.Method
}

func (m *model) snapshot() snapshot {
	m.pictured = true
	v := m.draw()
	m.pictured = false
	return snapshot{v.Content, v.WindowTitle, m.by}
}

// play does the steps of a script, one after the other, and gives the screen
// after the last.
func play(ctx context.Context, steps []scriptStep, send func(tea.Msg)) (snapshot, error) {
	for _, s := range steps {
		for _, k := range s.keys {
			send(k)
		}
		if s.wait > 0 && !pause(ctx, s.wait) {
			return snapshot{}, ctx.Err()
		}
		deadline := time.Now().Add(untilTimeout)
		for s.until != "" {
			now, err := look(ctx, send)
			if err != nil {
				return now, err
			}
			if strings.Contains(ansi.Strip(now.screen), s.until) {
				break
			}
			if time.Now().After(deadline) {
				return now, fmt.Errorf("play keys: %q did not come in %s; the screen was:\n%s", s.until, untilTimeout, plainPicture(now.screen))
			}
			pause(ctx, 50*time.Millisecond)
		}
	}
	return look(ctx, send)
}

func look(ctx context.Context, send func(tea.Msg)) (snapshot, error) {
	got := make(chan snapshot, 1)
	send(screenMsg{got})
	select {
	case s := <-got:
		return s, nil
	case <-ctx.Done():
		return snapshot{}, ctx.Err()
	}
}

// pause is false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
