package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// A happening is one event on its way to the desk.
type happening struct {
	event room.Event
	at    time.Time
}

// deskQueue is how many happenings may wait for the desk. When it is full the
// session waits, and with it the server: nothing is dropped here.
const deskQueue = 256

// A desk keeps one room's books: it numbers events, folds them into the state,
// puts them and the database writes that follow from them into the outbox, and
// passes them on to those who wait for one. All of that happens on the
// goroutine of run, so state, numbers and outbox always agree.
type desk struct {
	room    string
	channel string
	log     *slog.Logger

	in     chan happening
	extras chan write // writes that come from elsewhere, such as commands
	out    *outbox
	ring   *ring
	known  *known
	ledger *ledger
	listen func(*room.State, room.Event) // the speaker waits for its own lines
	record func(*room.State, room.Event, time.Time)

	epoch  string // makes message ids of this run its own
	writes uint64
	seq    uint64
	state  room.State
	shown  atomic.Pointer[snapshot]
}

// A snapshot is the room as others may see it: the state after event seq.
type snapshot struct {
	seq   uint64
	time  int64 // Unix ms
	state room.State
}

// newDesk opens the books behind the last event of past.
func newDesk(roomName, channel, epoch string, past []bus.Envelope, seq uint64, log *slog.Logger) *desk {
	d := &desk{
		room: roomName, channel: channel, log: log, epoch: epoch,
		in: make(chan happening, deskQueue), extras: make(chan write, deskQueue),
		ring: &ring{}, known: newKnown(), seq: seq, state: room.New(),
	}
	for _, env := range past {
		d.ring.add(env)
	}
	d.known.seed(past)
	d.shown.Store(&snapshot{seq: seq, time: time.Now().UnixMilli(), state: d.state})
	return d
}

// run keeps the books until in is closed.
func (d *desk) run() {
	counts := time.NewTicker(countEvery)
	defer counts.Stop()
	status := time.NewTicker(statusEvery)
	defer status.Stop()
	for {
		select {
		case h, ok := <-d.in:
			if !ok {
				d.takeExtras()
				return
			}
			d.take(h)
		case w := <-d.extras:
			d.write(w)
		case now := <-counts.C:
			d.write(d.ledger.userCount(&d.state, now)...)
		case now := <-status.C:
			d.write(d.ledger.status(&d.state, now))
		}
	}
}

// takeExtras enters the writes that still wait.
func (d *desk) takeExtras() {
	for {
		select {
		case w := <-d.extras:
			d.write(w)
		default:
			return
		}
	}
}

// tell hands an event to the desk.
func (d *desk) tell(ctx context.Context, e room.Event, at time.Time) {
	select {
	case d.in <- happening{e, at}:
	case <-ctx.Done():
	}
}

// take enters one event.
func (d *desk) take(h happening) {
	if m, ok := h.event.(*room.Message); ok && !d.known.fresh(m) {
		return
	}
	d.state = room.Apply(d.state, h.event)
	d.publish(h)
	d.write(d.ledger.note(&d.state, h.event, h.at)...)
	// Who is told of the event may look at the room at once: it must be shown.
	d.shown.Store(&snapshot{seq: d.seq, time: h.at.UnixMilli(), state: d.state})
	d.listen(&d.state, h.event)
	d.record(&d.state, h.event, h.at)
	if a, ok := othersDeed(&d.state, h.event); ok {
		d.take(happening{a, h.at})
	}
}

func (d *desk) publish(h happening) {
	name := h.event.EventName()
	data, err := json.Marshal(h.event)
	if err != nil {
		d.log.Error("event cannot be encoded", "event", name, "error", err)
		return
	}
	d.seq++
	env := bus.Envelope{
		V: bus.EnvelopeVersion, Seq: d.seq, Time: h.at.UnixMilli(),
		Room: d.room, Channel: d.channel, Event: name, Data: data,
	}
	d.ring.add(env)
	body, err := json.Marshal(env)
	if err != nil {
		d.log.Error("envelope cannot be encoded", "event", name, "error", err)
		return
	}
	d.out.put(&parcel{
		subject: bus.EventSubject(d.room, name), data: body, seq: d.seq,
		id: fmt.Sprintf("%s:%s:%d", d.room, d.epoch, d.seq), stale: replaceable(h.event),
	})
}

// replaceable tells whether a later event of the kind says all that e does.
func replaceable(e room.Event) bool {
	switch e.(type) {
	case *room.MediaUpdate, *room.UserCount:
		return true
	}
	return false
}

// write puts database writes into the outbox.
func (d *desk) write(writes ...write) {
	for _, w := range writes {
		data, err := json.Marshal(w.payload)
		if err != nil {
			d.log.Error("database write cannot be encoded", "subject", w.subject, "error", err)
			continue
		}
		if w.id == "" {
			d.writes++
			w.id = fmt.Sprintf("%s:%s:w%d", d.room, d.epoch, d.writes)
		}
		d.out.put(&parcel{subject: w.subject, id: w.id, data: data, stale: w.stale, done: w.done})
	}
}

// extra enters a write that comes from elsewhere. It never waits.
func (d *desk) extra(w write) {
	select {
	case d.extras <- w:
	default:
		d.out.lost()
		d.log.Warn("a database write was dropped: the desk is too busy", "subject", w.subject)
	}
}

// must enters a write that may not be lost; it waits for its place. ctx's end
// is the only failure.
func (d *desk) must(ctx context.Context, w write) error {
	select {
	case d.extras <- w:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("write %s: %w", w.subject, ctx.Err())
	}
}

// settleTime is how long NATS is waited for before a command says that what it
// wrote may be lost.
const settleTime = 5 * time.Second

// settle enters a write and waits until NATS has it, so that what is said to be
// done outlasts a kill of everything. After an error it still goes on its way.
func (d *desk) settle(ctx context.Context, w write) error {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	arrived := make(chan struct{})
	w.done = arrived
	if err := d.must(ctx, w); err != nil {
		return err
	}
	select {
	case <-arrived:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("NATS has not taken it yet: %w", ctx.Err())
	}
}

// now is the room as it stands.
func (d *desk) now() *snapshot { return d.shown.Load() }
