package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// patience bounds a wait for something that must come. It is long because CI
// machines are slow; a passing test never waits it out.
const patience = 60 * time.Second

// binary builds rosey once for all tests of this package.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "rosey-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "rosey")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// home is a place of its own for one test: no file of the user's is seen.
type home struct{ dir string }

func newHome(t testing.TB) home {
	t.Helper()
	return home{dir: t.TempDir()}
}

func (h home) env(more ...string) []string {
	env := []string{
		"HOME=" + h.dir, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8",
		"XDG_CONFIG_HOME=" + filepath.Join(h.dir, "config"),
		"XDG_DATA_HOME=" + filepath.Join(h.dir, "data"),
		"XDG_STATE_HOME=" + filepath.Join(h.dir, "state"),
		"TMPDIR=" + h.dir, "ROSEY_CONFIG=",
	}
	return append(env, more...)
}

// command prepares rosey to run in h.
func (h home) command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env, cmd.Dir = h.env(), h.dir
	return cmd
}

// result is what a finished command left.
type result struct {
	out, err string
	code     int
}

// run runs rosey to its end.
func (h home) run(t testing.TB, args ...string) result {
	t.Helper()
	cmd := h.command(t, args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{out: out.String(), err: errOut.String(), code: cmd.ProcessState.ExitCode()}
}

// terminal is rosey under a pseudo-terminal with an emulator for a screen.
type terminal struct {
	t      testing.TB
	cmd    *exec.Cmd
	pty    *os.File
	screen *vt.SafeEmulator
	done   chan error
	line   atomic.Int64 // bytes a second that the terminal takes; 0: as they come

	mu   sync.Mutex
	raw  bytes.Buffer // all that was written to the terminal
	look func()       // called when the screen has taken something; may be nil
}

// after has f called whenever the screen has taken something.
func (x *terminal) after(f func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.look = f
}

func (h home) terminal(t testing.TB, width, height int, args ...string) *terminal {
	t.Helper()
	return openTerminal(t, width, height, h.command(t, args...))
}

// openTerminal runs cmd under a pseudo-terminal.
func openTerminal(t testing.TB, width, height int, cmd *exec.Cmd) *terminal {
	t.Helper()
	x := &terminal{t: t, cmd: cmd, screen: vt.NewSafeEmulator(width, height), done: make(chan error, 1)}
	var err error
	x.pty, err = pty.StartWithSize(x.cmd, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)})
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	readers.Go(x.read)
	go func() { _, _ = io.Copy(x.pty, x.screen) }() // the terminal's answers; ends with the process's tty
	go func() {
		err := x.cmd.Wait()
		readers.Wait()
		x.done <- err
	}()
	t.Cleanup(func() {
		_ = x.cmd.Process.Kill()
		_ = x.pty.Close()
		if t.Failed() {
			t.Logf("last screen:\n%s", x.text())
		}
	})
	return x
}

func (x *terminal) read() {
	buf := make([]byte, 64<<10)
	for {
		most := len(buf)
		if rate := int(x.line.Load()); rate > 0 {
			most = rate / 20
			time.Sleep(time.Second / 20)
		}
		n, err := x.pty.Read(buf[:most])
		x.mu.Lock()
		x.raw.Write(buf[:n])
		look := x.look
		x.mu.Unlock()
		_, _ = x.screen.Write(buf[:n])
		if look != nil {
			look()
		}
		if err != nil {
			return
		}
	}
}

// text is the screen without colours.
func (x *terminal) text() string { return ansi.Strip(x.screen.Render()) }

// written is everything the program ever wrote.
func (x *terminal) written() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.raw.String()
}

func (x *terminal) send(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.pty, keys); err != nil {
		x.t.Fatal(err)
	}
}

func (x *terminal) resize(width, height int) {
	x.t.Helper()
	x.screen.Resize(width, height)
	if err := pty.Setsize(x.pty, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		x.t.Fatal(err)
	}
}

// waitFor waits until the screen shows all texts at once.
func (x *terminal) waitFor(texts ...string) {
	x.t.Helper()
	x.waitUntil(fmt.Sprintf("%q", texts), func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

func (x *terminal) waitUntil(what string, ok func(screen string) bool) {
	x.t.Helper()
	waitUntil(x.t, what, func() bool { return ok(x.text()) })
}

// exit waits for the program to end and gives its exit code.
func (x *terminal) exit() int {
	x.t.Helper()
	select {
	case <-x.done:
		return x.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		x.t.Fatalf("rosey did not end; screen:\n%s", x.text())
		return -1
	}
}

// waitUntil polls for something that another process brings about.
func waitUntil(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("this did not come: %s", what)
}

// process is rosey in the background.
type process struct {
	t   testing.TB
	cmd *exec.Cmd

	mu       sync.Mutex
	out, err bytes.Buffer
}

// lockedWriter lets a test read a buffer that a process writes.
type lockedWriter struct {
	mu *sync.Mutex
	b  *bytes.Buffer
}

func (w lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (h home) start(t testing.TB, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: h.command(t, args...)}
	p.cmd.Stdout, p.cmd.Stderr = lockedWriter{&p.mu, &p.out}, lockedWriter{&p.mu, &p.err}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			_ = p.cmd.Process.Kill()
			_ = p.cmd.Wait()
		}
		if t.Failed() {
			t.Logf("rosey %v printed:\n%s\n%s", args, p.stdout(), p.stderr())
		}
	})
	return p
}

func (p *process) stdout() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

func (p *process) stderr() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err.String()
}

func (p *process) waitFor(text string) {
	p.t.Helper()
	waitUntil(p.t, fmt.Sprintf("%q on standard output", text), func() bool { return strings.Contains(p.stdout(), text) })
}

// kill ends the process as a crash would.
func (p *process) kill() {
	p.t.Helper()
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// stop asks the process to end and gives its exit code.
func (p *process) stop() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}
