package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A pointer is what the mouse did, in cells.
type pointer struct {
	x, y  int
	what  pointerKind
	wheel int // rows: negative goes up
}

type pointerKind int

const (
	pointerWheel pointerKind = iota
	pointerPress
	pointerDrag
	pointerRelease
)

// wheelRows is how far one notch of the wheel goes.
const wheelRows = 3

// pointed finds out what a mouse event is about: a dialog takes it, else the
// room's name that was hit, else the view.
func (m *model) pointed(msg tea.MouseMsg) tea.Cmd {
	e, ok := pointerOf(msg)
	if !ok || m.layout.tiny {
		return nil
	}
	if e.what == pointerPress && m.layout.hint.contains(e.x, e.y) {
		return m.clickHint(e.x)
	}
	if e.what == pointerPress && !m.layout.detail.contains(e.x, e.y) {
		m.leavePane()
	}
	if d := m.dialog(); d != nil && !m.cardHasFocus() {
		if e.what == pointerWheel {
			return m.dialogKey(wheelKey(e.wheel))
		}
		return m.dialogClick(e)
	}
	if e.what == pointerPress && m.layout.header.contains(e.x, e.y) {
		m.clickHeader(e.x)
		return m.view().want(m)
	}
	body := m.layout.body
	e.x, e.y = e.x-body.x, e.y-body.y
	return m.view().pointer(m, e)
}

func pointerOf(msg tea.MouseMsg) (pointer, bool) {
	at := msg.Mouse()
	e := pointer{x: at.X, y: at.Y}
	switch msg.(type) {
	case tea.MouseWheelMsg:
		switch at.Button {
		case tea.MouseWheelUp:
			e.wheel = -wheelRows
		case tea.MouseWheelDown:
			e.wheel = wheelRows
		default:
			return e, false
		}
	case tea.MouseClickMsg:
		e.what = pointerPress
		return e, at.Button == tea.MouseLeft
	case tea.MouseMotionMsg:
		e.what = pointerDrag
		return e, at.Button == tea.MouseLeft
	case tea.MouseReleaseMsg:
		e.what = pointerRelease
	}
	return e, true
}

// wheelKey is the key that the wheel stands for in a dialog.
func wheelKey(rows int) tea.KeyPressMsg {
	if rows < 0 {
		return tea.KeyPressMsg{Code: tea.KeyUp}
	}
	return tea.KeyPressMsg{Code: tea.KeyDown}
}

// clickHeader shows the room whose name was hit.
func (m *model) clickHeader(x int) {
	_, _, tabs := m.headerParts()
	for i, t := range tabs {
		if x >= t.x && x < t.x+t.w {
			m.show(i)
			return
		}
	}
}

// clickHint does what the key of the hint that was hit does.
func (m *model) clickHint(x int) tea.Cmd {
	hints := m.shownHints()
	for i, h := range hints {
		end := 1 + m.by.StringWidth(m.keyHints(hints[:i+1]))
		if from := end - m.by.StringWidth(m.keyHints(hints[i:i+1])); x >= from && x < end {
			return m.pressAll(h)
		}
	}
	return nil
}

// pressAll presses what a hint stands for: its key, or one after the other where
// it tells of several, as "esc u". One that stands for any of many, as "1…9",
// or for what can be typed, is not for the mouse.
func (m *model) pressAll(hint key.Binding) tea.Cmd {
	told := hint.Help()
	if told.Desc == "" || strings.Contains(told.Key, ellipsis) {
		return nil
	}
	names := strings.Fields(told.Key)
	if keys := hint.Keys(); len(keys) > 0 {
		names = keys[:1]
	}
	var cmds []tea.Cmd
	for _, name := range names {
		if k, err := parseKey(name); err == nil {
			cmds = append(cmds, m.key(k))
		}
	}
	return tea.Batch(cmds...)
}
