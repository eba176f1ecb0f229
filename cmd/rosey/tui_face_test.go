package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDemoAsLines(t *testing.T) {
	h := newHome(t)
	cmd := h.command(t, "tui", "--demo", "--plain", "--ascii")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: cmd}
	cmd.Stdout, cmd.Stderr = lockedWriter{&p.mu, &p.out}, lockedWriter{&p.mu, &p.err}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	p.waitFor("-- CyTube is up")
	for _, line := range []string{"said in plain words\n", "/users\n", "/nonsense\n"} {
		if _, err := io.WriteString(in, line); err != nil {
			t.Fatal(err)
		}
	}
	p.waitFor("Rosey: said in plain words")
	p.waitFor("-- Hildy_J, a moderator")
	p.waitFor("/nonsense is no command here, so it was not sent")
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v: %s", err, p.stderr())
	}
	if out := p.stdout(); strings.ContainsAny(out, "\x1b\r\a") {
		t.Errorf("control characters in %q", out)
	}
}

func TestSnapshotOfTheDemo(t *testing.T) {
	h := newHome(t)
	for _, end := range []string{".svg", ".txt", ".ansi"} {
		path := filepath.Join(h.dir, "room"+end)
		r := h.run(t, "tui", "--demo", "--snapshot", path, "--size", "100x30", "--keys", "until:MODERATORS,type:hello there,until:hello there")
		if r.code != 0 {
			t.Fatalf("%s: exit code %d: %s", end, r.code, r.err)
		}
		data, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(data), "hello there") {
			t.Errorf("%s: %v, in it:\n%s", end, err, data)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, mode %v: private messages are for the operator's eyes", end, err, info.Mode())
		}
		for d := xml.NewDecoder(strings.NewReader(string(data))); end == ".svg"; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("not XML: %v", err)
			}
		}
	}
}

func TestFacesThatDoNotGoTogether(t *testing.T) {
	h := newHome(t)
	for _, args := range [][]string{
		{"--plain", "--snapshot", "x.svg"}, {"--ascii"}, {"--snapshot", "x.png"}, {"--snapshot", "x.svg", "--size", "big"},
		{"--snapshot", "x.svg", "--size", "9999x1"}, {"--snapshot", "x.svg", "--keys", "nokey"},
	} {
		if r := h.run(t, append([]string{"tui", "--demo"}, args...)...); r.code != exitUsage {
			t.Errorf("%v: exit code %d, %s", args, r.code, r.err)
		}
	}
}

func TestValidateJudgesTheConsolesKeys(t *testing.T) {
	h := newHome(t)
	path := filepath.Join(h.dir, "config.yaml")
	text := "version: '2.0'\nnats: {url: nats://x}\nplatforms: [{domain: d, channel: c}]\ntui:\n  keys:\n    hepl: f10\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"config", "validate", "-c", path}, {"tui", "--attach", "--plain", "-c", path}} {
		r := h.run(t, args...)
		if r.code != exitConfig || !strings.Contains(r.err, path+":6:11: tui.keys.hepl: expected the name of a key") {
			t.Errorf("%v: exit code %d, %s%s", args, r.code, r.out, r.err)
		}
	}
}
