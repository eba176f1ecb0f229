package bot

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
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

// touch is who last acted on somebody.
type touch struct {
	operator, verb string
	at             time.Time
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

// A request is a command as it was asked, read and looked at.
type request struct {
	bus.Command
	cmd      *command
	board    *switchboard
	operator string // cleaned
	state    *room.State
	args     args
	ctx      context.Context // its life

	alsoNeeds string
}

// execute takes a command from its words to its outcome.
func (b *switchboard) execute(v *command, c bus.Command) outcome {
	ctx, cancel := context.WithTimeout(b.life, commandLife)
	defer cancel()
	r := &request{Command: c, cmd: v, board: b, operator: cmp.Or(room.Clean(c.Operator), "unknown"), ctx: ctx}
	if r.ID == "" {
		r.ID = rand.Text()[:16]
	}
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

// plan reads the arguments and plans. Who may not do it at all is told so
// before the arguments are looked at.
func (r *request) plan() (*plan, error) {
	if r.late() {
		return nil, fmt.Errorf("it came after its deadline: nothing was done")
	}
	var err error
	if r.args, err = readArgs(r.cmd, r.Args); err != nil {
		return nil, err
	}
	if !r.cmd.offline {
		if err := mayAct(r.state); err != nil {
			return nil, err
		}
	}
	if err := r.mayDo(); err != nil {
		return nil, err
	}
	return r.cmd.plan(r)
}

func (r *request) late() bool { return r.Deadline > 0 && time.Now().UnixMilli() > r.Deadline }

// until is the deadline; zero for none.
func (r *request) until() time.Time {
	if r.Deadline == 0 {
		return time.Time{}
	}
	return time.UnixMilli(r.Deadline)
}

// line is the command as a person would type it, or, where the arguments do not
// fit, as it was typed.
func (r *request) line() string {
	words := []string{r.cmd.Name}
	if r.args == nil {
		words = append(words, r.Args...)
	}
	for _, a := range r.cmd.Args {
		switch word := r.args[a.Name]; {
		case word == "", a.Rest && r.cmd.private:
		case a.Rest:
			words = append(words, word)
		default:
			words = append(words, bus.QuoteWord(word))
		}
	}
	return shorten(room.Clean(strings.Join(words, " ")), 400)
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

// warnWithin is how soon after one operator another one is told.
const warnWithin = 10 * time.Second

// warn tells that another operator has just acted on the same person.
func (b *switchboard) warn(r *request, p *plan, at time.Time) string {
	if p.target == "" || r.cmd.Asks {
		return ""
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for who, t := range b.touched {
		if at.Sub(t.at) > warnWithin {
			delete(b.touched, who)
		}
	}
	key := room.Fold(p.target)
	last, acted := b.touched[key]
	b.touched[key] = touch{operator: r.operator, verb: r.cmd.Name, at: at}
	if !acted || room.Fold(last.operator) == room.Fold(r.operator) {
		return ""
	}
	return fmt.Sprintf("%s did %s on %s %.0f s ago", last.operator, last.verb, p.target, at.Sub(last.at).Seconds())
}

// record publishes how a command stands. What only asks is not news for the
// room, and is written down alone.
func (b *switchboard) record(r *request, p *plan, o outcome, at time.Time) {
	if r.cmd.passing {
		return
	}
	a := &room.Action{
		ID: r.ID, Actor: r.operator, Verb: r.cmd.Name, Target: room.Clean(p.target), Reason: room.CleanLines(p.reason),
		Line: r.line(), Source: r.Source, Status: string(o.status), Text: room.CleanLines(o.text), Time: at.UnixMilli(),
		Undo: o.undo,
	}
	if r.cmd.private && o.status == bus.StatusDone {
		a.Text, _, _ = strings.Cut(a.Text, ":")
	}
	if r.cmd.Asks { // the answer is for who asked
		a.Text = shorten(strings.SplitN(a.Text, "\n", 2)[0], 200)
	}
	if o.status != bus.StatusPending {
		a.Took = time.Since(at).Milliseconds()
		b.desk.log.Info("command", "operator", a.Actor, "line", a.Line, "source", a.Source, "status", a.Status,
			"text", room.Clean(shorten(a.Text, 200)))
	}
	if r.cmd.Asks {
		b.desk.extra(b.desk.ledger.action(a))
		return
	}
	b.desk.tell(context.Background(), a, time.Now()) // the desk outlasts every command
}

// speak hands a speech to the speaker and waits for its end.
func (b *switchboard) speak(ctx context.Context, sp *speech) outcome {
	end := make(chan bus.CommandReply, 1)
	sp.finish = func(r bus.CommandReply) { end <- r }
	if !b.speaker.enqueue(sp) {
		return refusedWith(fmt.Sprintf("%d commands wait to be said already: try again later", speakQueue))
	}
	select {
	case r := <-end:
		return outcome{status: r.Status, text: r.Text}
	case <-ctx.Done():
		return outcome{status: bus.StatusNoEffect, text: "it was given up before its end was known"}
	}
}
