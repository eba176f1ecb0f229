package cytubetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

const puppetMemory = 256 // events a puppet remembers

// Puppet is a user without a socket. It does what a person's browser would:
// everything goes through the rules for clients (permissions, filters, mutes),
// except that puppets are never throttled and never marked as away by
// themselves. Its methods may be called by any goroutine; when they return,
// the room has seen it.
type Puppet struct {
	s    *Server
	name string
	u    *user // belongs to the loop

	mu     sync.Mutex
	err    error
	events []Event
	count  int           // of all events so far
	read   int           // events its director has looked at
	more   chan struct{} // closed and replaced when an event comes
}

// Event is one Socket.IO event. Arg is its first argument as JSON, empty if
// it has none.
type Event struct {
	Name string
	Arg  json.RawMessage
	At   time.Time
}

// ErrLeft is why a puppet that has left or was thrown out is not in the room.
var ErrLeft = errors.New("not in the room any more")

// Puppet brings in a user who has no socket, at an address of its own. The
// name must be free and well formed, otherwise the puppet's Err says why it is
// not there. A rank above 0 makes it a registered user of that rank.
func (c *Channel) Puppet(name string, rank float64) *Puppet {
	p := &Puppet{s: c.s, name: name, more: make(chan struct{})}
	c.s.loop.call(func() {
		there := c.s.channelNow(strings.ToLower(c.name))
		if err := c.s.admit(p, rank, there); err != nil {
			p.err = err
			if there.visitors == 0 {
				there.unload()
			}
			return
		}
		p.u.guest, p.u.loggedIn = name, true
		p.u.identify()
		p.u.channelRank = rank
		p.u.rank = max(rank, p.u.globalRank)
		c.s.recordVisit(p.u.ip, name)
		p.u.joinUsed, p.u.rankKnown = true, true
		p.u.channel = there
		there.visitors++
		there.accept(p.u)
	})
	return p
}

// admit makes the user of a puppet.
func (s *Server) admit(p *Puppet, rank float64, c *channel) error {
	switch {
	case !userName.MatchString(p.name):
		return fmt.Errorf("bring in puppet %q: not a user name", p.name)
	case c.user(p.name) != nil:
		return fmt.Errorf("bring in puppet %s: the name is in use", p.name)
	case c.record != nil && c.record.nameBanned(p.name):
		return fmt.Errorf("bring in puppet %s: the name is banned", p.name)
	}
	s.puppets++
	n := s.puppets
	p.u = newUser(s, p, fmt.Sprintf("198.18.%d.%d", n>>8&255, n&255))
	p.u.puppet = true
	if rank > 0 {
		p.u.account = &account{name: p.name, globalRank: 1}
	}
	return nil
}

// deliver and disconnect make a puppet the sink of its user.

func (p *Puppet) deliver(e *event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.events) >= puppetMemory {
		p.events = slices.Delete(p.events, 0, puppetMemory/4)
	}
	p.events = append(p.events, Event{Name: e.name, Arg: e.arg, At: p.s.loop.now()})
	p.count++
	close(p.more)
	p.more = make(chan struct{})
}

func (p *Puppet) disconnect() {
	p.u.disconnected()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = ErrLeft
}

// Name is the puppet's name.
func (p *Puppet) Name() string { return p.name }

// Err says why the puppet is not in the room; nil while it is.
func (p *Puppet) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Emit sends any event as the puppet, as a client's 42 frame would. A nil arg
// sends none.
func (p *Puppet) Emit(name string, arg any) {
	r := request{name: name}
	if arg != nil {
		r.arg = marshal(arg)
	}
	p.do(func() { p.u.handle(r) })
}

// do runs f on the loop if the puppet is in the room.
func (p *Puppet) do(f func()) {
	if p.u == nil {
		return
	}
	p.s.loop.call(func() {
		if !p.u.dead {
			f()
		}
	})
	p.s.loop.call(func() {}) // what f left to be done soon has been done
}

type args map[string]any

// Say says a line; slash commands work.
func (p *Puppet) Say(text string) { p.Emit("chatMsg", args{"msg": text}) }

// Action says a line with /me.
func (p *Puppet) Action(text string) { p.Say("/me " + text) }

// PM sends a private message.
func (p *Puppet) PM(to, text string) { p.Emit("pm", args{"to": to, "msg": text}) }

// AFK sets whether the puppet is away.
func (p *Puppet) AFK(away bool) { p.do(func() { p.u.setAFK(away) }) }

// Kick kicks a user if the puppet may.
func (p *Puppet) Kick(name, reason string) { p.Say("/kick " + name + " " + reason) }

// Ban bans a name if the puppet may.
func (p *Puppet) Ban(name, reason string) { p.Say("/ban " + name + " " + reason) }

// Mute mutes a user if the puppet may.
func (p *Puppet) Mute(name string) { p.Say("/mute " + name) }

// Queue puts media at the end of the playlist, or next, if the puppet may.
// No lookup is made.
func (p *Puppet) Queue(m Media, next, temp bool) {
	p.s.Offer(m)
	pos := "end"
	if next {
		pos = "next"
	}
	p.Emit("queue", args{"id": m.ID, "type": m.Type, "pos": pos, "temp": temp})
}

// Voteskip votes to skip what is playing.
func (p *Puppet) Voteskip() { p.Emit("voteskip", nil) }

// Poll opens a poll if the puppet may.
func (p *Puppet) Poll(title string, options ...string) {
	p.Emit("newPoll", args{"title": title, "opts": options, "obscured": false})
}

// Vote votes in the open poll.
func (p *Puppet) Vote(option int) { p.Emit("vote", args{"option": option}) }

// ClosePoll closes the open poll if the puppet may.
func (p *Puppet) ClosePoll() { p.Emit("closePoll", nil) }

// Leave takes the puppet out of the room. It cannot come back; make another.
func (p *Puppet) Leave() { p.do(p.disconnect) }

// Received gives the events the puppet got, oldest first: at most the last
// 256.
func (p *Puppet) Received() []Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.events)
}

// Wait gives the first event of that name the puppet got, now or later, for
// which match (may be nil) holds.
func (p *Puppet) Wait(ctx context.Context, name string, match func(Event) bool) (Event, error) {
	for {
		p.mu.Lock()
		for _, e := range p.events {
			if e.Name == name && (match == nil || match(e)) {
				p.mu.Unlock()
				return e, nil
			}
		}
		more := p.more
		p.mu.Unlock()
		select {
		case <-more:
		case <-ctx.Done():
			return Event{}, fmt.Errorf("wait for %s at %s: %w", name, p.name, ctx.Err())
		}
	}
}

// since gives the events after the first n, as far as they are remembered,
// and the count to ask for next.
func (p *Puppet) since(n int) ([]Event, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fresh := min(p.count-n, len(p.events))
	return slices.Clone(p.events[len(p.events)-fresh:]), p.count
}

// news is closed when there is an event after the first n.
func (p *Puppet) news(n int) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count > n {
		now := make(chan struct{})
		close(now)
		return now
	}
	return p.more
}
