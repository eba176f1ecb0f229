package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

const (
	// publishWindow is how many parcels of a room may be on their way
	// unacknowledged. The rooms of a process together stay below the client
	// library's own limit of 4,000.
	publishWindow = 256
	// ackTimeout is when a parcel without an answer is sent again.
	ackTimeout = 5 * time.Second
	// publishRetry is the first pause after a failed publish; it doubles up to
	// publishRetryMax.
	publishRetry    = 100 * time.Millisecond
	publishRetryMax = 5 * time.Second

	// longAgo is short of the two minutes for which the streams remember
	// message ids (bus.EnsureEvents).
	longAgo = 90 * time.Second

	heartbeatEvery = time.Second
)

// A publisher sends an outbox to NATS, in order, and the room's heartbeat
// between its parcels: the heartbeat's number is therefore always that of the
// last event before it on the wire.
//
// With JetStream a parcel stays in the outbox until the stream has it, and
// everything unacknowledged is sent again, in order, after a loss of the link.
// Streams drop what they have by message id. Without JetStream a parcel is
// gone when it was handed to a live connection.
type publisher struct {
	conn    *bus.Conn
	limits  config.Events
	out     *outbox
	log     *slog.Logger
	archive *archive
	streams atomic.Bool // JetStream is there

	// heartbeat gives the room's heartbeat; the publisher adds what it knows.
	heartbeat func() bus.Heartbeat
	beatNow   chan struct{} // asks for a heartbeat out of turn

	last    atomic.Uint64 // number of the last event sent
	lost    uint64        // drops that were logged
	retryAt time.Time     // nothing is sent before
	delay   time.Duration // the pause before the last retry
	headAt  time.Time     // when the present head was first looked at
	headOf  *parcel
	trouble string // why nothing arrives although the link is up; for people
}

func newPublisher(conn *bus.Conn, roomName string, limits config.Events, log *slog.Logger, heartbeat func() bus.Heartbeat) *publisher {
	return &publisher{
		conn: conn, limits: limits, out: newOutbox(), log: log,
		archive: newArchive(conn, roomName), heartbeat: heartbeat, beatNow: make(chan struct{}, 1),
	}
}

// run sends until ctx ends.
func (p *publisher) run(ctx context.Context) {
	links, stop := p.conn.Links()
	defer stop()
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	timer := time.NewTimer(heartbeatEvery)
	defer timer.Stop()
	p.beat()
	for {
		p.send()
		ok, failed := p.acks()
		timer.Reset(p.pause())
		select {
		case <-p.out.wake:
		case <-ok:
			p.out.arrived()
			p.delay, p.trouble = 0, ""
		case err := <-failed:
			p.again(ctx, err)
		case l := <-links:
			p.linkChanged(ctx, l)
		case <-timer.C: // a retry is due
		case <-beat.C:
			// Here and not on the timer, which every event sets anew.
			p.checkHead(ctx)
			p.beat()
		case <-p.beatNow:
			p.beat()
		case <-ctx.Done():
			return
		}
	}
}

// acks are the channels on which the oldest parcel on its way is answered.
func (p *publisher) acks() (<-chan *jetstream.PubAck, <-chan error) {
	head := p.out.head()
	if head != p.headOf {
		p.headOf, p.headAt = head, time.Now()
	}
	if head == nil || head.ack == nil {
		return nil, nil
	}
	return head.ack.Ok(), head.ack.Err()
}

// pause is how long the publisher may sleep when nothing happens.
func (p *publisher) pause() time.Duration {
	if wait := time.Until(p.retryAt); wait > 0 {
		return wait
	}
	return heartbeatEvery
}

// checkHead sends again when the head has been without an answer for too long.
func (p *publisher) checkHead(ctx context.Context) {
	if p.headOf != nil && p.up() && time.Since(p.headAt) > ackTimeout {
		p.trouble = "NATS does not store what the bot publishes: if its disk is full, make room (a NATS server of your own must be restarted then)"
		p.again(ctx, errors.New(p.trouble))
	}
}

func (p *publisher) up() bool { return p.conn.Link().State == room.LinkUp }

func (p *publisher) linkChanged(ctx context.Context, l bus.Link) {
	if l.State != room.LinkUp {
		return
	}
	// What was on its way when the link broke may or may not have arrived.
	p.out.rewind()
	switch {
	case !p.streams.Load():
		p.ensure(ctx) // the server may have been given JetStream
	case p.out.waiting() > longAgo:
		p.takeStock(ctx)
	}
	p.retryAt, p.delay, p.trouble = time.Time{}, 0, ""
	p.send()
	p.beat()
}

// takeStock asks the stream what has arrived. Of what was first sent long ago
// the streams no longer know the message ids, and would store it twice.
func (p *publisher) takeStock(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	last, err := p.archive.lastSeq(ctx)
	if err != nil {
		p.log.Warn("the stream does not say what has arrived: some lines may be stored twice", "error", err)
		return
	}
	p.out.arrivedThrough(last, p.trouble != "")
}

// again schedules everything unacknowledged to be sent once more.
func (p *publisher) again(ctx context.Context, err error) {
	p.out.rewind()
	p.headOf = nil
	p.delay = min(max(publishRetry, p.delay*2), publishRetryMax)
	p.retryAt = time.Now().Add(p.delay)
	if errors.Is(err, nats.ErrDisconnected) || !p.up() {
		return // linkChanged takes it from there
	}
	p.log.Warn("publishing failed, trying again", "error", err, "in", p.delay)
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		p.ensure(ctx) // the server came back empty, or somebody removed a stream
	}
}

// ensure makes the streams and learns whether there is JetStream at all.
func (p *publisher) ensure(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	streams, err := ensureStreams(ctx, p.conn, p.limits)
	if err != nil {
		p.log.Warn("streams are not ready", "error", err)
		return
	}
	if p.streams.Swap(streams) != streams {
		p.log.Warn("JetStream came or went", "jetstream", streams)
	}
}

// ensureStreams makes or updates both streams; false when the server has no
// JetStream.
func ensureStreams(ctx context.Context, conn *bus.Conn, limits config.Events) (bool, error) {
	for _, ensure := range []func(context.Context, *bus.Conn, config.Events) error{bus.EnsureEvents, bus.EnsureWrites} {
		switch err := ensure(ctx, conn, limits); {
		case errors.Is(err, bus.ErrNoJetStream):
			return false, nil
		case err != nil:
			return false, err
		}
	}
	return true, nil
}

// send hands over what waits, as far as the link and the window allow.
func (p *publisher) send() {
	for p.up() && !time.Now().Before(p.retryAt) {
		parcel := p.out.take(publishWindow)
		if parcel == nil {
			return
		}
		switch err := p.publish(parcel); {
		case errors.Is(err, nats.ErrMaxPayload):
			p.log.Error("a message is too large for this NATS server: raise its max_payload",
				"subject", parcel.subject, "bytes", len(parcel.data))
			p.out.refuse()
		case err != nil:
			p.out.putBack()
			p.delay = min(max(publishRetry, p.delay*2), publishRetryMax)
			p.retryAt = time.Now().Add(p.delay)
			return
		default:
			p.last.Store(max(p.last.Load(), parcel.seq))
			if !p.streams.Load() {
				p.out.arrived()
			}
		}
	}
}

func (p *publisher) publish(parcel *parcel) error {
	msg := &nats.Msg{Subject: parcel.subject, Data: parcel.data}
	if !p.streams.Load() {
		return p.conn.NC.PublishMsg(msg)
	}
	// A retry inside the library would overtake the parcels behind it.
	ack, err := p.conn.JS.PublishMsgAsync(msg, jetstream.WithMsgID(parcel.id), jetstream.WithRetryAttempts(0))
	parcel.ack = ack
	if parcel.first.IsZero() {
		parcel.first = time.Now()
	}
	return err
}

// beat says the heartbeat. It is not kept for later: an old one is worthless.
func (p *publisher) beat() {
	if !p.up() {
		return
	}
	h := p.heartbeat()
	h.Seq = p.last.Load()
	pending, dropped := p.out.counts()
	if dropped > p.lost {
		p.log.Error("events or database writes were dropped: NATS takes them more slowly than they come",
			"dropped", dropped-p.lost, "waiting", pending)
		p.lost = dropped
	}
	h.Pending, h.Dropped, h.Error = pending, h.Dropped+dropped, p.trouble
	h.Published = p.out.published()
	say(p.conn, h, p.log)
}

// say publishes a heartbeat.
func say(conn *bus.Conn, h bus.Heartbeat, log *slog.Logger) {
	h.Time = time.Now().UnixMilli()
	data, err := json.Marshal(h)
	if err == nil {
		err = conn.NC.Publish(bus.HeartbeatSubject(h.Room), data)
	}
	if err != nil {
		log.Debug("heartbeat was not sent", "error", err)
	}
}

// flush waits until everything has arrived or ctx ends, and tells how many
// parcels were left. The publisher must be running.
func (p *publisher) flush(ctx context.Context) int {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		pending, _ := p.out.counts()
		if pending == 0 {
			// Plain publishes may still lie in the client's buffer.
			if !p.streams.Load() {
				_ = p.conn.NC.FlushWithContext(ctx) // when it fails the link is gone, and the messages with it
			}
			return 0
		}
		select {
		case <-ctx.Done():
			return pending
		case <-tick.C:
		}
	}
}
