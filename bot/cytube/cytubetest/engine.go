package cytubetest

import (
	"fmt"
	"strings"

	"github.com/gorilla/websocket"
)

// handshake sends the open frame and starts the clocks of the connection
// (PROTOCOL.md §2).
func (c *conn) handshake() {
	o := &c.s.opts
	c.send(fmt.Appendf(nil, `0{"sid":"%s","upgrades":[],"pingInterval":%d,"pingTimeout":%d,"maxPayload":%d}`,
		randomID(20), o.PingInterval.Milliseconds(), o.PingTimeout.Milliseconds(), maxPayload))
	if c.version == 4 {
		c.entry = c.s.loop.after(o.ConnectTimeout, c.close)
		c.ping = c.s.loop.after(o.PingInterval, c.sendPing)
		return
	}
	c.ping = c.s.loop.after(o.PingInterval+o.PingTimeout, c.close)
	c.enter()
}

// sendPing asks for a sign of life, once.
func (c *conn) sendPing() {
	c.send([]byte("2"))
	c.ping = c.s.loop.after(c.s.opts.PingTimeout, c.close)
}

// received handles one message from the client.
func (c *conn) received(kind int, data []byte) {
	if c.closing {
		return
	}
	text := string(data)
	if kind == websocket.TextMessage && text != "3" {
		c.s.seen.add(c, text)
	}
	if kind != websocket.TextMessage || text == "" {
		c.close()
		return
	}
	switch text[0] {
	case '2':
		c.pinged()
	case '3':
		c.ping.stop()
		c.ping = c.s.loop.after(c.s.opts.PingInterval, c.sendPing)
	case '4':
		c.packet(text[1:])
	case '1', '5', '6': // close, upgrade and noop draw no answer
	default:
		c.close()
	}
}

// pinged handles a ping of the client, who has no business with it but in
// version 3.
func (c *conn) pinged() {
	if c.version == 4 {
		c.close()
		return
	}
	c.send([]byte("3"))
	c.ping.stop()
	c.ping = c.s.loop.after(c.s.opts.PingInterval+c.s.opts.PingTimeout, c.close)
}

// packet handles one Socket.IO packet.
func (c *conn) packet(text string) {
	switch {
	case strings.HasPrefix(text, "0/"):
		ns, _, _ := strings.Cut(text[1:], ",")
		c.send(fmt.Appendf(nil, `44%s,{"message":"Invalid namespace"}`, ns))
	case strings.HasPrefix(text, "0"):
		c.enter()
	case strings.HasPrefix(text, "1"):
		c.leave()
	case strings.HasPrefix(text, "2"):
		c.event(text[1:])
	case strings.HasPrefix(text, "3"): // an answer to an acknowledgement nobody asked for
	default:
		c.close()
	}
}

// enter lets the connection into the default namespace, or refuses it.
func (c *conn) enter() {
	if c.user != nil || c.entering {
		return
	}
	if why := c.s.refuses(c.ip); why != "" {
		c.send(append([]byte("44"), marshal(map[string]string{"message": why})...))
		return
	}
	c.entering = true
	c.s.database(c.entered)
}

// refuses gives the message with which an address is kept out of the
// namespace, empty to let it in.
func (s *Server) refuses(ip string) string {
	if s.faults.refusals > 0 {
		s.faults.refusals--
		return s.faults.refusal
	}
	for _, banned := range s.opts.BannedAddresses {
		if inRange(ip, banned) {
			return "You are banned from the server"
		}
	}
	if s.opts.NoConnectionBucket {
		return ""
	}
	b := s.buckets[ip]
	if b == nil {
		b = newBucket(5, 0.1, s.loop.now())
		s.buckets[ip] = b
	}
	if !b.take(s.loop.now()) {
		return "Rate limit exceeded"
	}
	return ""
}

// entered begins the session of a user.
func (c *conn) entered() {
	c.entering = false
	if c.closing {
		return
	}
	c.entry.stop()
	if c.version == 4 {
		c.send(fmt.Appendf(nil, `40{"sid":"%s"}`, randomID(20)))
	} else {
		c.send([]byte("40"))
	}
	if limit := c.s.opts.IPConnectionLimit; limit > 0 && c.s.open[c.ip] >= limit {
		c.send(encode("kick", kick{"Too many connections from your IP address"}).text)
		c.close()
		return
	}
	c.user = newUser(c.s, c, c.ip)
	c.s.open[c.ip]++
	c.user.welcome(c.s.cookies[c.cookie])
}

// event hands an event to the user. Outside the namespace there is none, and
// Socket.IO closes the connection.
func (c *conn) event(text string) {
	id, r, ok := parseEvent(text)
	if c.user == nil || !ok {
		c.close()
		return
	}
	if id != "" {
		r.ack = func(v any) { c.send(fmt.Appendf(nil, "43%s[%s]", id, marshal(v))) }
	}
	c.user.handle(r)
}

// The next two make a conn the sink of a user.

func (c *conn) deliver(e *event) { c.send(e.text) }

// disconnect leaves the namespace with 41. The websocket stays open.
func (c *conn) disconnect() {
	c.send([]byte("41"))
	c.leave()
}
