package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"
)

// keyMap is every key there is. Matching, the hints and the help overlay all
// read it, so what help says is what happens.
type keyMap struct {
	Figures figureKeys   // of bus, storage and log
	Wizard  wizardKeyMap // of the migration

	// Everywhere.
	Quit, Help, Palette, Users, Redraw, Mouse, Theme, Rooms, NextRoom key.Binding
	Views                                                             []key.Binding // as viewTable has them
	Filters, Radar, Evidence, Picture                                 key.Binding
	Detail, Split, Other                                              key.Binding
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
	PollUp, PollDown                                       key.Binding
	NextHit, PrevHit, WhoIs                                key.Binding
	// Dialogs.
	Choose, NextButton, PrevButton, Cancel key.Binding
	ButtonRight, ButtonLeft                key.Binding
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
	var k keyMap
	k.setEverywhere()
	k.setLine()
	k.setChat()
	k.setLists()
	return k
}

func (k *keyMap) setEverywhere() {
	k.Figures = defaultFigureKeys()
	k.Wizard = defaultWizardKeys()

	k.Quit = bind("ctrl+c", "quit", "ctrl+c")
	k.Help = bind("F1", "help", "f1", "alt+h")
	k.Users = bind("ctrl+u", "users", "ctrl+u")
	k.Palette = bind("ctrl+p", "commands", "ctrl+p")
	k.Theme = bind("alt+t", "theme", "alt+t")
	k.Mouse = bind("alt+x", "mouse on or off", "alt+x")
	k.Views = viewKeys()
	k.Filters = bind("alt+i", "filters", "alt+i")
	k.Radar = bind("alt+a", "radar: who has just come", "alt+a")
	k.Evidence = bind("alt+e", "save lines as evidence", "alt+e")
	k.Picture = bind("alt+o", "save a picture of the screen", "alt+o")
	k.Redraw = bind("ctrl+l", "draw the screen anew", "ctrl+l")
	k.Rooms = bind("alt+1…9", "room by number", "alt+1", "alt+2", "alt+3", "alt+4", "alt+5", "alt+6", "alt+7", "alt+8", "alt+9")
	k.Detail = bind("alt+g", "beside: playlist, card, log", "alt+g")
	k.Split = bind("alt+z", "two rooms side by side", "alt+z")
	k.Other = bind("alt+j", "to the room beside", "alt+j")
	k.NextRoom = bind("alt+n", "next room with news", "alt+n")

	k.PageUp = bind("pgup", "page up", "pgup", "alt+v")
	k.PageDown = bind("pgdn", "page down", "pgdown")
	k.RowUp = bind("ctrl+↑", "row up", "ctrl+up", "shift+up", "alt+,")
	k.RowDown = bind("ctrl+↓", "row down", "ctrl+down", "shift+down", "alt+.")
	k.Live = bind("alt+end", "back to live", "alt+end", "ctrl+end", "alt+>")
}

func (k *keyMap) setLine() {
	k.Send = bind("enter", "send", "enter")
	k.Complete = bind("tab", "complete", "tab")
	k.Select = bind("esc", "select", "esc")
	k.HistoryPrev = bind("↑", "line sent before", "up")
	k.HistoryNext = bind("↓", "line sent after", "down")

	k.Left = bind("←", "left", "left", "ctrl+b")
	k.Right = bind("→", "right", "right", "ctrl+f")
	k.WordLeft = bind("alt+b", "word left", "alt+b", "alt+left", "ctrl+left")
	k.WordRight = bind("alt+f", "word right", "alt+f", "alt+right", "ctrl+right")
	k.Home = bind("ctrl+a", "start of the line", "ctrl+a", "home")
	k.End = bind("ctrl+e", "end of the line", "ctrl+e", "end")
	k.Backspace = bind("bksp", "delete left", "backspace", "ctrl+h")
	k.Delete = bind("del", "delete right", "delete", "ctrl+d")
	k.KillWord = bind("ctrl+w", "cut the word left", "ctrl+w", "alt+backspace", "ctrl+backspace")
	k.KillWordRight = bind("alt+d", "cut the word right", "alt+d", "alt+delete", "ctrl+delete")
	k.KillStart = bind("ctrl+u", "cut to the start", "ctrl+u")
	k.KillEnd = bind("ctrl+k", "cut to the end", "ctrl+k")
	k.Yank = bind("ctrl+y", "put back what was cut", "ctrl+y")
	k.Transpose = bind("ctrl+t", "swap two letters", "ctrl+t")
}

func (k *keyMap) setChat() {
	k.Up = bind("k ↑", "up", "k", "up")
	k.Down = bind("j ↓", "down", "j", "down")
	k.First = bind("g", "oldest", "g", "home")
	k.Last = bind("G", "back to live", "G", "end")
	k.Mention = bind("m", "mention", "m")
	k.MentionBack = bind("M", "mention on", "M")
	k.Leave = bind("esc", "back to live", "esc")
	k.Type = bind("i", "type here", "i")
	k.Card = bind("enter", "card", "enter")
	k.ToUsers = bind("l →", "to the users", "l", "right", "tab")
	k.ToChat = bind("h ←", "to the chat", "h", "left", "tab")
	k.Undo = bind("u", "take back", "u")
	k.Kick = bind("K", "kick", "K")
	k.Mute = bind("H", "mute", "H")
	k.Ban = bind("B", "ban", "B")
	k.Close = bind("q", "quit, if read-only", "q")
}

func (k *keyMap) setLists() {
	k.Jump = bind("enter", "play now", "enter")
	k.PlayNext = bind("n", "play next", "n")
	k.AddMedia = bind("a", "add", "a")
	k.RemoveItem = bind("d", "remove", "d", "delete")
	k.MoveUp = bind("K", "move up", "K", "shift+up")
	k.MoveDown = bind("J", "move down", "J", "shift+down")
	k.Temp = bind("t", "temporary or not", "t")
	k.Shuffle = bind("S", "shuffle", "S")
	k.Lock = bind("L", "lock or open", "L")
	k.Skip = bind(">", "skip to the next", ">")
	k.PollUp = bind("[", "poll up", "[")
	k.PollDown = bind("]", "poll down", "]")
	k.Sort = bind("s", "sort", "s")
	k.Reverse = bind("r", "reverse", "r")
	k.Search = bind("/", "search", "/")
	k.NextHit = bind("n", "next hit", "n")
	k.PrevHit = bind("N", "hit before", "N")
	k.WhoIs = bind("c", "card", "c")

	k.Choose = bind("enter", "choose", "enter")
	k.NextButton = bind("tab", "next", "tab")
	k.PrevButton = bind("shift+tab", "previous", "shift+tab")
	k.ButtonRight = bind("→", "next button", "right", "l")
	k.ButtonLeft = bind("←", "button before", "left", "h")
	k.Tick = bind("space", "tick", "space")
	k.GoAhead = bind("y", "go ahead", "y")
	k.Copy = bind("y", "copy", "y")
	k.Links = bind("o", "links", "o")
	k.Reveal = bind("x", "address", "x")
	k.Cancel = bind("esc", "leave it", "esc", "ctrl+c")
}

// groups are the keys of the room view.
func (k keyMap) groups(readOnly bool) []keyGroup {
	move := keyGroup{"Scroll", []key.Binding{k.PageUp, k.PageDown, k.RowUp, k.RowDown, k.Live}}
	sel := keyGroup{"Select in the chat", []key.Binding{k.Up, k.Down, k.First, k.Last, k.Mention, k.MentionBack, k.Search, k.NextHit, k.PrevHit, k.Card, k.Kick, k.Mute, k.Ban, k.Undo, k.Copy, k.Links, k.ToUsers, k.ToChat, k.Type, k.Leave, k.Close}}
	if readOnly {
		acting := func(b key.Binding) bool {
			return slices.ContainsFunc(k.acting(), func(a key.Binding) bool { return a.Help() == b.Help() })
		}
		sel.keys = slices.DeleteFunc(sel.keys, acting)
		return []keyGroup{move, sel}
	}
	line := keyGroup{"Input line", []key.Binding{k.Send, k.Complete, k.Select, k.HistoryPrev, k.HistoryNext,
		k.WordLeft, k.WordRight, k.Home, k.End, k.KillWord, k.KillWordRight, k.KillStart, k.KillEnd, k.Yank, k.Transpose}}
	return []keyGroup{move, sel, line}
}

// acting are the keys that do something to a person, or take it back.
func (k keyMap) acting() []key.Binding {
	return []key.Binding{k.Kick, k.Mute, k.Ban, k.Undo}
}

// worded is a key where it does something else than it is called after.
func worded(b key.Binding, what string) key.Binding {
	b.SetHelp(b.Help().Key, what)
	return b
}

// inList are the keys that move the choice in a list.
func (k keyMap) inList() []key.Binding {
	return []key.Binding{k.Up, k.Down, k.PageUp, k.PageDown, worded(k.First, "first"), worded(k.Last, "last")}
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
