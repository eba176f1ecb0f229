package tui

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"charm.land/bubbles/v2/key"

	"rosey/config"
)

// named is every binding by the name that the config calls it: the field's
// name in small letters with _ between its words, a view's by its title.
func (k *keyMap) named() map[string]*key.Binding {
	out := map[string]*key.Binding{}
	v := reflect.ValueOf(k).Elem()
	for i := range v.NumField() {
		if b, ok := v.Field(i).Addr().Interface().(*key.Binding); ok {
			out[snake(v.Type().Field(i).Name)] = b
		}
	}
	for i := range k.Views {
		out[strings.ToLower(viewTable[i].title)] = &k.Views[i]
	}
	return out
}

func snake(name string) string {
	var b strings.Builder
	for i, c := range name {
		if unicode.IsUpper(c) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// keysOf is the key map with the person's own keys in place. Names that there
// are not are left out: CheckConfig tells of them.
func keysOf(own map[string]string) keyMap {
	k := defaultKeys()
	bindings := k.named()
	for name, keys := range own {
		b, list := bindings[name], strings.Fields(keys)
		if b == nil {
			continue
		}
		b.SetKeys(list...)
		b.SetEnabled(len(list) > 0)
		if len(list) > 0 {
			b.SetHelp(list[0], b.Help().Desc)
		}
	}
	return k
}

// CheckConfig tells what is wrong in the config's section tui that only the
// console can judge: keys for bindings that there are not, and keys that are
// given twice where both would be heard.
func CheckConfig(cfg *config.Config) []config.Problem {
	var problems []config.Problem
	k := keysOf(cfg.TUI.Keys)
	known := slices.Sorted(maps.Keys(k.named()))
	for _, name := range slices.Sorted(maps.Keys(cfg.TUI.Keys)) {
		if !slices.Contains(known, name) {
			problems = append(problems, cfg.Problem("tui.keys."+name, "expected the name of a key, found another",
				"choose one of "+strings.Join(known, ", ")))
		}
	}
	if !k.Quit.Enabled() {
		problems = append(problems, cfg.Problem("tui.keys.quit", "expected a key to quit by, found none", "give it one, such as ctrl+c"))
	}
	m := newModel(Options{TUI: cfg.TUI}, deps{})
	taken := map[string]string{}
	for _, d := range m.everywhere() {
		for _, pressed := range d.key.Keys() {
			what, twice := d.key.Help().Desc, taken[pressed]
			if twice != "" {
				problems = append(problems, cfg.Problem(m.placeOf(d.key),
					fmt.Sprintf("the key %s is taken twice, for %q and %q", pressed, twice, what), "give one of them another key"))
			}
			taken[pressed] = what
		}
	}
	return problems
}

// placeOf is the config's key that gave a binding its keys.
func (m *model) placeOf(b key.Binding) string {
	for i, p := range m.opts.TUI.Presets {
		if slices.Equal(strings.Fields(p.Key), b.Keys()) {
			return fmt.Sprintf("tui.presets[%d].key", i)
		}
	}
	for name, keys := range m.opts.TUI.Keys {
		if slices.Equal(strings.Fields(keys), b.Keys()) {
			return "tui.keys." + name
		}
	}
	return "tui.keys"
}
