package bot

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// keeperAsks is how often the database is asked for the sanctions that
	// stand, and keeperRetry how soon after it gave no answer.
	keeperAsks  = time.Minute
	keeperRetry = 3 * time.Second
	// liftRetry is when one that could not be lifted is tried again; it doubles
	// each time up to liftRetryMax.
	liftRetry    = 15 * time.Second
	liftRetryMax = time.Hour
)

// A keeper lifts mutes and bans at their time. The database keeps them, so that
// they outlast any process: the keeper asks for them when the tenure begins and
// again and again, lifts what is due as soon as the bot is in the room, and
// writes down what has ended. run is its one goroutine.
type keeper struct {
	board *switchboard
	wake  chan struct{}

	mu    sync.Mutex
	timed map[sanctionKey]*sanction
	over  []*sanction           // taken back by others, to be forgotten
	ended map[sanctionKey]int64 // Until of what ended here, until the database's answers know of it
}

type sanctionKey struct {
	name string // folded
	kind bus.SanctionKind
}

type sanction struct {
	bus.SanctionWrite
	retry time.Time     // not tried before
	delay time.Duration // the last one
}

func newKeeper(b *switchboard) *keeper {
	return &keeper{board: b, wake: make(chan struct{}, 1), timed: map[sanctionKey]*sanction{}, ended: map[sanctionKey]int64{}}
}

func keyOf(name string, kind bus.SanctionKind) sanctionKey { return sanctionKey{room.Fold(name), kind} }

// keep notes a sanction with an end, here and in the database. A mute replaces
// a shadow mute and the other way round: CyTube has one of them at a time.
func (k *keeper) keep(ctx context.Context, w bus.SanctionWrite) error {
	w.Room, w.Time = k.board.desk.room, seconds(time.Now())
	switch w.Kind {
	case bus.SanctionMute:
		_ = k.forget(ctx, w.Username, bus.SanctionShadowMute) // when ctx ends the write below says so
	case bus.SanctionShadowMute:
		_ = k.forget(ctx, w.Username, bus.SanctionMute)
	}
	// Written first: an end that comes at once must come behind it.
	err := k.board.desk.settle(ctx, write{subject: bus.SubjectSanctionSet, payload: w})
	k.mu.Lock()
	key := keyOf(w.Username, w.Kind)
	k.timed[key] = &sanction{SanctionWrite: w}
	delete(k.ended, key)
	k.mu.Unlock()
	k.rouse()
	return err
}

// forget notes that a person's sanctions of these kinds have no end any more.
func (k *keeper) forget(ctx context.Context, name string, kinds ...bus.SanctionKind) error {
	for _, kind := range kinds {
		key := keyOf(name, kind)
		k.mu.Lock()
		s := k.timed[key]
		if s != nil {
			k.ended[key] = s.Until
			delete(k.timed, key)
		}
		k.mu.Unlock()
		if s == nil {
			continue
		}
		err := k.board.desk.must(ctx, write{subject: bus.SubjectSanctionEnd, payload: bus.SanctionEnd{
			Room: k.board.desk.room, Username: s.Username, Kind: kind, Time: seconds(time.Now()),
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// find is a sanction with an end that stands.
func (k *keeper) find(name string, kind bus.SanctionKind) (bus.SanctionWrite, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.timed[keyOf(name, kind)]; s != nil {
		return s.SanctionWrite, true
	}
	return bus.SanctionWrite{}, false
}

// list is what stands, the next end first.
func (k *keeper) list() []bus.SanctionWrite {
	k.mu.Lock()
	defer k.mu.Unlock()
	list := make([]bus.SanctionWrite, 0, len(k.timed))
	for _, s := range k.timed {
		list = append(list, s.SanctionWrite)
	}
	slices.SortFunc(list, func(a, b bus.SanctionWrite) int {
		return cmp.Or(cmp.Compare(a.Until, b.Until), cmp.Compare(a.Username, b.Username))
	})
	return list
}

func (k *keeper) rouse() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// heard sees what others took back, and when the bot is in the room again. It
// runs on the desk's goroutine and must not wait.
func (k *keeper) heard(e room.Event) {
	if c, ok := e.(*room.Connection); ok && c.State == room.LinkUp {
		k.mu.Lock()
		for _, s := range k.timed {
			s.retry = time.Time{}
		}
		k.mu.Unlock()
		k.rouse()
	}
	w, ok := readWhisper(e)
	if !ok {
		return
	}
	var kinds []bus.SanctionKind
	switch w.verb {
	case "unmute":
		kinds = []bus.SanctionKind{bus.SanctionMute, bus.SanctionShadowMute}
	case "unban":
		kinds = []bus.SanctionKind{bus.SanctionBan}
	default:
		return
	}
	k.mu.Lock()
	for _, kind := range kinds {
		if s := k.timed[keyOf(w.target, kind)]; s != nil {
			k.over = append(k.over, s)
		}
	}
	k.mu.Unlock()
	k.rouse()
}

// takeBack forgets what others have taken back.
func (k *keeper) takeBack(ctx context.Context) {
	k.mu.Lock()
	over := k.over
	k.over = nil
	k.mu.Unlock()
	for _, s := range over {
		k.mu.Lock()
		stands := k.timed[keyOf(s.Username, s.Kind)] == s
		k.mu.Unlock()
		if !stands { // replaced by a later one, or forgotten already
			continue
		}
		_ = k.forget(ctx, s.Username, s.Kind) // it fails with ctx alone; then it is lifted once more, which does no harm
	}
}

// run lifts what is due until ctx ends.
func (k *keeper) run(ctx context.Context) {
	ask := time.Now()
	for ctx.Err() == nil {
		k.takeBack(ctx)
		if !time.Now().Before(ask) {
			ask = time.Now().Add(keeperAsks)
			if !k.learn(ctx) {
				ask = time.Now().Add(keeperRetry)
			}
		}
		next := ask
		for _, s := range k.due() {
			k.lift(ctx, s)
		}
		if at, ok := k.next(); ok && at.Before(next) {
			next = at
		}
		timer := time.NewTimer(time.Until(next))
		select {
		case <-timer.C:
		case <-k.wake:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// learn asks the database for what stands.
func (k *keeper) learn(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := bus.Request[bus.SanctionsReply](ctx, k.board.conn, bus.SubjectSanctions, bus.SanctionsQuery{Room: k.board.desk.room})
	if err != nil || r.Error != "" {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	stands := make(map[sanctionKey]int64, len(r.Sanctions))
	for _, w := range r.Sanctions {
		key := keyOf(w.Username, w.Kind)
		stands[key] = w.Until
		if _, known := k.timed[key]; known || k.ended[key] == w.Until {
			continue
		}
		k.timed[key] = &sanction{SanctionWrite: w}
	}
	maps.DeleteFunc(k.ended, func(key sanctionKey, until int64) bool { return stands[key] != until })
	return true
}

// due are the sanctions to lift now.
func (k *keeper) due() []*sanction {
	now := time.Now()
	if state := k.board.desk.now().state; mayAct(&state) != nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []*sanction
	for _, s := range k.timed {
		if s.Until <= now.UnixMilli() && !now.Before(s.retry) {
			list = append(list, s)
		}
	}
	return list
}

// next is when something may be due again.
func (k *keeper) next() (at time.Time, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range k.timed {
		when := time.UnixMilli(s.Until)
		if when.Before(s.retry) {
			when = s.retry
		}
		if when.Before(time.Now()) { // the bot is not in the room: heard wakes us
			continue
		}
		if !ok || when.Before(at) {
			at, ok = when, true
		}
	}
	return at, ok
}

// lift takes one back, as a command of the bot's own.
func (k *keeper) lift(ctx context.Context, s *sanction) {
	verb := "unmute"
	if s.Kind == bus.SanctionBan {
		verb = "unban"
	}
	a := k.board.begin(findCommand(verb), bus.Command{
		Operator: k.board.desk.now().state.Self.Name, Args: []string{s.Username}, Source: room.SourceBot,
	})
	select {
	case <-a.done:
	case <-ctx.Done():
		return
	}
	k.mu.Lock()
	s.delay = min(max(liftRetry, 2*s.delay), liftRetryMax)
	s.retry = time.Now().Add(s.delay)
	k.mu.Unlock()
	if a.outcome.status != bus.StatusDone && !a.outcome.void {
		k.board.desk.log.Warn("a timed sanction could not be lifted, trying again", "user", s.Username, "kind", s.Kind, "reason", a.outcome.text)
	}
}
