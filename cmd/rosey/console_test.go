package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// leftTerminal fails unless the program undid what it did to the terminal: the
// alternate screen left, the cursor shown, mouse and paste modes off.
func leftTerminal(t testing.TB, x *terminal) {
	t.Helper()
	w := x.written()
	for _, mode := range []struct{ on, off, name string }{
		{"\x1b[?1049h", "\x1b[?1049l", "alternate screen"},
		{"\x1b[?2004h", "\x1b[?2004l", "bracketed paste"},
		{"\x1b[?25l", "\x1b[?25h", "hidden cursor"},
		{"\x1b[?1002h", "\x1b[?1002l", "mouse"},
	} {
		if strings.LastIndex(w, mode.on) > strings.LastIndex(w, mode.off) {
			t.Errorf("the program left the terminal with its %s on", mode.name)
		}
	}
}

func TestDemoConsole(t *testing.T) {
	for _, size := range []struct{ width, height int }{{80, 24}, {160, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			h := newHome(t)
			x := h.terminal(t, size.width, size.height, "tui", "--demo")
			x.waitFor("rosey", "CyTube ●", "NATS ●", "DB ●", "movienight", "Rosey")
			x.send("popcorn is ready\r")
			x.waitUntil("the line said, in the room and no longer in the input", func(screen string) bool {
				lines := strings.Split(strings.TrimRight(screen, "\n "), "\n")
				return strings.Contains(strings.Join(lines[:max(0, len(lines)-3)], "\n"), "popcorn is ready")
			})
			for _, s := range [][2]int{{40, 10}, {200, 60}, {1, 1}, {size.width, size.height}} {
				x.resize(s[0], s[1])
			}
			x.send("still here\r")
			x.waitFor("CyTube ●", "still here")
			x.send("\x03")
			if code := x.exit(); code != 0 {
				t.Errorf("exit code %d, want 0", code)
			}
			leftTerminal(t, x)
			if left, err := filepath.Glob(filepath.Join(h.dir, "rosey-demo-*")); err != nil || len(left) > 0 {
				t.Errorf("the demo left %v behind (%v)", left, err)
			}
			for _, dir := range []string{"config", "data", "state"} {
				if _, err := os.Stat(filepath.Join(h.dir, dir, "rosey")); err == nil {
					t.Errorf("the demo wrote into the user's %s folder", dir)
				}
			}
		})
	}
}

func TestConsoleLeavesTheTerminalOnASignal(t *testing.T) {
	x := newHome(t).terminal(t, 80, 24, "tui", "--demo")
	x.waitFor("CyTube ●")
	if err := x.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	x.exit()
	leftTerminal(t, x)
}

func TestConsoleStartsWhereNothingAnswers(t *testing.T) {
	h := newHome(t)
	x := h.terminal(t, 100, 30, "tui", "--attach", "--nats", "nats://"+freeAddress(t))
	x.waitFor("rosey", "NATS")
	x.send("\x03")
	if code := x.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	leftTerminal(t, x)
}

// TestTwoConsolesOutliveTheServices is the evening of two moderators: both see
// one room, the services die under them, come back, and no line is missing or
// doubled on either screen.
func TestTwoConsolesOutliveTheServices(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	alice := site.puppet("Alice")

	services := h.start(t, "run")
	services.waitFor("[*] Starting bot...")
	consoles := []*terminal{
		h.terminal(t, 100, 40, "tui", "--attach"),
		h.terminal(t, 120, 50, "tui", "--attach"),
	}
	site.waitForBot()
	alice.Say("line one")
	for _, x := range consoles {
		x.waitFor("CyTube ●", "line one", "Alice")
	}

	services.kill()
	for _, x := range consoles {
		x.waitUntil("the loss of NATS", func(screen string) bool { return !strings.Contains(screen, "NATS ●") })
	}
	alice.Say("line two, while the bot was away")

	services = h.start(t, "run")
	services.waitFor("[*] Starting bot...")
	site.waitForBot()
	alice.Say("line three")
	for _, x := range consoles {
		x.waitFor("CyTube ●", "NATS ●", "line one", "line two, while the bot was away", "line three")
		screen := x.text()
		for _, line := range []string{"line one", "line two", "line three"} {
			if n := strings.Count(screen, line); n != 1 {
				t.Errorf("%q is on the screen %d times", line, n)
			}
		}
	}
	consoles[0].send("hello from the console\r")
	consoles[1].waitFor("hello from the console")
	for _, x := range consoles {
		x.send("\x03")
		x.exit()
	}
	if code := services.stop(); code != 0 {
		t.Errorf("the services exited with %d", code)
	}
}

// TestConsoleStartsOnlyWhatIsMissing opens a console without --attach on
// services that run.
func TestConsoleStartsOnlyWhatIsMissing(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	services := h.start(t, "run")
	site.waitForBot()
	x := h.terminal(t, 120, 40, "tui")
	site.puppet("Alice").Say("one of each")
	x.waitFor("CyTube ●", "DB ●", "one of each")
	x.send("\x1b[15~")
	x.waitFor("CONNECTIONS  4", "rosey-bot", "rosey-db", "rosey-tui@", "rosey-nats")
	x.send("\x03")
	x.exit()
	site.puppet("Bob").Say("still logged")
	waitUntil(t, "the line in the database", func() bool {
		return strings.Contains(h.run(t, "chat", "search", "logged").out, "still logged")
	})
	if said := services.stderr(); strings.Contains(said, "taken away") || strings.Contains(said, "standby") {
		t.Errorf("the services were disturbed: %s", said)
	}
}

func TestReadOnlyConsoleCannotSpeak(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	services := h.start(t, "run")
	services.waitFor("[*] Starting bot...")
	site.waitForBot()
	x := h.terminal(t, 100, 30, "tui", "--attach", "--read-only")
	x.waitFor("READ ONLY", "CyTube ●")
	site.puppet("Alice").Say("do you hear me")
	x.waitFor("do you hear me")
	x.send("forbidden words\r")
	site.puppet("bob").Say("after it")
	x.waitFor("after it")
	if strings.Contains(x.text(), "forbidden words") {
		t.Error("a read-only console took text for the room")
	}
}
