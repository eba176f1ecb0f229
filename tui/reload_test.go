package tui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

func TestAChangedConfigIsTakenAtOnceAndABadOneIsNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	write := func(tui string) {
		t.Helper()
		text := "version: '2.0'\nnats: {url: nats://x}\nplatforms: [{domain: d, channel: c}]\ntui:\n" + tui
		// As editors do it, so that no half of it is ever seen.
		if err := errors.Join(os.WriteFile(path+".new", []byte(text), 0o600), os.Rename(path+".new", path)); err != nil {
			t.Fatal(err)
		}
	}
	write("  clock_format: 24h\n")
	ctx, stop := context.WithCancel(t.Context())
	sent, done := make(chan tea.Msg), make(chan struct{})
	last := stamp(path)
	go func() {
		defer close(done)
		watchConfig(ctx, path, "", last, 5*time.Millisecond, func(msg tea.Msg) {
			select {
			case sent <- msg:
			case <-ctx.Done():
			}
		})
	}()
	m, _ := sceneModel(t, 120, 40)
	typeText(m, "a line under edit")

	change := func(tui string) {
		t.Helper()
		write(tui)
		m.Update(<-sent)
	}
	change("  clock_format: 12h\n  ignore: [Alice]\n  keys: {help: f10}\n")
	shows(t, m, "09:02pm")
	hides(t, m, "NEXT ONE IS A CLASSIC")
	shows(t, m, "a line under edit")
	shows(t, m, "the config was read again")

	change("  clock_format: 12h\n  highlights: [{match: '/(/'}]\n")
	if said := m.room().chat.lines; !strings.Contains(said[len(said)-1].text(), path+":6:24: tui.highlights[0].match: expected a regular expression") {
		t.Errorf("says %q", said[len(said)-1].text())
	}
	hides(t, m, "NEXT ONE IS A CLASSIC") // as before
	change("  keys: {hepl: f1, other: f3}\n")
	if said := m.room().chat.lines; !strings.HasSuffix(said[len(said)-1].text(), "(and 1 more)") {
		t.Errorf("says %q", said[len(said)-1].text())
	}

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	write("  clock_format: 24h\n  scrollback: 200\n")
	m.Update(<-sent)
	shows(t, m, "NEXT ONE IS A CLASSIC")
	if m.room().chat.max != 200 {
		t.Errorf("scrollback is %d", m.room().chat.max)
	}
	stop()
	<-done
}
