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

// Where nothing can be done the page and the card say so, in whole.
func TestReadOnlySaysSo(t *testing.T) {
	o := testOptions()
	o.ReadOnly = true
	m, _ := testModel(t, o, 80, 24)
	m.Update(scene())
	press(t, m, "f8")
	shows(t, m, "You are watching")
	press(t, m, "f2")
	settle(m, m.openCard(m.room(), "bob"))
	shows(t, m, "READ ONLY: you are")
	shows(t, m, "watching")
	hides(t, m, "not known yet")
	requireShape(t, m, 80, 24)
}
