package tui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// undoLife is how long a command can be taken back with one key.
const undoLife = 10 * time.Minute

// undoable is what can be taken back with one key, at now: the last command
// that can, or all of a bulk that came after it.
func (m *model) undoable() (what string, ok bool) {
	e, one := m.lastErrand()
	b, many := m.lastBulk()
	switch {
	case many && (!one || b.ended.After(e.ended)):
		return b.what() + m.inRoom(b.room), true
	case one:
		return e.reply.Undo + m.inRoom(e.room), true
	}
	return "", false
}

// lastErrand is the last command that can be taken back, at now. Behind one that
// was taken back there is none: the key pressed twice does not reach further, nor
// does it do again what it has undone. Nor is there one behind a command that is
// under way, which is the one that is meant.
func (m *model) lastErrand() (*errand, bool) {
	for _, e := range slices.Backward(m.errands) {
		switch {
		case e.takesBack != nil && (!e.over || e.did()), !e.over && e.info.Inverse != "":
			return nil, false
		case e.takesBack != nil:
		case e.over && e.err == nil && e.reply.Undo != "" && m.now.Sub(e.ended) < undoLife:
			return e, true
		}
	}
	return nil, false
}

// nothingToUndo says why there is nothing to take back.
func (m *model) nothingToUndo() string {
	for _, e := range slices.Backward(m.errands) {
		switch {
		case e.takesBack == nil && e.info.Inverse == "" || m.now.Sub(e.begun) >= undoLife:
			continue
		case !e.over:
			return e.typed + " is under way"
		case e.takesBack == nil || !e.did():
			continue
		}
		return "taken back already (" + e.typed + "): nothing more to take back with this key"
	}
	return "nothing of the last ten minutes can be taken back"
}

// undo takes the last command back. What was done to many opens its list first,
// and what harms in its turn asks as it always does.
func (m *model) undo() tea.Cmd {
	e, one := m.lastErrand()
	b, many := m.lastBulk()
	switch {
	case many && (!one || b.ended.After(e.ended)):
		return m.openBulk(b)
	case !one:
		m.status = m.nothingToUndo()
		return nil
	}
	back, wrong := m.inverse(e)
	switch {
	case back == nil:
		m.status = wrong
		return nil
	case back.info.Destructive:
		var cmd tea.Cmd
		cmd, m.status = m.confirmErrand(m.roomNamed(e.room), back)
		return cmd
	}
	return m.send(back)
}

// inverse is the errand that takes another back; a text says why there is none.
func (m *model) inverse(e *errand) (back *errand, wrong string) {
	v := m.roomNamed(e.room)
	name, rest, _ := strings.Cut(e.reply.Undo, " ")
	if v == nil {
		return nil, "the room of that command is gone"
	}
	info, known := v.command(name)
	if !known {
		return nil, "the bot does not know how to " + e.reply.Undo
	}
	words, err := info.SplitCommand(rest)
	if err != nil {
		return nil, err.Error()
	}
	back = newErrand(m, v, info, words)
	back.takesBack = e
	return back, ""
}

// undoOffer is what stands on the rule over the input line of what can be taken
// back, and where: in the first stretch of it that has the room. It is empty
// where there is nothing, or no room.
func (m *model) undoOffer(row string) (x int, text string) {
	what, ok := m.undoable()
	v := m.room()
	if !ok || v == nil || m.opts.ReadOnly {
		return 0, ""
	}
	undo := m.keys.Undo.Help().Key
	if !v.chat.selecting() && !v.users.focus {
		undo = m.keys.Select.Help().Key + " " + undo
	}
	text = " " + m.styles.strong.paint(undo) + " " + m.styles.muted.paint(what) + " "
	for _, bare := range bareStretches(row, m.by) {
		if m.by.StringWidth(text) <= bare.w-2*2 { // two cells of rule on either side
			return bare.x + 2, text
		}
	}
	return 0, ""
}

// withUndo is the rule with the offer on it.
func (m *model) withUndo(row string) string {
	x, text := m.undoOffer(row)
	if text == "" {
		return row
	}
	rows := []string{row}
	overlay(m.by, rows, []string{text}, x, 0, m.w)
	return rows[0]
}

// clickUndo takes back what is offered, where a click has hit the offer.
func (m *model) clickUndo(x int) tea.Cmd {
	at, text := m.undoOffer(m.withTrouble(m.bottomRule()))
	if x < at || x >= at+m.by.StringWidth(text) {
		return nil
	}
	return m.undo()
}

// inRoom names a room where there are more than one to be mistaken for it.
func (m *model) inRoom(name string) string {
	if len(m.rooms) < 2 {
		return ""
	}
	return " in " + room.Clean(name)
}
