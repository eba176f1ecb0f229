package bot

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// patience is how long an asker is kept waiting for the outcome; after
	// that the reply says pending, and asking again with the same id gives
	// the outcome.
	patience = 8 * time.Second

	// rememberCommands and rememberFor bound the memory of commands by id.
	rememberCommands = 1024
	rememberFor      = 10 * time.Minute

	// commandLife bounds one command, waiting for its turn and following it
	// included.
	commandLife = 2 * time.Minute

	// maxOperator bounds the name of who asks.
	maxOperator = 64
	// maxID bounds an idempotency key: they are remembered.
	maxID = 128

	// maxCommands is how many may be under way in one room.
	maxCommands = 256
)

// A switchboard carries out commands for one room, each on a goroutine of its
// own: what takes its time holds up nobody else. Lines of chat go through the
// speaker, all else through the followers.
type switchboard struct {
	desk      *desk
	speaker   *speaker
	followers *followers
	keeper    *keeper
	previews  *previews
	shell     *pmShell  // nil when the config wants none
	conn      *bus.Conn // for what the database knows; nil in tests without a bus
	facts     facts

	mu      sync.Mutex
	asked   map[string]*asked
	recent  []*asked // oldest first
	touched map[string]touch
	active  int
	closing bool
	life    context.Context
	end     context.CancelFunc
	running sync.WaitGroup
}

// facts are what commands tell about the process.
type facts struct {
	version string
	started time.Time
}

// asked is a command under way or done.
type asked struct {
	key     string
	at      time.Time
	done    chan struct{} // closed when outcome and reply stand
	outcome outcome
	reply   bus.CommandReply
}

func newSwitchboard(d *desk, s *speaker) *switchboard {
	b := &switchboard{
		desk: d, speaker: s, followers: newFollowers(s),
		previews: newPreviews(), asked: map[string]*asked{}, touched: map[string]touch{},
	}
	b.keeper = newKeeper(b)
	b.life, b.end = context.WithCancel(context.Background())
	return b
}

// heard shows an event of the room to all who wait for one. It runs on the
// desk's goroutine.
func (b *switchboard) heard(s *room.State, e room.Event) {
	if !b.followers.heard(s, e) {
		b.speaker.heard(s, e)
	}
	b.keeper.heard(e)
	if b.shell != nil {
		b.shell.heard(s, e)
	}
}

// close ends what is under way and waits until it has.
func (b *switchboard) close() {
	b.mu.Lock()
	b.closing = true
	b.mu.Unlock()
	b.end()
	b.running.Wait()
	if b.shell != nil {
		b.shell.close()
	}
}

// handle answers one command. A repeated id gives the reply of the first.
func (b *switchboard) handle(ctx context.Context, v *command, c bus.Command) bus.CommandReply {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a := b.begin(v, c)
	select {
	case <-a.done:
		return a.reply
	case <-ctx.Done():
		return bus.CommandReply{ID: c.ID, Status: bus.StatusPending,
			Text: "CyTube has not answered yet, or it waits its turn under the server's throttle: ask again with the same id for the outcome"}
	}
}

// begin carries a command out, or finds it by its id when it is a repeated one.
func (b *switchboard) begin(v *command, c bus.Command) *asked {
	if len(c.ID) > maxID {
		c.ID = ""
		a := &asked{at: time.Now(), done: make(chan struct{})}
		a.finish(c, refusedWith(fmt.Sprintf("the command's id is too long: at most %d characters", maxID)))
		return a
	}
	b.mu.Lock()
	a, first := b.remember(v, c)
	full := b.active >= maxCommands
	if first && !b.closing && !full {
		b.active++
		b.running.Add(1)
	}
	closing := b.closing
	b.mu.Unlock()
	switch {
	case !first:
	case closing:
		a.finish(c, refusedWith("the bot is leaving the room"))
	case full:
		a.finish(c, refusedWith(fmt.Sprintf("%d commands are under way already: try again later", maxCommands)))
	default:
		go func() {
			defer b.running.Done()
			a.finish(c, b.execute(v, c))
			b.mu.Lock()
			b.active--
			b.mu.Unlock()
		}()
	}
	return a
}

// remember finds the command by its id, or writes it down. One that only asks
// is not remembered: asked twice it does no harm, and its answers are large.
// b.mu is held.
func (b *switchboard) remember(v *command, c bus.Command) (a *asked, first bool) {
	a = &asked{key: v.Name + "\n" + c.ID, at: time.Now(), done: make(chan struct{})}
	if c.ID == "" || c.DryRun || v.Asks {
		return a, true
	}
	if known := b.asked[a.key]; known != nil {
		return known, false
	}
	for len(b.recent) > 0 && (len(b.recent) >= rememberCommands || time.Since(b.recent[0].at) > rememberFor) {
		delete(b.asked, b.recent[0].key)
		b.recent = b.recent[1:]
	}
	b.asked[a.key] = a
	b.recent = append(b.recent, a)
	return a, true
}

// finish lets everyone know who waits for the command.
func (a *asked) finish(c bus.Command, o outcome) {
	a.outcome = o
	a.reply = bus.CommandReply{
		ID: c.ID, Status: o.status, Text: o.text, Targets: o.targets, Confirm: o.confirm,
		Warning: o.warning, Undo: o.undo, Took: time.Since(a.at).Milliseconds(),
	}
	if o.data != nil {
		data, err := json.Marshal(o.data)
		if err != nil {
			a.reply.Text += "\n(the data for programs is missing: " + room.Clean(err.Error()) + ")"
		}
		a.reply.Data = data
	}
	close(a.done)
}

// execute takes a command from its words to its outcome.
func (b *switchboard) execute(v *command, c bus.Command) outcome {
	ctx, cancel := context.WithTimeout(b.life, commandLife)
	defer cancel()
	r := &request{Command: c, cmd: v, board: b, operator: cmp.Or(shorten(room.Clean(c.Operator), maxOperator), "unknown"), ctx: ctx}
	if r.ID == "" {
		r.ID = rand.Text()[:16]
	}
	r.ID = room.Clean(r.ID)
	r.Source = cmp.Or(c.Source, room.SourceShell)
	state := b.desk.now().state
	r.state = &state
	p, err := r.plan()
	if err != nil {
		o := refusedBy(err)
		b.record(r, &plan{target: r.args["user"], reason: r.args["reason"]}, o, time.Now())
		return o
	}
	chosen, o, stop := b.ask(r, p)
	if stop {
		return o
	}
	return b.carryOut(r, p, chosen)
}

// carryOut runs the plan, and says on the bus and in the database that it
// began and what came of it.
func (b *switchboard) carryOut(r *request, p *plan, chosen []int) outcome {
	at := time.Now()
	warning := b.warn(r, p, at)
	if !r.cmd.Asks {
		b.record(r, p, outcome{status: bus.StatusPending}, at)
	}
	d := &deed{request: r}
	o := p.run(d, chosen)
	o.warning = warning
	if o.status == bus.StatusDone {
		o.undo = cmp.Or(o.undo, p.undo)
	}
	b.record(r, p, o, at)
	return o
}

// speak hands a speech to the speaker and waits for its end.
func (b *switchboard) speak(ctx context.Context, sp *speech) outcome {
	end := make(chan outcome, 1)
	sp.finish = func(o outcome) { end <- o }
	if !b.speaker.enqueue(sp) {
		return refusedWith(fmt.Sprintf("%d commands wait to be said already: try again later", speakQueue))
	}
	select {
	case o := <-end:
		return o
	case <-ctx.Done():
		return outcome{status: bus.StatusNoEffect, text: "it was given up before its end was known"}
	}
}
