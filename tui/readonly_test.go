package tui

import (
	"testing"
)

func TestReadOnlyOffersNothingToDo(t *testing.T) {
	o := testOptions()
	o.ReadOnly = true
	m, _ := testModel(t, o, 120, 40)
	m.Update(scene())
	press(t, m, "f8")
	hides(t, m, "do it")
	hides(t, m, "tab complete")
	press(t, m, "f2", "j", "l")
	shows(t, m, "enter card")
	hides(t, m, "K kick")
	settle(m, m.openCard(m.room(), "bob"))
	hides(t, m, "1…9")
	shows(t, m, "esc close")
	for _, g := range m.keys.groups(true) {
		for _, k := range g.keys {
			if k.Help() == m.keys.Kick.Help() || k.Help() == m.keys.Undo.Help() {
				t.Errorf("the help offers %s", k.Help().Desc)
			}
		}
	}
}
