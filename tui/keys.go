package tui

import "charm.land/bubbles/v2/key"

// keyMap is every key there is. Matching, the hints and the help overlay all
// read it, so what help says is what happens.
type keyMap struct {
	Figures figureKeys   // of bus, storage and log
	Wizard  wizardKeyMap // of the migration

	// Everywhere.
	Quit, Help, Palette, Users, Redraw, Mouse, Theme, Rooms, NextRoom key.Binding
	Views                                                             []key.Binding // as viewTable has them
	Filters, Radar, Evidence, Picture                                 key.Binding
	// Scrolling, whoever has the focus.
	PageUp, PageDown, RowUp, RowDown, Live key.Binding
	// The input line.
	Send, Complete, Select, HistoryPrev, HistoryNext key.Binding
	Left, Right, WordLeft, WordRight, Home, End      key.Binding
	Backspace, Delete, KillWord, KillWordRight       key.Binding
	KillStart, KillEnd, Yank, Transpose              key.Binding
	// Selecting in the chat.
	Up, Down, First, Last, Mention, MentionBack, Leave, Type, Close key.Binding
	Card, Undo, Kick, Mute, Ban, ToUsers, ToChat                    key.Binding
	// Playlist and people.
	Jump, PlayNext, AddMedia, RemoveItem, MoveUp, MoveDown key.Binding
	Temp, Shuffle, Lock, Skip, Sort, Reverse, Search       key.Binding
	NextHit, PrevHit, WhoIs                                key.Binding
	// Dialogs.
	Choose, NextButton, PrevButton, Cancel key.Binding
	Tick, GoAhead, Reveal, Copy, Links     key.Binding
}

// keyGroup is one block of the help overlay.
type keyGroup struct {
	title string
	keys  []key.Binding
}

func bind(help, what string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, what))
}

func defaultKeys() keyMap {
	return keyMap{
		Figures: defaultFigureKeys(),
		Wizard:  defaultWizardKeys(),

		Quit:     bind("ctrl+c", "quit", "ctrl+c"),
		Help:     bind("F1", "help", "f1", "alt+h"),
		Users:    bind("ctrl+u", "users", "ctrl+u"),
		Palette:  bind("ctrl+p", "commands", "ctrl+p"),
		Theme:    bind("alt+t", "theme", "alt+t"),
		Mouse:    bind("alt+x", "mouse on or off", "alt+x"),
		Views:    viewKeys(),
		Filters:  bind("alt+i", "filters", "alt+i"),
		Radar:    bind("alt+a", "radar: who has just come", "alt+a"),
		Evidence: bind("alt+e", "save lines as evidence", "alt+e"),
		Picture:  bind("alt+o", "save a picture of the screen", "alt+o"),
		Redraw:   bind("ctrl+l", "draw the screen anew", "ctrl+l"),
		Rooms:    bind("alt+1…9", "room by number", "alt+1", "alt+2", "alt+3", "alt+4", "alt+5", "alt+6", "alt+7", "alt+8", "alt+9"),
		NextRoom: bind("alt+n", "next room with news", "alt+n"),

		PageUp:   bind("pgup", "page up", "pgup", "alt+v"),
		PageDown: bind("pgdn", "page down", "pgdown"),
		RowUp:    bind("ctrl+↑", "row up", "ctrl+up", "shift+up"),
		RowDown:  bind("ctrl+↓", "row down", "ctrl+down", "shift+down"),
		Live:     bind("alt+end", "back to live", "alt+end", "ctrl+end"),

		Send:        bind("enter", "send", "enter"),
		Complete:    bind("tab", "complete", "tab"),
		Select:      bind("esc", "select", "esc"),
		HistoryPrev: bind("↑", "line sent before", "up"),
		HistoryNext: bind("↓", "line sent after", "down"),

		Left:          bind("←", "left", "left", "ctrl+b"),
		Right:         bind("→", "right", "right", "ctrl+f"),
		WordLeft:      bind("alt+b", "word left", "alt+b", "alt+left", "ctrl+left"),
		WordRight:     bind("alt+f", "word right", "alt+f", "alt+right", "ctrl+right"),
		Home:          bind("ctrl+a", "start of the line", "ctrl+a", "home"),
		End:           bind("ctrl+e", "end of the line", "ctrl+e", "end"),
		Backspace:     bind("bksp", "delete left", "backspace", "ctrl+h"),
		Delete:        bind("del", "delete right", "delete", "ctrl+d"),
		KillWord:      bind("ctrl+w", "cut the word left", "ctrl+w", "alt+backspace", "ctrl+backspace"),
		KillWordRight: bind("alt+d", "cut the word right", "alt+d", "alt+delete", "ctrl+delete"),
		KillStart:     bind("ctrl+u", "cut to the start", "ctrl+u"),
		KillEnd:       bind("ctrl+k", "cut to the end", "ctrl+k"),
		Yank:          bind("ctrl+y", "put back what was cut", "ctrl+y"),
		Transpose:     bind("ctrl+t", "swap two letters", "ctrl+t"),

		Up:          bind("k ↑", "up", "k", "up"),
		Down:        bind("j ↓", "down", "j", "down"),
		First:       bind("g", "oldest", "g", "home"),
		Last:        bind("G", "back to live", "G", "end"),
		Mention:     bind("m", "mention", "m"),
		MentionBack: bind("M", "mention on", "M"),
		Leave:       bind("esc", "back to live", "esc"),
		Type:        bind("i", "type here", "i"),
		Card:        bind("enter", "card", "enter"),
		ToUsers:     bind("l →", "to the users", "l", "right", "tab"),
		ToChat:      bind("h ←", "to the chat", "h", "left", "tab"),
		Undo:        bind("u", "take back", "u"),
		Kick:        bind("K", "kick", "K"),
		Mute:        bind("H", "hush", "H"),
		Ban:         bind("B", "ban", "B"),
		Close:       bind("q", "quit", "q"),

		Jump:       bind("enter", "play now", "enter"),
		PlayNext:   bind("n", "play next", "n"),
		AddMedia:   bind("a", "add", "a"),
		RemoveItem: bind("d", "remove", "d", "delete"),
		MoveUp:     bind("K", "move up", "K", "shift+up"),
		MoveDown:   bind("J", "move down", "J", "shift+down"),
		Temp:       bind("t", "temporary or not", "t"),
		Shuffle:    bind("S", "shuffle", "S"),
		Lock:       bind("L", "lock or open", "L"),
		Skip:       bind(">", "skip to the next", ">"),
		Sort:       bind("s", "sort", "s"),
		Reverse:    bind("r", "reverse", "r"),
		Search:     bind("/", "search", "/"),
		NextHit:    bind("n", "next hit", "n"),
		PrevHit:    bind("N", "hit before", "N"),
		WhoIs:      bind("c", "card", "c"),

		Choose:     bind("enter", "choose", "enter"),
		NextButton: bind("tab", "next", "tab"),
		PrevButton: bind("shift+tab", "previous", "shift+tab"),
		Tick:       bind("space", "tick", "space"),
		GoAhead:    bind("y", "go ahead", "y"),
		Copy:       bind("y", "copy", "y"),
		Links:      bind("o", "links", "o"),
		Reveal:     bind("x", "address", "x"),
		Cancel:     bind("esc", "leave it", "esc", "ctrl+c"),
	}
}

// groups are the keys of the room view.
func (k keyMap) groups(readOnly bool) []keyGroup {
	move := keyGroup{"Scroll", []key.Binding{k.PageUp, k.PageDown, k.RowUp, k.RowDown, k.Live}}
	sel := keyGroup{"Select in the chat", []key.Binding{k.Up, k.Down, k.First, k.Last, k.Mention, k.MentionBack, k.Search, k.NextHit, k.PrevHit, k.Card, k.Kick, k.Mute, k.Ban, k.Undo, k.Copy, k.Links, k.ToUsers, k.ToChat, k.Type, k.Leave, k.Close}}
	if readOnly {
		return []keyGroup{move, sel}
	}
	line := keyGroup{"Input line", []key.Binding{k.Send, k.Complete, k.Select, k.HistoryPrev, k.HistoryNext,
		k.WordLeft, k.WordRight, k.Home, k.End, k.KillWord, k.KillWordRight, k.KillStart, k.KillEnd, k.Yank, k.Transpose}}
	return []keyGroup{move, sel, line}
}

// hints are the few keys that the last row of the room tells, by where the
// person is.
func (k keyMap) hints(selecting, readOnly bool) []key.Binding {
	hints := []key.Binding{k.Complete, k.Send, k.Select}
	switch {
	case selecting && readOnly:
		hints = []key.Binding{k.Leave, k.Card, k.Down, k.Up, k.Mention, k.Close}
	case selecting:
		hints = []key.Binding{k.Leave, k.Card, k.Kick, k.Mute, k.Ban, k.Search, k.Mention, k.Type}
	case readOnly:
		hints = []key.Binding{k.Down, k.PageUp, k.Close}
	}
	return append(append(hints, k.Palette, k.Help), k.Views[viewPlaylist:]...)
}
