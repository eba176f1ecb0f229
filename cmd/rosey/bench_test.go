package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// BenchmarkRunStart measures `rosey run` from exec to its last start-up line,
// with embedded NATS, both streams, a new database, and a site that does not
// answer: CyTube is not waited for.
func BenchmarkRunStart(b *testing.B) {
	if _, err := binary(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		h := newHome(b)
		h.write(b, "config.json", v2(freeAddress(b), `"embedded": "auto"`))
		cmd := h.command(b, "run")
		out, err := cmd.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		for s := bufio.NewScanner(out); s.Scan() && !strings.Contains(s.Text(), "[*] Starting bot..."); {
		}
		b.StopTimer()
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			b.Fatal(err)
		}
		_ = cmd.Wait()
		b.StartTimer()
	}
}

// BenchmarkDemoFirstFrame measures `rosey tui --demo` from exec to the first
// painted frame: NATS, database, bot and the demo's CyTube server are up then.
func BenchmarkDemoFirstFrame(b *testing.B) {
	if _, err := binary(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		cmd := newHome(b).command(b, "tui", "--demo")
		b.StartTimer()
		tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 120, Rows: 40})
		if err != nil {
			b.Fatal(err)
		}
		readUntil(b, tty, "CyTube")
		b.StopTimer()
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			b.Fatal(err)
		}
		drain(tty)
		_ = cmd.Wait()
		_ = tty.Close()
		b.StartTimer()
	}
}

func readUntil(b *testing.B, tty *os.File, want string) {
	b.Helper()
	var seen []byte
	buf := make([]byte, 64<<10)
	for !bytes.Contains(seen, []byte(want)) {
		n, err := tty.Read(buf)
		if err != nil {
			b.Fatal(fmt.Errorf("it ended after %q: %w", seen, err))
		}
		seen = append(seen, buf[:n]...)
	}
}

func drain(tty *os.File) {
	buf := make([]byte, 64<<10)
	for {
		if _, err := tty.Read(buf); err != nil {
			return
		}
	}
}

// BenchmarkShellSay measures `rosey shell say hi` from exec to exit, with the
// room from the config and with the room that is asked around for.
func BenchmarkShellSay(b *testing.B) {
	if _, err := binary(); err != nil {
		b.Fatal(err)
	}
	h := newHome(b)
	s := newScript(b, h)
	h.write(b, "config.json", fmt.Sprintf(`{"version": "2.0", "nats": {"url": %q},
  "platforms": [{"type": "cytube", "name": "den", "enabled": true, "domain": "http://127.0.0.1:1", "channel": "den"}]}`, s.server.URL()))
	for name, args := range map[string][]string{
		"config":    {"shell", "-c", "config.json", "say", "hi"},
		"no config": {"shell", "--nats", s.server.URL(), "say", "hi"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				cmd := h.command(b, args...)
				if name == "no config" {
					cmd.Dir = b.TempDir()
				}
				if out, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
			}
		})
	}
}
