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
	UpdateDB                          // WatchStorage: Health of the database service
	UpdateDBLost                      // WatchStorage, Text: its heartbeats stopped
	UpdatePublished                   // WatchStorage: Heartbeat of any room's bot, for what it has published
)

// Update is one thing that a Watcher or WatchStorage has to say.
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
// bot or NATS is gone. It repairs what it missed from the bot's history, so a
// listener that was away finds every line once.
//
// The bot's state is the last word: where its numbers are ahead of what was
// handed over, or stay behind it, or another instance speaks, the state is
// asked for and what it says holds.
type Watcher struct {
	conn    *Conn
	opts    WatchOptions
	updates chan Update
	msgs    chan *nats.Msg

	seq      uint64 // last event handed over
	synced   bool   // a state was handed over, and the events that follow it can be
	everSync bool
	inquiry  inquiry
	passed   uint64 // the lowest number that came and was not above seq, since bot and we agreed; 0 for none
	instance string // of the bot that was heard last
	botBeat  time.Time
	botLost  bool
	noBot    string
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
	w.botBeat = time.Now()
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		if w.inquiry.due(time.Now(), w.seq, w.synced) && w.conn.Link().State == room.LinkUp {
			w.sync(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case l := <-links:
			w.send(ctx, Update{Kind: UpdateLink, Link: l})
			// Whatever was said while the link was down is missing here.
			w.synced = false
			w.inquiry.hurry()
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
	if m.Subject != HeartbeatSubject(w.opts.Room) {
		w.event(ctx, m)
		return
	}
	h, mended, ok := readHeartbeat(m)
	switch {
	case !ok:
		w.conn.countBad(m.Subject)
		return
	case mended > 0:
		w.conn.countAbsurd(m.Subject)
	}
	w.heartbeat(ctx, h)
}

func (w *Watcher) heartbeat(ctx context.Context, h Heartbeat) {
	standby := h.Link.State == room.LinkStandby
	if standby && w.instance != "" && h.Instance != w.instance {
		return // a second bot that waits its turn
	}
	w.botBeat = time.Now()
	if w.botLost || w.noBot != "" {
		w.synced = false
		w.inquiry.hurry()
	}
	if w.instance != "" && h.Instance != w.instance {
		w.inquiry.another = true
	}
	w.botLost, w.instance = false, h.Instance
	w.send(ctx, Update{Kind: UpdateHeartbeat, Heartbeat: h})
	if w.synced && !standby { // who stands by numbers nothing
		w.compare(h.Seq)
	}
}

// compare holds what was handed over against the number of the last event that
// the bot has published.
func (w *Watcher) compare(seq uint64) {
	switch {
	case seq > w.seq:
		w.inquiry.ahead(seq)
	case seq < w.seq:
		w.inquiry.behind++
		return
	default:
		w.passed = 0
	}
	w.inquiry.behind = 0
}

func (w *Watcher) event(ctx context.Context, m *nats.Msg) {
	var env Envelope
	if json.Unmarshal(m.Data, &env) != nil || env.Seq == 0 || env.Seq > MaxSeq {
		w.conn.countBad(m.Subject)
		return
	}
	switch {
	case env.Seq <= w.seq:
		if w.passed == 0 || env.Seq < w.passed {
			w.passed = env.Seq
		}
	case !w.synced: // the repair under way fetches it from the history
	case env.Seq == w.seq+1:
		w.handOver(ctx, UpdateEvent, env)
	default:
		w.inquiry.ahead(env.Seq)
	}
}

func (w *Watcher) deliver(ctx context.Context, kind UpdateKind, env Envelope, e room.Event) {
	w.seq, w.lastTime = env.Seq, env.Time
	w.send(ctx, Update{Kind: kind, Seq: env.Seq, Time: env.Time, Channel: env.Channel, Event: e})
}

func (w *Watcher) checkBeats(ctx context.Context) {
	heard := w.instance != "" || w.everSync
	if heard && !w.botLost && w.noBot == "" && time.Since(w.botBeat) > beatTimeout {
		w.botLost, w.synced = true, false
		w.inquiry.unanswered(time.Now())
		w.send(ctx, Update{Kind: UpdateBotLost, Text: fmt.Sprintf("the bot of %s went silent", room.Clean(w.opts.Room))})
	}
}

// sync brings the listener to the room's present: the backlog and the state
// the first time, what was missed and the state after that.
func (w *Watcher) sync(ctx context.Context) {
	w.inquiry.ask(time.Now())
	state, err := w.ask(ctx)
	if err != nil {
		w.inquiry.unanswered(time.Now())
		w.sayNoBot(ctx, err)
		return
	}
	w.noBot = ""
	w.inquiry.answered(time.Now(), state.Seq, w.seq, w.synced)
	switch {
	case !w.everSync:
		err = w.backlog(ctx, state.Seq)
	case state.Seq < w.seq:
		err = w.goBack(ctx, state)
	case state.Seq > w.seq:
		err = w.repair(ctx, state.Seq)
	}
	if err != nil {
		w.synced = false
		w.inquiry.unanswered(time.Now())
		return
	}
	w.seq, w.synced, w.everSync, w.passed = state.Seq, true, true, 0
	w.botLost = false
	w.botBeat = time.Now()
	w.send(ctx, Update{Kind: UpdateState, Seq: state.Seq, Time: state.Time, Channel: state.Channel, State: state.State})
}

// goBack takes the bot's word that there are fewer events than were handed
// over: it numbers anew, or what came as its events was not its. The bot's own
// that came meanwhile were passed over, and are fetched; where none came,
// nobody knows what was missed.
func (w *Watcher) goBack(ctx context.Context, state StateReply) error {
	if w.passed > 0 && w.passed <= state.Seq {
		w.seq = w.passed - 1
		return w.repair(ctx, state.Seq)
	}
	g := &room.Gap{Since: w.lastTime, Until: state.Time}
	w.seq = state.Seq
	w.send(ctx, Update{Kind: UpdateEvent, Seq: state.Seq, Time: state.Time, Event: g})
	return nil
}

func (w *Watcher) ask(ctx context.Context) (StateReply, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	reply, err := Request[StateReply](ctx, w.conn, StateSubject(w.opts.Room), struct{}{})
	switch {
	case err != nil:
		return reply, err
	case reply.Error != "":
		return reply, errors.New(reply.Error)
	case reply.Seq > MaxSeq:
		w.conn.countBad(StateSubject(w.opts.Room))
		return reply, errors.New("its events have numbers that cannot be")
	}
	now := time.Now().UnixMilli()
	mended := room.MendState(&reply.State, now)
	if !room.Plausible(reply.Time, now) {
		reply.Time = now
		mended++
	}
	if mended > 0 {
		w.conn.countAbsurd(StateSubject(w.opts.Room))
	}
	reply.State = room.Restore(reply.State)
	return reply, nil
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
	events, err := w.fetch(ctx, 0, seq, w.opts.Backlog)
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
		events, err := w.fetch(ctx, w.seq, upTo, repairStep)
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
		if w.seq < upTo { // nothing more up to here
			next, err := w.following(ctx, seq)
			if err != nil {
				return err
			}
			w.gap(ctx, next-1, 0)
		}
	}
	return nil
}

// following is the number of the first event after the last one handed over
// that the history has, or the one after seq when that is less. So what is gone
// is gone as one piece, and a number that is far too high costs one request.
func (w *Watcher) following(ctx context.Context, seq uint64) (uint64, error) {
	page, err := w.history(ctx, HistoryRequest{AfterSeq: w.seq, Limit: 1})
	if err != nil {
		return 0, err
	}
	for _, env := range page.Events {
		if env.Seq > w.seq && env.Seq <= seq {
			return env.Seq, nil
		}
	}
	return seq + 1, nil
}

// fetch reads the last want events after one number up to and including
// another, oldest first. It walks back from the newest, so that what is gone
// from the history costs no request.
func (w *Watcher) fetch(ctx context.Context, after, upTo uint64, want int) ([]Envelope, error) {
	req := HistoryRequest{BeforeSeq: upTo + 1}
	if !w.opts.Since.IsZero() && !w.everSync {
		req.Since = w.opts.Since.UnixMilli()
	}
	var pages [][]Envelope
	for want > 0 && req.BeforeSeq > after+1 {
		req.Limit = int(min(uint64(want), MaxHistory, req.BeforeSeq-1-after))
		page, err := w.history(ctx, req)
		if err != nil {
			return nil, err
		}
		if len(page.Events) == 0 {
			break
		}
		if !slices.IsSortedFunc(page.Events, bySeq) || page.Events[len(page.Events)-1].Seq >= req.BeforeSeq {
			return nil, errors.New("the bot's history is out of order")
		}
		pages = append(pages, page.Events)
		want -= len(page.Events)
		req.BeforeSeq = page.Events[0].Seq
		if !page.More {
			break
		}
	}
	slices.Reverse(pages)
	return slices.Concat(pages...), nil
}

func bySeq(a, b Envelope) int { return cmp.Compare(a.Seq, b.Seq) }

// handOver hands the event in an envelope over. One that cannot be read, such
// as a newer program's, is counted and not missing.
func (w *Watcher) handOver(ctx context.Context, kind UpdateKind, env Envelope) {
	e, mended, err := env.open(time.Now(), w.lastTime)
	if err != nil {
		w.conn.countBad(EventSubject(w.opts.Room, env.Event))
		w.seq = env.Seq
		return
	}
	if mended > 0 {
		w.conn.countAbsurd(EventSubject(w.opts.Room, env.Event))
	}
	w.deliver(ctx, kind, env, e)
}

// gap says that everything after the last event up to seq is gone.
func (w *Watcher) gap(ctx context.Context, seq uint64, until int64) {
	g := &room.Gap{From: w.seq + 1, To: seq, Since: w.lastTime, Until: until}
	w.seq = seq
	w.send(ctx, Update{Kind: UpdateEvent, Seq: seq, Time: until, Event: g})
}
