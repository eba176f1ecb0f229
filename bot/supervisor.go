package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"rosey/bot/cytube"
	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// leastTimeout is the least time that a step towards the room is given.
// v0.5.0 never used response_timeout, and its files have 0.1 or 1 second
// there, which is less than a login takes on a busy site.
const leastTimeout = 10 * time.Second

// yieldFlush bounds the flush when the room is given up to another instance.
const yieldFlush = 5 * time.Second

// A supervisor keeps one room. Its life is a row of tenures: it claims the
// room, holds it as long as it may, gives it up and claims again. Within a
// tenure it dials, follows the session to its end, waits, and dials again.
type supervisor struct {
	bot      *Bot
	platform config.Platform
	log      *slog.Logger
	claim    *claim
	spill    spill
	left     int // messages that the last tenure could not deliver
	backoff  cytube.Backoff
	holds    atomic.Bool
	err      error // what was lost at the end; valid when run has returned

	flushMu sync.Mutex
	flush   context.Context // bounds the last flush

	meters meters
}

// meters are what the heartbeat shows, over all sessions of the process.
type meters struct {
	mu      sync.Mutex
	session *cytube.Session
	frames  uint64 // of sessions that have ended
	unknown uint64
	dropped uint64 // of tenures that have ended
}

func newSupervisor(b *Bot, p config.Platform, bucket *rate.Limiter) *supervisor {
	s := &supervisor{
		bot: b, platform: p, log: b.opts.Logger.With("room", p.Name),
		backoff: cytube.Backoff{Bucket: bucket},
		spill:   spillOf(b.opts.StateDir, p.Name),
	}
	s.claim = newClaim(b.opts.Conn, s.info(), s.log)
	return s
}

// info is the room as rosey.rooms names it.
func (s *supervisor) info() bus.RoomInfo {
	return bus.RoomInfo{
		Room: s.platform.Name, Channel: s.platform.Channel, Domain: s.platform.Domain,
		Bot: s.platform.User, Instance: s.bot.instance,
	}
}

// flushUntil bounds the flush with which the last tenure ends.
func (s *supervisor) flushUntil(ctx context.Context) {
	s.flushMu.Lock()
	defer s.flushMu.Unlock()
	s.flush = ctx
}

// flushContext is what bounds a flush now: Close's context, or a while of its
// own when the room is only given up.
func (s *supervisor) flushContext() (context.Context, context.CancelFunc) {
	s.flushMu.Lock()
	defer s.flushMu.Unlock()
	if s.flush != nil {
		return context.WithCancel(s.flush)
	}
	return context.WithTimeout(context.Background(), yieldFlush)
}

// run keeps the room until ctx ends.
func (s *supervisor) run(ctx context.Context) {
	sub, err := s.claim.listen()
	if err != nil {
		s.err = err
		return
	}
	defer func() { s.err = errors.Join(s.err, unsubscribe(sub)) }()
	for ctx.Err() == nil {
		if err := s.claim.take(ctx); err != nil {
			return
		}
		s.err = s.serve(ctx)
	}
}

// yielded is the cause of a tenure's end when another instance has the better
// right to the room.
type yielded struct{ to string }

func (y yielded) Error() string {
	return fmt.Sprintf("another instance, %s, took the room over", room.Clean(y.to))
}

// serve holds the room for one tenure, from the moment it is ours.
func (s *supervisor) serve(ctx context.Context) error {
	life, end := context.WithCancelCause(ctx)
	var guarding sync.WaitGroup
	defer guarding.Wait()
	defer end(nil)
	var tenure atomic.Pointer[tenure]
	guarding.Go(func() {
		rival := s.claim.guard(life, func() room.LinkState {
			if t := tenure.Load(); t != nil {
				return t.state()
			}
			return room.LinkConnecting
		}, func() {
			if t := tenure.Load(); t != nil {
				t.beat()
				return
			}
			s.claim.say(true, "claiming the room")
		})
		if rival != "" {
			end(yielded{to: rival})
		}
	})
	t, err := s.open(life)
	if err != nil {
		return nil // life has ended: nothing was begun and nothing is lost
	}
	tenure.Store(t)
	return t.keep(life)
}

// options are what the session needs to know.
func (s *supervisor) options() cytube.Options {
	p := s.platform
	return cytube.Options{
		Domain: p.Domain, Channel: p.Channel, ChannelPassword: p.ChannelPassword.Reveal(),
		User: p.User, Password: p.Password.Reveal(),
		Proxy:   cmp.Or(p.Proxy, s.bot.opts.Config.Proxy),
		Timeout: max(p.ResponseTimeout.Duration(), leastTimeout),
		Logger:  s.log,
	}
}

// sessions follows one session after another until ctx ends or one has ended
// for good; then it waits for ctx, so that the room stays held: another
// instance would run into the same wall.
func (s *supervisor) sessions(ctx context.Context, t *tenure) {
	if s == s.bot.rooms[0] { // v0.5.0's queue knows no rooms
		defer start(ctx, newCourier(t).run).stop()
	}
	var end *cytube.End
	for attempt := 1; ; attempt++ {
		wait := s.backoff.Next(end)
		if end != nil {
			wait = max(wait, s.platform.RestartDelay.Duration())
			t.link(room.Connection{State: room.LinkDown, Reason: end.Reason, Attempt: attempt - 1,
				RetryAt: time.Now().Add(wait).UnixMilli()})
			s.log.Info("trying again", "in", wait.Round(time.Second))
		}
		if !sleep(ctx, wait) {
			return
		}
		t.link(room.Connection{State: room.LinkConnecting, Attempt: attempt})
		var joined bool
		if end, joined = s.session(ctx, t, attempt); ctx.Err() != nil {
			return
		}
		s.log.Warn("session ended", "cause", end.Cause, "reason", end.Reason, "permanent", end.Permanent, "error", end.Err) // people are told the reason alone
		if end.Permanent {
			t.link(room.Connection{State: room.LinkStopped, Reason: end.Reason, Attempt: attempt})
			<-ctx.Done()
			return
		}
		if joined {
			attempt = 0
		}
	}
}

// session dials and hands everything that happens to the desk, until the
// session has ended.
func (s *supervisor) session(ctx context.Context, t *tenure, attempt int) (end *cytube.End, joined bool) {
	sess, err := cytube.Dial(ctx, s.options())
	if err != nil {
		if !errors.As(err, &end) {
			end = &cytube.End{Cause: cytube.CauseNetwork, Reason: "CyTube could not be reached", Err: err}
		}
		return end, false
	}
	defer context.AfterFunc(ctx, sess.Close)() // End tells why it ended
	s.meters.begin(sess)
	defer s.meters.finish()
	told := false // of our ban, which comes before the kick
	for rec := range sess.Events() {
		t.desk.tell(ctx, rec.Event, rec.At)
		switch e := rec.Event.(type) {
		case *room.Notice:
			if e.Kind == room.NoticeChannel {
				s.log.Warn("channel", "channel", s.platform.Channel, "notice", e.Text)
			}
		case *room.Message:
			w, ok := readWhisper(e)
			told = told || ok && (w.verb == "ban" || w.verb == "ipban") && room.Fold(w.target) == room.Fold(s.platform.User)
		case *room.Kicked:
			if a, ok := thrownOut(s.platform.User, e, rec.At); ok && joined && !told {
				t.desk.tell(ctx, a, rec.At)
			}
		case *room.UserList:
			if joined {
				continue
			}
			joined = true
			s.backoff.Reset()
			t.speaker.attach(sess)
			t.link(room.Connection{State: room.LinkUp, Server: sess.Server()})
			s.log.Info("joined", "server", sess.Server(), "tries", attempt)
		}
	}
	t.speaker.attach(nil)
	if joined {
		t.heardLast(sess.Heard())
	}
	if end = sess.End(); end == nil {
		end = &cytube.End{Cause: cytube.CauseNetwork, Reason: "the session ended"}
	}
	return end, joined
}

// sleep waits; false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (m *meters) begin(sess *cytube.Session) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.session = sess
}

func (m *meters) finish() {
	m.mu.Lock()
	defer m.mu.Unlock()
	stats := m.session.Stats()
	m.frames += stats.Frames
	m.unknown += stats.Unknown + stats.Malformed
	m.session = nil
}

// read fills in a heartbeat.
func (m *meters) read(h *bus.Heartbeat) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h.Frames, h.Unknown, h.Dropped = m.frames, m.unknown, m.dropped
	if m.session != nil {
		stats := m.session.Stats()
		h.Frames += stats.Frames
		h.Unknown += stats.Unknown + stats.Malformed
		h.RTT = float64(m.session.RTT().Microseconds()) / 1000
	}
}

// lost adds what a tenure dropped.
func (m *meters) lost(n uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dropped += n
}
