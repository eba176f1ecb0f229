package migrate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRollback(t *testing.T) {
	f := newFolder(t, "lost-by-the-script.json")
	f.apply(t, Options{})
	migrated := string(read(t, f.file))
	for _, named := range []string{f.file, ""} {
		r, err := PlanRollback(f.state, named)
		if err != nil {
			t.Fatal(err)
		}
		if r.File != f.file || !r.Verified || r.Changed || !strings.Contains(r.Diff(), `-	"version": "2.0"`) {
			t.Errorf("rollback %+v\n%s", r, r.Diff())
		}
		if shown := r.Diff() + fmt.Sprintf("%+v", *r); strings.Contains(shown, planted) {
			t.Errorf("a secret is shown:\n%s", shown)
		}
	}
	r, err := PlanRollback(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	out, err := r.Apply(t.Context(), RollbackOptions{StateDir: f.state})
	if err != nil {
		t.Fatal(err)
	}
	if string(read(t, f.file)) != string(f.source) || string(read(t, out.Kept)) != migrated || out.Kept != f.file+".v2.bak" {
		t.Errorf("the source did not come back, or what it replaced was not kept: %+v", out)
	}
	for _, named := range []string{f.file, ""} {
		if _, err := PlanRollback(f.state, named); err == nil {
			t.Errorf("%q: a second rollback has something to do", named)
		}
	}
	// And forth again: the backup is there already, and serves again.
	if again := f.apply(t, Options{}); again.Backup != f.file+".bak" || string(read(t, f.file)) != migrated {
		t.Errorf("the second migration: %+v", again)
	}
}

// What comes back has the rights that it had; with a secret in it, its owner's
// alone.
func TestRollbackBringsTheModeBack(t *testing.T) {
	for _, test := range []struct {
		fixture    string
		mode, want os.FileMode
		warned     string
	}{
		{"minimal.json", 0o644, 0o644, ""}, {"minimal.json", 0o640, 0o640, ""},
		{"full.json", 0o644, 0o600, "it had mode 0644: chmod 0644 "}, {"full.json", 0o600, 0o600, ""},
	} {
		f := newFolder(t, test.fixture)
		if err := os.Chmod(f.file, test.mode); err != nil {
			t.Fatal(err)
		}
		out := f.apply(t, Options{})
		if err := os.Chmod(out.Backup, 0o600); err != nil { // what the migration saw counts
			t.Fatal(err)
		}
		r, err := PlanRollback(f.state, f.file)
		if warned := strings.Join(r.Warnings, " "); err != nil || (warned == "") != (test.warned == "") || !strings.Contains(warned, test.warned) {
			t.Fatalf("%s: %v, warned %q", test.fixture, err, warned)
		}
		if _, err := r.Apply(t.Context(), RollbackOptions{StateDir: f.state}); err != nil {
			t.Fatal(err)
		}
		if got := perm(t, f.file); got != test.want {
			t.Errorf("%s had %04o, came back with %04o, want %04o", test.fixture, test.mode, got, test.want)
		}
	}
}

func TestRollbackKeepsWhatWasChangedSince(t *testing.T) {
	f := newFolder(t, "full.json")
	f.apply(t, Options{})
	edited := strings.Replace(string(read(t, f.file)), "movienight", "cinema", 1)
	if err := os.WriteFile(f.file, []byte(edited), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := PlanRollback(f.state, f.file)
	if err != nil || !r.Changed {
		t.Fatalf("rollback %+v, %v", r, err)
	}
	out, err := r.Apply(t.Context(), RollbackOptions{StateDir: f.state})
	if err != nil || string(read(t, out.Kept)) != edited {
		t.Errorf("the edited file was not kept: %+v, %v", out, err)
	}
}

func TestRollbackWithoutARecord(t *testing.T) {
	f := newFolder(t, "full.json")
	f.apply(t, Options{})
	r, err := PlanRollback(t.TempDir(), f.file)
	if err != nil || r.Verified {
		t.Fatalf("rollback %+v, %v", r, err)
	}
	if _, err := r.Apply(t.Context(), RollbackOptions{StateDir: t.TempDir()}); err != nil || string(read(t, f.file)) != string(f.source) {
		t.Errorf("the source did not come back: %v", err)
	}
}

func TestRollbackSaysWhereTheBackupShouldBe(t *testing.T) {
	f := newFolder(t, "full.json")
	out := f.apply(t, Options{})
	if err := os.Remove(out.Backup); err != nil {
		t.Fatal(err)
	}
	if _, err := PlanRollback(f.state, f.file); err == nil || !strings.Contains(err.Error(), "no such file as its backup "+out.Backup) {
		t.Errorf("it said %v", err)
	}
}

func TestRollbackRefuses(t *testing.T) {
	cases := map[string]struct {
		opts Options
		do   func(folder) error
		want string
	}{
		"a backup that was changed": {do: func(f folder) error { return os.WriteFile(f.file+".bak", []byte("{}"), 0o600) }, want: "was changed since"},
		"a backup that is gone":     {do: func(f folder) error { return os.Remove(f.file + ".bak") }, want: "no such file"},
		"the old file in place":     {do: func(f folder) error { return os.WriteFile(f.file, f.source, 0o600) }, want: "old file already"},
		"no backup":                 {opts: Options{NoBackup: true}, want: "without a backup"},
	}
	for name, test := range cases {
		f := newFolder(t, "full.json")
		f.apply(t, test.opts)
		if test.do != nil {
			if err := test.do(f); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := PlanRollback(f.state, f.file); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want a sentence with %q", name, err, test.want)
		}
	}
	f := newFolder(t, "full.json")
	if _, err := PlanRollback(f.state, f.file); !errors.Is(err, ErrNoRecord) {
		t.Errorf("a file that was never migrated: %v", err)
	}
}

func TestRollbackOfAFileThatChangesMeanwhile(t *testing.T) {
	f := newFolder(t, "full.json")
	f.apply(t, Options{})
	r, err := PlanRollback(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Apply(t.Context(), RollbackOptions{StateDir: f.state}); !errors.Is(err, ErrChanged) || string(read(t, f.file)) != "{}" {
		t.Errorf("error %v", err)
	}
}

// Errors at every step leave the new file or the old one, and no litter.
func TestRollbackErrorAtEveryStep(t *testing.T) {
	boom := errors.New("boom")
	for n := range 20 {
		f := newFolder(t, "full.json")
		f.apply(t, Options{})
		migrated := string(read(t, f.file))
		r, err := PlanRollback(f.state, f.file)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		_, err = r.Apply(t.Context(), RollbackOptions{StateDir: f.state, Step: func(Step) error {
			if i++; i > n {
				return boom
			}
			return nil
		}})
		if err == nil {
			if n < 8 {
				t.Errorf("a rollback takes only %d steps: the test sees none", n)
			}
			return
		}
		if string(read(t, f.file)) != migrated {
			t.Errorf("step %d: the file was changed", n)
		}
		if slices.ContainsFunc(f.files(t), func(name string) bool { return strings.HasPrefix(filepath.Base(name), ".") }) {
			t.Errorf("step %d: left behind: %q", n, f.files(t))
		}
	}
	t.Error("a rollback takes more steps than the test looks at")
}
