package bus

import "github.com/nats-io/nats.go"

// Refuse answers m with an error where it asks for an answer. It is for those
// who subscribe by themselves; Respond does it by itself.
func (c *Conn) Refuse(m *nats.Msg, reason error) {
	c.countBad(m.Subject)
	if m.Reply == "" || !c.mayReply(m) {
		return
	}
	if err := m.Respond(errorBody(reason, false)); err != nil {
		c.note(func(s *Stats) { s.Other++ }, "reply was not sent: "+err.Error(), m.Subject)
	}
}
