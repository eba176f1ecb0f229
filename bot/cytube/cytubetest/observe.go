package cytubetest

import (
	"context"
	"encoding/json"
	"time"
)

// Frame is one frame a client sent.
type Frame struct {
	Seq   uint64 // from 1 up, over all clients
	Conn  int    // number of the connection, from 1 up
	User  string // the name logged in with at that time; empty if none
	Text  string // as it came
	Event string // the event's name; empty for what is no event
	Arg   json.RawMessage
	At    time.Time
}

// Frames gives what clients have sent, oldest first: the last 4096 frames,
// answers to pings left out.
func (s *Server) Frames() []Frame { return nil }

// WaitFrame gives the first frame after number after (0 for any) that match
// accepts, waiting until it comes.
func (s *Server) WaitFrame(ctx context.Context, after uint64, match func(Frame) bool) (Frame, error) {
	return Frame{}, nil
}

// Connections is how many websockets are open now.
func (s *Server) Connections() int { return 0 }

// Opened is how many websockets have been opened since New, refused ones
// included.
func (s *Server) Opened() int { return 0 }
