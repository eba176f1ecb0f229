package cytubetest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

const framesKept = 4096

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

// frameLog keeps the latest frames from clients and wakes those who wait for
// one.
type frameLog struct {
	mu     sync.Mutex
	frames []Frame
	seq    uint64
	more   chan struct{} // closed and replaced when a frame comes
}

func (l *frameLog) init() { l.more = make(chan struct{}) }

// add keeps a frame. It is for the loop.
func (l *frameLog) add(c *conn, text string) {
	f := Frame{Conn: c.id, Text: text, At: c.s.loop.now()}
	if c.user != nil {
		f.User = c.user.name
	}
	if rest, ok := strings.CutPrefix(text, "42"); ok {
		if _, r, ok := parseEvent(rest); ok {
			f.Event, f.Arg = r.name, r.arg
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	f.Seq = l.seq
	if len(l.frames) >= framesKept {
		l.frames = slices.Delete(l.frames, 0, framesKept/4)
	}
	l.frames = append(l.frames, f)
	close(l.more)
	l.more = make(chan struct{})
}

// find gives the first kept frame after a number that match accepts, or a
// channel that is closed when there is more to look at.
func (l *frameLog) find(after uint64, match func(Frame) bool) (Frame, <-chan struct{}, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.frames {
		if f.Seq > after && (match == nil || match(f)) {
			return f, nil, true
		}
	}
	return Frame{}, l.more, false
}

// Frames gives what clients have sent, oldest first: the latest few thousand
// frames, answers to pings left out.
func (s *Server) Frames() []Frame {
	s.seen.mu.Lock()
	defer s.seen.mu.Unlock()
	return slices.Clone(s.seen.frames)
}

// WaitFrame gives the first frame after number after (0 for any) that match
// accepts, waiting until it comes. A nil match accepts all.
func (s *Server) WaitFrame(ctx context.Context, after uint64, match func(Frame) bool) (Frame, error) {
	for {
		f, more, ok := s.seen.find(after, match)
		if ok {
			return f, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return Frame{}, fmt.Errorf("wait for a frame: %w", ctx.Err())
		}
	}
}

// Connections is how many websockets are open now.
func (s *Server) Connections() int {
	n := 0
	s.loop.call(func() { n = len(s.conns) })
	return n
}

// Opened is how many websockets have been opened since New, refused ones
// included.
func (s *Server) Opened() int {
	n := 0
	s.loop.call(func() { n = s.opened })
	return n
}
