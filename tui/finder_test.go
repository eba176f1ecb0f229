package tui

import (
	"path/filepath"
	"slices"
	"testing"

	"rosey/bus"
)

// found are the titles that the palette shows, best first.
func found(m *model) []string {
	p := m.dialog().(*finder)
	var out []string
	for _, i := range p.found {
		out = append(out, p.entries[i].title)
	}
	return out
}

func TestThePaletteRanks(t *testing.T) {
	m, _ := operate(t, 100, 30)
	for _, c := range []struct {
		typed string
		first []string
		not   []string
	}{
		{"ban", []string{"/ban"}, []string{"/jump", "/undo", "radar: who has just come"}},
		{"kick", []string{"/kick"}, []string{"/clear"}},
		{"kik", []string{"/kick"}, nil},
		{"/m", []string{"/me", "/mute", "/mode", "/move"}, []string{"/theme", "/pm", "migration", "mouse on or off"}},
		{"mo", []string{"mouse on or off", "/mode", "/move"}, nil}, // how it begins, in order of the list
		{"picture", []string{"save a picture of the screen"}, nil},
		{"save pict", []string{"save a picture of the screen"}, nil},
		{"THEME", []string{"theme", "/theme"}, nil},
		{"silences", []string{"/mute"}, nil}, // what the note says
		{"zzzz", nil, nil},
	} {
		press(t, m, "ctrl+p")
		typeText(m, c.typed)
		got := found(m)
		if len(got) < len(c.first) || !slices.Equal(got[:len(c.first)], c.first) || c.first == nil && len(got) > 0 {
			t.Errorf("%q finds %q, want %q first", c.typed, got, c.first)
		}
		for _, n := range c.not {
			if slices.Contains(got, n) {
				t.Errorf("%q finds %q as well", c.typed, n)
			}
		}
		press(t, m, "esc")
	}
}

func TestThePaletteShowsWhatWasUsedLast(t *testing.T) {
	o := testOptions()
	o.MemoryFile = filepath.Join(t.TempDir(), "console.json")
	m, _ := testModel(t, o, 100, 30)
	press(t, m, "ctrl+p")
	if all := found(m); slices.Contains(all, "commands") || all[0] != "help" {
		t.Errorf("nothing typed: %q", all)
	}
	for _, what := range []string{"bus", "playlist", "bus"} {
		typeText(m, what)
		carryOut(m, press(t, m, "enter"))
		press(t, m, "ctrl+p")
	}
	if all := found(m); !slices.Equal(all[:3], []string{"bus", "playlist", "help"}) {
		t.Errorf("after use: %q", all)
	}
	m, _ = testModel(t, o, 100, 30)
	press(t, m, "ctrl+p")
	if all := found(m); !slices.Equal(all[:2], []string{"bus", "playlist"}) {
		t.Errorf("the next time: %q", all)
	}
}

func TestWhatARowCutsStandsBelowTheList(t *testing.T) {
	m, _ := operate(t, 80, 24)
	m.room().tree.reply.Commands = append(slices.Clone(m.room().tree.reply.Commands),
		bus.CommandInfo{Name: "zigzag", Help: "Goes to and fro through all that was ever played in this room, and comes back."})
	press(t, m, "ctrl+p")
	typeText(m, "zigzag")
	shows(t, m, "comes back.")
	requireShape(t, m, 80, 24)

	press(t, m, "esc")
	name := m.theme()
	made := m.themes[name]
	made.about = "for rooms with a window behind the screen, and for all who sit with their back to it"
	m.themes[name] = made
	m.push(newThemePicker(m))
	shows(t, m, "back to it")
	requireShape(t, m, 80, 24)
}
