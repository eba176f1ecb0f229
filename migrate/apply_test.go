package migrate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// folder is a folder of the test's own with a copy of a fixture, and a state
// folder outside of it.
type folder struct {
	dir, file, state string
	source           []byte
}

func newFolder(t testing.TB, fixture string) folder {
	t.Helper()
	f := folder{dir: t.TempDir(), state: t.TempDir(), source: read(t, filepath.Join("testdata/v1/good", fixture))}
	f.file = filepath.Join(f.dir, fixture)
	if err := os.WriteFile(f.file, f.source, 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f folder) plan(t testing.TB) *Plan {
	t.Helper()
	p, err := Read(f.file, "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (f folder) apply(t testing.TB, opts Options) *Outcome {
	t.Helper()
	opts.StateDir = f.state
	out, err := f.plan(t).Apply(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// files lists what is in the folder.
func (f folder) files(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

func perm(t testing.TB, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestApply(t *testing.T) {
	f := newFolder(t, "full.json")
	if err := os.Chmod(f.file, 0o644); err != nil {
		t.Fatal(err)
	}
	p := f.plan(t)
	out := f.apply(t, Options{})
	if out.File != f.file || out.Backup != f.file+".bak" || out.SHA256 != p.Hash {
		t.Errorf("outcome %+v", out)
	}
	if string(read(t, f.file)) != p.After.Reveal() || string(read(t, out.Backup)) != string(f.source) {
		t.Error("the file is not the plan's result, or the backup not the source")
	}
	for _, path := range []string{f.file, out.Backup} {
		if mode := perm(t, path); mode != 0o600 {
			t.Errorf("%s holds a password and has mode %04o", path, mode)
		}
	}
	if want := []string{"full.json", "full.json.bak"}; !slices.Equal(f.files(t), want) {
		t.Errorf("the folder has %q, want %q", f.files(t), want)
	}
	if again := f.plan(t); again.Due() {
		t.Error("a migration is due after the migration")
	}
	r, err := FindRecord(f.state, f.file)
	if err != nil || r.SourceHash != p.Hash || r.ResultHash != HashOf(read(t, f.file)) || r.Backup != out.Backup {
		t.Errorf("record %+v, %v", r, err)
	}
}

func TestModeStaysWithoutASecret(t *testing.T) {
	f := newFolder(t, "minimal.json")
	if err := os.Chmod(f.file, 0o640); err != nil {
		t.Fatal(err)
	}
	out := f.apply(t, Options{})
	if perm(t, f.file) != 0o640 || perm(t, out.Backup) != 0o640 {
		t.Errorf("modes %04o and %04o, want 0640", perm(t, f.file), perm(t, out.Backup))
	}
}

func TestBackupNeverTakesAnothersPlace(t *testing.T) {
	f := newFolder(t, "full.json")
	for _, name := range []string{".bak", ".bak.20251120-120000"} {
		if err := os.WriteFile(f.file+name, []byte("older"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	noon := func() time.Time { return time.Date(2025, 11, 20, 12, 0, 0, 0, time.UTC) }
	out := f.apply(t, Options{Now: noon})
	if want := f.file + ".bak.20251120-120000-2"; out.Backup != want || string(read(t, want)) != string(f.source) {
		t.Errorf("the backup is %s, want %s", out.Backup, want)
	}
	if string(read(t, f.file+".bak")) != "older" {
		t.Error("an older backup was overwritten")
	}
}

func TestSymlinksAreFollowed(t *testing.T) {
	f := newFolder(t, "full.json")
	link := filepath.Join(t.TempDir(), "config.json")
	if err := os.Symlink(f.file, link); err != nil {
		t.Fatal(err)
	}
	p, err := Read(link, "")
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Apply(t.Context(), Options{StateDir: f.state})
	if err != nil {
		t.Fatal(err)
	}
	if target, err := os.Readlink(link); err != nil || target != f.file {
		t.Errorf("the link is no link to the file any more: %q, %v", target, err)
	}
	if string(read(t, f.file)) != p.After.Reveal() || out.Backup != link+".bak" {
		t.Errorf("the file behind the link was not written, or the backup is at %s", out.Backup)
	}
}

func TestOutputLeavesTheSource(t *testing.T) {
	f := newFolder(t, "full.json")
	output := filepath.Join(f.dir, "new.yaml")
	p, err := Read(f.file, output)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Apply(t.Context(), Options{StateDir: f.state, Output: output}); err != nil {
		t.Fatal(err)
	}
	if string(read(t, f.file)) != string(f.source) {
		t.Error("the source was changed")
	}
	if perm(t, output) != 0o600 || string(read(t, output)) != p.After.Reveal() {
		t.Error("the output is not for its owner alone, or not the result")
	}
	if _, err := p.Apply(t.Context(), Options{StateDir: f.state, Output: output}); !errors.Is(err, ErrExists) {
		t.Errorf("an existing output was overwritten: %v", err)
	}
}

func TestFileThatChangesMeanwhileIsLeftAlone(t *testing.T) {
	for _, when := range []Step{StepLock, StepBackup, StepReplace} {
		f := newFolder(t, "full.json")
		mine := []byte(`{"domain": "https://cytu.be", "channel": "mine"}`)
		_, err := f.plan(t).Apply(t.Context(), Options{StateDir: f.state, NoBackup: when == StepReplace, Step: func(s Step) error {
			if s == when {
				return os.WriteFile(f.file, mine, 0o600)
			}
			return nil
		}})
		if !errors.Is(err, ErrChanged) || string(read(t, f.file)) != string(mine) {
			t.Errorf("changed before %q: error %v, the file is %s", when, err, read(t, f.file))
		}
	}
}

func TestTwoMigrationsAtOnce(t *testing.T) {
	f := newFolder(t, "full.json")
	p := f.plan(t)
	started, others := make(chan struct{}), make(chan struct{})
	var first sync.WaitGroup
	first.Go(func() {
		_, err := p.Apply(context.Background(), Options{StateDir: f.state, Step: func(s Step) error {
			if s == StepBackup {
				close(started)
				<-others
			}
			return nil
		}})
		if err != nil {
			t.Error(err)
		}
	})
	<-started
	_, err := f.plan(t).Apply(t.Context(), Options{StateDir: f.state})
	close(others)
	first.Wait()
	if !errors.Is(err, ErrBusy) {
		t.Errorf("the second migration's error is %v", err)
	}
	if _, err := p.Apply(t.Context(), Options{StateDir: f.state}); !errors.Is(err, ErrChanged) {
		t.Errorf("a plan was applied twice: %v", err)
	}
	if string(read(t, f.file)) != p.After.Reveal() || string(read(t, f.file+".bak")) != string(f.source) {
		t.Error("the file or its backup is not whole")
	}
}

// Errors at every step leave the source and nothing else: no litter, no copy
// and no record of what did not happen.
func TestErrorAtEveryStep(t *testing.T) {
	boom := errors.New("boom")
	for n := range steps(t) {
		f := newFolder(t, "full.json")
		i := 0
		_, err := f.plan(t).Apply(t.Context(), Options{StateDir: f.state, Step: func(s Step) error {
			if i++; i > n {
				return boom
			}
			return nil
		}})
		if !errors.Is(err, boom) {
			t.Fatalf("step %d: error %v", n, err)
		}
		if string(read(t, f.file)) != string(f.source) {
			t.Errorf("step %d: the source was changed", n)
		}
		if names := f.files(t); len(names) != 1 {
			t.Errorf("step %d: left behind: %q", n, names)
		}
		if _, err := FindRecord(f.state, f.file); !errors.Is(err, ErrNoRecord) {
			t.Errorf("step %d: it is remembered: %v", n, err)
		}
	}
}

// What fails takes back its own copies only, and the earlier record stays.
func TestErrorLeavesWhatWasThere(t *testing.T) {
	f := newFolder(t, "full.json")
	f.apply(t, Options{})
	earlier, err := FindRecord(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.file, f.source, 0o600); err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	_, err = f.plan(t).Apply(t.Context(), Options{StateDir: f.state, Step: func(s Step) error {
		if s == StepReplace {
			return boom
		}
		return nil
	}})
	if !errors.Is(err, boom) || string(read(t, f.file+".bak")) != string(f.source) {
		t.Errorf("error %v, or the earlier backup is gone", err)
	}
	if now, err := FindRecord(f.state, f.file); err != nil || !now.At.Equal(earlier.At) {
		t.Errorf("the record is %+v, %v", now, err)
	}
}

// A backup that is there already, by whomever, is not made a second time; it is
// made for no more eyes than a new one. A link to the file is none.
func TestSameBackupServesAgain(t *testing.T) {
	f := newFolder(t, "full.json")
	if err := errors.Join(os.WriteFile(f.file+".bak", f.source, 0o644), os.Chmod(f.file+".bak", 0o644)); err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(f.dir, "bot_data.db")
	for _, name := range []string{database, database + ".bak"} {
		if err := os.WriteFile(name, []byte("data"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := f.apply(t, Options{Databases: copies()})
	if out.Backup != f.file+".bak" || perm(t, out.Backup) != 0o600 || out.Database.Backup != database+".bak" || len(f.files(t)) != 4 {
		t.Errorf("outcome %+v, %+v, mode %04o, files %q", out, out.Database, perm(t, out.Backup), f.files(t))
	}
	f = newFolder(t, "full.json")
	if err := os.Symlink(f.file, f.file+".bak"); err != nil {
		t.Fatal(err)
	}
	if out := f.apply(t, Options{}); out.Backup == f.file+".bak" || string(read(t, out.Backup)) != string(f.source) {
		t.Errorf("the backup is %s", out.Backup)
	}
}

// copies are databases that are plain files.
func copies() *Databases {
	return &Databases{
		Inspect: func(_ context.Context, path string, _ bool) (Contents, error) {
			_, err := os.Stat(path)
			return Contents{Schema: "v0.5.0"}, err
		},
		Copy: func(_ context.Context, from, to string) error {
			data, err := os.ReadFile(from)
			if err != nil {
				return err
			}
			return os.WriteFile(to, data, 0o600)
		},
	}
}

// Where nothing can be remembered, nothing is begun.
func TestStateFolderThatCannotBeWritten(t *testing.T) {
	f := newFolder(t, "full.json")
	f.state = filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(f.state, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var did []Step
	_, err := f.plan(t).Apply(t.Context(), Options{StateDir: f.state, Step: func(s Step) error { did = append(did, s); return nil }})
	if err == nil || !strings.Contains(err.Error(), f.state) || !strings.Contains(err.Error(), "XDG_STATE_HOME") {
		t.Errorf("error %v", err)
	}
	if slices.Contains(did, StepBackup) || len(f.files(t)) != 1 {
		t.Errorf("it did %q, and left %q", did, f.files(t))
	}
}

// steps is how many steps an application without a database takes.
func steps(t testing.TB) int {
	t.Helper()
	n := 0
	newFolder(t, "full.json").apply(t, Options{Step: func(Step) error { n++; return nil }})
	if n < 10 {
		t.Fatalf("only %d steps: the test sees none", n)
	}
	return n
}

func TestNothingToApply(t *testing.T) {
	f := newFolder(t, "full.json")
	f.apply(t, Options{})
	before := read(t, f.file)
	if out := f.apply(t, Options{}); out.Backup != "" || string(read(t, f.file)) != string(before) {
		t.Errorf("a second migration did something: %+v", out)
	}
}

func TestReadRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	loop := filepath.Join(dir, "loop.json")
	large := filepath.Join(dir, "large.json")
	if err := errors.Join(os.Symlink("loop.json", loop), os.WriteFile(large, nil, 0o600), os.Truncate(large, 50<<20)); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{
		dir: "folder", loop: "circle", large: "no configuration is that large",
		filepath.Join(dir, "missing.json"): "no such file", "/dev/null": "no regular file",
	}
	for path, want := range cases {
		if _, err := Read(path, ""); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("%s: error %v, want a sentence with %q", path, err, want)
		}
	}
}

// A copy that finds no room, or another trouble, names the file that was to be,
// and not the one under which it was begun.
func TestDatabaseThatCannotBeCopied(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{ErrFull, "bot_data.db.bak: the disk is full; make room and run it again: it takes 4 bytes there (nothing was changed)"},
		{errors.New("broken"), "bot_data.db.bak: broken"},
	} {
		f := newFolder(t, "full.json")
		database := filepath.Join(f.dir, "bot_data.db")
		if err := os.WriteFile(database, []byte("data"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := f.plan(t).Apply(t.Context(), Options{StateDir: f.state, Databases: &Databases{
			Inspect: func(context.Context, string, bool) (Contents, error) { return Contents{}, nil },
			Copy: func(_ context.Context, _, to string) error {
				if errors.Is(test.err, ErrFull) {
					return test.err
				}
				return fmt.Errorf("%s: %w", to, test.err)
			},
		}})
		if !errors.Is(err, test.err) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), ".rosey-") {
			t.Errorf("error %v, want a sentence with %q", err, test.want)
		}
		if string(read(t, f.file)) != string(f.source) || len(f.files(t)) != 2 {
			t.Errorf("the source was changed, or something is left: %q", f.files(t))
		}
	}
}
