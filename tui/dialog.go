package tui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
)

// A dialog lies over the view and takes all keys. Dialogs are a stack: the last
// one opened is drawn and asked.
type dialog interface {
	// key acts on a key; done closes the dialog.
	key(m *model, msg tea.KeyPressMsg) (cmd tea.Cmd, done bool)
	// box is the dialog with its frame: rows of one width.
	box(m *model) []string
}

// A writer is a dialog with a line under edit.
type writer interface {
	// caret is where the terminal's cursor belongs, in the box's own cells.
	caret(m *model) (x, y int, ok bool)
	// insert takes pasted text.
	insert(text string)
}

// A guarded dialog ignores keys until it is armed: what was typed before it was
// seen must not answer it.
type guarded interface {
	arm()
	armed() bool
}

// grace is how long a guarded dialog swallows keys after it has appeared.
const grace = 400 * time.Millisecond

// armMsg says that a dialog has stood for its grace.
type armMsg struct{ dialog guarded }

// push opens a dialog.
func (m *model) push(d dialog) tea.Cmd {
	m.dialogs = append(m.dialogs, d)
	if g, ok := d.(guarded); ok && !g.armed() {
		return tea.Tick(grace, func(time.Time) tea.Msg { return armMsg{g} })
	}
	return nil
}

// dialog is the one on top; nil when there is none.
func (m *model) dialog() dialog {
	if n := len(m.dialogs); n > 0 {
		return m.dialogs[n-1]
	}
	return nil
}

// drop takes a dialog off, wherever it lies.
func (m *model) drop(d dialog) {
	m.dialogs = slices.DeleteFunc(m.dialogs, func(o dialog) bool { return o == d })
}

// dialogKey gives a key to the dialog on top.
func (m *model) dialogKey(msg tea.KeyPressMsg) tea.Cmd {
	d := m.dialog()
	if g, ok := d.(guarded); ok && !g.armed() {
		return nil
	}
	cmd, done := d.key(m, msg)
	if done {
		m.drop(d)
	}
	return cmd
}

// sliver is how little beside a dialog is not worth showing: what is left of
// the rows there would read as marks at the dialog.
const sliver = 4

// center lays a box over the middle of rows and tells its corner.
func (m *model) center(rows, box []string) (x, y int) {
	if len(box) == 0 {
		return 0, 0
	}
	if len(box) > m.h { // the frame's foot matters less than what it frames
		box = box[:m.h]
	}
	w := m.by.StringWidth(box[0])
	x, y = max(0, (m.w-w)/2), max(0, (m.h-len(box))/2)
	if x <= sliver {
		box = slices.Clone(box)
		for i := range box {
			box[i] = fit(m.by, blank(x)+box[i], m.w)
		}
		overlay(m.by, rows, box, 0, y, m.w)
		return x, y
	}
	overlay(m.by, rows, box, x, y, m.w)
	return x, y
}
