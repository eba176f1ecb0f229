package tui

import (
	"fmt"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
)

// presetShortcuts is what the person's rules add to what can be done everywhere.
func (m *model) presetShortcuts() []shortcut {
	k := &m.keys
	list := []shortcut{
		{k.Filters, func(m *model) tea.Cmd { return m.push(&filterList{}) }},
		{k.Radar, func(m *model) tea.Cmd { return m.openRadar() }},
		{k.Evidence, func(m *model) tea.Cmd { return m.saveEvidence() }},
		{k.Picture, func(m *model) tea.Cmd { return m.savePicture() }},
	}
	if m.opts.ReadOnly {
		return list
	}
	for _, p := range m.rules.presets {
		list = append(list, shortcut{m.presetKey(p), func(m *model) tea.Cmd { return m.usePreset(p, m.presetValues()) }})
	}
	return list
}

// presetKey is a preset's key as it can be pressed now: letters are for typing
// while nothing is selected.
func (m *model) presetKey(p preset) key.Binding {
	b := p.key
	v := m.room()
	if v != nil && v.chat.selecting() {
		return b
	}
	var keys []string
	for _, pressed := range b.Keys() {
		if utf8.RuneCountInString(pressed) > 1 {
			keys = append(keys, pressed)
		}
	}
	b.SetKeys(keys...)
	return b
}

// presetValues are the values that the selected line gives a preset.
func (m *model) presetValues() map[string]string {
	values := map[string]string{}
	v := m.room()
	if v == nil {
		return values
	}
	values["room"] = v.name
	if l := v.chat.selected(); l != nil {
		values["user"], values["text"] = l.name, l.text()
	}
	return values
}

// cardPreset takes the preset whose key was pressed on a person's card.
func (m *model) cardPreset(v *channel, name string, msg tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	if m.opts.ReadOnly {
		return nil, false
	}
	for _, p := range m.rules.presets {
		if key.Matches(msg, p.key) {
			return m.usePreset(p, map[string]string{"room": v.name, "user": name}), true
		}
	}
	return nil, false
}

// usePreset asks for what is missing, one after the other, and then enters the
// command as if it had been typed: what asks before it acts asks here too.
func (m *model) usePreset(p preset, values map[string]string) tea.Cmd {
	missing := p.missing(values)
	if len(missing) == 0 {
		return m.begin("/"+p.expand(values), true)
	}
	var offers []string
	switch v := m.room(); {
	case v == nil:
	case missing[0] == "user":
		offers = anyone(v, "")
	case missing[0] == "reason":
		offers = v.reasons
	}
	q := &question{title: p.label, field: newField(missing[0], "", offers)}
	q.body = func(m *model, w int) []string {
		return []string{m.styles.muted.paint(fit(m.by, "/"+p.preview(values), w))}
	}
	next := button{"", "Go on", func(m *model) tea.Cmd {
		values[missing[0]] = q.field.value()
		if values[missing[0]] == "" {
			m.status = missing[0] + " is needed"
			return nil
		}
		return m.usePreset(p, values)
	}}
	q.buttons = []button{next, {"", "Leave it", nil}}
	return m.push(q)
}

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

// noteHighlight keeps a highlighted line, so that the person is told of it: only of
// what was said now, and not by the bot itself.
func (v *channel) noteHighlight(l *line, e room.Event) {
	if l == nil || l.verdict.hidden || l.verdict.mark == nil {
		return
	}
	said, ok := e.(*room.Message)
	if ok && (said.Replay || room.Fold(said.User) == room.Fold(v.state.Self.Name)) {
		return
	}
	v.marked = l
}

// ring rings and notifies for what the batch has highlighted.
func (m *model) ring() tea.Cmd {
	var out string
	for _, v := range m.rooms {
		l := v.marked
		if v.marked = nil; l == nil {
			continue
		}
		out += m.notify.notice(l.verdict.mark, l.name+" in "+room.Clean(v.name), l.text(), m.now)
	}
	if out == "" {
		return nil
	}
	return tea.Raw(out)
}

// filterList shows the filters; they are switched and inverted there.
type filterList struct{ at int }

func (d *filterList) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	n := len(m.rules.filters)
	switch k := m.keys; {
	case n == 0, key.Matches(msg, k.Cancel, k.Filters, k.Close):
		return nil, true
	case key.Matches(msg, k.Up):
		d.at = max(0, d.at-1)
	case key.Matches(msg, k.Down, k.NextButton):
		d.at = min(n-1, d.at+1)
	case key.Matches(msg, k.Choose), msg.String() == "space":
		f := m.rules.filters[d.at]
		f.active = !f.active
		m.reapplyRules()
	case msg.String() == "i":
		f := m.rules.filters[d.at]
		f.invert = !f.invert
		m.reapplyRules()
	}
	return nil, false
}

func (d *filterList) box(m *model) []string {
	s, w := m.styles, min(m.w-4, 64)
	var body []string
	for i, f := range m.rules.filters {
		tick, k := "[ ] ", s.muted
		if f.active {
			tick, k = "[x] ", s.text
		}
		lead, below := "  ", ink("")
		if i == d.at {
			lead, below = s.accent.paint("› "), s.selected
		}
		body = append(body, under(below, fit(m.by, lead+k.paint(tick+f.String()), w-4)))
	}
	if len(body) == 0 {
		body = []string{s.text.paint("There are no filters."), s.muted.paint("Write them in the config under tui: filters.")}
	} else {
		body = append(body, "", s.muted.paint(fmt.Sprintf("space on or off  ·  i invert  ·  %d ignored by name", len(m.rules.ignored))))
	}
	return m.box("Filters", body, w)
}
