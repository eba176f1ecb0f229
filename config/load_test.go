package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
)

// planted stands wherever a fixture has a secret.
const planted = "planted-secret"

func setTestEnv(t *testing.T) {
	t.Helper()
	t.Setenv("ROSEY_TEST_PASSWORD", planted)
	t.Setenv("ROSEY_TEST_NATS", planted)
	t.Setenv("HOME", t.TempDir())
}

func files(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files at %s (%v)", pattern, err)
	}
	return paths
}

// report is all that a person sees of one file.
func report(warnings Warnings, err error) string {
	var out strings.Builder
	for _, w := range warnings {
		fmt.Fprintf(&out, "warning: %s\n", w)
	}
	if err != nil {
		out.WriteString(err.Error() + "\n")
	}
	return out.String()
}

// Every message of every bad file, word for word; run with -update after a
// change and read the difference.
func TestBadFiles(t *testing.T) {
	setTestEnv(t)
	for _, path := range append(files(t, "testdata/bad/*"), files(t, "testdata/v1/bad/*")...) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			cfg, warnings, err := Parse(filepath.Base(path), data)
			var problems *Error
			if !errors.As(err, &problems) || cfg != nil {
				t.Fatalf("got config %v and error %v, want no config and an *Error", cfg, err)
			}
			for _, p := range problems.Problems {
				if p.Line < 1 || p.Column < 1 || p.What == "" || p.Do == "" {
					t.Errorf("problem without place, text or advice: %+v", p)
				}
			}
			if text := report(warnings, err); strings.Contains(text, planted) {
				t.Errorf("a secret is shown:\n%s", text)
			}
			golden.RequireEqual(t, report(warnings, err))
		})
	}
}

func TestV1FilesAreRefusedWithTheCommandThatMigratesThem(t *testing.T) {
	for _, path := range files(t, "testdata/v1/*.*") {
		_, _, err := Load(t.Context(), path)
		if !errors.Is(err, ErrV1) {
			t.Errorf("%s: error is not ErrV1: %v", path, err)
		}
		if want := "rosey migrate " + path; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error does not say %q: %v", path, want, err)
		}
	}
	_, _, err := Parse("my bot's.json", []byte(`{"channel": "x"}`))
	if want := `rosey migrate 'my bot'\''s.json'`; !strings.Contains(err.Error(), want) {
		t.Errorf("error does not say %q: %v", want, err)
	}
}

// Good files load; what they warn of and what they come to is kept.
func TestGoodFiles(t *testing.T) {
	setTestEnv(t)
	for _, path := range files(t, "testdata/good/*") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			cfg, warnings, err := Parse(filepath.Base(path), data)
			if err != nil {
				t.Fatal(err)
			}
			shown, err := Show(cfg, false)
			if err != nil {
				t.Fatal(err)
			}
			asJSON, err := Show(cfg, true)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(shown)+string(asJSON), planted) {
				t.Error("a secret is shown")
			}
			golden.RequireEqual(t, report(warnings, nil)+string(shown))
		})
	}
}

func TestGoodFilesLoadFromWhereTheyLie(t *testing.T) {
	setTestEnv(t)
	for _, path := range files(t, "testdata/good/*") {
		cfg, _, err := Load(t.Context(), path)
		if err != nil {
			t.Error(err)
		} else if cfg.Path != path {
			t.Errorf("Path is %q, want %q", cfg.Path, path)
		}
	}
}

func TestV050ExampleMeansWhatItMeant(t *testing.T) {
	data, err := os.ReadFile("testdata/good/v0.5.0-example.json")
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := Parse("config.json", data)
	if err != nil {
		t.Fatal(err)
	}
	want := Platform{
		Type: "cytube", Name: "primary", Enabled: true, Domain: "https://cytu.be",
		Channel: "YourChannelName", User: "YourUsername", Password: "YourPassword",
		ResponseTimeout: 1, RestartDelay: 5,
	}
	if len(got.Platforms) != 1 || got.Platforms[0] != want {
		t.Errorf("platforms are %#v, want %#v", got.Platforms, want)
	}
	if !reflect.DeepEqual(got.NATS, Default().NATS) || got.Database != Default().Database || !reflect.DeepEqual(got.TUI, Default().TUI) {
		t.Error("nats, database or tui differ from the defaults")
	}
}

func TestPythonsMigratedFileKeepsItsPairs(t *testing.T) {
	data, err := os.ReadFile("testdata/good/migrated-by-python.json")
	if err != nil {
		t.Fatal(err)
	}
	cfg, warnings, err := Parse("config.json", data)
	if err != nil || len(warnings) > 0 {
		t.Fatalf("warnings %v, error %v", warnings, err)
	}
	p := cfg.Platforms[0]
	if p.Channel != "movienight" || p.ChannelPassword != "dooré 😀" || p.User != "Rosey" || p.Password != `pa$$wörd "$HOME"` {
		t.Errorf("channel %q %q, user %q %q", p.Channel, p.ChannelPassword.Reveal(), p.User, p.Password.Reveal())
	}
	if p.Proxy != "127.0.0.1:1080" || cfg.Shell != (Shell{Enabled: true, Host: "localhost", Port: 5555}) || p.RestartDelay != 5 {
		t.Errorf("proxy %q, shell %+v, restart delay %v", p.Proxy, cfg.Shell, p.RestartDelay)
	}
}

func TestOneKey(t *testing.T) {
	setTestEnv(t)
	platform := func(keys string) string {
		return `{"version": "2.0", "nats": {"url": "nats://x"}, "platforms": [{"domain": "d", "channel": "c"` + keys + `}]}`
	}
	top := func(keys string) string {
		return `{"version": "2.0", "nats": {"url": "nats://x"}, "platforms": [{"domain": "d", "channel": "c"}]` + keys + `}`
	}
	tests := []struct {
		name, text string
		got        func(*Config) any
		want       any
	}{
		{"user null", platform(`, "user": null`), func(c *Config) any { return c.Platforms[0].User }, ""},
		{"user of one", platform(`, "user": ["me"]`), func(c *Config) any { return c.Platforms[0].User }, "me"},
		{"user of none", platform(`, "user": []`), func(c *Config) any { return c.Platforms[0].User }, ""},
		{"user without password", platform(`, "user": ["me", null]`), func(c *Config) any { return c.Platforms[0].Password }, Secret("")},
		{"environment", platform(`, "user": "a${ROSEY_TEST_NATS}b"`), func(c *Config) any { return c.Platforms[0].User }, "a" + planted + "b"},
		{"escaped environment", platform(`, "name": "$${HOME} $HOME $$ ${} ${1}"`), func(c *Config) any { return c.Platforms[0].Name }, "${HOME} $HOME $$ ${} ${1}"},
		{"domain", platform(``), func(c *Config) any { return c.Platforms[0].Domain }, "https://d"},
		{"proxy of IPv6", platform(`, "proxy": "[::1]:9050"`), func(c *Config) any { return c.Platforms[0].Proxy }, "[::1]:9050"},
		{"shell null", top(`, "shell": null`), func(c *Config) any { return c.Shell.Enabled }, false},
		{"shell false", top(`, "shell": false`), func(c *Config) any { return c.Shell.Enabled }, false},
		{"shell empty", top(`, "shell": ""`), func(c *Config) any { return c.Shell.Enabled }, false},
		{"shell text", top(`, "shell": "here:1"`), func(c *Config) any { return c.Shell }, Shell{true, "here", 1}},
		{"level", top(`, "logging": {"level": "WARNING"}`), func(c *Config) any { return c.Logging.Level }, "warning"},
		{"null section", top(`, "database": null`), func(c *Config) any { return c.Database.Path }, "bot_data.db"},
		{"whole number with a point", top(`, "retry": 3.0`), func(c *Config) any { return c.Retry }, 3},
		{"proxy for all", top(`, "proxy": "host"`), func(c *Config) any { return c.Platforms[0].Proxy }, "host:1080"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg, _, err := Parse("config.json", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := test.got(cfg); got != test.want {
				t.Errorf("got %#v, want %#v", got, test.want)
			}
		})
	}
}

func TestFormatWithoutExtensionGoesByContent(t *testing.T) {
	for _, text := range []string{
		`{"nats": {"url": "nats://x"}, "platforms": [{"domain": "d", "channel": "c"}]}`,
		"\xef\xbb\xbfnats: {url: nats://x}\r\nplatforms: [{domain: d, channel: c}]\r\n",
	} {
		if _, _, err := Parse("rosey.conf", []byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, _, err := Parse("rosey.conf", []byte(`{"nats": {},}`)); err == nil || !strings.Contains(err.Error(), "comma") {
		t.Errorf("a trailing comma was not judged as JSON: %v", err)
	}
}

func TestFind(t *testing.T) {
	home, here := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("ROSEY_CONFIG", "")
	t.Chdir(here)
	find := func(flag, want string) {
		t.Helper()
		got, err := Find(flag)
		if err != nil || got != want {
			t.Errorf("Find(%q) is %q, %v; want %q", flag, got, err, want)
		}
	}
	touch := func(path string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}

	_, err := Find("")
	var problems *Error
	if !errors.Is(err, ErrNone) || !errors.As(err, &problems) || !strings.Contains(err.Error(), filepath.Join(home, "rosey")) {
		t.Errorf("nothing anywhere: %v", err)
	}
	touch(filepath.Join(home, "rosey", "config.yaml"))
	find("", filepath.Join(home, "rosey", "config.yaml"))
	touch("config.yml")
	find("", "config.yml")
	touch("config.json")
	find("", "config.json")
	t.Setenv("ROSEY_CONFIG", "/env.json")
	find("", "/env.json")
	find("flag.json", "flag.json")
}

func TestLoadOfNoFile(t *testing.T) {
	_, _, err := Load(t.Context(), filepath.Join(t.TempDir(), "config.json"))
	var problems *Error
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &problems) {
		t.Errorf("error is %v, want an *Error over fs.ErrNotExist", err)
	}
	if _, _, err := Load(t.Context(), t.TempDir()); !errors.As(err, &problems) {
		t.Errorf("a folder: error is %v, want an *Error", err)
	}
}

func TestXDG(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	t.Setenv("XDG_CONFIG_HOME", "relative/is/ignored")
	t.Setenv("XDG_DATA_HOME", "/data")
	t.Setenv("XDG_STATE_HOME", "")
	for _, test := range []struct {
		dir  func() (string, error)
		want string
	}{{ConfigDir, "/home/me/.config/rosey"}, {DataDir, "/data/rosey"}, {StateDir, "/home/me/.local/state/rosey"}} {
		if got, err := test.dir(); err != nil || got != test.want {
			t.Errorf("got %q, %v; want %q", got, err, test.want)
		}
	}
	t.Setenv("HOME", "")
	if _, err := StateDir(); err == nil {
		t.Error("no home and no variable: no error")
	}
}

func TestManyProblemsAreCut(t *testing.T) {
	text := `{"nats": {"url": "nats://x"}, "platforms": [` + strings.Repeat("1,", 999) + `1], ` + strings.Repeat(`"a": 1, `, 9999) + `"a": 1}`
	_, warnings, err := Parse("config.json", []byte(text))
	var problems *Error
	if !errors.As(err, &problems) || len(problems.Problems) != maxProblems+1 || len(warnings) != maxProblems {
		t.Fatalf("%d warnings, error %v", len(warnings), err)
	}
	if last := problems.Problems[maxProblems]; !strings.HasPrefix(last.What, "and more") || last.Line != 1 {
		t.Errorf("the last problem is %+v", last)
	}
}

func BenchmarkParse(b *testing.B) {
	text, err := os.ReadFile("testdata/good/v0.5.0-example.json")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Parse("config.json", text); err != nil {
			b.Fatal(err)
		}
	}
}

// What only a key's user can judge is told with its place all the same.
func TestProblemOfAKeyThatOnlyItsUserCanJudge(t *testing.T) {
	cfg, _, err := Parse("config.yaml", []byte("version: '2.0'\nnats: {url: nats://x}\nplatforms: [{domain: d, channel: c}]\ntui:\n  keys:\n    hepl: f1\n"))
	if err != nil {
		t.Fatal(err)
	}
	p := cfg.Problem("tui.keys.hepl", "there is no such key", "write help")
	if got, want := p.String(), "config.yaml:6:11: tui.keys.hepl: there is no such key; write help"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if p := Default().Problem("tui.theme", "wrong", ""); p.String() != "the defaults: tui.theme: wrong" {
		t.Errorf("of the defaults: %q", p)
	}
}

func TestRereadNeedsNoPassword(t *testing.T) {
	path := write(t, 0o600, "password_command: exit 1")
	if _, _, err := Load(t.Context(), path); err == nil {
		t.Error("Load did not run the command")
	}
	if cfg, _, err := Reread(path); err != nil || cfg.Platforms[0].PasswordCommand == "" {
		t.Errorf("Reread gives %v", err)
	}
	if _, _, err := Reread(path + "x"); err == nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Reread of no file gives %v", err)
	}
}
