package cytubetest

import (
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// Stall is where a stalled server goes silent.
type Stall int

const (
	StallOff    Stall = iota
	StallConfig       // the socketconfig is never answered
	StallOpen         // websockets open and then nothing is ever sent on them
	StallJoin         // namespace and login work, joins are never answered
)

// faults are the faults that the loop sees to.
type faults struct {
	stall     Stall
	lostJoins int
	refusals  int
	refusal   string
	moved     map[string]bool      // channels by lower-case name
	saved     map[*record][]*event // replay buffers at the last Stop, as saved
}

// Stall makes the server accept and be silent from that point on, for those
// who come from now on. Turning it off does not wake those it caught.
func (s *Server) Stall(at Stall) {
	s.wire.mu.Lock()
	s.wire.at = at
	s.wire.mu.Unlock()
	s.loop.call(func() { s.faults.stall = at })
}

// Partition cuts the network without closing anything: nothing is read and
// nothing written on any connection, and HTTP hangs, until it is turned off.
// The server's clock goes on, so silent clients are dropped as ever.
func (s *Server) Partition(on bool) { s.wire.partition(on) }

// Drop cuts the TCP connections of the user, without a close frame. It gives
// how many there were.
func (s *Server) Drop(name string) int {
	n := 0
	s.loop.call(func() {
		for _, c := range s.sockets() {
			if strings.EqualFold(c.user.name, name) {
				c.cut()
				n++
			}
		}
	})
	return n
}

// DropAll cuts all TCP connections. It gives how many there were.
func (s *Server) DropAll() int {
	n := 0
	s.loop.call(func() {
		n = len(s.conns)
		for _, c := range s.conns {
			c.cut()
		}
	})
	return n
}

// LoseJoins swallows the next n joins without an answer, as CyTube does when
// a channel is just being unloaded (PROTOCOL.md §3).
func (s *Server) LoseJoins(n int) { s.loop.call(func() { s.faults.lostJoins = n }) }

// loseJoin says whether a join is to be swallowed.
func (s *Server) loseJoin() bool {
	if s.faults.stall == StallJoin {
		return true
	}
	if s.faults.lostJoins == 0 {
		return false
	}
	s.faults.lostJoins--
	return true
}

// Refuse answers the next n entries into the namespace with 44 and that
// message.
func (s *Server) Refuse(n int, message string) {
	s.loop.call(func() { s.faults.refusals, s.faults.refusal = n, message })
}

// SlowWrites makes every frame to a client wait so long before it is written.
func (s *Server) SlowWrites(delay time.Duration) {
	s.wire.mu.Lock()
	s.wire.delay = delay
	s.wire.mu.Unlock()
}

// SendRaw sends a text frame as it is to all websockets of the user; an empty
// name means to everybody.
func (s *Server) SendRaw(name, frame string) {
	s.sendRaw(name, message{websocket.TextMessage, []byte(frame)})
}

// SendBinary sends a binary frame likewise.
func (s *Server) SendBinary(name string, data []byte) {
	s.sendRaw(name, message{websocket.BinaryMessage, data})
}

func (s *Server) sendRaw(name string, m message) {
	s.loop.call(func() {
		for _, c := range s.sockets() {
			if name == "" || strings.EqualFold(c.user.name, name) {
				c.enqueue(m)
			}
		}
	})
}

// SendHuge sends the user a chat line of so many bytes.
func (s *Server) SendHuge(name string, size int) {
	said := line{Username: "[server]", Msg: strings.Repeat("x", size), Time: time.Now().UnixMilli()}
	s.SendRaw(name, string(encode("chatMsg", said).text))
}

// Stop ends the server as a kill would: TCP ends without a word, then the
// address refuses connections. The state of registered channels is kept for
// Restart, and puppets stay in their rooms.
func (s *Server) Stop() error {
	s.listening.Lock()
	defer s.listening.Unlock()
	err := s.http.Close()
	s.loop.call(func() {
		s.faults.saved = make(map[*record][]*event)
		for _, r := range s.stored {
			s.faults.saved[r] = r.replay
		}
	})
	s.cutAll()
	return err
}

// Restart listens again on the same address, with empty connection buckets.
// The replay buffers come back whole if keepReplay is true (a shutdown, which
// saves), and otherwise as they were when their channels were last loaded (a
// kill).
func (s *Server) Restart(keepReplay bool) error {
	s.listening.Lock()
	defer s.listening.Unlock()
	s.loop.call(func() {
		s.down = false
		clear(s.buckets)
		if keepReplay {
			return
		}
		for r, lines := range s.faults.saved {
			r.replay = lines
		}
		for _, c := range s.channels {
			c.replay = nil
			if c.record != nil {
				c.replay = c.record.replay
			}
		}
	})
	return s.listen(s.addr)
}

// Move makes the channel belong to another server of the site: everybody in it
// is told, and joins are answered with an errorMsg (PROTOCOL.md §3, §9).
func (c *Channel) Move(away bool) {
	c.s.loop.call(func() {
		name := strings.ToLower(c.name)
		if c.s.faults.moved == nil {
			c.s.faults.moved = make(map[string]bool)
		}
		c.s.faults.moved[name] = away
		if there := c.s.channels[name]; there != nil && away {
			for _, u := range append([]*user(nil), there.users...) {
				u.emit("partitionChange", randomID(8))
				u.sink.disconnect()
			}
		}
	})
}

// Unload shuts a channel down as a site operator can: everybody in it is
// kicked with "Channel shutting down".
func (c *Channel) Unload() {
	c.s.loop.call(func() {
		there := c.s.channels[strings.ToLower(c.name)]
		if there == nil {
			return
		}
		for _, u := range append([]*user(nil), there.users...) {
			u.kick("Channel shutting down")
		}
		there.unload()
	})
}
