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

// A watcher tells whether an event of the room is the end of something that is
// being followed. It is asked on the desk's goroutine, with the state after the
// event.
type watcher func(s *room.State, e room.Event) (outcome, bool)

// A deed is a command being carried out. Its methods send something to CyTube
// and wait for what comes of it.
type deed struct {
	*request
}

// say says lines in the room, in their turn.
func (d *deed) say(done string, lines ...line) outcome {
	return d.board.speak(d.ctx, &speech{lines: lines, until: d.until(), done: done})
}

// emission is one event for CyTube that is no line of chat.
type emission struct {
	name string
	arg  any

	ack    func(json.RawMessage) outcome // reads CyTube's acknowledgement: what is not done by it ends it
	unless func(s *room.State) string    // says, when its turn has come, why it is not to be sent

	seen   watcher       // its success, or a refusal that is certainly its own
	alone  string        // what shares this name is sent one after another, where answers could be mistaken
	mine   bool          // the event that ends it can end nothing else
	wait   time.Duration // for its effect; echoTimeout when zero
	silent string        // what is said when nothing came
	done   string        // what is said when seen has no text
}

// emit sends an event and follows it.
func (d *deed) emit(e emission) outcome { return d.board.followers.emit(d.ctx, d.until(), e) }

// watch listens until stop is called; nothing it sees is taken from others.
func (d *deed) watch(see func(e room.Event)) (stop func()) {
	return d.board.followers.watch(see)
}

// followers wait for the effects of what was emitted. Several may wait at once.
type followers struct {
	speaker *speaker

	mu    sync.Mutex
	list  []*follower // oldest first
	lanes map[string]chan struct{}
}

type follower struct {
	emission
	end chan outcome // room for one
	see func(room.Event)
}

func newFollowers(s *speaker) *followers {
	return &followers{speaker: s, lanes: map[string]chan struct{}{}}
}

// lane is held by one emission at a time.
func (f *followers) lane(name string) chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lanes[name] == nil {
		f.lanes[name] = make(chan struct{}, 1)
	}
	return f.lanes[name]
}

func (f *followers) emit(ctx context.Context, until time.Time, e emission) outcome {
	if e.alone != "" {
		lane := f.lane(e.alone)
		select {
		case lane <- struct{}{}:
			defer func() { <-lane }()
		case <-ctx.Done():
			return refusedWith("its turn did not come: nothing was sent")
		}
	}
	if !until.IsZero() && time.Now().After(until) {
		return refusedWith("its deadline passed before its turn came")
	}
	if e.unless != nil {
		state := f.speaker.room().state
		if why := e.unless(&state); why != "" {
			return refusedWith(why)
		}
	}
	v, lost := f.speaker.current()
	if v == nil {
		return refusedWith("the bot is not in the room just now")
	}
	w := &follower{emission: e, end: make(chan outcome, 1)}
	f.add(w)
	defer f.remove(w)
	if e.wait == 0 {
		e.wait = echoTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, e.wait)
	defer cancel()
	send := f.send
	if e.ack != nil {
		send = f.sendAndHear
	}
	if err := send(ctx, v, w); err != nil {
		return outcome{status: bus.StatusNoEffect, text: "it was not sent: " + room.Clean(err.Error())}
	}
	select {
	case o := <-w.end:
		if o.text == "" {
			o.text = e.done
		}
		return o
	case <-lost:
		return outcome{status: bus.StatusNoEffect, text: "the connection to CyTube was lost before anything came of it"}
	case <-ctx.Done():
		if e.silent == "" {
			e.silent = fmt.Sprintf("CyTube took it, but nothing came of it within %v", e.wait)
		}
		return outcome{status: bus.StatusNoEffect, text: e.silent}
	}
}

func (f *followers) send(ctx context.Context, v voice, w *follower) error {
	return v.Emit(ctx, w.name, w.arg)
}

// sendAndHear waits for the acknowledgement too.
func (f *followers) sendAndHear(ctx context.Context, v voice, w *follower) error {
	answer, err := v.EmitAck(ctx, w.name, w.arg)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil // sent, and nothing came: the select below it says so
	}
	if err != nil {
		return err
	}
	if o := w.ack(answer); o.status != bus.StatusDone {
		select {
		case w.end <- o:
		default: // it has its end already
		}
	}
	return nil
}

func (f *followers) add(w *follower) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, w)
}

func (f *followers) remove(w *follower) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, other := range f.list {
		if other == w {
			f.list = append(f.list[:i:i], f.list[i+1:]...)
			return
		}
	}
}

func (f *followers) watch(see func(room.Event)) (stop func()) {
	w := &follower{see: see}
	f.add(w)
	return func() { f.remove(w) }
}

// heard shows an event to everyone who waits. A notice belongs to the first who
// knows it as his; then it is claimed, and nobody else is to read it.
func (f *followers) heard(s *room.State, e room.Event) (claimed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	notice, _ := e.(*room.Notice)
	for _, w := range f.list {
		if w.see != nil {
			w.see(e)
			continue
		}
		o, ok := w.outcomeOf(s, e, notice)
		if !ok || claimed {
			continue
		}
		select {
		case w.end <- o:
			claimed = notice != nil || w.mine
		default: // it has its end already
		}
	}
	return claimed
}

// outcomeOf reads an event for one follower. The complaint about an event's
// shape names it (PROTOCOL.md §6).
func (w *follower) outcomeOf(s *room.State, e room.Event, notice *room.Notice) (outcome, bool) {
	if notice != nil && notice.Kind == room.NoticeError && complainsOf(notice.Text) == w.name {
		return refusedWith("CyTube says: " + notice.Text), true
	}
	if w.seen == nil {
		return outcome{}, false
	}
	return w.seen(s, e)
}
