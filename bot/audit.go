package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// touch is who last acted on somebody.
type touch struct {
	operator, verb string
	at             time.Time
}

// warnWithin is how soon after one operator another one is told.
const warnWithin = 10 * time.Second

// warn tells that another operator has just acted on the same person, or that
// the answer is an old one.
func (b *switchboard) warn(r *request, p *plan, at time.Time) string {
	if r.cmd.recalls && r.state.Connection.State != room.LinkUp {
		return mayAct(r.state).Error() + ": this is what it saw last"
	}
	if p.target == "" || r.cmd.Asks {
		return ""
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for who, t := range b.touched {
		if at.Sub(t.at) > warnWithin {
			delete(b.touched, who)
		}
	}
	key := room.Fold(p.target)
	last, acted := b.touched[key]
	b.touched[key] = touch{operator: r.operator, verb: r.cmd.Name, at: at}
	if !acted || room.Fold(last.operator) == room.Fold(r.operator) {
		return ""
	}
	return fmt.Sprintf("%s did %s on %s %.0f s ago", last.operator, last.verb, p.target, at.Sub(last.at).Seconds())
}

// record publishes how a command stands. What only asks is not news for the
// room, and is written down alone.
func (b *switchboard) record(r *request, p *plan, o outcome, at time.Time) {
	if r.cmd.passing {
		return
	}
	a := &room.Action{
		ID: r.ID, Actor: r.operator, Verb: r.cmd.Name, Target: room.Clean(p.target), Reason: room.CleanLines(p.reason),
		Line: r.line(), Source: r.Source, Status: string(o.status), Text: room.CleanLines(o.text), Time: at.UnixMilli(),
		Undo: o.undo,
	}
	if r.cmd.private && o.status == bus.StatusDone {
		a.Text, _, _ = strings.Cut(a.Text, ":")
	}
	if r.cmd.Asks { // the answer is for who asked
		a.Text = shorten(strings.SplitN(a.Text, "\n", 2)[0], 200)
	}
	if o.status != bus.StatusPending {
		a.Took = time.Since(at).Milliseconds()
		b.desk.log.Info("command", "operator", a.Actor, "line", a.Line, "source", a.Source, "status", a.Status,
			"text", room.Clean(shorten(a.Text, 200)))
	}
	if r.cmd.Asks {
		b.desk.extra(b.desk.ledger.action(a))
		return
	}
	b.desk.tell(context.Background(), a, time.Now()) // the desk outlasts every command
}
