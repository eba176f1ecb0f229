package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"
)

// The console runs in a child of its own, under a guard that does nothing but
// wait: a process that crashes cannot give the terminal back, and the shell
// that waits for the guard does not touch the terminal before the guard has.

// underGuard is set in the child's environment; the file descriptors that the
// guard passes follow.
const underGuard = "ROSEY_UNDER_GUARD"

const (
	crashFD = 3 // the child writes its trace there when it crashes
	lifeFD  = 4 // ends when the child is to stop, or the guard is gone
)

// maxTrace bounds what is kept of a crash's trace.
const maxTrace = 4 << 20

// exited carries the exit code of a child that has said itself what was wrong.
type exited struct{ code int }

func (e exited) Error() string { return "exit code " + strconv.Itoa(e.code) }

// guarded tells whether this process is the child of a guard, and if so lets
// the guard have its crashes and end it. The returned context ends with ctx or
// when the guard says.
func guarded(ctx context.Context) (context.Context, bool) {
	if runtime.GOOS == "windows" {
		return ctx, true // no files can be passed to a child there: it goes without
	}
	if os.Getenv(underGuard) == "" {
		return ctx, false
	}
	_ = os.Unsetenv(underGuard) // fails for malformed names only
	crash, life := os.NewFile(crashFD, "crash"), os.NewFile(lifeFD, "life")
	if err := debug.SetCrashOutput(crash, debug.CrashOptions{}); err != nil {
		fmt.Fprintln(crash, err) // the guard then tells it as a crash
	}
	_ = crash.Close() // the runtime has its own copy
	ctx, cancel := context.WithCancel(ctx)
	go func() { // ends with the process, as the guard does not end before it
		_, _ = io.Copy(io.Discard, life)
		cancel()
	}()
	return ctx, true
}

// guard runs this same command line in a child and waits for it. When the child
// dies without having given the terminal back, the guard does, and says where
// the trace is: in the log in dir, or in a file of its own when dir is empty.
func guard(ctx context.Context, g *global, dir string) error {
	before, err := term.GetState(int(os.Stdin.Fd()))
	if err != nil {
		return fmt.Errorf("look at the terminal: %w", err)
	}
	child, err := startChild()
	if err != nil {
		return fmt.Errorf("start console: %w", err)
	}
	err = child.wait(ctx)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("wait for console: %w", err)
	}
	trace := <-child.trace
	if len(trace) == 0 && child.cmd.ProcessState.Exited() {
		if code := child.cmd.ProcessState.ExitCode(); code != 0 {
			return exited{code}
		}
		return nil
	}
	if err := term.Restore(int(os.Stdin.Fd()), before); err != nil {
		fmt.Fprintf(g.err, "rosey: the terminal was not restored, run `stty sane`: %v\n", err)
	}
	_, _ = io.WriteString(os.Stdout, cleanTerminal) // what fails here fails for every line after it too
	return crashed(child.cmd.ProcessState, trace, dir)
}

// cleanTerminal undoes whatever a console may have set.
var cleanTerminal = ansi.ResetModeSynchronizedOutput + ansi.PopKittyKeyboard(1) + ansi.ResetModifyOtherKeys +
	ansi.ResetModeMouseButtonEvent + ansi.ResetModeMouseAnyEvent + ansi.ResetModeMouseExtSgr + ansi.ResetModeFocusEvent +
	ansi.ResetModeBracketedPaste + ansi.ResetModeUnicodeCore + ansi.ResetStyle +
	ansi.ResetModeAltScreenSaveCursor + ansi.SetModeTextCursorEnable

// crashed writes the trace down and says what happened.
func crashed(state *os.ProcessState, trace []byte, dir string) error {
	if len(trace) == 0 {
		return fmt.Errorf("the console was ended from outside (%s); the terminal is yours again", state)
	}
	f, err := openTrace(dir)
	if err == nil {
		_, err = fmt.Fprintf(f, "\n%s the console crashed (%s)\n%s\n", time.Now().Format(time.RFC3339), state, trace)
		err = errors.Join(err, f.Close())
	}
	first, _, _ := strings.Cut(string(trace), "\n")
	if err != nil {
		return fmt.Errorf("the console crashed: %s; the trace could not be written: %w", ansi.Strip(first), err)
	}
	return fmt.Errorf("the console crashed: %s; the trace is at the end of %s: please report it", ansi.Strip(first), f.Name())
}

func openTrace(dir string) (*os.File, error) {
	if dir == "" {
		return os.CreateTemp("", "rosey-crash-*.log")
	}
	return openLogFile(dir)
}

// child is a console under guard.
type child struct {
	cmd   *exec.Cmd
	life  *os.File
	trace chan []byte // of a crash, once the child has ended
}

func startChild() (_ *child, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	crashRead, crashWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer crashWrite.Close()
	lifeRead, lifeWrite, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, crashRead.Close())
	}
	defer lifeRead.Close()
	c := &child{cmd: exec.Command(self, os.Args[1:]...), life: lifeWrite, trace: make(chan []byte, 1)}
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.cmd.Env = append(os.Environ(), underGuard+"=1")
	c.cmd.ExtraFiles = []*os.File{crashWrite, lifeRead}
	if err := c.cmd.Start(); err != nil {
		return nil, errors.Join(err, crashRead.Close(), lifeWrite.Close())
	}
	go func() {
		defer crashRead.Close()
		trace, _ := io.ReadAll(io.LimitReader(crashRead, maxTrace)) // what could be read is what there is
		_, _ = io.Copy(io.Discard, crashRead)
		c.trace <- trace
	}()
	return c, nil
}

// wait waits for the child. When ctx ends, or a signal comes, it asks the child
// to leave; a second signal ends the child at once.
func (c *child) wait(ctx context.Context) error {
	defer c.life.Close()
	ended := make(chan error, 1)
	go func() { ended <- c.cmd.Wait() }()
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGSEGV)
	defer signal.Stop(signals)
	for asked, done := false, ctx.Done(); ; {
		select {
		case err := <-ended:
			return err
		case <-done:
			_ = c.life.Close()
			done = nil
		case s := <-signals:
			switch {
			case s != os.Interrupt && s != syscall.SIGTERM:
				_ = c.cmd.Process.Signal(s) // meant for the program: it is the child that crashes
			case asked:
				_ = c.cmd.Process.Kill()
			}
			asked = asked || s == os.Interrupt || s == syscall.SIGTERM
		}
	}
}
