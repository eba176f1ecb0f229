package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"rosey/config"
)

// newLogger writes structured lines at the level of the config.
func newLogger(w io.Writer, l config.Logging) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l.SlogLevel()}))
}

// openLogFile opens rosey.log in dir, the log that is used while the console has
// the screen, for its owner alone also where an older one was not.
func openLogFile(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "rosey.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	_ = f.Chmod(0o600) // fails where it is somebody else's, who may read it anyway
	return f, nil
}
