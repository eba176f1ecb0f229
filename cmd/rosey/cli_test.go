package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestHelpTeaches(t *testing.T) {
	h := newHome(t)
	r := h.run(t, "help")
	if r.code != 0 {
		t.Fatalf("exit %d: %s", r.code, r.err)
	}
	for _, want := range []string{"rosey tui --demo", "rosey run", "config", "events", "chat", "rosey migrate", "rosey check", "Exit codes"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("help does not mention %q", want)
		}
	}
}

func TestVersion(t *testing.T) {
	h := newHome(t)
	if r := h.run(t, "version"); !regexp.MustCompile(`^rosey \S+ \(commit \S+, go1\.\S+\)\n$`).MatchString(r.out) {
		t.Errorf("version printed %q", r.out)
	}
	var b build
	if r := h.run(t, "version", "--json"); json.Unmarshal([]byte(r.out), &b) != nil || b.Go == "" {
		t.Errorf("version --json printed %q", r.out)
	}
}

func TestExitCodes(t *testing.T) {
	h := newHome(t)
	h.write(t, "v1.json", `{"domain": "https://cytu.be", "channel": "x"}`)
	h.write(t, "bad.json", `{"version": "2.0", "nats": 5,}`)
	nothing := freeAddress(t)
	other := notNATS(t)
	h.write(t, "noserver.json", v2(nothing, `"embedded": false`))
	h.write(t, "busy.json", v2(other, `"embedded": "auto"`))
	tests := []struct {
		name string
		args []string
		code int
		want string // on standard error
	}{
		{"unknown command", []string{"frobnicate"}, exitUsage, "Try: rosey --help"},
		{"unknown flag", []string{"run", "--frobnicate"}, exitUsage, "Try: rosey run --help"},
		{"surplus argument", []string{"run", "twice"}, exitUsage, "Try: rosey run --help"},
		{"unknown part", []string{"run", "--only", "cat"}, exitUsage, "nats, db and bot"},
		{"no config", []string{"run"}, exitConfig, "rosey config init"},
		{"v1 config", []string{"run", "-c", "v1.json"}, exitConfig, "rosey migrate"},
		{"bad config", []string{"run", "-c", "bad.json"}, exitConfig, "bad.json:1:"},
		{"missing config", []string{"run", "-c", "nowhere.json"}, exitConfig, "nowhere.json"},
		{"no NATS", []string{"run", "-c", "noserver.json"}, exitNATS, nothing},
		{"port taken", []string{"run", "-c", "busy.json"}, exitNATS, other},
		{"no NATS for events", []string{"events", "--nats", "nats://" + nothing}, exitNATS, nothing},
		{"no NATS for search", []string{"chat", "search", "x", "--nats", "nats://" + nothing}, exitNATS, nothing},
		{"since when", []string{"events", "--since", "yesterday"}, exitUsage, "3d"},
		{"no terminal", []string{"tui", "--demo"}, exitError, "needs a terminal"},
		{"demo and attach", []string{"tui", "--demo", "--attach"}, exitUsage, "--demo"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := h.run(t, tt.args...)
			if r.code != tt.code {
				t.Errorf("exit %d, want %d; it said %s", r.code, tt.code, r.err)
			}
			if !strings.Contains(r.err, tt.want) {
				t.Errorf("standard error has no %q:\n%s", tt.want, r.err)
			}
			if strings.Contains(r.err, "goroutine ") || strings.Count(r.err, "\n") > 12 {
				t.Errorf("that is no sentence for a person:\n%s", r.err)
			}
		})
	}
}

// v2 is a config for a room that is never reached.
func v2(nats, more string) string {
	return `{"version": "2.0", "nats": {"url": "nats://` + nats + `", "connection_timeout": 1, ` + more + `},
  "platforms": [{"type": "cytube", "name": "primary", "enabled": true, "domain": "http://127.0.0.1:1", "channel": "x"}]}`
}

// notNATS is the address of something that talks, but not NATS.
func notNATS(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("SSH-2.0-something\r\n"))
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

// TestEachLineSaysWhoSpeaks is for logs in which several programs write.
func TestEachLineSaysWhoSpeaks(t *testing.T) {
	h := newHome(t)
	h.write(t, "bad.json", `{"version": "2.0", "nats": {"url": 5}, "platforms": [{"domain": "cytu.be", "user": "a b"}]}`)
	for _, args := range [][]string{{"run", "-c", "bad.json"}, {"config", "validate", "-c", "bad.json"}} {
		r := h.run(t, args...)
		lines := strings.Split(strings.TrimSpace(r.err), "\n")
		if r.code != exitConfig || len(lines) < 3 {
			t.Fatalf("%v: exit %d, %s", args, r.code, r.err)
		}
		for _, line := range lines {
			if !strings.HasPrefix(line, "rosey: ") {
				t.Errorf("%v: %s", args, line)
			}
		}
	}
}

func TestManPages(t *testing.T) {
	h := newHome(t)
	dir := filepath.Join(h.dir, "man")
	if r := h.run(t, "man", "--dir", dir); r.code != 0 {
		t.Fatal(r.err)
	}
	for _, page := range []string{"rosey.1", "rosey-tui.1", "rosey-run.1", "rosey-events.1", "rosey-chat-search.1", "rosey-config-validate.1", "rosey-migrate.1", "rosey-migrate-rollback.1", "rosey-check.1"} {
		if b, err := os.ReadFile(filepath.Join(dir, page)); err != nil || !strings.Contains(string(b), ".TH") {
			t.Errorf("%s is no man page (%v)", page, err)
		}
	}
}

func TestCompletions(t *testing.T) {
	h := newHome(t)
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if r := h.run(t, "completion", shell); r.code != 0 || !strings.Contains(r.out, "rosey") {
			t.Errorf("completion %s: exit %d", shell, r.code)
		}
	}
	if r := h.run(t, "__complete", "run", "--only", ""); !strings.Contains(r.out, "nats\ndb\nbot") {
		t.Errorf("--only completes to %q", r.out)
	}
}

func TestConfigCommands(t *testing.T) {
	h := newHome(t)
	path := filepath.Join(h.dir, "mine.yaml")
	if r := h.run(t, "config", "init", path); r.code != 0 {
		t.Fatal(r.err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the example is %v (%v), want 0600", info.Mode(), err)
	}
	if r := h.run(t, "config", "init", path); r.code == 0 {
		t.Error("init overwrote a file")
	}
	if r := h.run(t, "config", "validate", "-c", path); r.code != 0 {
		t.Errorf("our own example does not validate: %s", r.err)
	}
	h.write(t, "secret.json", `{"version": "2.0", "nats": {"url": "nats://me:hunter2@localhost:4222"},
  "platforms": [{"type": "cytube", "name": "primary", "enabled": true, "domain": "cytu.be", "channel": "x", "user": ["Rosey", "hunter2"]}]}`)
	for _, args := range [][]string{{"config", "show"}, {"config", "show", "--json"}, {"config", "validate"}} {
		r := h.run(t, append(args, "-c", "secret.json")...)
		if r.code != 0 || strings.Contains(r.out+r.err, "hunter2") {
			t.Errorf("%v: exit %d, printed\n%s%s", args, r.code, r.out, r.err)
		}
	}
	if r := h.run(t, "config", "schema"); !json.Valid([]byte(r.out)) || !strings.Contains(r.out, "2020-12") {
		t.Error("config schema prints no JSON Schema 2020-12")
	}
}

// A theme that there is not keeps nobody from the console, and is told all the
// same, at its place.
func TestAThemeThatThereIsNotIsTold(t *testing.T) {
	h := newHome(t)
	themes := filepath.Join(h.dir, "config", "rosey", "themes")
	if err := os.MkdirAll(themes, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"mine.yaml": "accent: 3", "torn.yaml": "accent: red"} {
		if err := os.WriteFile(filepath.Join(themes, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for theme, want := range map[string]string{
		"hall9000": `tui.theme: expected a theme, found "hall9000"; did you mean hal9000? There are default, `,
		"torn":     filepath.Join(themes, "torn.yaml") + `:1:9: accent: "red" is no colour`,
		"mine":     "",
	} {
		h.write(t, "c.json", strings.Replace(v2(freeAddress(t), `"embedded": false`), `  "platforms"`, `  "tui": {"theme": "`+theme+`"}, "platforms"`, 1))
		r := h.run(t, "config", "validate", "-c", "c.json")
		if r.code != 0 || !strings.Contains(r.out, "valid, version") || want == "" && strings.Contains(r.out, "warning") || !strings.Contains(r.out, want) {
			t.Errorf("%s: %+v", theme, r)
		}
		if theme == "hall9000" && !regexp.MustCompile(`warning: c\.json:2:\d+: `).MatchString(r.out) {
			t.Errorf("%s has no place: %s", theme, r.out)
		}
	}
	h.write(t, "c.json", strings.Replace(v2(freeAddress(t), `"embedded": false`), `  "platforms"`, `  "tui": {"theme": "hall9000"}, "platforms"`, 1))
	cmd := h.command(t, "tui", "--attach", "--plain", "-c", "c.json")
	var said bytes.Buffer
	cmd.Stderr, cmd.Stdin = &said, strings.NewReader("/quit\n")
	if err := cmd.Run(); err != nil || !strings.Contains(said.String(), "rosey: warning: c.json:2:") {
		t.Errorf("at the start: %v, %s", err, said.String())
	}
}

func TestPermissionsBlockIsPrinted(t *testing.T) {
	r := newHome(t).run(t, "nats", "permissions")
	for _, want := range []string{"authorization", "viewer", "operator", "rosey.cmd.>"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("the block has no %q", want)
		}
	}
}

func TestBinaryNeedsNoCgo(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "version", "-m", path).Output(); err != nil || !strings.Contains(string(out), "modernc.org/sqlite") {
		t.Errorf("go version -m: %v", err)
	}
}
