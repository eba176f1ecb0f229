package cytube

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// ErrNotJoined says that the session is not in the room yet, where CyTube
// would ignore what is sent without a word.
var ErrNotJoined = errors.New("not in the room yet")

// Session is one connection to one channel. Three goroutines belong to it:
// one reads, one hands events over, one measures the round trip. All have
// ended when Events is closed and Close has returned.
type Session struct {
	opts   Options
	server string
	link   *link
	queue  *queue
	acks   acks
	count  counters

	events chan Received
	joined chan struct{}

	end     atomic.Pointer[End]
	ctx     context.Context // ends with the session
	cancel  context.CancelFunc
	closing chan struct{} // closed by Close
	once    sync.Once
	work    sync.WaitGroup
}

func newSession(opts Options, l *link, server string) *Session {
	s := &Session{
		opts:    opts,
		server:  server,
		link:    l,
		queue:   newQueue(l.silence / 3),
		events:  make(chan Received),
		joined:  make(chan struct{}),
		closing: make(chan struct{}),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.work.Go(s.read)
	s.work.Go(func() { s.queue.deliver(s.events, s.closing) })
	s.work.Go(s.measure)
	return s
}

// Events gives what happens in the room, in order, and is closed when the
// session has ended and everything before the end has been taken.
func (s *Session) Events() <-chan Received { return s.events }

// Joined is closed when the user list has come: we are in the room.
func (s *Session) Joined() <-chan struct{} { return s.joined }

// End says why the session ended; nil while it goes on. It is final once
// Events is closed.
func (s *Session) End() *End { return s.end.Load() }

// Server is the websocket's address.
func (s *Session) Server() string { return s.server }

// RTT is the last round trip of a websocket ping; 0 while there is none.
func (s *Session) RTT() time.Duration { return time.Duration(s.link.rtt.Load()) }

// Stats says what has been read so far.
func (s *Session) Stats() Stats { return s.count.stats() }

// Heard is when the last frame came, in Unix milliseconds; 0 before the first.
func (s *Session) Heard() int64 { return s.count.heard.Load() }

// Emit sends an event with one argument; a nil arg sends none. Many goroutines
// may call it at once. It fails with ErrNotJoined before the join, with the
// session's *End after the end, and with ErrTooLarge. Success means that the
// event was handed to the network: CyTube answers only some, by other events.
func (s *Session) Emit(ctx context.Context, name string, arg any) error {
	select {
	case <-s.joined:
	default:
		if end := s.End(); end != nil {
			return end
		}
		return ErrNotJoined
	}
	return s.send(ctx, name, arg, 0)
}

// EmitAck sends an event and waits for its acknowledgement, a JSON array.
// CyTube acknowledges only newPoll (PROTOCOL.md §2), so ctx should have a
// deadline.
func (s *Session) EmitAck(ctx context.Context, name string, arg any) (json.RawMessage, error) {
	select {
	case <-s.joined:
	default:
		return nil, ErrNotJoined
	}
	id, answer := s.acks.open()
	defer s.acks.drop(id)
	if err := s.send(ctx, name, arg, id); err != nil {
		return nil, err
	}
	select {
	case data := <-answer:
		return data, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.ctx.Done():
		return nil, s.End()
	}
}

// Chat says one line in the room. The server cuts it at 320 UTF-16 units.
func (s *Session) Chat(ctx context.Context, text string) error {
	return s.Emit(ctx, "chatMsg", chatArg{Msg: text})
}

// PM sends one private message, cut as Chat's lines are.
func (s *Session) PM(ctx context.Context, to, text string) error {
	return s.Emit(ctx, "pm", pmArg{To: to, Msg: text})
}

type chatArg struct {
	Msg  string   `json:"msg"`
	Meta struct{} `json:"meta"`
}

type pmArg struct {
	To   string   `json:"to"`
	Msg  string   `json:"msg"`
	Meta struct{} `json:"meta"`
}

// Close ends the session, waits until it has, and discards events not yet
// taken. Closing again does no harm.
func (s *Session) Close() {
	s.once.Do(func() { close(s.closing) })
	s.finish(&End{Cause: CauseClosed, Reason: "the session was closed"})
	s.work.Wait()
}

// finish ends the session. The first cause stands.
func (s *Session) finish(end *End) {
	if s.end.CompareAndSwap(nil, end) {
		s.cancel()
		s.link.leave()
	}
}

func (s *Session) send(ctx context.Context, name string, arg any, id uint64) error {
	data, err := encodeEvent(name, arg, id)
	if err != nil {
		return err
	}
	return s.write(ctx, data)
}

// write sends a frame. A write that breaks the connection ends the session.
func (s *Session) write(ctx context.Context, data []byte) error {
	if end := s.End(); end != nil {
		return end
	}
	err := s.link.write(ctx, data)
	if err == nil || errors.Is(err, ErrTooLarge) || ctx.Err() != nil {
		return err
	}
	s.finish(&End{Cause: CauseNetwork, Reason: "the connection broke while sending", Err: err})
	return s.End()
}

// read is the reader goroutine: it gives each frame to the conversation until
// one of them, or the network, ends the session.
func (s *Session) read() {
	defer s.queue.close()
	c := newConversation(s)
	end := c.begin()
	for end == nil {
		data, err := s.link.read(c.deadline)
		if err != nil {
			end = c.broken(err)
			break
		}
		end = c.frame(data, time.Now())
	}
	s.finish(end)
}

// measure pings every so often for the round trip. Pings that fail are left
// to the reader, which hears of the same trouble.
func (s *Session) measure() {
	tick := time.NewTicker(s.opts.pingEvery)
	defer tick.Stop()
	for {
		if err := s.link.ping(); err != nil {
			s.opts.Logger.Debug("ping not sent", "error", err)
		}
		select {
		case <-tick.C:
		case <-s.ctx.Done():
			return
		}
	}
}

func isTimeout(err error) bool {
	var netErr net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &netErr) && netErr.Timeout()
}
