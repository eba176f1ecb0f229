package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"rosey/bus"
	"rosey/bus/room"
)

// A terminal is an emulator with a console in it.
type terminal struct {
	tb   testing.TB
	emu  *vt.SafeEmulator
	keys *io.PipeWriter
	err  chan error // what the console returned
}

// openTerminal runs a console in a terminal of w by h cells; start gets the
// options that connect it. The console is asked to quit when the test ends.
func openTerminal(tb testing.TB, w, h int, start func(...tea.ProgramOption) error) *terminal {
	tb.Helper()
	in, keys := io.Pipe()
	t := &terminal{tb: tb, emu: vt.NewSafeEmulator(w, h), keys: keys, err: make(chan error, 1)}
	// Output that is no tty gets bare line feeds: LNM makes them new lines.
	if _, err := io.WriteString(t.emu, "\x1b[20h"); err != nil {
		tb.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() { _, _ = io.Copy(keys, t.emu) }) // the emulator's replies
	running.Go(func() {
		t.err <- start(tea.WithInput(in), tea.WithOutput(t.emu), tea.WithWindowSize(w, h),
			tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=xterm-256color"}),
			tea.WithoutSignalHandler())
		_ = in.Close() // nobody reads any more: writers must not wait
	})
	tb.Cleanup(func() {
		t.press("\x03")
		// Closing this end, and not the emulator, ends the copy of its replies
		// without a race inside the emulator.
		if replies, ok := t.emu.InputPipe().(io.Closer); ok {
			_ = replies.Close()
		}
		running.Wait()
	})
	return t
}

// press sends bytes as a keyboard would.
func (t *terminal) press(keys string) { _, _ = io.WriteString(t.keys, keys) }

func (t *terminal) screen() string { return ansi.Strip(t.emu.Render()) }

// waitFor waits until the screen satisfies ok.
func (t *terminal) waitFor(what string, ok func(screen string) bool) {
	t.tb.Helper()
	deadline := time.Now().Add(time.Minute)
	for !ok(t.screen()) {
		if time.Now().After(deadline) {
			t.tb.Fatalf("never came: %s. The screen:\n%s", what, t.screen())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (t *terminal) waitText(text string) {
	t.tb.Helper()
	t.waitFor(fmt.Sprintf("%q", text), func(s string) bool { return strings.Contains(s, text) })
}

// ended waits for the console to return.
func (t *terminal) ended() error {
	t.tb.Helper()
	select {
	case err := <-t.err:
		return err
	case <-time.After(time.Minute):
		t.tb.Fatal("the console did not end")
		return nil
	}
}

// playScene feeds the scene and then what comes over updates.
func playScene(more <-chan roomUpdate) func(context.Context, *pump, func(tea.Msg)) {
	return func(ctx context.Context, p *pump, _ func(tea.Msg)) {
		for _, u := range scene().updates {
			p.in <- u
		}
		for {
			select {
			case <-ctx.Done():
				return
			case u := <-more:
				p.in <- u
			}
		}
	}
}

// echoBot says in the room what it is asked to say.
func echoBot(room1 string, out chan<- roomUpdate) deps {
	return deps{
		request: func(_, _ string, c bus.Command) (bus.CommandReply, error) {
			out <- roomUpdate{room: room1, Update: event(&room.Message{User: "Rosey", Content: strings.Join(c.Args, " "), Time: clockAt("21:04")})}
			return bus.CommandReply{Status: bus.StatusDone}, nil
		},
		ask: (&answers{}).ask,
		rtt: func() (time.Duration, error) { return time.Millisecond, nil },
	}
}

func TestTypingInARealTerminal(t *testing.T) {
	more := make(chan roomUpdate, 100)
	term := openTerminal(t, 80, 24, func(with ...tea.ProgramOption) error {
		return show(t.Context(), testOptions(), echoBot("movienight", more), playScene(more), with...)
	})
	term.waitText("good evening")
	term.waitText("ADMINS")
	if !term.emu.IsAltScreen() {
		t.Error("not on the alternate screen")
	}
	term.press("hello b\t日本")
	term.waitText("Rosey ▸ hello bob 日本")
	term.press("\x7f\x7f\x17\r") // erase both, cut the word, enter
	term.waitText("Rosey  hello")
	term.press("\x1b[200~two\nlines\x1b[201~")
	term.waitText("You pasted 2 lines")
	term.press("\r")
	term.waitText("Rosey ▸ two lines")
	term.press("\x15\x1bOP") // ctrl+u, F1
	term.waitText("Everywhere")
	term.press("x")
	term.waitFor("the chat again", func(s string) bool { return !strings.Contains(s, "Everywhere") })
	term.press("\x1b[5~")
	term.waitText("↓ live")
	term.press("\x03")
	if err := term.ended(); err != nil {
		t.Error(err)
	}
	if term.emu.IsAltScreen() || term.emu.CursorHidden() {
		t.Error("the terminal was not given back")
	}
}

func TestARealTerminalIsGivenBackAfterACrash(t *testing.T) {
	d := echoBot("movienight", make(chan roomUpdate))
	d.request = func(string, string, bus.Command) (bus.CommandReply, error) { panic("crash on purpose") }
	term := openTerminal(t, 80, 24, func(with ...tea.ProgramOption) error {
		return show(t.Context(), testOptions(), d, playScene(nil), with...)
	})
	term.waitText("good evening")
	term.press("x\r")
	if err := term.ended(); !errors.Is(err, tea.ErrProgramPanic) {
		t.Errorf("ended with %v", err)
	}
	if term.emu.IsAltScreen() || term.emu.CursorHidden() {
		t.Error("the terminal was not given back")
	}
}

func TestAResizeStormLeavesACleanScreen(t *testing.T) {
	resize := make(chan tea.WindowSizeMsg)
	term := openTerminal(t, 120, 40, func(with ...tea.ProgramOption) error {
		return show(t.Context(), testOptions(), echoBot("movienight", nil), func(ctx context.Context, p *pump, send func(tea.Msg)) {
			for _, u := range scene().updates {
				p.in <- u
			}
			for s := range resize {
				send(s)
			}
			<-ctx.Done()
		}, with...)
	})
	term.waitText("good evening")
	for i := range 120 {
		resize <- tea.WindowSizeMsg{Width: 1 + i*53%500, Height: 1 + i*31%200}
	}
	resize <- tea.WindowSizeMsg{Width: 120, Height: 40}
	close(resize)
	term.waitFor("the whole screen", func(s string) bool {
		rows := strings.Split(s, "\n")
		return len(rows) == 40 && strings.HasPrefix(rows[0], " rosey │ movienight") &&
			strings.Contains(rows[36], "good evening") && strings.HasPrefix(rows[38], " Rosey ▸")
	})
}

func TestAFloodInARealTerminalLeavesTypingAlone(t *testing.T) {
	more := make(chan roomUpdate)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		for n := 0; ; n++ {
			select {
			case <-ctx.Done():
				return
			case more <- roomUpdate{room: "movienight", Update: event(message("21:04", "bob", fmt.Sprint("flood ", n)))}:
			}
			if n%50 == 0 {
				time.Sleep(10 * time.Millisecond) // 5,000 lines a second
			}
		}
	}()
	term := openTerminal(t, 80, 24, func(with ...tea.ProgramOption) error {
		return show(t.Context(), testOptions(), echoBot("movienight", nil), playScene(more), with...)
	})
	term.waitText("flood 5")
	term.press("typing goes on")
	term.waitText("Rosey ▸ typing goes on")
}
