package tui

import (
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// presetShortcuts are the presets' keys, where something can be sent from here.
func (m *model) presetShortcuts() []shortcut {
	if m.opts.ReadOnly {
		return nil
	}
	var list []shortcut
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
