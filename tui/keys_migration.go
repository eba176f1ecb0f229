package tui

import "charm.land/bubbles/v2/key"

// wizardKeyMap are the keys of the migration.
type wizardKeyMap struct {
	Next, Back, Undo, Anew, Complete, NextRow, PrevRow, Turn, Full key.Binding
}

func defaultWizardKeys() wizardKeyMap {
	return wizardKeyMap{
		Next:     bind("enter", "go on", "enter"),
		Back:     bind("esc", "back", "esc"),
		Undo:     bind("r", "roll back", "r"),
		Anew:     bind("ctrl+n", "begin anew", "ctrl+n"),
		Complete: bind("tab", "complete", "tab"),
		NextRow:  bind("tab ↓", "next", "tab", "down"),
		PrevRow:  bind("↑", "previous", "shift+tab", "up"),
		Turn:     bind("← →", "choose", "left", "right", "space", " "),
		Full:     bind("space", "in full", "space", " "),
	}
}
