package bus

import (
	"fmt"
	"os"
	"path/filepath"

	"rosey/config"
)

// storeLock keeps two servers off one JetStream store, which would destroy it:
// the server itself does not look.
type storeLock struct{ file *os.File }

// lockStore locks dir, making it when needed. The lock goes with the process,
// so a crash leaves none behind.
func lockStore(dir string) (*storeLock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make NATS store: %w", err)
	}
	path := filepath.Join(dir, "rosey.lock")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock NATS store: %w", err)
	}
	if err := lockFile(f); err != nil {
		_ = f.Close() // nothing was written
		return nil, &failure{kind: ErrStoreLocked, cause: err, text: fmt.Sprintf(
			"another rosey process uses the NATS store %s: stop it, or give nats.store_dir another folder", dir)}
	}
	return &storeLock{file: f}, nil
}

// CheckStore says, with ErrStoreLocked for errors.Is, when another process uses
// the store that the embedded server of n would have. It makes nothing.
func CheckStore(n config.NATS) error {
	dir, err := storeDir(n.StoreDir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "rosey.lock")); err != nil {
		return nil // nobody ever used it; what else is wrong shows when it is made
	}
	lock, err := lockStore(dir)
	if err != nil {
		return err
	}
	return lock.release()
}

func (l *storeLock) release() error {
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("unlock NATS store: %w", err)
	}
	return nil
}
