//go:build unix

package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A named pipe without a writer, or a device without an end, must not make
// rosey wait.
func TestWhatIsNoFileIsRefusedAtOnce(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "config.json")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, os.DevNull, "/dev/zero"} {
		_, _, err := Load(t.Context(), path)
		var problems *Error
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), "not a file") {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := readPassword(path); err == nil || !strings.Contains(err.Error(), "not a file") {
			t.Errorf("password from %s: %v", path, err)
		}
	}
}
