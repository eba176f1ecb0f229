package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// collect asks on subject and hands over each answer that comes within window,
// until take says that it is enough: several may answer. It returns early when
// nobody listens. For errors.Is: ErrNobody, ErrNotAllowed.
func (c *Conn) collect(ctx context.Context, subject string, data []byte, window time.Duration, take func(*nats.Msg) (enough bool)) error {
	inbox := c.NC.NewRespInbox()
	sub, err := c.NC.SubscribeSync(inbox)
	if err != nil {
		return fmt.Errorf("ask on %s: %w", subject, err)
	}
	defer func() { _ = sub.Unsubscribe() }() // the connection may be closed already: nothing is left to undo
	ctx, stop := c.faults.until(ctx, subject)
	defer stop()
	if err := c.NC.PublishRequest(subject, inbox, data); err != nil {
		return fmt.Errorf("ask on %s: %w", subject, err)
	}

	ctx, cancel := context.WithTimeout(ctx, window)
	defer cancel()
	for {
		m, err := sub.NextMsgWithContext(ctx)
		switch {
		case errors.Is(context.Cause(ctx), ErrNotAllowed):
			return &failure{kind: ErrNotAllowed, text: fmt.Sprintf("the role %s may not use %s", c.role, subject)}
		case errors.Is(err, context.DeadlineExceeded):
			return nil
		case errors.Is(err, nats.ErrNoResponders), err == nil && len(m.Data) == 0 && m.Header.Get("Status") == "503":
			return &failure{kind: ErrNobody, text: "nobody answers on " + subject}
		case err != nil:
			return fmt.Errorf("ask on %s: %w", subject, err)
		}
		if take(m) {
			return nil
		}
	}
}
