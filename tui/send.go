package tui

import (
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// sendTimeout is how long a line may wait to be said; the bot drops it after
	// that.
	sendTimeout = 8 * time.Second
	// maxOutbox bounds what waits to be sent in one room.
	maxOutbox = 100
)

// outgoing is one command for the bot on its way.
type outgoing struct {
	verb  string
	args  []string
	typed string // as it stood in the input line, to be put back

	pasted bool // it never stood in the input line, whose history lacks it
}

// sentMsg is what came of it.
type sentMsg struct {
	room  string
	out   outgoing
	reply bus.CommandReply
	err   error
}

// post sends, or queues where another is on its way: what was entered first
// arrives first. It is false when too much waits already.
func (m *model) post(v *channel, out ...outgoing) (tea.Cmd, bool) {
	if len(v.outbox)+len(out) > maxOutbox {
		m.status = fmt.Sprintf("%s wait to be sent: not taken", count(uint64(len(v.outbox)), "line"))
		return nil, false
	}
	v.toLive()
	v.outbox = append(v.outbox, out...)
	return m.next(v), true
}

// next sends the first of the outbox unless one is on its way.
func (m *model) next(v *channel) tea.Cmd {
	if v.inFlight || len(v.outbox) == 0 {
		return nil
	}
	v.inFlight = true
	out := v.outbox[0]
	request, operator, name := m.deps.request, m.opts.Operator, v.name
	return func() tea.Msg {
		reply, err := request(name, out.verb, bus.Command{
			Operator: operator, Args: out.args, Source: room.SourceConsole, Deadline: time.Now().Add(sendTimeout).UnixMilli(),
		})
		return sentMsg{name, out, reply, err}
	}
}

// sent shows what came of a command. A line that was said shows itself: the
// room sends it back.
func (m *model) sent(msg sentMsg) tea.Cmd {
	v := m.roomNamed(msg.room)
	if v == nil {
		return nil
	}
	v.inFlight = false
	if len(v.outbox) > 0 {
		v.outbox = v.outbox[1:]
	}
	text := veiledAnswer(room.CleanLines(msg.reply.Text))
	switch {
	case errors.Is(msg.err, bus.ErrLost):
		v.local(m.now, "– not known whether it was said: the bot went away")
		msg.out.typed = ""
	case msg.err != nil:
		v.local(m.now, "✗ not sent: "+sendError(msg.err))
	case msg.reply.Status == bus.StatusRefused:
		v.local(m.now, "✗ refused: "+text)
	case msg.reply.Status == bus.StatusNoEffect:
		v.local(m.now, "– no effect: "+text)
	case msg.reply.Status == bus.StatusPending:
		v.local(m.now, unknownText(msg.reply))
		msg.out.typed = ""
	default:
		return m.next(v)
	}
	// What may have been said is not put where one more key says it again.
	switch {
	case msg.out.typed == "":
	case v.edit.empty():
		v.edit.set(msg.out.typed)
	case msg.out.pasted:
		v.edit.remember(msg.out.typed)
	}
	m.holdBack(v)
	return nil
}

// holdBack gives up what waits behind a line that failed, where it would be out
// of place. The history of the input line has it.
func (m *model) holdBack(v *channel) {
	n := len(v.outbox)
	if n == 0 {
		return
	}
	for _, out := range v.outbox {
		if out.pasted {
			v.edit.remember(out.typed)
		}
	}
	v.outbox = nil
	v.local(m.now, count(uint64(n), "line")+" after it not sent either · "+m.keys.HistoryPrev.Help().Key+" brings back what was not")
}

// sendError is what a person can make of err.
func sendError(err error) string {
	switch {
	case errors.Is(err, bus.ErrLost):
		return "the bot went away before it said what came of it: look before you try again"
	case errors.Is(err, bus.ErrNobody):
		return "no bot answers for this room; start one with `rosey run`"
	case errors.Is(err, bus.ErrNotAllowed):
		return "these NATS credentials may only watch"
	case errors.Is(err, bus.ErrUnreachable):
		return "NATS is not reachable"
	}
	return room.Clean(err.Error())
}

// statusUnknown is shown for a command that was still pending when its outcome
// was no longer waited for.
const statusUnknown = "unknown"

// unknownText tells of such a command.
func unknownText(r bus.CommandReply) string {
	return "– not known what came of it: " + veiledAnswer(room.Clean(r.Text))
}
