package tui

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// lineOut counts what goes to the terminal.
type lineOut struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (w *lineOut) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all.Write(p)
}

func (w *lineOut) len() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all.Len()
}

// settled waits until nothing has been written for a while.
func (w *lineOut) settled() int {
	n := w.len()
	for quiet := 0; quiet < 25; quiet++ {
		time.Sleep(20 * time.Millisecond)
		if now := w.len(); now != n {
			n, quiet = now, 0
		}
	}
	return n
}

// maxLineBytes is what one new line of chat may cost on the way to the
// terminal at 120x40: 1.5 s at 9,600 baud.
const maxLineBytes = 1500

// A new line scrolls the whole chat; the terminal must be told to scroll, and
// not be sent the screen anew.
func TestANewLineCostsFewBytes(t *testing.T) {
	out, more := &lineOut{}, make(chan roomUpdate)
	done := make(chan error, 1)
	var quit func(tea.Msg)
	ready := make(chan struct{})
	d := echoBot("movienight", nil)
	feed := playScene(more)
	go func() {
		done <- show(t.Context(), testOptions(), d, func(ctx context.Context, p *pump, send func(tea.Msg)) {
			quit = send
			close(ready)
			feed(ctx, p, send)
		}, tea.WithInput(nil), tea.WithOutput(out), tea.WithWindowSize(120, 40), tea.WithoutSignalHandler(),
			tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	}()
	<-ready
	for i := range 60 {
		more <- roomUpdate{room: "movienight", Update: event(message("21:04", "bob", fmt.Sprintf("line %d %s", i, strings.Repeat("words ", i%12))))}
	}
	at := out.settled()
	var costs []int
	for i := range 5 {
		more <- roomUpdate{room: "movienight", Update: event(message("21:04", []string{"Alice", "carol"}[i%2], "a line of chat as people write them, give or take"))}
		now := out.settled()
		costs, at = append(costs, now-at), now
	}
	slices.Sort(costs)
	// The one in the middle: a clock may have had its own frame in another.
	if per := costs[len(costs)/2]; per > maxLineBytes {
		t.Errorf("new lines cost %d bytes", costs)
	} else {
		t.Logf("new lines cost %d bytes", costs)
	}
	quit(tea.QuitMsg{})
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestFramesAreFewOnASlowLine(t *testing.T) {
	o := testOptions()
	if fps(o) != framesPerSecond {
		t.Errorf("%d frames a second", fps(o))
	}
	if o.Slow = true; fps(o) != slowFramesPerSecond {
		t.Errorf("%d frames a second on a serial line", fps(o))
	}
	if o.TUI.MaxFPS = 7; fps(o) != 7 {
		t.Errorf("%d frames a second where the config says 7", fps(o))
	}
}
