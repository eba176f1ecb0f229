package cytube

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"

	"rosey/bus/room"
)

// passwordGrace is how long a registered user waits at a channel that wants a
// password: a moderator's rank opens it a moment later (PROTOCOL.md §3).
const passwordGrace = 3 * time.Second

// step is how far login and join have come.
type step string

const (
	stepLogin step = "login"
	stepJoin  step = "join"
	stepIn    step = "in"
)

// conversation is what the reader goroutine knows: how far login and join
// have come, and what decoding needs. It logs in before it joins, as
// PROTOCOL.md §3 advises, and only one join counts per connection.
type conversation struct {
	*Session
	decoder  decoder
	step     step
	deadline time.Time // of the step; zero once in
	offered  bool      // the channel password was sent on its own
	locked   *End      // what it will be if the channel does not open in time
	said     string    // the last errorMsg, for the reason
}

func newConversation(s *Session) *conversation {
	return &conversation{Session: s, decoder: decoder{replay: true}}
}

// begin sends the first event.
func (c *conversation) begin() *End {
	if c.opts.User == "" {
		return c.join()
	}
	c.step = stepLogin
	c.deadline = time.Now().Add(c.opts.Timeout)
	return c.say("login", credentials{Name: c.opts.User, Password: c.opts.Password})
}

// credentials is the argument of login and of joinChannel.
type credentials struct {
	Name     string `json:"name"`
	Password string `json:"pw,omitempty"`
}

func (c *conversation) join() *End {
	c.step = stepJoin
	c.deadline = time.Now().Add(c.opts.Timeout)
	return c.say("joinChannel", credentials{Name: c.opts.Channel, Password: c.opts.ChannelPassword})
}

func (c *conversation) say(name string, arg any) *End {
	if err := c.send(c.ctx, name, arg, 0); err != nil {
		return &End{Cause: CauseNetwork, Reason: "the connection broke while sending", Err: err}
	}
	return nil
}

// frame handles one frame; a non-nil End ends the session.
func (c *conversation) frame(data []byte, at time.Time) *End {
	c.count.frames.Add(1)
	c.count.heard.Store(at.UnixMilli())
	f, err := parseFrame(data)
	if err != nil {
		c.malformed("", err)
		return nil
	}
	switch f.kind {
	case framePing:
		if err := c.write(c.ctx, []byte(framePong)); err != nil {
			return &End{Cause: CauseNetwork, Reason: "the connection broke while answering a ping", Err: err}
		}
	case frameClose:
		return &End{Cause: CauseNetwork, Reason: "the server closed the connection"}
	case frameLeft:
		return &End{Cause: CauseRefused, Reason: "the server ended the session without a reason"}
	case frameRefused:
		return refusal(f.arg)
	case frameAck:
		c.acks.answer(f.id, f.arg)
	case frameEvent:
		return c.event(f, len(data), at)
	}
	return nil
}

// event decodes an event, hands it over, and sees what it means for us.
func (c *conversation) event(f frame, size int, at time.Time) *End {
	event, err := c.decoder.decode(f.name, f.arg, at)
	switch {
	case errors.Is(err, errUnknown):
		c.count.unknown(f.name)
		return nil
	case err != nil:
		c.malformed(f.name, err)
		return nil
	case event == nil:
		c.count.ignored.Add(1)
		return nil
	}
	c.count.events.Add(1)
	if n := c.decoder.skipped; n > 0 {
		c.malformed(f.name, fmt.Errorf("%d entries name nobody and were left out", n))
		c.count.malformed.Add(uint64(n - 1))
	}
	if n := c.decoder.mended; n > 0 {
		c.malformed(f.name, fmt.Errorf("%d times in it cannot be and were replaced", n))
	}
	if err := c.queue.put(c.ctx, Received{Event: event, Name: f.name, At: at}, size); err != nil {
		return &End{Cause: CauseStalled, Reason: "the bot did not keep up with the room", Wait: firstDelay, Err: err}
	}
	return c.react(f.name, event)
}

// react drives login and join, and hears the ends.
func (c *conversation) react(name string, event room.Event) *End {
	switch e := event.(type) {
	case *room.Kicked:
		return kicked(e.Reason)
	case *room.Login:
		if c.step != stepLogin {
			return nil
		}
		if !e.Success {
			return loginRefused(e.Error)
		}
		return c.join()
	case *room.UserList:
		if c.step == stepJoin {
			c.step, c.deadline, c.locked = stepIn, time.Time{}, nil
			c.decoder.replay = false
			close(c.joined)
		}
	case *room.PasswordNeeded:
		return c.password(e.Wrong)
	case *room.PasswordAccepted:
		if c.step == stepJoin {
			c.locked, c.deadline = nil, time.Now().Add(c.opts.Timeout)
		}
	case *room.Notice:
		if name == "partitionChange" {
			return moved()
		}
		if e.Kind == room.NoticeError && c.step != stepIn {
			c.said = e.Text
			return joinRefused(e.Text)
		}
	}
	return nil
}

// password answers a channel that wants one: with ours if it has not seen it,
// else with waiting for our rank to count, else not at all.
func (c *conversation) password(wrong bool) *End {
	if c.step != stepJoin {
		return nil
	}
	if !wrong && !c.offered && c.opts.ChannelPassword != "" {
		c.offered = true
		return c.say("channelPassword", c.opts.ChannelPassword)
	}
	if c.opts.Password == "" {
		return passwordEnd(wrong)
	}
	c.locked = passwordEnd(wrong)
	c.deadline = time.Now().Add(min(passwordGrace, c.opts.Timeout))
	return nil
}

func (c *conversation) malformed(name string, err error) {
	c.count.malformed.Add(1)
	c.opts.Logger.Debug("frame skipped", "event", room.Clean(cut(name, maxName)), "error", room.Clean(cut(err.Error(), maxLine)))
}

// broken is the end for a read that failed.
func (c *conversation) broken(err error) *End {
	switch {
	case isTimeout(err) && !c.deadline.IsZero() && !time.Now().Before(c.deadline):
		return c.late()
	case isTimeout(err):
		return &End{Cause: CauseSilent, Reason: "nothing came from the server for too long", Err: err}
	case errors.Is(err, websocket.ErrReadLimit):
		return &End{Cause: CauseProtocol, Reason: "the server sent a frame larger than 16 MiB", Err: err}
	case errors.Is(err, context.Canceled):
		return &End{Cause: CauseClosed, Reason: "the session was closed"}
	}
	return &End{Cause: CauseNetwork, Reason: "the connection to the server was lost", Err: err}
}

// late is the end of a login or join that nothing answered. Joins get lost
// when the last user leaves at that moment (PROTOCOL.md §3).
func (c *conversation) late() *End {
	if c.locked != nil {
		return c.locked
	}
	end := &End{Cause: CauseJoin, Wait: firstDelay,
		Reason: fmt.Sprintf("the server did not answer the %s within %s; it will be tried again", c.step, c.opts.Timeout)}
	if c.said != "" {
		end.Reason = fmt.Sprintf("the server did not answer the %s, but said %q; it will be tried again", c.step, c.said)
	}
	return end
}
