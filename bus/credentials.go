package bus

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"rosey/config"
)

// minPassword is the length of rand.Text, which a generated password is.
const minPassword = 26

func stateDir(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	return config.StateDir()
}

func storeDir(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	data, err := config.DataDir()
	return filepath.Join(data, "jetstream"), err
}

func passwordPath(state string, role Role) string {
	return filepath.Join(state, "nats", string(role)+".password")
}

// loadPassword reads a role's generated password. fs.ErrNotExist: there is
// none yet.
func loadPassword(state string, role Role) (string, error) {
	path := passwordPath(state, role)
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("read NATS password: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", &failure{kind: ErrSettings,
			text: fmt.Sprintf("others can read the NATS password in %s: delete the file and start the server again, which makes a new one", path)}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read NATS password: %w", err)
	}
	password := strings.TrimSpace(string(data))
	if len(password) < minPassword || strings.ContainsAny(password, " \t\r\n") {
		return "", &failure{kind: ErrSettings,
			text: fmt.Sprintf("the NATS password in %s is damaged: delete the file and start the server again, which makes a new one", path)}
	}
	return password, nil
}

// makePassword gives a role's password, making it when there is none. Two
// processes that do so at the same time get the same one: a finished file is
// linked into place, and whoever comes second finds the first one's.
func makePassword(state string, role Role) (string, error) {
	password, err := loadPassword(state, role)
	if !errors.Is(err, fs.ErrNotExist) {
		return password, err
	}
	dir := filepath.Join(state, "nats")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make folder for NATS passwords: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return "", fmt.Errorf("close folder for NATS passwords: %w", err)
	}
	temp, err := os.CreateTemp(dir, string(role)+".*.new") // mode 0600
	if err != nil {
		return "", fmt.Errorf("write NATS password: %w", err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.WriteString(rand.Text() + "\n")
	if err := errors.Join(err, temp.Close()); err != nil {
		return "", fmt.Errorf("write NATS password: %w", err)
	}
	if err := os.Link(temp.Name(), passwordPath(state, role)); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("write NATS password: %w", err)
	}
	return loadPassword(state, role)
}
