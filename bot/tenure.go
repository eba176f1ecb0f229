package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bus"
	"rosey/bus/room"
)

// A tenure is the time during which one instance holds a room, with all that
// works in it: desk, publisher, speaker, switchboard, and the answers on the bus.
type tenure struct {
	s       *supervisor
	desk    *desk
	pub     *publisher
	speaker *speaker
	board   *switchboard
	subs    []*nats.Subscription

	mu    sync.Mutex
	now   room.Connection
	heard int64 // Unix ms of CyTube's last word in the session before; 0: none known
}

// commandsAtOnce is how many commands of one name may be under way.
const commandsAtOnce = 16

// open prepares a tenure: it reads where the room's events stand. It asks until
// it knows, because a number used twice would be worse than a late start; the
// error is ctx's end.
func (s *supervisor) open(ctx context.Context) (*tenure, error) {
	failed := false
	for delay := 100 * time.Millisecond; ; delay = min(2*delay, 5*time.Second) {
		streams, past, err := s.readPast(ctx)
		if err == nil {
			if failed {
				s.log.Info("the room's past is read now")
			}
			return s.newTenure(ctx, streams, past), nil
		}
		failed = true
		s.log.Warn("the room's past cannot be read, trying again", "error", err, "in", delay)
		if !sleep(ctx, delay) {
			return nil, ctx.Err()
		}
	}
}

// readPast reads the room's newest events, as many as the memory takes.
func (s *supervisor) readPast(ctx context.Context) (streams bool, past []bus.Envelope, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	streams, err = ensureStreams(ctx, s.bot.opts.Conn, s.bot.opts.Config.Events)
	if err != nil || !streams {
		return streams, nil, err
	}
	past, err = newArchive(s.bot.opts.Conn, s.platform.Name).newest(ctx, ringEvents)
	return streams, past, err
}

func (s *supervisor) newTenure(ctx context.Context, streams bool, past []bus.Envelope) *tenure {
	p, o := s.platform, s.bot.opts
	arrived := s.claim.heard.Load()
	if len(past) > 0 {
		arrived = max(arrived, past[len(past)-1].Seq)
	}
	kept, past, seq := s.unsent(past, arrived)
	t := &tenure{s: s, now: room.Connection{State: room.LinkConnecting, Since: time.Now().UnixMilli()}}
	t.heard = lastHeard(past)
	t.now.Last = t.heard
	t.pub = newPublisher(o.Conn, p.Name, o.Config.Events, s.log, t.heartbeat)
	t.pub.streams.Store(streams)
	t.pub.last.Store(arrived)
	for _, p := range kept {
		t.pub.out.put(p)
	}
	t.desk = newDesk(p.Name, p.Channel, rand.Text()[:10], past, seq, s.log)
	t.speaker = newSpeaker(t.desk.now)
	t.desk.out = t.pub.out
	t.desk.ledger = newLedger(p.Name, p.Channel, s.bot.started)
	t.board = newSwitchboard(t.desk, t.speaker)
	t.board.conn, t.board.facts = o.Conn, facts{version: o.Version, started: s.bot.started}
	if o.Config.Shell.Enabled {
		t.board.shell = newPMShell(t.board)
	}
	t.desk.listen = t.board.heard
	t.desk.record = newScribe(s.bot.logs, p.Name).note
	if len(t.desk.known.keys) == 0 {
		t.desk.known.seedStored(recentChat(ctx, o.Conn))
	}
	return t
}

// unsent gives what the last run could not deliver, and the past and the last
// number with its events. Those that have arrived after all, or whose numbers
// another instance has used since, are left out; lines that the database has
// already it takes once.
func (s *supervisor) unsent(past []bus.Envelope, arrived uint64) (kept []*parcel, _ []bus.Envelope, seq uint64) {
	parcels, err := s.spill.take(time.Now())
	if err != nil {
		s.log.Warn("what could not be delivered at the last stop cannot all be read", "error", err)
	}
	seq = arrived
	for _, p := range parcels {
		if p.seq > 0 {
			env, ok := readable(p.data)
			if !ok || p.seq != env.Seq || p.seq <= seq {
				continue
			}
			past, seq = append(past, env), p.seq
		}
		kept = append(kept, p)
	}
	if len(parcels) > 0 {
		s.log.Info("what could not be delivered at the last stop is sent now", "messages", len(kept), "left out", len(parcels)-len(kept))
	}
	return kept, past, seq
}

// keepUnsent writes down what the flush has left.
func (s *supervisor) keepUnsent(t *tenure) error {
	left := t.pub.out.left()
	s.left = len(left)
	if len(left) == 0 {
		return nil
	}
	if err := s.spill.save(left); err != nil {
		return fmt.Errorf("leave room %s: %d messages did not reach NATS and are lost: %w", room.Clean(s.platform.Name), len(left), err)
	}
	s.log.Warn("NATS could not be reached at the end: what is left is kept for the next start", "messages", len(left))
	return nil
}

// recentChat asks the database service for the last lines; nothing when it
// does not answer soon.
func recentChat(ctx context.Context, conn *bus.Conn) []bus.RecentRow {
	ctx, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	rows, err := bus.Request[[]bus.RecentRow](ctx, conn, bus.SubjectRecentChat, bus.RecentQuery{Limit: 50})
	if err != nil {
		return nil
	}
	return rows
}

// keep holds the room until ctx ends, then leaves it in order: first the
// session, so that nothing more happens; then the answers and the speaker; then
// the books are closed and everything is flushed; last the room is given free.
// The error tells what was lost.
func (t *tenure) keep(ctx context.Context) error {
	s := t.s
	publisher := start(ctx, t.pub.run)
	speaker := start(ctx, t.speaker.run)
	desk := start(ctx, func(context.Context) { t.desk.run() })
	keeper := start(ctx, t.board.keeper.run)
	handover := start(ctx, t.board.learnHandover)
	err := t.answer()
	s.holds.Store(true)

	s.sessions(ctx, t)

	err = errors.Join(err, t.silence())
	keeper.stop()
	handover.stop()
	speaker.stop()
	t.board.close()
	t.leave(context.Cause(ctx))
	close(t.desk.in)
	desk.stop()
	flush, cancel := s.flushContext()
	t.pub.flush(flush)
	cancel()
	publisher.stop()
	err = errors.Join(err, s.keepUnsent(t))
	s.holds.Store(false)
	_, dropped := t.pub.out.counts()
	s.meters.lost(dropped)
	s.claim.say(false, "the room is free")
	return err
}

// A part is a goroutine of a tenure.
type part struct {
	end  context.CancelFunc
	done chan struct{}
}

// start runs a part until it is stopped. It does not end with ctx: parts stop
// in an order.
func start(ctx context.Context, run func(context.Context)) part {
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	p := part{end: end, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		run(ctx)
	}()
	return p
}

func (p part) stop() {
	p.end()
	<-p.done
}

// leave enters the end of the tenure: with it everybody present is written as
// left.
func (t *tenure) leave(cause error) {
	c := room.Connection{State: room.LinkStopped, Reason: errStopped.Error()}
	if rival := (yielded{}); errors.As(cause, &rival) {
		c = room.Connection{State: room.LinkStandby, Reason: rival.Error()}
		t.s.log.Warn("giving the room up", "reason", c.Reason)
	}
	t.link(c)
}

// link enters a transition of the link to CyTube.
func (t *tenure) link(c room.Connection) {
	c.Reason = room.Clean(c.Reason)
	c.Since = time.Now().UnixMilli()
	t.mu.Lock()
	if c.Server == "" {
		c.Server = t.now.Server
	}
	c.Last = t.heard
	t.now = c
	t.mu.Unlock()
	t.desk.tell(context.Background(), &c, time.Now())
	t.beat()
}

// heardLast notes when CyTube was last heard in a session that has ended.
func (t *tenure) heardLast(at int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.heard = at
}

// lastHeard is when a bot before this one last heard CyTube, as its events tell:
// what it says of its link, or, where it was killed in the room, the last event.
func lastHeard(past []bus.Envelope) int64 {
	if len(past) == 0 {
		return 0
	}
	now, at := time.Now(), past[len(past)-1].Time
	for _, env := range slices.Backward(past) {
		e, err := env.Open(now)
		c, ok := e.(*room.Connection)
		switch {
		case err != nil || !ok:
			continue
		case c.State == room.LinkUp:
			return at
		case c.Last > 0:
			return c.Last
		}
		at = env.Time // of a bot that does not say it
	}
	return at
}

func (t *tenure) state() room.LinkState {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now.State
}

// beat asks for a heartbeat out of turn.
func (t *tenure) beat() {
	select {
	case t.pub.beatNow <- struct{}{}:
	default:
	}
}

// heartbeat is what the room's state is to listeners.
func (t *tenure) heartbeat() bus.Heartbeat {
	t.mu.Lock()
	h := bus.Heartbeat{Room: t.s.platform.Name, Instance: t.s.bot.instance, Link: t.now}
	t.mu.Unlock()
	t.s.meters.read(&h)
	return h
}

// answer begins to answer for the room on the bus.
func (t *tenure) answer() error {
	conn, name := t.s.bot.opts.Conn, t.s.platform.Name
	h := &history{desk: t.desk, log: t.s.log}
	if t.pub.streams.Load() {
		h.archive = t.pub.archive
	}
	var errs []error
	add := func(sub *nats.Subscription, err error) {
		if err != nil {
			errs = append(errs, err)
			return
		}
		t.subs = append(t.subs, sub)
	}
	add(bus.Respond(conn, bus.StateSubject(name), h.state))
	add(bus.Respond(conn, bus.HistorySubject(name), h.page))
	add(bus.Respond(conn, bus.TreeSubject(name), func(context.Context, struct{}) bus.TreeReply {
		return Tree(t.board.facts.version)
	}))
	for _, v := range tree() {
		atOnce := commandsAtOnce
		if v.ordered {
			atOnce = 1
		}
		add(bus.RespondConcurrent(conn, bus.CommandSubject(name, v.Name), atOnce, func(ctx context.Context, c bus.Command) bus.CommandReply {
			if c.Source != room.SourceConsole { // the others do not come over the bus
				c.Source = room.SourceShell
			}
			return t.board.handle(ctx, v, c)
		}))
	}
	if len(errs) > 0 {
		t.s.log.Error("the room cannot answer on the bus", "error", errors.Join(errs...))
	}
	return errors.Join(errs...)
}

// silence ends the answers.
func (t *tenure) silence() error {
	var errs []error
	for _, sub := range t.subs {
		errs = append(errs, unsubscribe(sub))
	}
	t.subs = nil
	return errors.Join(errs...)
}
