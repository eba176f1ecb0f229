package tui

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

func TestParseKeys(t *testing.T) {
	steps, err := ParseKeys(`f3, wait:1500ms,ctrl+p,type:hi\, b,shift+tab,alt+k,space,comma,until:ADMINS (2),G`)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, s := range steps {
		for _, k := range s.keys {
			keys = append(keys, k.String())
		}
	}
	if got := strings.Join(keys, " "); got != "f3 ctrl+p h i , space b shift+tab alt+k space , G" {
		t.Errorf("keys %q", got)
	}
	if steps[1].wait != 1500*time.Millisecond || steps[8].until != "ADMINS (2)" {
		t.Errorf("steps %+v", steps)
	}
	for _, bad := range []string{"f99", "wait:soon", "ctrl+banana", "wait:-1s"} {
		if _, err := ParseKeys(bad); err == nil {
			t.Errorf("taken: %s", bad)
		}
	}
	// Whatever the key map spells can be typed.
	k := defaultKeys()
	for name, b := range k.named() {
		for _, pressed := range b.Keys() {
			got, err := parseKey(pressed)
			if err != nil || got.String() != pressed {
				t.Errorf("%s: %q is read as %q, %v", name, pressed, got, err)
			}
		}
	}
}

func TestCheckSnapshot(t *testing.T) {
	good := SnapshotOptions{File: "x.SVG", Width: 120, Height: 40, Keys: "f3"}
	if err := CheckSnapshot(good); err != nil {
		t.Error(err)
	}
	for _, change := range []func(*SnapshotOptions){
		func(o *SnapshotOptions) { o.File = "x.png" },
		func(o *SnapshotOptions) { o.Width = 0 },
		func(o *SnapshotOptions) { o.Height = 1000 },
		func(o *SnapshotOptions) { o.Keys = "nokey" },
	} {
		o := good
		change(&o)
		if CheckSnapshot(o) == nil {
			t.Errorf("taken: %+v", o)
		}
	}
}

// A script plays in the real program, without a terminal, and its screen is
// what a person would see.
func TestAScriptPlaysWithoutATerminal(t *testing.T) {
	steps, err := ParseKeys(`until:good evening,type:hello b,tab,f4,until:People,f2,until:hello bob`)
	if err != nil {
		t.Fatal(err)
	}
	var shot snapshot
	var playErr error
	err = show(t.Context(), testOptions(), echoBot("movienight", nil), func(ctx context.Context, p *pump, send func(tea.Msg)) {
		go playScene(nil)(ctx, p, send)
		shot, playErr = play(ctx, steps, send)
		send(tea.QuitMsg{})
		<-ctx.Done()
	}, headless(100, 30)...)
	if err != nil || playErr != nil {
		t.Fatal(err, playErr)
	}
	rows := strings.Split(ansi.Strip(shot.screen), "\n")
	if len(rows) != 30 || !strings.HasPrefix(rows[28], " Rosey ▸ hello bob") || !strings.Contains(shot.screen, "\x1b[38;2;") {
		t.Errorf("the screen:\n%s", strings.Join(rows, "\n"))
	}
}
