package tui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// undoLife is how long a command can be taken back with one key.
const undoLife = 10 * time.Minute

// nothingToUndo is said where nothing was done of late.
const nothingToUndo = "nothing of the last ten minutes can be taken back"

// undoable is what can be taken back with one key in the room that is shown.
func (m *model) undoable() (what string, ok bool) {
	v := m.room()
	if v == nil {
		return "", false
	}
	e, b, why := m.lastDeed(v)
	switch {
	case why != "":
		return "", false
	case b != nil:
		return b.what(v) + m.inRoom(v.name), true
	}
	return e.reply.Undo + m.inRoom(v.name), true
}

// lastDeed is what was done last in a room from here, by a command or to many
// at once, and why it cannot be taken back; an empty text where it can. The key
// does not reach behind it: pressed twice it takes nothing older back, nor does
// it do again what it has undone.
func (m *model) lastDeed(v *channel) (e *errand, b *bulk, why string) {
	e, b = m.lastErrand(v), m.lastBulk(v)
	switch {
	case b != nil && (e == nil || e.over && b.ended.After(e.ended)):
		return nil, b, b.stands(v, m.now)
	case e == nil:
		return nil, nil, nothingToUndo
	}
	return e, nil, m.stands(v, e)
}

// lastErrand is the last command of a room that did something, may have done it
// or is under way.
func (m *model) lastErrand(v *channel) *errand {
	for _, e := range slices.Backward(m.errands) {
		unknown := e.err == nil && e.reply.Status == bus.StatusPending
		if e.room == v.name && !e.info.Asks && (!e.over || e.did() || unknown) {
			return e
		}
	}
	return nil
}

// stands says why a command cannot be taken back.
func (m *model) stands(v *channel, e *errand) string {
	switch {
	case !e.over:
		return e.typed + " is under way"
	case m.now.Sub(e.ended) >= undoLife:
		return nothingToUndo
	case !e.did():
		return "it is not known what came of " + e.typed
	case e.takesBack != nil:
		return "taken back already (" + e.typed + "): nothing more to take back"
	case e.reply.Undo == "":
		return e.typed + " was done last, and cannot be taken back"
	}
	info, words, wrong := v.inverse(e)
	if wrong != "" {
		return wrong
	}
	return v.pastUndoing(e, info, words, m.now)
}

// undo takes the last command back. What was done to many opens its list first,
// and what harms in its turn asks as it always does.
func (m *model) undo() tea.Cmd {
	v := m.room()
	if v == nil {
		return nil
	}
	e, b, why := m.lastDeed(v)
	switch {
	case why != "":
		m.status = why
		return nil
	case b != nil:
		return m.openBulk(v, b)
	}
	cmd, wrong := m.confirmErrand(v, m.takingBack(v, e))
	if wrong != "" {
		m.status = wrong
	}
	return cmd
}

// takingBack is the errand that takes another back, for which there is nothing
// in the way.
func (m *model) takingBack(v *channel, e *errand) *errand {
	info, words, _ := v.inverse(e)
	back := newErrand(m, v, info, words)
	back.takesBack = e
	return back
}

// inverse is the command that takes another back; a text says why there is none.
func (v *channel) inverse(e *errand) (info bus.CommandInfo, words []string, wrong string) {
	name, rest, _ := strings.Cut(e.reply.Undo, " ")
	info, known := v.command(name)
	if !known {
		return info, nil, "the bot does not know how to " + e.reply.Undo
	}
	words, err := info.SplitCommand(rest)
	if err != nil {
		return info, nil, err.Error()
	}
	return info, words, ""
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
