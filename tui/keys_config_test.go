package tui

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestKeysOfOnesOwn(t *testing.T) {
	m, _ := rulesModel(t, 120, 40)
	press(t, m, "f1")
	if m.dialog() != nil {
		t.Error("F1 still opens the help")
	}
	m.Update(tea.KeyPressMsg{Code: tea.KeyF10})
	if m.dialog() == nil {
		t.Fatal("f10 does not open the help")
	}
	shows(t, m, "f10      help")
	shows(t, m, "alt+y    playlist")
}

func configKeys() map[string]string {
	k := defaultKeys()
	out := map[string]string{}
	for name, b := range k.named() {
		out[name] = b.Help().Desc
	}
	return out
}
