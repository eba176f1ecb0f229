package bus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

const (
	// commandDeadline is how long a command may wait to be carried out when its
	// sender set no deadline.
	commandDeadline = 30 * time.Second
	// commandGrace is how much longer its outcome is waited for.
	commandGrace = 5 * time.Second
	// commandAsk bounds one asking; the bot answers pending before that.
	commandAsk = 12 * time.Second
	// commandAgain is the pause before an answer is asked for again.
	commandAgain = 200 * time.Millisecond
)

// Do has the room's bot carry out a command and follows it to its outcome:
// while it is pending, and when an answer got lost, it asks again under the same
// id, so that the command acts once. Without an id or a deadline the command
// gets one. The reply is still pending when the outcome did not come in time.
// An error says that the bot cannot be asked; ErrNobody and ErrUnreachable mean
// that there is none, ErrLost that there is none any more.
func Do(ctx context.Context, c *Conn, roomName, verb string, cmd Command) (CommandReply, error) {
	if cmd.ID == "" {
		cmd.ID = rand.Text()
	}
	if cmd.Deadline == 0 {
		cmd.Deadline = time.Now().Add(commandDeadline).UnixMilli()
	}
	ctx, cancel := context.WithDeadline(ctx, time.UnixMilli(cmd.Deadline).Add(commandGrace))
	defer cancel()
	last := CommandReply{ID: cmd.ID, Status: StatusPending, Text: "the bot did not say in time what came of it"}
	for asked := false; ; asked = true {
		reply, err := askOnce(ctx, c, CommandSubject(roomName, verb), cmd)
		switch {
		case err == nil && reply.Status != StatusPending:
			return reply, nil
		case err == nil:
			last = reply
		case ctx.Err() != nil:
		case errors.Is(err, ErrNobody) && asked:
			// Another bot may come, but it does not know what this one did.
			return CommandReply{}, fmt.Errorf("%w: %w", ErrLost, err)
		case errors.Is(err, context.DeadlineExceeded), errors.Is(err, ErrUnreachable) && asked:
		default:
			return CommandReply{}, err
		}
		select {
		case <-time.After(commandAgain):
		case <-ctx.Done():
		}
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return last, nil
		} else if ctx.Err() != nil {
			return last, fmt.Errorf("%s: %w", verb, ctx.Err())
		}
	}
}

func askOnce(ctx context.Context, c *Conn, subject string, cmd Command) (CommandReply, error) {
	ctx, cancel := context.WithTimeout(ctx, commandAsk)
	defer cancel()
	return Request[CommandReply](ctx, c, subject, cmd)
}
