package cytubetest

import "time"

// Stall is where a stalled server goes silent.
type Stall int

const (
	StallOff    Stall = iota
	StallConfig       // the socketconfig is never answered
	StallOpen         // websockets open and then nothing is ever sent on them
	StallJoin         // namespace and login work, joins are never answered
)

// Stall makes the server accept and be silent from that point on, for those
// who come from now on. Turning it off does not wake those it caught.
func (s *Server) Stall(at Stall) {}

// Partition cuts the network without closing anything: nothing is read and
// nothing written on any connection, and HTTP hangs, until it is turned off.
func (s *Server) Partition(on bool) {}

// Drop cuts the TCP connections of the user, without a close frame. It gives
// how many there were.
func (s *Server) Drop(name string) int { return 0 }

// DropAll cuts all TCP connections. It gives how many there were.
func (s *Server) DropAll() int { return 0 }

// LoseJoins swallows the next n joins without an answer, as CyTube does when
// a channel is just being unloaded (PROTOCOL.md §3).
func (s *Server) LoseJoins(n int) {}

// Refuse answers the next n entries into the namespace with 44 and that
// message.
func (s *Server) Refuse(n int, message string) {}

// SlowWrites makes every frame to a client wait so long before it is written.
func (s *Server) SlowWrites(delay time.Duration) {}

// SendRaw sends a text frame as it is to all websockets of the user; an empty
// name means to everybody.
func (s *Server) SendRaw(name, frame string) {}

// SendBinary sends a binary frame likewise.
func (s *Server) SendBinary(name string, data []byte) {}

// SendHuge sends the user a chat line of so many bytes.
func (s *Server) SendHuge(name string, size int) {}

// Stop ends the server as a kill would: TCP ends without a word, then the
// address refuses connections. The state of channels is kept for Restart.
func (s *Server) Stop() error { return nil }

// Restart listens again on the same address, with empty connection buckets.
// The replay buffer comes back if keepReplay is true (a shutdown that saved)
// and not otherwise (a kill).
func (s *Server) Restart(keepReplay bool) error { return nil }

// Unload shuts a channel down as a site operator can: everybody in it is
// kicked with "Channel shutting down".
func (c *Channel) Unload() {}
