package tui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// maxCompletions bounds how many names a completion shows.
const maxCompletions = 60

// complete completes the path as a shell does: as far as it is certain, and
// shows what it may become.
func (f *wizardFilePart) complete(*model) tea.Cmd {
	typed := f.field.value()
	return func() tea.Msg {
		full, names := completePath(typed)
		return answer{func(m *model) tea.Cmd {
			if f.field.value() != typed {
				return nil
			}
			f.names = names
			switch {
			case full != typed:
				f.field.edit.set(full)
			case len(names) == 0:
				m.status = "nothing to complete"
			}
			return nil
		}}
	}
}

// completePath gives what is certain of the path, and the names when there are
// several. Names that could not be typed again are left out.
func completePath(typed string) (full string, names []string) {
	dir, start := filepath.Split(typed)
	look := dir
	if look == "" {
		look = "."
	}
	if rest, ok := strings.CutPrefix(look, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return typed, nil
		}
		look, dir = filepath.Join(home, rest), filepath.Join(home, rest)+string(filepath.Separator)
	}
	entries, err := os.ReadDir(look)
	if err != nil {
		return typed, nil
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, start) || start == "" && strings.HasPrefix(name, ".") || room.Clean(name) != name {
			continue
		}
		if info, err := os.Stat(filepath.Join(look, name)); err == nil && info.IsDir() {
			name += string(filepath.Separator)
		} else if !isConfigName(name) {
			continue
		}
		names = append(names, name)
	}
	switch len(names) {
	case 0:
		return typed, nil
	case 1:
		return dir + names[0], nil
	}
	same := func(a, b string) bool { return a == b }
	return dir + room.CommonStart(names, same), names[:min(len(names), maxCompletions)]
}

func isConfigName(name string) bool {
	return slices.Contains([]string{".json", ".yaml", ".yml"}, strings.ToLower(filepath.Ext(name)))
}
