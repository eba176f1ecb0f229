package tui

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// carryOut is settle for commands that write files: it waits as long as they
// take.
func carryOut(m *model, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	msg := cmd()
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, c := range batch {
			carryOut(m, c)
		}
		return
	}
	if _, more := m.Update(msg); more != nil {
		carryOut(m, more)
	}
}

func TestTheChosenThemeIsKeptUntilTheConfigSaysAnother(t *testing.T) {
	o := testOptions()
	o.TUI.Theme = "hal9000"
	o.MemoryFile = filepath.Join(t.TempDir(), "state", "console.json")
	m, _ := testModel(t, o, 100, 30)
	carryOut(m, press(t, m, "alt+t", "down", "down", "esc"))
	if m.theme() != "hal9000" {
		t.Fatalf("left alone, the theme is %s", m.theme())
	}
	typeText(m, "/theme r2d2")
	carryOut(m, press(t, m, "enter"))
	info, err := os.Stat(o.MemoryFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("kept with %v, %v", info, err)
	}

	m, _ = testModel(t, o, 100, 30)
	if m.theme() != "r2d2" {
		t.Errorf("the next time it is %s", m.theme())
	}
	again := o.TUI
	again.Scrollback = 700
	m.Update(configMsg{tui: again})
	if m.theme() != "r2d2" || m.opts.TUI.Scrollback != 700 {
		t.Errorf("after another key of the config has changed: %s", m.theme())
	}
	again.Theme = "marvin"
	m.Update(configMsg{tui: again})
	if m.theme() != "marvin" {
		t.Errorf("after the config's theme has changed: %s", m.theme())
	}

	o.TUI.Theme = "c3po"
	if m, _ = testModel(t, o, 100, 30); m.theme() != "c3po" {
		t.Errorf("a config that was changed between is not heeded: %s", m.theme())
	}
	o.MemoryFile = ""
	m, _ = testModel(t, o, 100, 30)
	carryOut(m, press(t, m, "alt+t", "down", "enter"))
	if m.theme() == "c3po" || strings.Contains(m.status, "kept") {
		t.Errorf("without a file: %s, %q", m.theme(), m.status)
	}
}

func TestABrokenMemoryIsIgnoredAndLogged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "console.json")
	for text, stays := range map[string]bool{
		"{\"theme\":": false, "[]": false, `{"version": 99, "theme": "r2d2", "theme_over": "default"}`: true,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		o := testOptions()
		o.MemoryFile, o.Logger = path, slog.New(slog.NewTextHandler(&log, nil))
		m, _ := testModel(t, o, 100, 30)
		if m.theme() != "default" || !strings.Contains(log.String(), path) {
			t.Errorf("%s: theme %s, log %q", text, m.theme(), log.String())
		}
		typeText(m, "/theme walle")
		carryOut(m, press(t, m, "enter"))
		after, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if stays {
			shows(t, m, "keep the choice: a later version of rosey wrote")
			shows(t, m, "console.json") // however long the path is
		}
		if (string(after) == text) != stays {
			t.Errorf("%s: the file became %s", text, after)
		}
	}
}

func TestWhatThePaneShowsIsKept(t *testing.T) {
	o := testOptions()
	o.MemoryFile = filepath.Join(t.TempDir(), "console.json")
	open := func() *model {
		m, _ := testModel(t, o, 160, 50)
		m.Update(scene())
		return m
	}
	m := open()
	carryOut(m, press(t, m, "alt+g"))
	carryOut(m, press(t, m, "alt+g"))
	if m = open(); m.detail.tab != detailLog {
		t.Errorf("after two steps the next time shows %q", detailTitles[m.detail.tab])
	}
	x, y := find(t, m, "  card ")
	carryOut(m, click(m, x+2, y))
	if m = open(); m.detail.tab != detailCard {
		t.Errorf("after a click the next time shows %q", detailTitles[m.detail.tab])
	}
	// A later version may know more of them.
	if err := keepMemory(o.MemoryFile, func(k *memory) { k.Detail = "weather" }); err != nil {
		t.Fatal(err)
	}
	if m = open(); m.detail.tab != detailQueue {
		t.Errorf("an unknown one shows %q", detailTitles[m.detail.tab])
	}
}

// Bubble Tea runs commands beside one another and in any order: the last choice
// is the one that is kept, and none takes back another.
func TestChoicesAreKeptInTheirOrder(t *testing.T) {
	o := testOptions()
	o.MemoryFile = filepath.Join(t.TempDir(), "console.json")
	m, _ := testModel(t, o, 100, 30)
	under := []tea.Cmd{
		m.keep(func(k *memory) { k.Theme = "r2d2" }),
		m.keep(func(k *memory) { k.Detail = "log" }),
		m.keep(func(k *memory) { k.Theme = "walle" }),
	}
	for _, cmd := range slices.Backward(under) {
		carryOut(m, cmd)
	}
	got, err := readMemory(o.MemoryFile)
	if err != nil || got.Theme != "walle" || got.Detail != "log" {
		t.Errorf("kept %+v, %v", got, err)
	}
	carryOut(m, m.keep(func(k *memory) { k.Theme = "marvin" }))
	if got, err = readMemory(o.MemoryFile); err != nil || got.Theme != "marvin" {
		t.Errorf("after the others kept %+v, %v", got, err)
	}
}
