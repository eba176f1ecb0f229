package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"rosey/bus/room"
)

const (
	// requestTimeout bounds a request whose context has no deadline.
	requestTimeout = 5 * time.Second
	// respondTimeout bounds a handler.
	respondTimeout = 15 * time.Second
)

// ReplyError is a refusal that the other side sent instead of a reply.
type ReplyError struct{ Text string }

func (e *ReplyError) Error() string { return e.Text }

// Request asks on subject and reads the first answer, which it cleans: no caller
// sees what room.Clean takes out, except in a json.RawMessage. Without a
// deadline in ctx it waits five seconds. For errors.Is: ErrNobody when nobody listens
// there, ErrNotAllowed when our role may not ask, ErrUnreachable while the
// link is down, context.DeadlineExceeded. A *ReplyError is the other side's.
func Request[Reply any](ctx context.Context, c *Conn, subject string, req any) (Reply, error) {
	var reply Reply
	data, err := json.Marshal(req)
	if err != nil {
		return reply, fmt.Errorf("encode request on %s: %w", subject, err)
	}
	msg, err := c.request(ctx, subject, data)
	if err != nil {
		return reply, err
	}
	if text := msg.Header.Get(micro.ErrorHeader); text != "" {
		return reply, fmt.Errorf("request on %s: %w", subject, &ReplyError{Text: room.Clean(text)})
	}
	if err := json.Unmarshal(msg.Data, &reply); err != nil {
		c.countBad(subject)
		return reply, fmt.Errorf("read reply on %s: %w", subject, err)
	}
	room.CleanAll(&reply)
	return reply, nil
}

func (c *Conn) request(ctx context.Context, subject string, data []byte) (*nats.Msg, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, requestTimeout)
		defer cancel()
	}
	if c.faults.isDeaf() {
		return nil, c.deaf()
	}
	ctx, stop := c.faults.until(ctx, subject)
	defer stop()
	msg, err := c.NC.RequestWithContext(ctx, subject, data)
	switch {
	case err == nil:
		return msg, nil
	case errors.Is(context.Cause(ctx), errDeaf):
		return nil, c.deaf()
	case errors.Is(context.Cause(ctx), ErrNotAllowed):
		return nil, &failure{kind: ErrNotAllowed,
			text: fmt.Sprintf("the role %s may not use %s", c.role, subject)}
	case errors.Is(err, nats.ErrNoResponders):
		return nil, &failure{kind: ErrNobody, cause: err, text: "nobody answers on " + subject}
	case errors.Is(err, nats.ErrReconnectBufExceeded), errors.Is(err, nats.ErrConnectionClosed):
		return nil, &failure{kind: ErrUnreachable, cause: err,
			text: "the connection to NATS is down, nothing was sent on " + subject}
	}
	return nil, fmt.Errorf("request on %s: %w", subject, err)
}

// errDeaf ends requests whose answers the server does not let us hear.
var errDeaf = errors.New("answers are not allowed")

func (c *Conn) deaf() error {
	return &failure{kind: ErrNotAllowed, text: fmt.Sprintf(
		"these NATS credentials are not the %s's, so no answer can be heard: add or leave out --read-only as they are for, or set nats.user", c.role)}
}

// Respond answers requests on subject with what fn gives, one at a time, in
// the order they came. An empty request is a zero Req. A request that cannot
// be read is counted, logged and answered with an error without asking fn.
// A message without a reply subject is handled and not answered. The handler's
// context ends after fifteen seconds or with the connection.
//
// The server does not check whether the asker may publish to the reply subject
// it names, only whether we may. So a reply goes to an inbox or nowhere: else
// a viewer could make the bot publish its answer as an event.
func Respond[Req, Reply any](c *Conn, subject string, fn func(context.Context, Req) Reply) (*nats.Subscription, error) {
	return c.serve(subject, answering(c, subject, fn))
}

// answering is the handler of one request: it reads it, asks fn and replies.
func answering[Req, Reply any](c *Conn, subject string, fn func(context.Context, Req) Reply) nats.MsgHandler {
	stats := c.served.add(subject)
	array := reflect.TypeFor[Reply]().Kind() == reflect.Slice
	return func(m *nats.Msg) {
		start := time.Now()
		err := c.handle(m, array, func(ctx context.Context) (any, error) {
			var req Req
			if len(m.Data) > 0 {
				if err := json.Unmarshal(m.Data, &req); err != nil {
					c.countBad(m.Subject)
					return nil, fmt.Errorf("unreadable request: %w", err)
				}
			}
			return fn(ctx, req), nil
		})
		stats.record(time.Since(start), err)
	}
}

// serve subscribes a handler of requests.
func (c *Conn) serve(subject string, handle nats.MsgHandler) (*nats.Subscription, error) {
	sub, err := c.NC.Subscribe(subject, func(m *nats.Msg) {
		if c.mayReply(m) {
			handle(m)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("subscribe to %s: %w", subject, err)
	}
	return sub, nil
}

// mayReply says whether a request is to be handled: not when its reply subject
// is something else than an inbox.
func (c *Conn) mayReply(m *nats.Msg) bool {
	if m.Reply == "" || isInbox(m.Reply) {
		return true
	}
	c.note(func(s *Stats) { s.Reflected++ }, "request whose reply subject is no inbox", m.Subject)
	return false
}

// isInbox tells whether subject is one on which a client of any role waits for
// answers.
func isInbox(subject string) bool {
	first, rest, _ := strings.Cut(subject, ".")
	if rest == "" {
		return false
	}
	if first == "_INBOX" {
		return true
	}
	for _, r := range Roles() {
		if first == r.inboxPrefix() {
			return true
		}
	}
	return false
}

// handle runs one request and sends its reply.
func (c *Conn) handle(m *nats.Msg, array bool, fn func(context.Context) (any, error)) error {
	ctx, cancel := context.WithTimeout(c.life, respondTimeout)
	defer cancel()
	reply, err := fn(ctx)
	if m.Reply == "" {
		return err
	}
	var data []byte
	if err == nil {
		data, err = json.Marshal(reply)
	}
	if limit := c.NC.MaxPayload(); err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("the answer has %d bytes and this NATS server takes %d: raise its max_payload", len(data), limit)
	}
	out := nats.NewMsg(m.Reply)
	out.Data = data
	if err != nil {
		out.Header.Set(micro.ErrorCodeHeader, "400")
		out.Header.Set(micro.ErrorHeader, room.Clean(err.Error()))
		out.Data = errorBody(err, array)
	}
	if sendErr := c.NC.PublishMsg(out); sendErr != nil {
		c.note(func(s *Stats) { s.Other++ }, "reply was not sent: "+sendErr.Error(), m.Subject)
		return sendErr
	}
	return err
}

// errorBody is what clients that know no headers read. v0.5.0's array queries
// answer an empty array on any error (COMPAT.md §2).
func errorBody(err error, array bool) []byte {
	if array {
		return []byte("[]")
	}
	data, _ := json.Marshal(map[string]string{"error": room.Clean(err.Error())}) // a map of strings always encodes
	return data
}
