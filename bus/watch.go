package bus

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bus/room"
)

// UpdateKind says which fields of an Update are set.
type UpdateKind int

const (
	UpdateLink      UpdateKind = iota // Link: our own link to NATS changed
	UpdateNoBot                       // Text: nobody answers for the room
	UpdateState                       // State at Seq: replaces whatever the watcher's user had
	UpdateBacklog                     // Event, older than the state: to be shown, not applied
	UpdateEvent                       // Event, in order: to be shown and applied
	UpdateHeartbeat                   // Heartbeat of the room's bot
	UpdateBotLost                     // Text: the bot's heartbeats stopped
	UpdateDB                          // Health of the database service
	UpdateDBLost                      // Text: its heartbeats stopped
)

// Update is one thing a Watcher has to say.
type Update struct {
	Kind      UpdateKind
	Seq       uint64
	Time      int64 // Unix ms of the event
	Channel   string
	Event     room.Event
	State     room.State
	Heartbeat Heartbeat
	Health    DBHealth
	Link      Link
	Text      string
}

// WatchOptions says what to watch.
type WatchOptions struct {
	Room string

	// Backlog is how many past events come before the first state. The bot
	// gives what it still has.
	Backlog int

	// Since leaves out backlog events from before it; zero leaves out none.
	Since time.Time
}

const (
	// beatTimeout is how long a service may be silent before it is called
	// lost; heartbeats come every second.
	beatTimeout = 2500 * time.Millisecond
	// askTimeout bounds one state or history request. It is short because
	// nothing else is watched meanwhile.
	askTimeout = time.Second
	// askAgain is the pause before asking again where nobody answered.
	askAgain = 2 * time.Second
	// repairStep is how many missed events are fetched before they are handed
	// over: it bounds the memory of a repair, not its length.
	repairStep = 5000
	// watchBuffer holds what arrives while the watcher asks for state or
	// history. When it is full the client library drops, the sequence numbers
	// show it, and the history fills it in.
	watchBuffer = 16384
)

// A Watcher follows one room: it asks for the state, applies no events itself
// but hands them over in order and without holes, and says at once when the
// bot, the database service or NATS is gone. It repairs what it missed from
// the bot's history, so a listener that was away finds every line once.
type Watcher struct {
	conn    *Conn
	opts    WatchOptions
	updates chan Update
	msgs    chan *nats.Msg

	seq      uint64 // last event handed over
	synced   bool   // a state was handed over and nothing since is missing
	everSync bool
	instance string // of the bot that answered last
	botBeat  time.Time
	dbBeat   time.Time
	botLost  bool
	dbLost   bool
	noBot    string
	nextAsk  time.Time
	lastTime int64 // of the event at seq
}

// Watch starts following a room until ctx ends. Its updates must be read: they
// block, and what cannot be delivered is fetched again later.
func Watch(ctx context.Context, conn *Conn, opts WatchOptions) *Watcher {
	w := &Watcher{
		conn:    conn,
		opts:    opts,
		updates: make(chan Update, 256),
		msgs:    make(chan *nats.Msg, watchBuffer),
	}
	go w.run(ctx)
	return w
}

// Updates is closed when the watcher has ended.
func (w *Watcher) Updates() <-chan Update { return w.updates }

func (w *Watcher) run(ctx context.Context) {
	defer close(w.updates)

	links, stop := w.conn.Links()
	defer stop()
	subs, err := w.subscribe()
	defer func() {
		for _, s := range subs {
			_ = s.Unsubscribe() // the connection may be closed already: nothing is left to undo
		}
	}()
	if err != nil {
		w.send(ctx, Update{Kind: UpdateNoBot, Text: err.Error()})
		return
	}

	w.send(ctx, Update{Kind: UpdateLink, Link: w.conn.Link()})
	now := time.Now()
	w.botBeat, w.dbBeat = now, now
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		if !w.synced && w.conn.Link().State == room.LinkUp && !time.Now().Before(w.nextAsk) {
			w.sync(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case l := <-links:
			w.send(ctx, Update{Kind: UpdateLink, Link: l})
			// Whatever was said while the link was down is missing here.
			w.synced, w.nextAsk = false, time.Time{}
		case m := <-w.msgs:
			w.receive(ctx, m)
		case <-tick.C:
			w.checkBeats(ctx)
		}
	}
}

func (w *Watcher) subscribe() ([]*nats.Subscription, error) {
	var subs []*nats.Subscription
	for _, subject := range []string{
		EventSubject(w.opts.Room, "*"),
		HeartbeatSubject(w.opts.Room),
		SubjectDBHealth,
	} {
		// One channel for all keeps the order in which the server sent them:
		// a heartbeat ahead of the last event means that one was missed.
		s, err := w.conn.NC.ChanSubscribe(subject, w.msgs)
		if err != nil {
			return subs, fmt.Errorf("subscribe to %s: %w", subject, err)
		}
		subs = append(subs, s)
	}
	return subs, nil
}

func (w *Watcher) send(ctx context.Context, u Update) {
	select {
	case w.updates <- u:
	case <-ctx.Done():
	}
}

func (w *Watcher) receive(ctx context.Context, m *nats.Msg) {
	switch m.Subject {
	case SubjectDBHealth:
		var h DBHealth
		if json.Unmarshal(m.Data, &h) != nil {
			w.conn.countBad(m.Subject)
			return
		}
		room.CleanAll(&h)
		w.dbBeat, w.dbLost = time.Now(), false
		w.send(ctx, Update{Kind: UpdateDB, Health: h})
	case HeartbeatSubject(w.opts.Room):
		var h Heartbeat
		if json.Unmarshal(m.Data, &h) != nil {
			w.conn.countBad(m.Subject)
			return
		}
		w.heartbeat(ctx, h)
	default:
		w.event(ctx, m)
	}
}

func (w *Watcher) heartbeat(ctx context.Context, h Heartbeat) {
	if h.Link.State == room.LinkStandby && w.instance != "" && h.Instance != w.instance {
		return // a second bot that waits its turn
	}
	w.botBeat = time.Now()
	if w.botLost || w.noBot != "" || h.Instance != w.instance {
		w.synced, w.nextAsk = false, time.Time{}
	}
	w.botLost, w.instance = false, h.Instance
	room.CleanAll(&h)
	w.send(ctx, Update{Kind: UpdateHeartbeat, Heartbeat: h})
	if w.synced && h.Seq > w.seq {
		w.synced = false
	}
}

func (w *Watcher) event(ctx context.Context, m *nats.Msg) {
	if !w.synced {
		return // the repair under way fetches it from the history
	}
	env, e, err := DecodeEnvelope(m.Data)
	if err != nil {
		w.conn.countBad(m.Subject)
		if env.Seq == w.seq+1 {
			w.seq = env.Seq // of a newer program: unreadable, but not missing
		}
		return
	}
	switch {
	case env.Seq == w.seq+1:
		w.deliver(ctx, UpdateEvent, env, e)
	case env.Seq > w.seq+1:
		w.synced, w.nextAsk = false, time.Time{}
	}
}

func (w *Watcher) deliver(ctx context.Context, kind UpdateKind, env Envelope, e room.Event) {
	w.seq, w.lastTime = env.Seq, env.Time
	w.send(ctx, Update{Kind: kind, Seq: env.Seq, Time: env.Time, Channel: room.Clean(env.Channel), Event: e})
}

func (w *Watcher) checkBeats(ctx context.Context) {
	heard := w.instance != "" || w.everSync
	if heard && !w.botLost && w.noBot == "" && time.Since(w.botBeat) > beatTimeout {
		w.botLost, w.synced = true, false
		w.nextAsk = time.Now().Add(askAgain)
		w.send(ctx, Update{Kind: UpdateBotLost, Text: fmt.Sprintf("the bot of %s went silent", room.Clean(w.opts.Room))})
	}
	if !w.dbLost && time.Since(w.dbBeat) > beatTimeout {
		w.dbLost = true
		w.send(ctx, Update{Kind: UpdateDBLost, Text: "the database service is not there"})
	}
}

// sync brings the listener to the room's present: the backlog and the state
// the first time, what was missed and the state after that.
func (w *Watcher) sync(ctx context.Context) {
	w.nextAsk = time.Now().Add(askAgain)
	state, err := w.ask(ctx)
	if err != nil {
		w.sayNoBot(ctx, err)
		return
	}
	w.noBot = ""
	switch {
	case !w.everSync:
		err = w.backlog(ctx, state.Seq)
	case state.Seq < w.seq:
		w.gap(ctx, state.Seq, state.Time)
	case state.Seq > w.seq:
		err = w.repair(ctx, state.Seq)
	}
	if err != nil {
		w.nextAsk = time.Now().Add(askAgain)
		return
	}
	w.seq, w.synced, w.everSync = state.Seq, true, true
	w.botLost = false
	w.botBeat = time.Now()
	w.send(ctx, Update{Kind: UpdateState, Seq: state.Seq, Time: state.Time, Channel: state.Channel, State: room.Restore(state.State)})
}

func (w *Watcher) ask(ctx context.Context) (StateReply, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	reply, err := Request[StateReply](ctx, w.conn, StateSubject(w.opts.Room), struct{}{})
	if err == nil && reply.Error != "" {
		err = errors.New(reply.Error)
	}
	return reply, err
}

func (w *Watcher) sayNoBot(ctx context.Context, err error) {
	text := fmt.Sprintf("no bot answers for room %s", room.Clean(w.opts.Room))
	if !errors.Is(err, ErrNobody) {
		text += ": " + room.Clean(err.Error())
	}
	if text == w.noBot || w.botLost {
		return
	}
	w.noBot = text
	w.send(ctx, Update{Kind: UpdateNoBot, Text: text})
}

// history fetches one page.
func (w *Watcher) history(ctx context.Context, req HistoryRequest) (HistoryReply, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	reply, err := Request[HistoryReply](ctx, w.conn, HistorySubject(w.opts.Room), req)
	if err == nil && reply.Error != "" {
		err = errors.New(reply.Error)
	}
	return reply, err
}

// backlog hands over the last events up to and including seq.
func (w *Watcher) backlog(ctx context.Context, seq uint64) error {
	events, _, err := w.fetch(ctx, 0, seq, w.opts.Backlog)
	if err != nil {
		return err
	}
	for _, env := range events {
		w.handOver(ctx, UpdateBacklog, env)
	}
	return nil
}

// repair hands over what was missed, up to and including seq, and says what
// of it is gone.
func (w *Watcher) repair(ctx context.Context, seq uint64) error {
	for w.seq < seq {
		upTo := min(seq, w.seq+repairStep)
		events, oldest, err := w.fetch(ctx, w.seq, upTo, repairStep)
		if err != nil {
			return err
		}
		for _, env := range events {
			if env.Seq <= w.seq {
				continue
			}
			if env.Seq > w.seq+1 {
				w.gap(ctx, env.Seq-1, env.Time)
			}
			w.handOver(ctx, UpdateEvent, env)
		}
		if w.seq < upTo {
			// Nothing more up to here. What is older than the oldest is gone
			// as one piece.
			w.gap(ctx, min(seq, max(upTo, oldest-min(oldest, 1))), 0)
		}
	}
	return nil
}

// fetch reads the last want events after one number up to and including
// another, oldest first. It walks back from the newest, so that what is gone
// from the history costs no request.
// The number of the oldest event there is comes with them.
func (w *Watcher) fetch(ctx context.Context, after, upTo uint64, want int) (events []Envelope, oldest uint64, err error) {
	req := HistoryRequest{BeforeSeq: upTo + 1}
	if !w.opts.Since.IsZero() && !w.everSync {
		req.Since = w.opts.Since.UnixMilli()
	}
	var pages [][]Envelope
	for want > 0 && req.BeforeSeq > after+1 {
		req.Limit = int(min(uint64(want), MaxHistory, req.BeforeSeq-1-after))
		page, err := w.history(ctx, req)
		if err != nil {
			return nil, 0, err
		}
		oldest = page.FirstSeq
		if len(page.Events) == 0 {
			break
		}
		first := page.Events[0].Seq
		if first >= req.BeforeSeq || !slices.IsSortedFunc(page.Events, bySeq) {
			return nil, 0, errors.New("the bot's history is out of order")
		}
		pages = append(pages, page.Events)
		want -= len(page.Events)
		req.BeforeSeq = first
		if !page.More {
			break
		}
	}
	slices.Reverse(pages)
	return slices.Concat(pages...), oldest, nil
}

func bySeq(a, b Envelope) int { return cmp.Compare(a.Seq, b.Seq) }

func (w *Watcher) handOver(ctx context.Context, kind UpdateKind, env Envelope) {
	e, err := room.Decode(env.Event, env.Data)
	if err != nil {
		w.conn.countBad(env.Event)
		w.seq = env.Seq
		return
	}
	w.deliver(ctx, kind, env, e)
}

// gap says that everything after the last event up to seq is gone.
func (w *Watcher) gap(ctx context.Context, seq uint64, until int64) {
	g := &room.Gap{From: w.seq + 1, To: seq, Since: w.lastTime, Until: until}
	w.seq = seq
	w.send(ctx, Update{Kind: UpdateEvent, Seq: seq, Time: until, Event: g})
}

// DecodeEnvelope reads an event message. The envelope is valid as far as it
// could be read even when the event in it is of an unknown kind.
func DecodeEnvelope(data []byte) (Envelope, room.Event, error) {
	var env Envelope
	if err := json.Unmarshal(data, &env); err != nil {
		return env, nil, fmt.Errorf("decode envelope: %w", err)
	}
	if env.V > EnvelopeVersion {
		return env, nil, fmt.Errorf("decode envelope: version %d is newer than %d", env.V, EnvelopeVersion)
	}
	e, err := room.Decode(env.Event, env.Data)
	return env, e, err
}
