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

// lastBelieved is the highest number that is taken from what others say or have
// stored. It is half of what listeners believe: a bot that went on behind a
// forged number would soon not be believed itself.
const lastBelieved = bus.MaxSeq / 2

// readable decodes what lies in the stream. What is no event of a bot is left
// out everywhere: whoever may write into the stream could otherwise keep the
// bot out of its room.
func readable(data []byte) (bus.Envelope, bool) {
	var env bus.Envelope
	err := json.Unmarshal(data, &env)
	return env, err == nil && env.Seq > 0 && env.Seq <= lastBelieved && env.Event != ""
}

// get gives the first event of the room at or behind a place in the stream.
func (a *archive) get(ctx context.Context, s jetstream.Stream, at uint64) (stored, bool, error) {
	for at = max(at, 1); ; {
		m, err := s.GetMsg(ctx, at, jetstream.WithGetMsgSubject(a.subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return stored{}, false, nil
		} else if err != nil {
			return stored{}, false, fmt.Errorf("read stream %s: %w", bus.StreamEvents, err)
		}
		if env, ok := readable(m.Data); ok {
			return stored{env: env, at: m.Sequence}, true, nil
		}
		at = m.Sequence + 1
	}
}

// last gives the newest event of the room.
func (a *archive) last(ctx context.Context, s jetstream.Stream) (stored, bool, error) {
	m, err := s.GetLastMsgForSubject(ctx, a.subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return stored{}, false, nil
	} else if err != nil {
		return stored{}, false, fmt.Errorf("read stream %s: %w", bus.StreamEvents, err)
	}
	if env, ok := readable(m.Data); ok {
		return stored{env: env, at: m.Sequence}, true, nil
	}
	return a.before(ctx, s, m.Sequence)
}

// before gives the newest event of the room in front of a place. It steps back
// ever further until it finds one, since other rooms lie between.
func (a *archive) before(ctx context.Context, s jetstream.Stream, place uint64) (stored, bool, error) {
	for back := uint64(1); ; back *= 2 {
		from := place - min(place, back)
		e, ok, err := a.get(ctx, s, from)
		for ok && err == nil && e.at < place {
			var next stored
			if next, ok, err = a.get(ctx, s, e.at+1); err == nil && (!ok || next.at >= place) {
				return e, true, nil
			}
			e = next
		}
		if err != nil || from <= 1 {
			return stored{}, false, err
		}
	}
}

// open gives the stream with its oldest and its newest event of the room; ok
// is false when there is none.
func (a *archive) open(ctx context.Context) (s jetstream.Stream, first, last stored, ok bool, err error) {
	if s, err = a.stream(ctx); err != nil {
		return nil, first, last, false, err
	}
	if last, ok, err = a.last(ctx, s); err != nil || !ok {
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
	if req.AfterSeq > 0 {
		at, err := a.find(ctx, s, req.AfterSeq+1, oldest, newest)
		if err != nil {
			return page{}, err
		}
		// One more than the page tells whether there is more.
		events, _, err := a.run(ctx, at, limitOf(req)+1, 2*pageBytes)
		return cut(events, req), err
	}
	end := newest.env.Seq + 1
	if req.BeforeSeq != 0 {
		end = min(end, req.BeforeSeq)
	}
	events, err := a.lastBefore(ctx, s, end, limitOf(req), 2*pageBytes, oldest, newest)
	return cut(events, req), err
}

// lastBefore gives up to n of the last events in front of the one numbered
// end: fewer when they are larger than bytes, none only when there is none.
func (a *archive) lastBefore(ctx context.Context, s jetstream.Stream, end uint64, n, bytes int, oldest, newest stored) ([]bus.Envelope, error) {
	for {
		from := max(oldest.env.Seq, end-min(end, uint64(n)))
		at, err := a.find(ctx, s, from, oldest, newest)
		if err != nil {
			return nil, err
		}
		events, whole, err := a.run(ctx, at, n, bytes)
		if err != nil {
			return nil, err
		}
		if !whole && n > 1 {
			n = max(1, n/4) // the newest ones are wanted, and did not fit
			continue
		}
		events = slices.DeleteFunc(events, func(e bus.Envelope) bool { return e.Seq >= end })
		if len(events) > 0 || from <= oldest.env.Seq {
			return events, nil
		}
		// Numbers are missing here: events that were dropped. Go on in front.
		previous, ok, err := a.before(ctx, s, at)
		if err != nil || !ok || previous.env.Seq >= end {
			return nil, err
		}
		end = previous.env.Seq + 1
	}
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
	last, _, err := a.last(ctx, s)
	return last.env.Seq, err
}

func (a *archive) stream(ctx context.Context) (jetstream.Stream, error) {
	s, err := a.js.Stream(ctx, bus.StreamEvents)
	if err != nil {
		return nil, fmt.Errorf("open stream %s: %w", bus.StreamEvents, err)
	}
	return s, nil
}

const (
	// batchIdle is how long the next event of a batch is waited for: a busy
	// machine takes its time over large ones.
	batchIdle = 10 * time.Second
	// batchBytes bounds what the server sends for one request: it throws out
	// a client that has more than 64 MiB waiting.
	batchBytes = 4 << 20
)

// run reads up to n events from a place in the stream on, in order of their
// numbers, each once; whole is false when it stopped earlier because they are
// larger than bytes.
func (a *archive) run(ctx context.Context, at uint64, n, bytes int) (events []bus.Envelope, whole bool, err error) {
	size := 0
	for more := true; more && len(events) < n; {
		batch, next, left, err := a.batch(ctx, at, n-len(events), min(bytes, batchBytes))
		if err != nil {
			return nil, false, err
		}
		events, at, more = append(events, batch...), next, left
		for _, env := range batch {
			size += sizeOf(env)
		}
		if size > bytes {
			break
		}
	}
	// After a loss of the link a few may lie behind their successors.
	slices.SortStableFunc(events, func(a, b bus.Envelope) int { return cmp.Compare(a.Seq, b.Seq) })
	events = slices.CompactFunc(events, func(a, b bus.Envelope) bool { return a.Seq == b.Seq })
	return events, size <= bytes, nil
}

// batch reads up to n events, or as many as fit into bytes, with one request. The bot may get messages
// directly but make no consumer, and nats.go has no call for this. Servers
// before 2.11 answer with the first message alone: left then asks for the rest.
func (a *archive) batch(ctx context.Context, at uint64, n, bytes int) (events []bus.Envelope, next uint64, left bool, err error) {
	wrong := func(err error) ([]bus.Envelope, uint64, bool, error) {
		return nil, 0, false, fmt.Errorf("read stream %s: %w", bus.StreamEvents, err)
	}
	body, err := json.Marshal(map[string]any{"seq": at, "next_by_subj": a.subject, "batch": n, "max_bytes": bytes})
	if err != nil {
		return wrong(err)
	}
	inbox := a.nc.NewRespInbox()
	sub, err := a.nc.SubscribeSync(inbox)
	if err != nil {
		return wrong(err)
	}
	defer func() { _ = sub.Unsubscribe() }() // when the connection is gone so is the subscription
	if err := a.nc.PublishRequest(bus.SubjectEventsGet, inbox, body); err != nil {
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
		if env, ok := readable(m.Data); ok {
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
	return a.lastBefore(ctx, s, newest.env.Seq+1, n, ringBytes, oldest, newest)
}
