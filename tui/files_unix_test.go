//go:build unix

package tui

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"rosey/config"
)

// A pipe where the console keeps its files must not make it wait for whoever is
// at the other end.
func TestPipesAreNotWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if lines := readInputHistory(path); lines != nil {
		t.Errorf("recalled %q", lines)
	}
	if err := appendInputHistory(path, []string{"a"}); !errors.Is(err, config.ErrNotFile) {
		t.Errorf("kept lines: %v", err)
	}
	if _, err := readMemory(path); !errors.Is(err, config.ErrNotFile) {
		t.Errorf("the memory: %v", err)
	}
}
