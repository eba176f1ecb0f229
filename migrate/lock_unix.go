//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package migrate

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"rosey/config"
)

// lockSource locks the file itself against a second migration, without a lock
// file that a crash would leave behind.
func lockSource(path string) (unlock func(), err error) {
	f, err := config.OpenFile(path)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close() // it only read
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrBusy
		}
		return func() {}, nil // a file system without locks: the hash still guards
	}
	return func() { _ = f.Close() }, nil
}

// keepOwner gives a new file the owner of the one whose place it takes.
func keepOwner(f *os.File, like fs.FileInfo) error {
	want, ok := like.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if have, ok := info.Sys().(*syscall.Stat_t); ok && have.Uid == want.Uid && have.Gid == want.Gid {
		return nil
	}
	return f.Chown(int(want.Uid), int(want.Gid))
}
