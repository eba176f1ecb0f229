package tui

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"

	"rosey/bus"
	"rosey/config"
)

// A preset is an action of the person's own: a command with places for what
// changes.
type preset struct {
	label, template string
	key             key.Binding
}

func newPreset(p config.Preset) preset {
	label := cmp.Or(p.Label, p.Template)
	keys := strings.Fields(p.Key)
	shown := ""
	if len(keys) > 0 {
		shown = keys[0]
	}
	b := key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, label))
	b.SetEnabled(len(keys) > 0)
	return preset{label: label, template: p.Template, key: b}
}

// needs are the names in the template's braces, each once, in their order.
func (p preset) needs() []string {
	var out []string
	for _, part := range config.TemplatePart.FindAllStringSubmatch(p.template, -1) {
		if !slices.Contains(out, part[1]) {
			out = append(out, part[1])
		}
	}
	return out
}

// missing are those of its needs that values does not have.
func (p preset) missing(values map[string]string) []string {
	return slices.DeleteFunc(p.needs(), func(name string) bool { return values[name] != "" })
}

// preview is expand with what is missing left in its braces.
func (p preset) preview(values map[string]string) string {
	all := maps.Clone(values)
	for _, name := range p.missing(values) {
		all[name] = "{" + name + "}"
	}
	return p.expand(all)
}

// expand writes the values into the template. A value stays one word, unless
// it is the last thing of the line, where it may have many.
func (p preset) expand(values map[string]string) string {
	parts := config.TemplatePart.FindAllStringSubmatchIndex(p.template, -1)
	var b strings.Builder
	from := 0
	for _, at := range parts {
		value := values[p.template[at[2]:at[3]]]
		if strings.TrimSpace(p.template[at[1]:]) != "" {
			value = bus.QuoteWord(value)
		}
		b.WriteString(p.template[from:at[0]] + value)
		from = at[1]
	}
	return strings.TrimSpace(b.String() + p.template[from:])
}
