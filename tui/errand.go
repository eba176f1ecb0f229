package tui

import (
	"crypto/rand"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// errandLife is how long a command may still be carried out.
	errandLife = 60 * time.Second
	// maxErrands bounds those that are remembered.
	maxErrands = 200
)

// An errand is one command on its way: it is sent, followed to its outcome
// (bus.Do), and shown in place.
type errand struct {
	id     string
	room   string
	info   bus.CommandInfo
	words  []string // its arguments
	typed  string   // the command as a person types it
	target string   // the person whom it was bound to
	begun  time.Time

	line  *line                              // in the room's chat; nil where it is shown elsewhere
	tell  func(m *model, r bus.CommandReply) // who else wants the outcome; may be nil
	reply bus.CommandReply
	err   error
	over  bool
	ended time.Time

	confirm string   // of the preview that was shown
	only    []string // what of it was ticked

	item      int     // the one of the queue whose place it names first; 0 for none
	takesBack *errand // what this one undoes; nil for any other command
}

// errandMsg is an answer to an errand.
type errandMsg struct {
	errand *errand
	reply  bus.CommandReply
	err    error
}

func newErrand(m *model, v *channel, info bus.CommandInfo, words []string) *errand {
	e := &errand{id: rand.Text(), room: v.name, info: info, begun: m.now}
	e.bind(words)
	return e
}

// bind gives an errand its arguments: a question may change them.
func (e *errand) bind(words []string) {
	typed := e.info.Name
	for i, w := range words {
		if i < len(e.info.Args) && e.info.Args[i].Rest {
			typed += " " + w
		} else {
			typed += " " + bus.QuoteWord(w)
		}
	}
	e.words, e.typed, e.target = words, typed, ""
	if onPerson(e.info) && len(words) > 0 {
		e.target = words[0]
	}
}

// leftAlone tells that an errand was thought better of.
func (e *errand) leftAlone(m *model) {
	if v := m.roomNamed(e.room); v != nil && e.line != nil {
		v.log.amend(e.line, e.typed+" … left alone")
	}
	if e.tell != nil {
		e.tell(m, bus.CommandReply{Status: bus.StatusNoEffect, Text: "left alone"})
	}
}

// send sets an errand off. Its line stands in the chat from now on, unless it
// is shown elsewhere.
func (m *model) send(e *errand) tea.Cmd {
	v := m.roomNamed(e.room)
	if v == nil {
		return nil
	}
	if e.tell == nil && !e.info.Asks && e.line == nil {
		e.line = &line{at: m.now.UnixMilli(), kind: lineMod, name: cleanName(m.opts.Operator), spans: veiledSpans(cleanSpans(nil, e.typed+" …"))}
		e.line.actionID, e.line.about, e.line.source = e.id, cleanName(e.target), room.SourceConsole
		v.log.append(e.line)
	}
	return m.perform(e)
}

// perform has the bot do it, and remembers it.
func (m *model) perform(e *errand) tea.Cmd {
	e.begun = m.now // a question may have stood for a while
	if v := m.roomNamed(e.room); v != nil && firstArg(e.info).Type == bus.ArgPosition {
		e.item = v.uidAt(e.words)
	}
	m.errands = append(m.errands, e)
	if len(m.errands) > maxErrands {
		m.errands = m.errands[1:]
	}
	request, operator := m.deps.request, m.opts.Operator
	cmd := bus.Command{
		ID: e.id, Operator: operator, Args: e.words, Source: room.SourceConsole,
		Confirm: e.confirm, Only: e.only,
	}
	return func() tea.Msg {
		cmd.Deadline = time.Now().Add(errandLife).UnixMilli()
		reply, err := request(e.room, e.info.Name, cmd)
		return errandMsg{e, reply, err}
	}
}

// end notes what came of an errand, at now.
func (e *errand) end(msg errandMsg, now time.Time) {
	e.reply, e.err = msg.reply, msg.err
	room.CleanAll(&e.reply)
	e.reply.Text, e.reply.Warning = veiledAnswer(e.reply.Text), veiledAnswer(e.reply.Warning)
	e.over, e.ended = true, now
	if e.takesBack != nil && !e.did() {
		e.takesBack.reply.Undo = e.typed // it can be tried again
	}
}

// errandDone takes an answer.
func (m *model) errandDone(msg errandMsg) tea.Cmd {
	e := msg.errand
	e.end(msg, m.now)
	v := m.roomNamed(e.room)
	switch {
	case v == nil:
	case msg.err == nil && e.reply.Status == bus.StatusPreview:
		if e.line != nil {
			v.log.amend(e.line, e.typed+" … to be confirmed")
		}
		return m.push(newBulkReview(e))
	case e.tell != nil && msg.err != nil:
		e.tell(m, bus.CommandReply{Status: bus.StatusRefused, Text: sendError(msg.err)})
	case e.tell != nil:
		e.tell(m, e.reply)
	case e.line == nil:
		m.showAnswer(v, e)
	default:
		v.log.amendSpans(e.line, v.outcomeSpans(e.typed, m.outcome(e)))
		m.tellOutcome(v, e)
	}
	return nil
}

// did tells whether the bot has done it.
func (e *errand) did() bool { return e.over && e.err == nil && e.reply.Status == bus.StatusDone }

// showAnswer puts what a command that only asks has answered under the chat.
func (m *model) showAnswer(v *channel, e *errand) {
	text := e.reply.Text
	if e.err != nil {
		text = "✗ " + sendError(e.err)
	}
	v.toLive()
	v.local(m.now, "/"+e.typed+"\n"+text)
}

// outcome is what came of an errand.
func (m *model) outcome(e *errand) room.Action {
	if e.err != nil {
		return room.Action{Status: "failed", Text: sendError(e.err)}
	}
	text := e.reply.Text
	if e.reply.Warning != "" {
		text += " · " + e.reply.Warning
	}
	if e.reply.Status == bus.StatusPending {
		return room.Action{Status: statusUnknown, Text: unknownText(e.reply)}
	}
	return room.Action{Verb: e.info.Name, Target: e.target, Line: e.typed, Status: string(e.reply.Status), Text: text, Time: e.begun.UnixMilli(), Took: e.reply.Took, Undo: e.reply.Undo}
}
