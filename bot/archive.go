package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rosey/bus"
)

// An archive reads a room's events back from the stream.
type archive struct {
	nc      *nats.Conn
	js      jetstream.JetStream
	subject string // of all events of the room
}

func newArchive(conn *bus.Conn, roomName string) *archive {
	return &archive{nc: conn.NC, js: conn.JS, subject: bus.EventSubject(roomName, "*")}
}

// stored is an envelope and its place in the stream.
type stored struct {
	env bus.Envelope
	at  uint64
}

// get gives the first event of the room at or behind a place in the stream.
func (a *archive) get(ctx context.Context, s jetstream.Stream, at uint64) (stored, bool, error) {
	m, err := s.GetMsg(ctx, max(at, 1), jetstream.WithGetMsgSubject(a.subject))
	return read(m, err)
}

func read(m *jetstream.RawStreamMsg, err error) (stored, bool, error) {
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return stored{}, false, nil
	case err != nil:
		return stored{}, false, fmt.Errorf("read stream %s: %w", bus.StreamEvents, err)
	}
	var env bus.Envelope
	if err := json.Unmarshal(m.Data, &env); err != nil {
		return stored{}, false, fmt.Errorf("read stream %s at %d: %w", bus.StreamEvents, m.Sequence, err)
	}
	return stored{env: env, at: m.Sequence}, true, nil
}

// open gives the stream with its oldest and its newest event of the room; ok
// is false when there is none.
func (a *archive) open(ctx context.Context) (s jetstream.Stream, first, last stored, ok bool, err error) {
	if s, err = a.stream(ctx); err != nil {
		return nil, first, last, false, err
	}
	m, err := s.GetLastMsgForSubject(ctx, a.subject)
	if last, ok, err = read(m, err); err != nil || !ok {
		return s, first, last, false, err
	}
	first, ok, err = a.get(ctx, s, 1)
	return s, first, last, ok, err
}

// find gives the place of the first event numbered seq or more. Numbers grow
// with places, so it halves the distance at each step.
func (a *archive) find(ctx context.Context, s jetstream.Stream, seq uint64, first, last stored) (uint64, error) {
	lo, hi := first.at, last.at // the answer lies in [lo, hi]
	for lo < hi {
		mid := lo + (hi-lo)/2
		e, ok, err := a.get(ctx, s, mid)
		switch {
		case err != nil:
			return 0, err
		case !ok || e.env.Seq >= seq:
			hi = mid
		default:
			lo = e.at + 1
		}
	}
	return lo, nil
}

// page answers a history request from the stream.
func (a *archive) page(ctx context.Context, req bus.HistoryRequest) (page, error) {
	s, oldest, newest, ok, err := a.open(ctx)
	if err != nil || !ok || req.AfterSeq >= newest.env.Seq {
		return page{}, err
	}
	limit := uint64(limitOf(req))
	from := req.AfterSeq + 1
	if req.AfterSeq == 0 {
		end := newest.env.Seq + 1
		if req.BeforeSeq != 0 {
			end = min(end, req.BeforeSeq)
		}
		from = max(oldest.env.Seq, end-min(end, limit))
	}
	at, err := a.find(ctx, s, from, oldest, newest)
	if err != nil {
		return page{}, err
	}
	// One more than the page tells whether there is more.
	events, err := a.run(ctx, at, int(limit)+1)
	if err != nil {
		return page{}, err
	}
	return cut(events, req), nil
}

// firstSeq is the number of the oldest event, 0 when there is none.
func (a *archive) firstSeq(ctx context.Context) (uint64, error) {
	s, err := a.stream(ctx)
	if err != nil {
		return 0, err
	}
	first, _, err := a.get(ctx, s, 1)
	return first.env.Seq, err
}

// lastSeq is the number of the newest event, 0 when there is none.
func (a *archive) lastSeq(ctx context.Context) (uint64, error) {
	s, err := a.stream(ctx)
	if err != nil {
		return 0, err
	}
	m, err := s.GetLastMsgForSubject(ctx, a.subject)
	last, _, err := read(m, err)
	return last.env.Seq, err
}

func (a *archive) stream(ctx context.Context) (jetstream.Stream, error) {
	s, err := a.js.Stream(ctx, bus.StreamEvents)
	if err != nil {
		return nil, fmt.Errorf("open stream %s: %w", bus.StreamEvents, err)
	}
	return s, nil
}

// batchIdle is how long the next event of a batch is waited for.
const batchIdle = 2 * time.Second

// run reads up to n events from a place in the stream on, in order of their
// numbers, each once.
func (a *archive) run(ctx context.Context, at uint64, n int) ([]bus.Envelope, error) {
	var events []bus.Envelope
	for more := true; more && len(events) < n; {
		batch, next, left, err := a.batch(ctx, at, n-len(events))
		if err != nil {
			return nil, err
		}
		events, at, more = append(events, batch...), next, left
	}
	// After a loss of the link a few may lie behind their successors.
	slices.SortStableFunc(events, func(a, b bus.Envelope) int { return cmp.Compare(a.Seq, b.Seq) })
	return slices.CompactFunc(events, func(a, b bus.Envelope) bool { return a.Seq == b.Seq }), nil
}

// batch reads up to n events with one request. The bot may get messages
// directly but make no consumer, and nats.go has no call for this. Servers
// before 2.11 answer with the first message alone: left then asks for the rest.
func (a *archive) batch(ctx context.Context, at uint64, n int) (events []bus.Envelope, next uint64, left bool, err error) {
	wrong := func(err error) ([]bus.Envelope, uint64, bool, error) {
		return nil, 0, false, fmt.Errorf("read stream %s: %w", bus.StreamEvents, err)
	}
	body, err := json.Marshal(map[string]any{"seq": at, "next_by_subj": a.subject, "batch": n})
	if err != nil {
		return wrong(err)
	}
	inbox := a.nc.NewRespInbox()
	sub, err := a.nc.SubscribeSync(inbox)
	if err != nil {
		return wrong(err)
	}
	defer func() { _ = sub.Unsubscribe() }() // when the connection is gone so is the subscription
	if err := a.nc.PublishRequest("$JS.API.DIRECT.GET."+bus.StreamEvents, inbox, body); err != nil {
		return wrong(err)
	}
	next = at
	for {
		m, err := nextWithin(ctx, sub, batchIdle)
		if err != nil {
			return wrong(err)
		}
		switch m.Header.Get("Status") {
		case "":
		case "204", "404": // the end of the batch; nothing there
			return events, next, left, nil
		default:
			return wrong(errors.New(m.Header.Get("Description")))
		}
		place, err := strconv.ParseUint(m.Header.Get(jetstream.SequenceHeader), 10, 64)
		if err != nil {
			return wrong(err)
		}
		next = place + 1
		var env bus.Envelope
		if json.Unmarshal(m.Data, &env) == nil {
			events = append(events, env)
		}
		pending := m.Header.Get("Nats-Num-Pending")
		left = pending != "0"
		if pending == "" {
			return events, next, true, nil
		}
	}
}

// nextWithin waits for the next message, but not for ever.
func nextWithin(ctx context.Context, sub *nats.Subscription, d time.Duration) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return sub.NextMsgWithContext(ctx)
}

// newest reads the room's last n events.
func (a *archive) newest(ctx context.Context, n int) ([]bus.Envelope, error) {
	s, oldest, newest, ok, err := a.open(ctx)
	if err != nil || !ok {
		return nil, err
	}
	from := max(oldest.env.Seq, newest.env.Seq+1-min(newest.env.Seq, uint64(n)))
	at, err := a.find(ctx, s, from, oldest, newest)
	if err != nil {
		return nil, err
	}
	return a.run(ctx, at, n)
}
