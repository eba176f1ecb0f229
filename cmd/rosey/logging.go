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

// openLogFile opens the log that is used while the console has the screen.
func openLogFile() (*os.File, error) {
	dir, err := config.StateDir()
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "rosey.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return f, nil
}
