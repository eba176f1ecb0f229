package tui

import "charm.land/bubbles/v2/key"

// figureKeys are the keys of the views that show figures and what was done.
type figureKeys struct {
	Up, Down, Top, Bottom, Back   key.Binding
	Sort, Span, All               key.Binding
	Find, Invert, Kind, Tail      key.Binding
	Export, Older, Clear, Confirm key.Binding
	Open                          key.Binding
}

func defaultFigureKeys() figureKeys {
	return figureKeys{
		Up:      bind("↑ k", "up", "up", "k"),
		Down:    bind("↓ j", "down", "down", "j"),
		Top:     bind("g", "top", "g", "home"),
		Bottom:  bind("G", "end", "G", "end"),
		Back:    bind("esc", "room", "esc", "q"),
		Sort:    bind("s", "sort", "s"),
		All:     bind("a", "all connections", "a"),
		Span:    bind("t", "time span", "t"),
		Find:    bind("/", "filter", "/"),
		Invert:  bind("!", "invert", "!"),
		Kind:    bind("t", "kind", "t"),
		Tail:    bind("f", "follow", "f"),
		Export:  bind("e", "export", "e"),
		Open:    bind("enter", "in full", "enter"),
		Older:   bind("o", "older", "o"),
		Clear:   bind("esc", "clear filter", "esc"),
		Confirm: bind("enter", "done", "enter"),
	}
}

// rolling are the keys that scroll such a view.
func (k figureKeys) rolling(every keyMap) []key.Binding {
	return []key.Binding{k.Up, k.Down, every.PageUp, every.PageDown, k.Top, k.Bottom}
}
