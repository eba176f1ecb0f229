package config

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// write puts a configuration with one platform into a folder of its own.
func write(t *testing.T, mode os.FileMode, keys string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	text := "version: '2.0'\nnats: {url: nats://x}\nplatforms:\n  - domain: d\n    channel: c\n    user: me\n    " + keys + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPasswordSources(t *testing.T) {
	setTestEnv(t)
	home := os.Getenv("HOME")
	if err := os.WriteFile(filepath.Join(home, "pw"), []byte("from home"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, keys string
		beside     string // the text of a file pw beside the configuration
		want, err  string
	}{
		{"file", "password_file: pw", "  two words\r\n", "  two words", ""},
		{"file in the home folder", "password_file: ~/pw", "", "from home", ""},
		{"command", "password_command: cat pw; echo ${ROSEY_TEST_NATS}", "a", "a" + planted, ""},
		{"environment", "password: ${ROSEY_TEST_PASSWORD}", "", planted, ""},
		{"no file", "password_file: " + planted, "", "", "no such file"},
		{"empty file", "password_file: pw", "\n", "", "nothing"},
		{"large file", "password_file: pw", strings.Repeat("x", passwordLimit+1), "", "more than 65536 bytes"},
		{"folder", "password_file: .", "", "", "is a directory"},
		{"failing command", "password_command: echo " + planted + " >&2; exit 3", "", "", "exit status 3"},
		{"silent command", "password_command: 'true'", "", "", "nothing"},
		{"endless command", "password_command: yes", "", "", "more than 65536 bytes"},
		{"two sources", "password: " + planted + "\n    password_command: echo " + planted, "", "", "several: password, password_command"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, 0o600, test.keys)
			if test.beside != "" {
				if err := os.WriteFile(filepath.Join(filepath.Dir(path), "pw"), []byte(test.beside), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cfg, warnings, err := Load(t.Context(), path)
			if text := report(warnings, err); strings.Contains(text, planted) || len(warnings) > 0 {
				t.Errorf("a secret or a warning:\n%s", text)
			}
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || !strings.Contains(err.Error(), "platforms[0].password") {
					t.Fatalf("error is %v, want one of platforms[0].password… with %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := cfg.Platforms[0].Password.Reveal(); got != test.want {
				t.Errorf("password is %q, want %q", got, test.want)
			}
			for _, asJSON := range []bool{false, true} {
				if shown, err := Show(cfg, asJSON); err != nil || strings.Contains(string(shown), planted) {
					t.Errorf("error %v, or a secret:\n%s", err, shown)
				}
			}
		})
	}
}

func TestCommandIsCutAtItsDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	// The child keeps the pipe open, and must not keep us.
	_, err := runPassword(ctx, t.TempDir(), "sleep 600 & sleep 600")
	if err == nil || !strings.Contains(err.Error(), "in time") {
		t.Errorf("error is %v, want one that says it did not end in time", err)
	}
}

func TestFilesThatOthersCanRead(t *testing.T) {
	setTestEnv(t)
	tests := []struct {
		keys string
		mode os.FileMode
		warn bool
	}{
		{"password: " + planted, 0o600, false},
		{"password: " + planted, 0o640, true},
		{"password: " + planted, 0o604, true},
		{"password: ${ROSEY_TEST_PASSWORD}", 0o644, false},
		{"password_command: echo x", 0o644, false},
		{"enabled: true", 0o644, false},
		{"channel_password: " + planted, 0o644, true},
	}
	for _, test := range tests {
		path := write(t, test.mode, test.keys)
		_, warnings, err := Load(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		text := report(warnings, nil)
		if warned := strings.Contains(text, "chmod 600 "+path); warned != test.warn || strings.Contains(text, planted) {
			t.Errorf("%s, mode %o: %q", test.keys, test.mode, text)
		}
	}

	path := write(t, 0o644, "password_file: pw")
	pw := filepath.Join(filepath.Dir(path), "pw")
	if err := os.WriteFile(pw, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, warnings, err := Load(t.Context(), path); err != nil || !strings.Contains(report(warnings, nil), "chmod 600 "+pw) {
		t.Errorf("password file: warnings %v, error %v", warnings, err)
	}
}

func TestFilesThatAreNamedMustBeThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	text := "version: '2.0'\nnats: {url: nats://x, creds: a.creds, store_dir: store, tls: {ca: ca.pem}}\nplatforms: [{domain: d, channel: c}]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := Load(t.Context(), path)
	if err == nil || strings.Count(err.Error(), "no such file") != 2 ||
		!strings.Contains(err.Error(), ":2:30: nats.creds") || !strings.Contains(err.Error(), ":2:67: nats.tls.ca") {
		t.Fatalf("error is %v, want both files with their places", err)
	}
	for _, name := range []string{"a.creds", "ca.pem"} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg, _, err := Load(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(filepath.Dir(path), "store"); cfg.NATS.StoreDir != want {
		t.Errorf("store_dir is %q, want %q", cfg.NATS.StoreDir, want)
	}
}
