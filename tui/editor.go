package tui

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/rivo/uniseg"

	"rosey/bus/room"
)

// maxInput bounds the input line, in UTF-16 units. CyTube cuts a message far
// earlier; the bot splits.
const maxInput = 4000

// An editor is one line under edit. It moves and deletes by what a person sees
// as one character, which a field of code points cannot.
type editor struct {
	chars  []string // grapheme clusters
	pos    int
	killed string

	history []string
	at      int      // in history; len(history) is the line under edit
	draft   string   // the line under edit while history is shown
	fresh   []string // entered, and not yet kept for the next session

	scroll int // first cluster shown
}

const maxHistory = 200

func (e *editor) value() string  { return strings.Join(e.chars, "") }
func (e *editor) empty() bool    { return len(e.chars) == 0 }
func (e *editor) before() string { return strings.Join(e.chars[:e.pos], "") }

func (e *editor) set(s string) {
	e.chars = clusters(s)
	e.pos = len(e.chars)
}

// insert puts cleaned text at the cursor; what would pass maxInput is left out.
func (e *editor) insert(s string) {
	s = room.Clean(s)
	if s == "" || room.UTF16Len(e.value())+room.UTF16Len(s) > maxInput {
		return
	}
	// A combining mark or half of an emoji sequence joins what stands before.
	head := clusters(e.before() + s)
	tail := e.chars[e.pos:]
	e.chars = append(head[:len(head):len(head)], tail...)
	e.pos = len(head)
}

// replaceBefore puts s in the place of the n characters before the cursor.
func (e *editor) replaceBefore(n int, s string) {
	e.chars = slices.Delete(e.chars, e.pos-n, e.pos)
	e.pos -= n
	e.insert(s)
}

func clusters(s string) []string {
	var out []string
	for state := -1; s != ""; {
		var c string
		c, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
		out = append(out, c)
	}
	return out
}

// key acts on an editing key; false when it is none.
func (e *editor) key(k keyMap, msg tea.KeyPressMsg) bool {
	switch {
	case key.Matches(msg, k.Left):
		e.pos = max(0, e.pos-1)
	case key.Matches(msg, k.Right):
		e.pos = min(len(e.chars), e.pos+1)
	case key.Matches(msg, k.WordLeft):
		e.pos = e.wordLeft()
	case key.Matches(msg, k.WordRight):
		e.pos = e.wordRight()
	case key.Matches(msg, k.Home):
		e.pos = 0
	case key.Matches(msg, k.End):
		e.pos = len(e.chars)
	case key.Matches(msg, k.HistoryPrev):
		e.recall(-1)
	case key.Matches(msg, k.HistoryNext):
		e.recall(1)
	case msg.Text != "" && !msg.Mod.Contains(tea.ModAlt) && !msg.Mod.Contains(tea.ModCtrl):
		e.insert(msg.Text)
	default:
		return e.kill(k, msg)
	}
	return true
}

// kill acts on the keys that take text away or bring it back.
func (e *editor) kill(k keyMap, msg tea.KeyPressMsg) bool {
	switch {
	case key.Matches(msg, k.Backspace):
		if e.pos > 0 {
			e.cut(e.pos-1, e.pos)
		}
	case key.Matches(msg, k.Delete):
		if e.pos < len(e.chars) {
			e.cut(e.pos, e.pos+1)
		}
	case key.Matches(msg, k.KillWord):
		e.keep(e.cut(e.wordLeft(), e.pos))
	case key.Matches(msg, k.KillWordRight):
		e.keep(e.cut(e.pos, e.wordRight()))
	case key.Matches(msg, k.KillStart):
		e.keep(e.cut(0, e.pos))
	case key.Matches(msg, k.KillEnd):
		e.keep(e.cut(e.pos, len(e.chars)))
	case key.Matches(msg, k.Yank):
		e.insert(e.killed)
	case key.Matches(msg, k.Transpose):
		e.transpose()
	default:
		return false
	}
	return true
}

func (e *editor) cut(from, to int) string {
	s := strings.Join(e.chars[from:to], "")
	e.chars = slices.Delete(e.chars, from, to)
	e.pos = from
	return s
}

func (e *editor) keep(s string) {
	if s != "" {
		e.killed = s
	}
}

func (e *editor) transpose() {
	p := min(e.pos, len(e.chars)-1)
	if p < 1 {
		return
	}
	e.chars[p-1], e.chars[p] = e.chars[p], e.chars[p-1]
	e.pos = p + 1
}

func (e *editor) wordLeft() int {
	p := e.pos
	for p > 0 && !isWordChar(e.chars[p-1]) {
		p--
	}
	for p > 0 && isWordChar(e.chars[p-1]) {
		p--
	}
	return p
}

func (e *editor) wordRight() int {
	p := e.pos
	for p < len(e.chars) && !isWordChar(e.chars[p]) {
		p++
	}
	for p < len(e.chars) && isWordChar(e.chars[p]) {
		p++
	}
	return p
}

func isWordChar(char string) bool {
	r, _ := utf8.DecodeRuneInString(char)
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_'
}

// sent clears the line and remembers it.
func (e *editor) sent() {
	e.remember(e.value())
	e.at, e.draft = len(e.history), ""
	e.chars, e.pos = nil, 0
}

// remember makes s the last line of the history. The line under edit stays.
func (e *editor) remember(s string) {
	if s == "" || len(e.history) > 0 && e.history[len(e.history)-1] == s {
		return
	}
	edits := e.at == len(e.history)
	e.history = append(e.history, s)
	e.fresh = append(e.fresh, s)
	if len(e.history) > maxHistory {
		e.history = slices.Delete(e.history, 0, 1)
		e.at = max(0, e.at-1)
	}
	if edits {
		e.at = len(e.history)
	}
}

// recall walks the history; past its end stands the line under edit.
func (e *editor) recall(step int) {
	to := e.at + step
	if to < 0 || to > len(e.history) {
		return
	}
	if e.at == len(e.history) {
		e.draft = e.value()
	}
	e.at = to
	if to == len(e.history) {
		e.set(e.draft)
		return
	}
	e.set(e.history[to])
}

// view is the part of the line that fits w cells and the cursor's cell in it.
func (e *editor) view(by ansi.Method, w int) (text string, cursor int) {
	if w < 2 {
		return blank(w), 0
	}
	e.scroll = min(e.scroll, e.pos)
	for e.scroll < e.pos && by.StringWidth(strings.Join(e.chars[e.scroll:e.pos], "")) > w-1 {
		e.scroll++
	}
	cursor = by.StringWidth(strings.Join(e.chars[e.scroll:e.pos], ""))
	shown := truncate(by, strings.Join(e.chars[e.scroll:], ""), w, "")
	return fit(by, shown, w), cursor
}
