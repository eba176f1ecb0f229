package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// child gives the process that shows the console, which the guard started.
func (x *terminal) child() *os.Process {
	x.t.Helper()
	out, err := exec.Command("pgrep", "-P", strconv.Itoa(x.cmd.Process.Pid)).Output()
	if err != nil {
		x.t.Skipf("the child cannot be found without pgrep: %v", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		x.t.Fatalf("children: %q", out)
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		x.t.Fatal(err)
	}
	return p
}

// TestCrashGivesTheTerminalBack ends the console in ways that it cannot see
// coming, and looks at what the person is left with.
func TestCrashGivesTheTerminalBack(t *testing.T) {
	for _, tt := range []struct {
		name    string
		signal  syscall.Signal
		toGuard bool
		want    string
	}{
		{"abort", syscall.SIGABRT, false, "SIGABRT"},
		{"segmentation fault", syscall.SIGSEGV, false, "SIGSEGV"},
		{"quit", syscall.SIGQUIT, false, "SIGQUIT"},
		{"abort of the guard", syscall.SIGABRT, true, "SIGABRT"},
		{"killed", syscall.SIGKILL, false, "ended from outside"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHome(t)
			x := h.terminal(t, 80, 24, "tui", "--attach", "--nats", "nats://"+freeAddress(t))
			x.waitFor("rosey", "NATS")
			to := x.cmd.Process
			if !tt.toGuard {
				to = x.child()
			}
			if err := to.Signal(tt.signal); err != nil {
				t.Fatal(err)
			}
			if code := x.exit(); code != exitError {
				t.Errorf("exit code %d, want %d", code, exitError)
			}
			leftTerminal(t, x)
			if screen := x.text(); !strings.Contains(screen, tt.want) || strings.Contains(screen, "goroutine ") {
				t.Errorf("the person sees\n%s", screen)
			}
			if tt.signal == syscall.SIGKILL {
				return
			}
			log, err := os.ReadFile(filepath.Join(h.dir, "state", "rosey", "rosey.log"))
			if err != nil || !strings.Contains(string(log), "goroutine ") {
				t.Errorf("no trace in the log: %.300s (%v)", log, err)
			}
		})
	}
}

// TestConsoleEndsWithItsGuard says that a console does not stay on a terminal
// that is no longer its own.
func TestConsoleEndsWithItsGuard(t *testing.T) {
	x := newHome(t).terminal(t, 80, 24, "tui", "--demo")
	x.waitFor("CyTube ●")
	child := x.child()
	if err := x.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	x.exit()
	waitUntil(t, "the end of the child", func() bool { return child.Signal(syscall.Signal(0)) != nil })
}

func TestDumbTerminalIsRefused(t *testing.T) {
	cmd := newHome(t).command(t, "tui", "--demo")
	cmd.Env = append(cmd.Env, "TERM=dumb")
	tty, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	said, _ := io.ReadAll(tty) // a pty ends with an error on Linux
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitError || !strings.Contains(string(said), "rosey tui --plain") {
		t.Errorf("exit code %d, it said %s", code, said)
	}
	if strings.Contains(string(said), "\x1b") {
		t.Errorf("escape sequences on a dumb terminal: %q", said)
	}
}
