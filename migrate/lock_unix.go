//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package migrate

import (
	"errors"
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
