package cytubetest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// director runs a demo: it plans beats (a line, a conversation, a raid …) as
// steps and has the cast play them one after the other. What the cast says by
// itself hangs on the seed alone; answers to outsiders have chance of their
// own, so that they do not change it.
type director struct {
	s    *Server
	room *Channel
	plan *rand.Rand
	wits *rand.Rand // for answers
	mean time.Duration

	cast  []*actor
	eye   *Puppet // who sees what outsiders say
	seen  int     // events of the eye that have been looked at
	bags  map[string][]string
	beats int
	raids int

	steps   []step
	next    time.Time // when the first step is due
	answers []answer  // in order of time
	asked   map[string]time.Time
}

// actor is a member of the cast, with a puppet while in the room.
type actor struct {
	role
	puppet *Puppet
	away   bool
}

// step is something to do, so many mean gaps after the step before.
type step struct {
	wait float64
	do   func()
}

// answer is something to do at a time.
type answer struct {
	at time.Time
	do func()
}

func newDirector(s *Server, opts DemoOptions) *director {
	d := &director{
		s:     s,
		room:  s.Channel(opts.Channel),
		plan:  rand.New(rand.NewPCG(opts.Seed, 1)),
		wits:  rand.New(rand.NewPCG(opts.Seed, 2)),
		mean:  time.Duration(float64(time.Minute) / opts.Pace),
		bags:  make(map[string][]string),
		asked: make(map[string]time.Time),
	}
	for _, r := range demoCast {
		d.cast = append(d.cast, &actor{role: r})
	}
	return d
}

// openDoors brings in the cast, but for a few who come later.
func (d *director) openDoors() {
	for i, a := range d.cast {
		if i < len(d.cast)-3 {
			d.enter(a)
		}
	}
	d.eye = d.cast[0].puppet
	_, d.seen = d.eye.since(0)
}

// closeDoors empties the room.
func (d *director) closeDoors() {
	for _, a := range d.cast {
		d.leave(a)
	}
}

// here says whether the actor is in the room: moderators of flesh and blood
// may have thrown it out.
func (a *actor) here() bool { return a.puppet != nil && a.puppet.Err() == nil }

func (d *director) enter(a *actor) {
	if !a.here() {
		a.puppet, a.away = d.room.Puppet(a.name, a.rank), false
	}
}

func (d *director) leave(a *actor) {
	if a.puppet != nil {
		a.puppet.Leave()
		a.puppet = nil
	}
}

// gap is so many mean gaps, give or take.
func (d *director) gap(n float64) time.Duration {
	return time.Duration(n * (0.4 + 1.2*d.plan.Float64()) * float64(d.mean))
}

// soonest is when there is something to do.
func (d *director) soonest() time.Time {
	if len(d.answers) > 0 && d.answers[0].at.Before(d.next) {
		return d.answers[0].at
	}
	return d.next
}

// act does what is due.
func (d *director) act(now time.Time) {
	for len(d.answers) > 0 && !d.answers[0].at.After(now) {
		first := d.answers[0]
		d.answers = d.answers[1:]
		first.do()
	}
	if d.next.After(now) {
		return
	}
	if len(d.steps) == 0 {
		d.beats++
		d.steps = d.beat()
	}
	s := d.steps[0]
	d.steps = d.steps[1:]
	s.do()
	wait := 1.0
	if len(d.steps) > 0 {
		wait = d.steps[0].wait
	}
	d.next = now.Add(d.gap(wait))
}

// later has an answer given in a while.
func (d *director) later(after time.Duration, do func()) {
	d.answers = append(d.answers, answer{time.Now().Add(after), do})
	slices.SortStableFunc(d.answers, func(a, b answer) int { return a.at.Compare(b.at) })
}

// beat plans what happens next. Rare things come at set distances, so that a
// short look at the demo sees them.
func (d *director) beat() []step {
	n := d.beats
	switch {
	case n%130 == 60:
		return d.raid()
	case n%110 == 25:
		return d.pollBeat()
	case n%95 == 80:
		return d.skipBeat()
	case n%24 == 8:
		return d.askBot()
	case n%9 == 4:
		return d.comeAndGo()
	case n%14 == 10:
		return d.rest()
	case d.plan.IntN(100) < 22:
		return d.thread()
	}
	return d.remark()
}

// someone picks a member who is in the room and wide awake; but leaves out
// those named.
func (d *director) someone(r *rand.Rand, but ...string) *actor {
	var here []*actor
	for _, a := range d.cast {
		if a.here() && !a.away && !slices.Contains(but, a.name) {
			here = append(here, a)
		}
	}
	if len(here) == 0 {
		return d.cast[0]
	}
	// The quiet ones are picked less often.
	for range 3 {
		if a := here[r.IntN(len(here))]; r.Float64() < a.talk {
			return a
		}
	}
	return here[r.IntN(len(here))]
}

func (d *director) actor(name string) *actor {
	for _, a := range d.cast {
		if a.name == name {
			return a
		}
	}
	return d.cast[0]
}

// say has an actor say something, who comes in for it if need be.
func (d *director) say(a *actor, text string) {
	d.enter(a)
	if a.away {
		a.away = false
	}
	if title, _, ok := d.room.Playing(); ok {
		name, _, _ := strings.Cut(title.Title, " (")
		text = strings.ReplaceAll(text, "{film}", name)
	}
	a.puppet.Say(strings.ReplaceAll(text, "{film}", "this"))
}

// draw takes a text from a bag, which is filled anew when it is empty: nothing
// is repeated before all has been said.
func (d *director) draw(r *rand.Rand, bag string, from []string) string {
	if len(d.bags[bag]) == 0 {
		d.bags[bag] = slices.Clone(from)
		r.Shuffle(len(from), func(i, j int) {
			b := d.bags[bag]
			b[i], b[j] = b[j], b[i]
		})
	}
	text := d.bags[bag][0]
	d.bags[bag] = d.bags[bag][1:]
	return text
}

// remark is one line, of somebody's own or of those anybody says.
func (d *director) remark() []step {
	return []step{{1, func() {
		a := d.someone(d.plan)
		if d.plan.IntN(100) < 65 && len(a.lines) > 0 {
			d.say(a, d.draw(d.plan, a.name, a.lines))
			return
		}
		d.say(a, d.draw(d.plan, "anybody", anybodyLines))
	}}}
}

// thread is a short conversation: the same letter is the same person, T is
// Tomoko and G genji.
func (d *director) thread() []step {
	t := demoThreads[d.plan.IntN(len(demoThreads))]
	who := map[byte]*actor{'T': d.actor("Tomoko"), 'G': d.actor("genji")}
	var steps []step
	for _, said := range t {
		steps = append(steps, step{0.8, func() {
			a := who[said[0]]
			if a == nil {
				var taken []string
				for _, other := range who {
					taken = append(taken, other.name)
				}
				a = d.someone(d.plan, taken...)
				who[said[0]] = a
			}
			text := said[2:]
			for n, other := range who {
				text = strings.ReplaceAll(text, "{"+string(n)+"}", other.name)
			}
			d.say(a, text)
		}})
	}
	return steps
}

// comeAndGo has somebody leave or come.
func (d *director) comeAndGo() []step {
	return []step{{0.5, func() {
		a := d.cast[4+d.plan.IntN(len(d.cast)-4)]
		if !a.here() {
			d.enter(a)
			if d.plan.IntN(2) == 0 {
				d.steps = append([]step{{1.5, func() { d.say(a, d.draw(d.plan, "hello", helloLines)) }}}, d.steps...)
			}
			return
		}
		d.leave(a)
	}}}
}

// rest has somebody go away from the keyboard, or come back to it.
func (d *director) rest() []step {
	return []step{{0.3, func() {
		a := d.cast[1+d.plan.IntN(len(d.cast)-1)]
		if a.puppet != nil {
			a.away = !a.away
			a.puppet.AFK(a.away)
		}
	}}}
}

// askBot has a moderator ask the bot for something by PM, and now and then
// somebody whom the bot ignores.
func (d *director) askBot() []step {
	return []step{{0.5, func() {
		a := d.cast[1+d.plan.IntN(2)]
		if d.plan.IntN(5) == 0 {
			a = d.someone(d.plan)
		}
		d.enter(a)
		d.asked[a.name] = time.Now()
		a.puppet.PM(DemoBot, d.draw(d.plan, "commands", botCommands))
	}}}
}
