//go:build linux

package migrate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestMain lets the test binary be the process that dies: it applies the plan of
// a file, and ends itself before a step, without a word, or lets no file grow.
func TestMain(m *testing.M) {
	file := os.Getenv("MIGRATE_TEST_FILE")
	if file == "" {
		os.Exit(m.Run())
	}
	os.Exit(child(file))
}

func child(file string) int {
	die, err := strconv.Atoi(os.Getenv("MIGRATE_TEST_STEP"))
	if err != nil {
		die = -1
	}
	if limit, err := strconv.ParseUint(os.Getenv("MIGRATE_TEST_BYTES"), 10, 64); err == nil {
		signal.Ignore(syscall.SIGXFSZ) // the write fails instead, as on a full disk
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			fmt.Println(err)
			return 1
		}
	}
	output := os.Getenv("MIGRATE_TEST_OUTPUT")
	opts := Options{Output: output, StateDir: os.Getenv("MIGRATE_TEST_STATE"), Databases: copies(), Step: func(Step) error {
		if die--; die == -1 {
			return errors.Join(syscall.Kill(os.Getpid(), syscall.SIGKILL), errors.New("still alive"))
		}
		return nil
	}}
	p, err := Read(file, output)
	if err == nil && os.Getenv("MIGRATE_TEST_LOOK") != "" {
		err = p.Obstacle
	} else if err == nil {
		var out *Outcome
		if out, err = p.Apply(context.Background(), opts); err == nil {
			fmt.Println(out.Warnings)
		}
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// inChild applies the plan of f in a process of its own.
func (f folder) inChild(t *testing.T, as *syscall.Credential, env ...string) (out string, err error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(env, "MIGRATE_TEST_FILE="+f.file, "MIGRATE_TEST_STATE="+f.state, "HOME="+f.state)
	var b bytes.Buffer
	cmd.Stdout, cmd.Stderr = &b, &b
	if as != nil {
		cmd.Path = filepath.Join(openFolder(t), "migrate.test") // where they may run it
		if err := errors.Join(os.Link(self, cmd.Path), os.Chmod(cmd.Path, 0o755)); err != nil {
			t.Fatal(err)
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	}
	err = cmd.Run()
	return b.String(), err
}

// A crash before any step leaves the old file whole, and the next try works.
func TestCrashAtEveryStep(t *testing.T) {
	for n := range steps(t) {
		f := newFolder(t, "full.json")
		want := f.plan(t).After.Reveal()
		_, err := f.inChild(t, nil, "MIGRATE_TEST_STEP="+strconv.Itoa(n))
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("step %d: the process was not killed: %v", n, err)
		}
		if now := string(read(t, f.file)); now != string(f.source) && now != want {
			t.Errorf("step %d: the file is neither the old nor the new one:\n%s", n, now)
		}
		for _, name := range f.files(t) {
			if path := filepath.Join(f.dir, name); strings.HasSuffix(name, ".bak") && string(read(t, path)) != string(f.source) {
				t.Errorf("step %d: the backup is not whole", n)
			}
		}
		if out, err := f.inChild(t, nil); err != nil || string(read(t, f.file)) != want {
			t.Errorf("step %d: the next try failed: %v %s", n, err, out)
		}
		if names := f.files(t); len(names) != 2 {
			t.Errorf("step %d: after the next try the folder has %q", n, names)
		}
	}
}

func TestFullDisk(t *testing.T) {
	for _, room := range []int{0, 100, 800} { // for nothing, not the backup, not the result
		f := newFolder(t, "full.json")
		out, err := f.inChild(t, nil, "MIGRATE_TEST_BYTES="+strconv.Itoa(room))
		if err == nil || !strings.Contains(out, "the disk is full; make room") {
			t.Errorf("room for %d bytes: %v, it said %s", room, err, out)
		}
		if !strings.Contains(out, f.file) || !strings.Contains(out, " bytes there (nothing was changed)") || strings.Contains(out, ".rosey-") {
			t.Errorf("room for %d bytes: it does not say which file, and how large: %s", room, out)
		}
		if string(read(t, f.file)) != string(f.source) {
			t.Errorf("room for %d bytes: the source was changed", room)
		}
		for _, name := range f.files(t) {
			if strings.HasPrefix(name, ".") {
				t.Errorf("room for %d bytes: %s is left behind", room, name)
			}
		}
	}
}

// Without the right to write into the folder, or to read the file, nothing
// happens and a sentence says what to do.
func TestWithoutPermission(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can become somebody else")
	}
	nobody := &syscall.Credential{Uid: 65534, Gid: 65534}
	for _, test := range []struct {
		name string
		file os.FileMode
		want string
	}{
		{"read-only folder", 0o644, "make its folder writable"},
		{"no right to read", 0o600, "may not read the file"},
	} {
		f := folder{dir: openFolder(t), state: openFolder(t), source: read(t, "testdata/v1/good/full.json")}
		f.file = filepath.Join(f.dir, "full.json")
		err := errors.Join(os.WriteFile(f.file, f.source, test.file), os.Chmod(f.file, test.file))
		if test.file&0o004 != 0 {
			err = errors.Join(err, os.Chown(f.file, int(nobody.Uid), int(nobody.Gid)), os.Chown(f.state, int(nobody.Uid), int(nobody.Gid)))
		}
		if err != nil {
			t.Fatal(err)
		}
		out, err := f.inChild(t, nobody)
		if err == nil || !strings.Contains(out, test.want) || string(read(t, f.file)) != string(f.source) {
			t.Errorf("%s: %v, it said %s", test.name, err, out)
		}
	}
}

// openFolder is one that everybody can enter, which a test's own is not.
func openFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "migrate-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// as is another user, and f a folder of theirs with the file and the state, all
// but what a test takes away from them.
func ofNobody(t *testing.T) (f folder, as *syscall.Credential) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can become somebody else")
	}
	const nobody = 65534
	f = folder{dir: openFolder(t), state: openFolder(t), source: read(t, "testdata/v1/good/full.json")}
	f.file = filepath.Join(f.dir, "full.json")
	err := errors.Join(os.WriteFile(f.file, f.source, 0o644), os.WriteFile(filepath.Join(f.dir, "bot_data.db"), []byte("data"), 0o644))
	for _, path := range []string{f.dir, f.state, f.file} {
		err = errors.Join(err, os.Chown(path, nobody, nobody), os.Chmod(path, 0o755))
	}
	if err != nil {
		t.Fatal(err)
	}
	return f, &syscall.Credential{Uid: nobody, Gid: nobody}
}

// The group of a file may be one that its owner is not in: it cannot be kept,
// which is no reason to refuse.
func TestGroupThatIsNotOurs(t *testing.T) {
	f, as := ofNobody(t)
	if err := os.Chown(f.file, int(as.Uid), 54321); err != nil {
		t.Fatal(err)
	}
	out, err := f.inChild(t, as)
	if err != nil || !strings.Contains(out, "of the group 54321, which you are not in") || !strings.Contains(out, "chgrp 54321 "+f.file) {
		t.Errorf("%v, it said %s", err, out)
	}
	if string(read(t, f.file+".bak")) != string(f.source) || string(read(t, f.file)) == string(f.source) {
		t.Error("it was not migrated")
	}
}

// The file of another user is refused before anything is written, though its
// folder is open to everybody.
func TestFileOfAnotherUser(t *testing.T) {
	f, as := ofNobody(t)
	if err := errors.Join(os.Chown(f.file, 54321, 54321), os.Chmod(f.dir, 0o777)); err != nil {
		t.Fatal(err)
	}
	for _, env := range []string{"", "MIGRATE_TEST_LOOK=1"} {
		out, err := f.inChild(t, as, env)
		if err == nil || !strings.Contains(out, "belongs to 54321") || !strings.Contains(out, "--output") || len(f.files(t)) != 2 {
			t.Errorf("%s: %v, it said %s, and left %q", env, err, out, f.files(t))
		}
	}
}

// From a folder that cannot be written, the copies go where the output goes.
func TestOutputFromAReadOnlyFolder(t *testing.T) {
	f, as := ofNobody(t)
	if err := errors.Join(os.Chown(f.dir, 0, 0), os.Chown(f.file, 0, 0)); err != nil {
		t.Fatal(err)
	}
	there := openFolder(t)
	if err := os.Chown(there, int(as.Uid), int(as.Gid)); err != nil {
		t.Fatal(err)
	}
	output := filepath.Join(there, "new.json")
	out, err := f.inChild(t, as, "MIGRATE_TEST_OUTPUT="+output)
	if err != nil || !strings.Contains(out, "belongs to root") || !strings.Contains(out, "chown root "+output) {
		t.Errorf("%v, it said %s", err, out)
	}
	for name, want := range map[string]string{"full.json.bak": string(f.source), "bot_data.db.bak": "data"} {
		if got := string(read(t, filepath.Join(there, name))); got != want {
			t.Errorf("%s holds %q", name, got)
		}
	}
	if names := f.files(t); len(names) != 2 {
		t.Errorf("the folder has %q", names)
	}
}

func TestOwnerIsKept(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give files away")
	}
	f := newFolder(t, "full.json")
	if err := os.Chown(f.file, 65534, 65533); err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(f.dir, "bot_data.db")
	if err := errors.Join(os.WriteFile(database, []byte("data"), 0o640), os.Chmod(database, 0o640), os.Chown(database, 65534, 65533)); err != nil {
		t.Fatal(err)
	}
	out := f.apply(t, Options{Databases: copies()})
	owned := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if s := info.Sys().(*syscall.Stat_t); s.Uid != 65534 || s.Gid != 65533 {
				t.Errorf("%s belongs to %d:%d", path, s.Uid, s.Gid)
			}
		}
	}
	owned(f.file, out.Backup, out.Database.Backup)
	if mode := perm(t, out.Database.Backup); mode != 0o640 {
		t.Errorf("the database's copy has mode %04o", mode)
	}
	if err := os.Remove(database); err != nil {
		t.Fatal(err)
	}
	back, err := PlanRollback(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := back.Apply(t.Context(), RollbackOptions{Database: true, Databases: copies(), StateDir: f.state}); err != nil {
		t.Fatal(err)
	}
	owned(f.file, database)
}

// A database that another user's bot left readable: the copy is for nobody but
// the one who makes it, and that is told.
func TestCopyOfAnotherUsersDatabase(t *testing.T) {
	f, as := ofNobody(t)
	if err := os.Chmod(filepath.Join(f.dir, "bot_data.db"), 0o644); err != nil { // root's
		t.Fatal(err)
	}
	out, err := f.inChild(t, as)
	if err != nil || !strings.Contains(out, "bot_data.db belongs to root") {
		t.Errorf("it said %q (%v)", out, err)
	}
	if mode := perm(t, filepath.Join(f.dir, "bot_data.db.bak")); mode != 0o600 {
		t.Errorf("the copy has mode %04o", mode)
	}
}

// What a rollback that was killed left is gone after the next.
func TestRollbackSweepsWhatOneThatWasKilledLeft(t *testing.T) {
	f := newFolder(t, "full.json")
	f.apply(t, Options{})
	left := filepath.Join(f.dir, strings.Replace(temporary(f.file), "*", "123", 1))
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	back, err := PlanRollback(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := back.Apply(t.Context(), RollbackOptions{StateDir: f.state}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there (%v)", left, err)
	}
}

// Whatever file of a migration was replaced by a pipe, nothing waits for a
// writer that never comes.
func TestPipeIsRefusedAtOnce(t *testing.T) {
	f := newFolder(t, "full.json")
	out := f.apply(t, Options{})
	back, err := PlanRollback(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	record, err := recordPath(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	draft, err := draftPath(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	pipe := func(path string) {
		t.Helper()
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), syscall.Mkfifo(path, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(what string, err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", what, err, want)
		}
	}
	pipe(f.file)
	_, err = Read(f.file, "")
	refused("the file", err, "no regular file")
	refused("the file at the rollback", back.unchanged(), "changed")
	pipe(out.Backup)
	_, err = hashFile(out.Backup)
	refused("the backup", err, "not a file")
	pipe(record)
	_, err = FindRecord(f.state, f.file)
	refused("the record", err, "not a file")
	pipe(draft)
	_, err = FindDraft(f.state, f.file)
	refused("the draft", err, "not a file")
}
