package tui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEnteredLinesAreRecalledInTheNextSession(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rosey", "history")
	o := testOptions()
	o.HistoryFile = path
	m, _ := testModel(t, o, 80, 24)
	m.Update(scene())
	for _, text := range []string{"first", "/pm bob 日本", "first"} {
		typeText(m, text)
		settle(m, press(t, m, "enter"))
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file: %v, %v", info, err)
	}
	m, _ = testModel(t, o, 80, 24)
	press(t, m, "up", "up")
	if got := m.room().edit.value(); got != "/pm bob 日本" {
		t.Errorf("recalled %q", got)
	}
	press(t, m, "down", "down")
	if !m.room().edit.empty() {
		t.Error("past the end stands the line under edit")
	}

	if err := os.WriteFile(path, []byte(strings.Repeat("long long line\n", 200_000)+"\x1b[2Jlast\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := appendInputHistory(path, []string{"new"}); err != nil {
		t.Fatal(err)
	}
	got := readInputHistory(path)
	if info, err := os.Stat(path); err != nil || info.Size() > 1<<16 || got[len(got)-1] != "new" || got[len(got)-2] != "last" {
		t.Errorf("a large file becomes %v and ends in %q", info.Size(), got[len(got)-2:])
	}
}
