package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// speakQueue is how many commands may wait to be said in one room; what
	// comes beyond is refused.
	speakQueue = 64
	// echoTimeout is how long a line's effect is waited for.
	echoTimeout = 5 * time.Second
	// soonTimeout is how long it is waited for once its watcher has seen that
	// it comes at once or not at all.
	soonTimeout = time.Second
	// maxCooldowns is how often one line is tried again after the server's
	// throttle dropped it.
	maxCooldowns = 10
)

// A voice can speak in a room: a session to CyTube.
type voice interface {
	Chat(ctx context.Context, text string) error
	PM(ctx context.Context, to, text string) error
	Emit(ctx context.Context, name string, arg any) error
	EmitAck(ctx context.Context, name string, arg any) (json.RawMessage, error)
}

// A speech is what one command says.
type speech struct {
	lines  []line
	until  time.Time     // zero: no deadline; nothing is said after it
	done   string        // the sentence for success
	finish func(outcome) // is told the end, once
}

// A speaker says speeches one after another and each line only when the one
// before it was seen in the room or refused. So an answer of the server always
// belongs to the line under way, lines keep their order, and none is sent
// while the throttle would drop it. run is its one goroutine; the desk calls
// heard, the supervisor attach.
type speaker struct {
	room     func() *snapshot
	speeches chan *speech
	pace     pace // run's alone

	mu      sync.Mutex
	voice   voice         // nil while there is no session
	lost    chan struct{} // closed when the voice goes
	fresh   bool          // the voice is new: its throttle knows nothing of us
	pending *line         // the line under way
	outcome chan outcome  // its end; room for one
}

func newSpeaker(now func() *snapshot) *speaker {
	return &speaker{room: now, speeches: make(chan *speech, speakQueue), outcome: make(chan outcome, 1)}
}

// attach gives the speaker a session's voice; nil takes it away.
func (s *speaker) attach(v voice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost != nil {
		close(s.lost)
		s.lost = nil
	}
	if s.voice = v; v != nil {
		s.lost, s.fresh = make(chan struct{}), true
	}
}

// enqueue puts a speech at the end of the queue; false when that is full.
func (s *speaker) enqueue(sp *speech) bool {
	select {
	case s.speeches <- sp:
		return true
	default:
		return false
	}
}

// run says speeches until ctx ends. Those that wait then are refused.
func (s *speaker) run(ctx context.Context) {
	for {
		select {
		case sp := <-s.speeches:
			sp.finish(s.deliver(ctx, sp))
		case <-ctx.Done():
			for {
				select {
				case sp := <-s.speeches:
					sp.finish(refusedWith("the bot is leaving the room"))
				default:
					return
				}
			}
		}
	}
}

func (s *speaker) deliver(ctx context.Context, sp *speech) outcome {
	for i, l := range sp.lines {
		o := s.say(ctx, l, sp.until)
		if o.status == bus.StatusDone {
			continue
		}
		if i > 0 {
			o.text = fmt.Sprintf("%d of %d lines were said, then: %s", i, len(sp.lines), o.text)
		}
		return o
	}
	return done(sp.done)
}

// say says one line and waits for what comes of it.
func (s *speaker) say(ctx context.Context, l line, until time.Time) outcome {
	for range maxCooldowns {
		o := s.try(ctx, l, until)
		if o.wait == 0 {
			return o
		}
		s.pace.cooldown(time.Now().Add(o.wait))
	}
	return outcome{status: bus.StatusRefused, text: "the server's throttle dropped the line again and again: try later"}
}

func (s *speaker) try(ctx context.Context, l line, until time.Time) outcome {
	if err := s.waitTurn(ctx, l, until); err != nil {
		return outcome{status: bus.StatusRefused, text: err.Error()}
	}
	v, lost := s.begin(&l)
	if v == nil {
		return outcome{status: bus.StatusRefused, text: "the bot is not in the room just now"}
	}
	defer s.end()
	ctx, cancel := context.WithTimeout(ctx, echoTimeout)
	defer cancel()
	s.pace.spend(time.Now(), l.cost)
	var err error
	if l.kind == linePM {
		err = v.PM(ctx, l.to, l.text)
	} else {
		err = v.Chat(ctx, l.text)
	}
	if err != nil {
		return outcome{status: bus.StatusNoEffect, text: "the line was not sent: " + room.Clean(err.Error())}
	}
	return s.wait(ctx, l, lost)
}

// wait waits for the end of a line that was sent.
func (s *speaker) wait(ctx context.Context, l line, lost <-chan struct{}) outcome {
	nothing := outcome{status: bus.StatusNoEffect, text: fmt.Sprintf("CyTube took the line but it did not show within %v", echoTimeout)}
	var soon <-chan time.Time
	for {
		select {
		case o := <-s.outcome:
			return o
		case <-l.soon:
			soon = time.After(soonTimeout)
			continue
		case <-lost:
			return outcome{status: bus.StatusNoEffect, text: "the connection to CyTube was lost before the line was seen in the room"}
		case <-soon:
		case <-ctx.Done():
		}
		if l.silent != nil {
			nothing.text = l.silent()
		}
		return nothing
	}
}

// waitTurn waits as the throttle asks.
func (s *speaker) waitTurn(ctx context.Context, l line, until time.Time) error {
	now := s.room()
	s.mu.Lock()
	if s.fresh {
		s.pace, s.fresh = pace{}, false
	}
	s.mu.Unlock()
	s.pace.antiflood = now.state.Options.ChatAntiflood && now.state.Self.Rank < room.RankModerator
	wait := s.pace.wait(time.Now(), l.cost)
	if !until.IsZero() && time.Now().Add(wait).After(until) {
		return errors.New("its deadline passed before its turn came")
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return errors.New("the bot is leaving the room")
	}
}

// current is the voice that the speaker has now, and when it is lost.
func (s *speaker) current() (voice, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.voice, s.lost
}

func (s *speaker) begin(l *line) (voice, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.outcome: // of a line given up before
	default:
	}
	if s.voice == nil {
		return nil, nil
	}
	s.pending = l
	return s.voice, s.lost
}

func (s *speaker) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = nil
}

// heard looks at an event of the room for the end of the line under way.
func (s *speaker) heard(state *room.State, e room.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending == nil {
		return
	}
	if o, ok := outcomeOf(*s.pending, state, e); ok {
		s.pending = nil
		s.outcome <- o // has room: begin emptied it, and only one line is under way
	}
}
