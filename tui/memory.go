package tui

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
)

// memoryVersion is of the file's shape. A field that is new needs no other:
// what a file does not have is as it is without a file.
const memoryVersion = 1

// A memory is what the console keeps of a person's choices for the next time.
// The config file is the person's own and is never written.
type memory struct {
	Version int `json:"version"`

	// Theme was chosen in the console while the config said ThemeOver. It holds
	// as long as the config says that: the later word counts.
	Theme     string `json:"theme,omitempty"`
	ThemeOver string `json:"theme_over,omitempty"`

	// Recent are what the palette was used for, by title, the last first.
	Recent []string `json:"recent,omitempty"`

	Widths paneWidths `json:"widths,omitzero"`

	// Detail is what the pane beside the users shows, by its title.
	Detail string `json:"detail,omitempty"`
}

// readMemory reads the file; one that is not there is an empty memory.
func readMemory(path string) (memory, error) {
	var m memory
	data, err := config.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return memory{}, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	switch {
	case err != nil:
		return memory{}, fmt.Errorf("read %s: %w", path, err)
	case m.Version > memoryVersion:
		return memory{}, fmt.Errorf("%w %s", errNewerMemory, path)
	}
	return m, nil
}

var errNewerMemory = errors.New("a later version of rosey wrote")

// recallMemory is what is remembered. A file that cannot be read is as good as
// none, and the log says so.
func recallMemory(path string, log *slog.Logger) memory {
	if path == "" {
		return memory{}
	}
	m, err := readMemory(path)
	if err != nil && log != nil {
		log.Warn("what the console remembers is not used", "error", err)
	}
	return m
}

// keepMemory makes changes to what is remembered, in place of the file that was
// there. Other consoles keep their choices in it too, so it is read anew.
func keepMemory(path string, changes ...func(*memory)) error {
	m, err := readMemory(path)
	if errors.Is(err, errNewerMemory) {
		return fmt.Errorf("keep the choice: %w", err)
	}
	for _, change := range changes {
		change(&m)
	}
	m.Version = memoryVersion
	if err := writeMemory(path, m); err != nil {
		return fmt.Errorf("keep the choice: %w", err)
	}
	return nil
}

func writeMemory(path string, m memory) error {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".console-") // with mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// choices are what is to be remembered and is not in the file yet. One writing
// is under way at a time: two would take back what the other has written.
type choices struct {
	changes []func(*memory)
	writing bool
}

// choicesKeptMsg says what came of keeping choices.
type choicesKeptMsg struct{ err error }

// keep remembers a choice for the next time; nothing where there is no file, as
// in a demo.
func (m *model) keep(change func(*memory)) tea.Cmd {
	if m.opts.MemoryFile == "" {
		return nil
	}
	m.choices.changes = append(m.choices.changes, change)
	return m.keepChoices()
}

// keepChoices writes what has been chosen, when nothing else is being written.
func (m *model) keepChoices() tea.Cmd {
	path, changes := m.opts.MemoryFile, m.choices.changes
	if m.choices.writing || len(changes) == 0 {
		return nil
	}
	m.choices = choices{writing: true}
	return func() tea.Msg { return choicesKeptMsg{keepMemory(path, changes...)} }
}

// choicesKept takes that they were, and writes what was chosen meanwhile.
func (m *model) choicesKept(err error) tea.Cmd {
	m.choices.writing = false
	if err != nil {
		m.status = room.Clean(err.Error())
	}
	return m.keepChoices()
}

// keepTheme remembers the theme that was chosen here.
func (m *model) keepTheme() tea.Cmd {
	theme, over := m.theme(), m.configTheme()
	m.status = "theme " + theme + " · kept for the next time"
	if m.opts.MemoryFile == "" {
		m.status = "theme " + theme
	}
	return m.keep(func(k *memory) { k.Theme, k.ThemeOver = theme, over })
}
