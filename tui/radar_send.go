package tui

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// bulkPause lies between two commands of a bulk action: CyTube and the other
// operators' screens get them one by one.
const bulkPause = 400 * time.Millisecond

// An outcome is what came of the command on one person.
type outcome struct {
	state string // empty: not sent
	ink   func(*styles) ink
}

// bulkMsg is the answer to one command of a bulk action.
type bulkMsg struct {
	list  *radarList
	queue []int // whom it is about, and who comes after
	reply bus.CommandReply
	err   error
}

// send begins with the first of queue; each answer sends the next.
func (d *radarList) send(m *model, queue []int) tea.Cmd {
	d.sent, d.typing = true, false
	d.takenBack(queue)
	d.outcomes = make([]outcome, len(d.people))
	for _, i := range queue {
		d.outcomes[i] = outcome{"waiting", func(s *styles) ink { return s.muted }}
	}
	return d.post(m, queue, 0)
}

// post sends the command for the first of the queue after a pause.
func (d *radarList) post(m *model, queue []int, after time.Duration) tea.Cmd {
	request, operator := m.deps.request, m.opts.Operator
	verb, args := d.verbs[d.verb], []string{d.people[queue[0]].name}
	if reason := d.reason.value(); reason != "" {
		args = append(args, reason)
	}
	return tea.Tick(after, func(now time.Time) tea.Msg {
		reply, err := request(d.room, verb, bus.Command{
			Operator: operator, Args: args, Source: room.SourceConsole, Deadline: now.Add(sendTimeout).UnixMilli(),
		})
		return bulkMsg{d, queue, reply, err}
	})
}

// told takes an answer and goes on with the next person. A list that was
// closed sends no more.
func (m *model) told(msg bulkMsg) tea.Cmd {
	d := msg.list
	d.outcomes[msg.queue[0]] = outcomeOf(msg.reply, msg.err)
	if msg.err == nil && msg.reply.Status == bus.StatusDone {
		m.rememberBulk(d, room.Clean(msg.reply.Undo), d.people[msg.queue[0]].name)
	}
	rest := msg.queue[1:]
	switch {
	case len(rest) == 0:
		return nil
	case !slices.Contains(m.dialogs, dialog(d)):
		if v := m.roomNamed(d.room); v != nil {
			v.local(m.now, fmt.Sprintf("the rest of the list was not acted on: %s", people(len(rest))))
		}
		return nil
	}
	return d.post(m, rest, bulkPause)
}

func outcomeOf(reply bus.CommandReply, err error) outcome {
	text := veiledAnswer(room.Clean(reply.Text))
	switch {
	case err != nil:
		return outcome{"✗ " + sendError(err), func(s *styles) ink { return s.bad }}
	case reply.Status == bus.StatusDone:
		return outcome{"✓ " + text + tookText(reply.Took), func(s *styles) ink { return s.good }}
	case reply.Status == bus.StatusNoEffect:
		return outcome{"– no effect: " + text, func(s *styles) ink { return s.warn }}
	case reply.Status == bus.StatusPending:
		return outcome{unknownText(reply), func(s *styles) ink { return s.warn }}
	}
	return outcome{"✗ refused: " + text, func(s *styles) ink { return s.bad }}
}

func (d *radarList) outcome(m *model, i int) piece {
	o := d.outcomes[i]
	if o.state == "" {
		return piece{"left alone", m.styles.muted}
	}
	return piece{o.state, o.ink(m.styles)}
}

// running tells whether somebody on the list has yet to be acted on.
func (d *radarList) running() bool {
	return slices.ContainsFunc(d.outcomes, func(o outcome) bool { return o.state == "waiting" })
}
