package cytube

import (
	"context"
	"encoding/json"
	"time"
)

// Session is one connection to one channel.
type Session struct{}

// Dial asks the site for the channel's server, opens the websocket and enters
// the namespace; login and join then go on in the background. Its error is
// always an *End. The context governs Dial alone, not the session. The caller
// must take from Events or Close the session, and Close is never wrong.
func Dial(ctx context.Context, opts Options) (*Session, error) {
	return nil, &End{}
}

// Events gives what happens in the room, in order, and is closed when the
// session has ended and everything before the end has been taken.
func (s *Session) Events() <-chan Received { return nil }

// Joined is closed when the user list has come: we are in the room.
func (s *Session) Joined() <-chan struct{} { return nil }

// End says why the session ended; nil while it goes on. It is final once
// Events is closed.
func (s *Session) End() *End { return nil }

// Server is the websocket's address.
func (s *Session) Server() string { return "" }

// RTT is the last round trip of a websocket ping; 0 while there is none.
func (s *Session) RTT() time.Duration { return 0 }

// Stats says what has been read so far.
func (s *Session) Stats() Stats { return Stats{} }

// Emit sends an event with one argument; a nil arg sends none. It may be
// called by many goroutines at once.
func (s *Session) Emit(ctx context.Context, name string, arg any) error { return nil }

// EmitAck sends an event and waits for its acknowledgement. CyTube
// acknowledges only newPoll (PROTOCOL.md §2).
func (s *Session) EmitAck(ctx context.Context, name string, arg any) (json.RawMessage, error) {
	return nil, nil
}

// Chat says one line in the room, cut by the server at 320 UTF-16 units.
func (s *Session) Chat(ctx context.Context, text string) error { return nil }

// PM sends one private message.
func (s *Session) PM(ctx context.Context, to, text string) error { return nil }

// Close ends the session and waits until it has. Events not yet taken are
// discarded.
func (s *Session) Close() error { return nil }
