package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rosey/config"
)

// A writer puts files in place so that each is whole or not there at all: it
// writes beside, syncs, and renames or links. step is asked before each thing
// it does; an error from it stops everything there and then.
type writer struct {
	step func(Step) error
	now  func() time.Time

	inPlace      bool     // what cannot belong to whom it belonged is not written
	lost         lostOf   // what new files could not keep of the old one
	lostDatabase lostOf   // the same of the database's copies
	undo         []func() // takes back what was done so far
}

// takeBack undoes what was done, the last thing first.
func (w *writer) takeBack() {
	for _, undo := range slices.Backward(w.undo) {
		undo()
	}
	w.undo = nil
}

// temporary is the pattern of files that a crash may leave behind. They are
// for their owner alone, and the next migration removes them.
func temporary(path string) string {
	return "." + filepath.Base(path) + ".rosey-*"
}

// sweep removes what an earlier migration that was killed left beside path.
func sweep(path string) {
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), temporary(path)))
	if err != nil {
		return // a name with brackets: the files stay, harmless
	}
	for _, name := range left {
		_ = os.Remove(name) // in the way of nobody
	}
}

// modeFor is like's mode, without the rights of others if there is a secret.
func modeFor(like fs.FileInfo, secret bool) fs.FileMode {
	mode := like.Mode().Perm()
	if secret {
		mode &= 0o600
	}
	return mode | 0o400 // its owner must be able to read it
}

// beside writes data to a temporary file in the folder of path, with the owner
// of like.
func (w *writer) beside(path string, data []byte, like fs.FileInfo, mode fs.FileMode) (name string, err error) {
	need := int64(len(data))
	if err := w.step(StepCreate); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(path), temporary(path)) // mode 0600
	if err != nil {
		return "", cannotWrite(path, need, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()           // it may be closed already
			_ = os.Remove(f.Name()) // what is wrong has been said
		}
	}()
	if err := w.step(StepWrite); err != nil {
		return "", err
	}
	if _, err := f.Write(data); err != nil {
		return "", cannotWrite(path, need, err)
	}
	lost, err := keepOwner(f, like)
	if err == nil && lost.owner != "" && w.inPlace {
		err = fs.ErrPermission
	}
	if err != nil {
		return "", fmt.Errorf("keep the owner of %s: %w (run it as that user, or as root: nothing was changed)", path, config.Cause(err))
	}
	if lost != (lostOf{}) {
		w.lost = lost
	}
	if err := f.Chmod(mode); err != nil {
		return "", cannotWrite(path, need, err)
	}
	if err := w.step(StepSync); err != nil {
		return "", err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return "", cannotWrite(path, need, err)
	}
	return f.Name(), nil
}

// replace puts data in the place of path.
func (w *writer) replace(path string, data []byte, like fs.FileInfo, mode fs.FileMode, last func() error) error {
	name, err := w.beside(path, data, like, mode)
	if err != nil {
		return err
	}
	err = w.step(StepReplace)
	if err == nil {
		err = last()
	}
	if err == nil {
		if err = os.Rename(name, path); err != nil {
			err = cannotWrite(path, int64(len(data)), err)
		}
	}
	if err != nil {
		_ = os.Remove(name) // what is wrong has been said
		return err
	}
	syncFolder(path)
	return nil
}

// keep writes data to a new file of that name, or, when there is one already,
// to one with a time stamp; one that is the same already will do. It gives the
// name that it found.
func (w *writer) keep(path string, data []byte, like fs.FileInfo, secret bool) (string, error) {
	name, err := w.beside(path, data, like, modeFor(like, secret))
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(name) }() // linked by then, or not wanted
	return w.place(name, path)
}

// place gives a finished temporary file its name, never another file's.
func (w *writer) place(temp, path string) (string, error) {
	if err := w.step(StepName); err != nil {
		return "", err
	}
	if sameFile(temp, path) {
		return path, nil
	}
	stamp := w.now().Format("20060102-150405")
	for i := range 100 {
		wanted := path
		switch {
		case i == 1:
			wanted = path + "." + stamp
		case i > 1:
			wanted = fmt.Sprintf("%s.%s-%d", path, stamp, i)
		}
		err := os.Link(temp, wanted)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			err = renameToNew(temp, wanted) // a file system without links
		}
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", cannotWrite(wanted, sizeOf(temp), err)
		}
		w.undo = append(w.undo, func() { _ = os.Remove(wanted) }) // one that stays is a copy too many
		syncFolder(wanted)
		return wanted, nil
	}
	return "", fmt.Errorf("write %s: %w, and so are a hundred with today's time stamp: remove some", path, ErrExists)
}

// sameFile tells whether an earlier try, or a person, left at path what temp
// is, for no more eyes than temp is.
func sameFile(temp, path string) bool {
	want, err := os.Lstat(temp)
	if err != nil {
		return false
	}
	have, err := os.Lstat(path) // a link would lead to what is about to be replaced
	if err != nil || !have.Mode().IsRegular() || have.Size() != want.Size() {
		return false
	}
	a, errA := hashFile(temp)
	b, errB := hashFile(path)
	if errors.Join(errA, errB) != nil || a != b {
		return false
	}
	mode := have.Mode().Perm() & want.Mode().Perm()
	return mode == have.Mode().Perm() || os.Chmod(path, mode) == nil
}

// sizeOf is how large a file is; 0 when that cannot be told.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// renameToNew reserves the name before it takes it.
func renameToNew(temp, path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = errors.Join(f.Close(), os.Rename(temp, path))
	if err != nil {
		_ = os.Remove(path) // empty, and ours
	}
	return err
}

// syncFolder makes a new name outlast a power cut. Where a folder cannot be
// synced, its file system does so by itself or not at all.
func syncFolder(path string) {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return
	}
	_ = dir.Sync()
	_ = dir.Close() // it only read
}

// copyOf copies a database to a new file, named when it is whole.
func (w *writer) copyOf(ctx context.Context, from, wanted string, with *Databases) (string, error) {
	sweep(wanted)
	f, err := os.CreateTemp(filepath.Dir(wanted), temporary(wanted)) // mode 0600
	if err != nil {
		return "", cannotWrite(wanted, sizeOf(from), err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // linked by then, or not wanted
	if err := f.Close(); err != nil {
		return "", cannotWrite(wanted, sizeOf(from), err)
	}
	if err := with.Copy(ctx, from, f.Name()); errors.Is(err, ErrFull) {
		return "", cannotWrite(wanted, sizeOf(from), err)
	} else if err != nil {
		return "", &copyError{err, f.Name(), wanted}
	}
	if err := w.belong(f.Name(), from); err != nil {
		return "", err
	}
	return w.place(f.Name(), wanted)
}

// belong gives a database that was written the owner and the mode of another.
// What this user may not give is told, and then nobody else may read it.
func (w *writer) belong(path, like string) error {
	info, err := os.Stat(like)
	if err != nil {
		return fileProblem(like, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return cannotWrite(path, 0, err)
	}
	defer func() { _ = f.Close() }() // nothing was written to it
	lost, err := keepOwner(f, info)
	if err != nil {
		return fmt.Errorf("keep the owner of %s: %w (run it as that user, or as root)", like, config.Cause(err))
	}
	mode := info.Mode().Perm() | 0o600
	if lost != (lostOf{}) {
		w.lostDatabase, mode = lost, 0o600
	}
	if err := f.Chmod(mode); err != nil {
		return cannotWrite(path, 0, err)
	}
	return nil
}

// copyError is of a copy under its temporary name, which tells a person nothing.
type copyError struct {
	err          error
	temp, wanted string
}

func (e *copyError) Error() string { return strings.ReplaceAll(e.err.Error(), e.temp, e.wanted) }
func (e *copyError) Unwrap() error { return e.err }
