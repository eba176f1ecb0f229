package migrate

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"rosey/config"
)

// What can keep a plan from being carried out, for errors.Is. The text of an
// error that wraps one is a sentence for people and says what to do next.
var (
	// ErrChanged: the file is not the one that the plan was made for.
	ErrChanged = errors.New("the file was changed meanwhile: look at the plan again")
	// ErrBusy: another migration of the file is under way.
	ErrBusy = errors.New("another migration of the file is under way: wait until it is done")
	// ErrExists: what would be written is there already.
	ErrExists = errors.New("the file is there already")
	// ErrNoRecord: nothing says that the file was migrated here.
	ErrNoRecord = errors.New("no migration is recorded")
	// ErrFull: there is no room for what is to be written. Databases.Copy says it.
	ErrFull = errors.New("the disk is full")
)

// cannotRemember says what to do when the record of a migration cannot be
// written.
func cannotRemember(dir string, err error) error {
	return fmt.Errorf("write the record of the migration, by which it can be taken back, in %s: %w (make that folder writable for this user, with room in it, or name another by XDG_STATE_HOME: nothing was changed)", dir, config.Cause(err))
}

// cannotWrite says what to do when a file of need bytes cannot be written.
// Nothing that was there before has been changed by then.
func cannotWrite(path string, need int64, err error) error {
	do := "nothing was changed"
	switch {
	case errors.Is(err, ErrFull), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("write %s: %w; make room and run it again: it takes %d bytes there (nothing was changed)", path, ErrFull, need)
	case errors.Is(err, syscall.EROFS):
		do = "the file system is read-only; write elsewhere with --output: nothing was changed"
	case errors.Is(err, fs.ErrPermission):
		do = "run it as the file's owner, or make its folder writable for this user, or write elsewhere with --output: nothing was changed"
	}
	return fmt.Errorf("write %s: %w (%s)", path, config.Cause(err), do)
}
