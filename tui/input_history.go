package tui

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
)

// The lines that were entered are kept in a file, so that the input line
// recalls them in the next session. Private messages are among them: nobody
// else may read it.

// inputHistoryMsg says what came of keeping the lines that were entered.
type inputHistoryMsg struct{ err error }

// maxHistoryFile is how large the file may grow, and how much of it is read.
const maxHistoryFile = 1 << 20

// readInputHistory reads the last lines that were entered, oldest first. A file that
// cannot be read is as good as none: the first line that is kept says so.
func readInputHistory(path string) []string {
	f, err := config.OpenFile(path)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }() // it only read
	_, err = f.Seek(-maxHistoryFile, io.SeekEnd)
	whole := err != nil // the file is not that long
	data, err := io.ReadAll(io.LimitReader(f, maxHistoryFile))
	if err != nil {
		return nil
	}
	text := string(data)
	if !whole { // it begins in the middle of a line
		_, text, _ = strings.Cut(text, "\n")
	}
	var lines []string
	for l := range strings.Lines(text) {
		if l = room.Clean(strings.TrimRight(l, "\n")); l != "" && room.UTF16Len(l) <= maxInput {
			lines = append(lines, l)
		}
	}
	return lines[max(0, len(lines)-maxHistory):]
}

// appendInputHistory adds lines to the file; one that has grown large is written anew
// with its last ones.
func appendInputHistory(path string, lines []string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("keep what was entered: %w", err)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil: // it is new, or opening it tells why not
	case !info.Mode().IsRegular():
		return fmt.Errorf("keep what was entered in %s: %w", path, config.ErrNotFile)
	case info.Size() > maxHistoryFile:
		lines = append(readInputHistory(path), lines...)
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("keep what was entered: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep what was entered: %w", err)
	}
	_, err = f.WriteString(strings.Join(lines, "\n") + "\n")
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("keep what was entered: %w", err)
	}
	return nil
}

// saveInputHistory keeps what was entered since it was last asked.
func (m *model) saveInputHistory() tea.Cmd {
	var lines []string
	for _, v := range m.rooms {
		lines = append(lines, v.edit.fresh...)
		v.edit.fresh = nil
	}
	path := m.opts.HistoryFile
	if len(lines) == 0 || path == "" {
		return nil
	}
	return func() tea.Msg { return inputHistoryMsg{appendInputHistory(path, lines)} }
}

// setHistory puts lines of earlier sessions before those of this one.
func (e *editor) setHistory(lines []string) {
	e.history = slices.Clone(lines)
	e.at = len(e.history)
}
