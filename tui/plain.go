package tui

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// PlainOptions say where the lines of a plain console go.
type PlainOptions struct {
	In    io.Reader
	Out   io.Writer
	ASCII bool
}

// Plain is the console as lines that are only ever added to: for screen
// readers, terminals that cannot move the cursor, and pipes. What happens is
// the same model's doing; only it is told instead of drawn. It ends with its
// input, with /quit or with ctx.
func Plain(ctx context.Context, o Options, p PlainOptions) error {
	reach := func(ctx context.Context) deps { return connected(ctx, o) }
	return plainly(ctx, o, reach, p, func(ctx context.Context, p *pump, send func(tea.Msg)) { feed(ctx, o, p, send) })
}

const (
	// plainBacklog is how many past lines are told at the start.
	plainBacklog = 20
	// plainPatience is how long input waits for a room to be known, so that a
	// script's first line is not said into the void.
	plainPatience = 5 * time.Second
)

// plainly is Plain with what it reaches and what feeds it open to tests. All
// that it has started ends with it, but for the reading of its input.
func plainly(ctx context.Context, o Options, reach func(context.Context) deps, p PlainOptions, source func(context.Context, *pump, func(tea.Msg))) error {
	o.TUI.Scrollback = plainBacklog
	ctx, stop := context.WithCancel(ctx)
	d := reach(ctx)
	d.tick = func() tea.Msg { pause(ctx, time.Second); return tickMsg(time.Now()) }
	c := &plainConsole{ctx: ctx, m: newModel(o, d), out: p.Out, ascii: p.ASCII, msgs: make(chan tea.Msg, 16)}
	defer c.running.Wait()
	defer stop()
	pump := newPump(c.send)
	c.running.Go(func() { pump.run(ctx) })
	c.running.Go(func() { source(ctx, pump, c.send) })
	lines := make(chan string)
	// A read cannot be ended from here, so nobody waits for this one: it goes
	// with its input or with the process.
	go readLines(ctx, p.In, lines)
	c.do(c.m.Init())
	return c.run(lines)
}

func readLines(ctx context.Context, in io.Reader, lines chan<- string) {
	defer close(lines)
	scan := bufio.NewScanner(in)
	scan.Buffer(make([]byte, 4096), 1<<20)
	for scan.Scan() {
		select {
		case lines <- scan.Text():
		case <-ctx.Done():
			return
		}
	}
}

// A plainConsole tells what a model does, and takes lines for it.
type plainConsole struct {
	ctx   context.Context
	m     *model
	out   io.Writer
	ascii bool
	msgs  chan tea.Msg

	running  sync.WaitGroup // the feeding and the commands under way
	told     map[*line]int  // lines that were told, as they were then
	links    [3]linkSign
	question *errand // waits for a yes
	busy     int     // commands under way, and what is being saved
	over     bool
	err      error // of writing
}

// send is how others reach the loop; after its end they reach nobody.
func (c *plainConsole) send(msg tea.Msg) {
	select {
	case c.msgs <- msg:
	case <-c.ctx.Done():
	}
}

// do runs what the model wants done and has it told what came of it. Commands
// end by their deadline or with ctx.
func (c *plainConsole) do(cmd tea.Cmd) {
	if cmd != nil {
		c.running.Go(func() { c.send(cmd()) })
	}
}

// run is the loop. Input waits until a room is known, or has not come in time,
// and while something is under way: what is entered first arrives first, and the
// next line may be an answer.
// After its end what is under way is waited for.
func (c *plainConsole) run(lines <-chan string) error {
	c.told = map[*line]int{}
	c.links = [3]linkSign{signUnknown, signUnknown, signUnknown}
	patience := time.NewTimer(plainPatience)
	defer patience.Stop()
	waited := false
	for c.err == nil && !(c.over && c.idle()) {
		input := lines
		if c.over || !c.idle() || !waited && !c.ready() {
			input = nil
		}
		select {
		case <-c.ctx.Done():
			return nil
		case <-patience.C:
			waited = true
		case msg := <-c.msgs:
			c.take(msg)
		case text, ok := <-input:
			if !ok {
				c.over = true
				continue
			}
			c.typed(text)
			c.tell()
		}
	}
	return c.err
}

func (c *plainConsole) ready() bool {
	v := c.m.room()
	return v != nil && v.known
}

// idle tells whether nothing is on its way.
func (c *plainConsole) idle() bool {
	for _, v := range c.m.rooms {
		if v.inFlight || len(v.outbox) > 0 {
			return false
		}
	}
	return c.busy == 0
}

// take gives a message to the model and tells what has changed. A batch is
// taken one by one, so that a bounded scrollback drops nothing untold.
func (c *plainConsole) take(msg tea.Msg) {
	switch msg := msg.(type) {
	case tea.BatchMsg:
		for _, cmd := range msg {
			c.do(cmd)
		}
	case batchMsg:
		for _, u := range msg.updates {
			one := msg
			one.updates = []roomUpdate{u}
			c.m.take(one)
			c.tell()
		}
		if cmd := c.m.ring(); cmd != nil {
			c.print("\a") // a highlight with a bell; notifications are for terminals with a screen
		}
	case errandMsg:
		c.answered(msg)
	case savedMsg:
		c.busy--
		c.m.saved(msg)
	case nil:
	default:
		_, cmd := c.m.Update(msg)
		c.do(cmd)
	}
	c.tell()
}

// tell writes down what is new: lines of every room, links, and the model's
// own short word.
func (c *plainConsole) tell() {
	for _, v := range c.m.rooms {
		c.tellRoom(v)
	}
	c.tellLinks()
	if c.m.status != "" {
		c.say("%s", c.m.status)
		c.m.status = ""
	}
}

// tellRoom tells lines that are new, and those that say something else now: an
// action whose outcome has come, an absence that is over. What came of this
// console's own commands their answers tell.
func (c *plainConsole) tellRoom(v *channel) {
	for _, l := range v.log.lines {
		if rev, told := c.told[l]; told && rev == l.rev {
			continue
		}
		c.told[l] = l.rev
		if !v.log.judge(l).hidden && !c.tellsItself(l.actionID) {
			c.print(c.format(v, l))
		}
	}
	if len(c.told) > 20*plainBacklog*len(c.m.rooms)+1000 {
		c.forget()
	}
}

// forget lets go of lines that the scrollback has dropped.
func (c *plainConsole) forget() {
	kept := map[*line]int{}
	for _, v := range c.m.rooms {
		for _, l := range v.log.lines {
			if rev, told := c.told[l]; told {
				kept[l] = rev
			}
		}
	}
	c.told = kept
}

// tellLinks tells each link's change of state, with why and when it is tried
// again.
func (c *plainConsole) tellLinks() {
	for i, l := range c.m.links() {
		if l.state == c.links[i] {
			continue
		}
		c.links[i] = l.state
		text := l.name + " is " + l.state.word()
		if l.reason != "" {
			text += ": " + l.reason
		}
		if l.retry.After(c.m.now) {
			text += fmt.Sprintf(", next try in %d s", secondsUntil(c.m.now, l.retry))
		}
		c.say("%s", text)
	}
}

// say writes a word of the console's own.
func (c *plainConsole) say(format string, args ...any) {
	for row := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		c.print("-- " + row)
	}
}

// print writes one line. The first failure ends the console.
func (c *plainConsole) print(text string) {
	if c.err != nil {
		return
	}
	if c.ascii {
		text = toASCII(text)
	}
	if _, err := io.WriteString(c.out, text+"\n"); err != nil {
		c.err = fmt.Errorf("write line: %w", err)
	}
}
