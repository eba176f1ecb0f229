package tui

import (
	"rosey/config"
)

// applySettings takes the person's settings as they are now.
func (m *model) applySettings(t config.TUI) {
	rules, err := compileRules(t)
	if err != nil { // a config from a file cannot have it
		rules = &noRules
		m.status = err.Error()
	}
	if m.rules != nil {
		rules.keep(m.rules, m.opts.TUI, t)
	}
	if t.Theme != m.opts.TUI.Theme {
		m.chosenTheme = "" // the later word counts
	}
	m.opts.TUI, m.rules, m.keys = t, rules, keysOf(t.Keys)
	m.reapplyRules()
	m.arrange()
}

// noRules hide and mark nothing.
var noRules rules

// reapplyRules has every line of every room judged and rendered anew. What a search
// has opened shows everything, whatever the rules.
func (m *model) reapplyRules() {
	for _, v := range m.rooms {
		v.log.max = max(m.opts.TUI.Scrollback, 100)
		v.log.setRules(m.rules)
	}
	m.restyle()
}
