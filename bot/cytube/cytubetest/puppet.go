package cytubetest

import (
	"context"
	"encoding/json"
	"time"
)

// Puppet is a user without a socket. It does what a person's browser would:
// everything goes through the rules for clients (permissions, filters, mutes),
// except that puppets are never throttled. Its methods may be called by any
// goroutine; when they return, the room has seen it.
type Puppet struct{}

// Name is the puppet's name.
func (p *Puppet) Name() string { return "" }

// Err says why the puppet is not in the room; nil while it is.
func (p *Puppet) Err() error { return nil }

// Say says a line; slash commands work.
func (p *Puppet) Say(text string) {}

// Action says a line with /me.
func (p *Puppet) Action(text string) {}

// PM sends a private message.
func (p *Puppet) PM(to, text string) {}

// AFK sets whether the puppet is away.
func (p *Puppet) AFK(away bool) {}

// Kick kicks a user if the puppet may.
func (p *Puppet) Kick(name, reason string) {}

// Ban bans a name if the puppet may.
func (p *Puppet) Ban(name, reason string) {}

// Mute mutes a user if the puppet may.
func (p *Puppet) Mute(name string) {}

// Queue puts media at the end of the playlist, or next, if the puppet may.
// No lookup is made.
func (p *Puppet) Queue(m Media, next, temp bool) {}

// Voteskip votes to skip what is playing.
func (p *Puppet) Voteskip() {}

// Poll opens a poll if the puppet may.
func (p *Puppet) Poll(title string, options ...string) {}

// Vote votes in the open poll.
func (p *Puppet) Vote(option int) {}

// ClosePoll closes the open poll if the puppet may.
func (p *Puppet) ClosePoll() {}

// Emit sends any event as the puppet, as a client's 42 frame would.
func (p *Puppet) Emit(name string, arg any) {}

// Leave takes the puppet out of the room. It cannot come back; make another.
func (p *Puppet) Leave() {}

// Received gives the events the puppet got, oldest first: the last 256.
func (p *Puppet) Received() []Event { return nil }

// Wait gives the first event of that name the puppet got, now or later, for
// which match (may be nil) holds.
func (p *Puppet) Wait(ctx context.Context, name string, match func(Event) bool) (Event, error) {
	return Event{}, nil
}

// Event is one Socket.IO event. Arg is its first argument as JSON, empty if
// it has none.
type Event struct {
	Name string
	Arg  json.RawMessage
	At   time.Time
}
