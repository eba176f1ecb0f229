package tui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

// A terminal may take far less than is drawn for it: over a serial line, or at
// the end of a bad connection, where what was written lies in buffers that no
// one sees into. So the terminal is asked now and then whether it is all right,
// and its answer comes when it has taken everything before the question. When
// the answer is late, the link is slow: then a frame is only drawn when the
// terminal has taken the one before, so that what it shows is never older than
// that, and what happens in the rooms leaves half of the link to the keys.

const (
	// late is how much longer than ever an answer takes on a slow link.
	late = 250 * time.Millisecond
	// slowStart is how long the first answer takes on a slow link at least: the
	// first screen is before it, and there is no other to compare it with.
	slowStart = time.Second
	// quick is how much longer it may take, after a big frame, on a fast one: in
	// that time a link of 9,600 baud carries 48 bytes.
	quick = 50 * time.Millisecond
	// settling is when a frame has surely been written after it was drawn.
	settling = 2 * frame
	// deaf is when no answer is waited for any more: of a terminal that has never
	// given one none will come, and of another it is lost, as happens to one that
	// comes in the middle of what is pasted.
	deaf = 15 * time.Second
	// quitWait bounds the wait for an answer that would come into the shell.
	quitWait = 300 * time.Millisecond
	// bigFrame is how many rows a frame must change to show that a link is fast.
	bigFrame = 10
	// slowestFrame bounds the time between two batches.
	slowestFrame = 5 * time.Second
)

// A pace is how well the terminal keeps up with what is drawn.
type pace struct {
	throttle func(time.Duration) // sets the least time between two batches; nil: nobody is asked
	frame    time.Duration       // that of a fast link

	question int           // how many have been asked
	asked    time.Time     // when the terminal was asked; zero: no answer is due
	least    time.Duration // the shortest that an answer took
	heard    bool          // the terminal has answered once
	silent   bool          // it never does
	slow     bool
	pending  bool // a question is about to be asked

	last  tea.View
	fresh bool // something was drawn since the last question
	held  bool // it has to be taken before the next
	rows  int  // that it changed
}

type (
	askTerminalMsg time.Time // what was drawn has been written
	answeredMsg    time.Time
	leaveMsg       struct{}

	// lateMsg says that the answer to a question should be here.
	lateMsg struct {
		question int
		at       time.Time
	}
)

// The question whether a terminal is all right, and the answer that it is, as
// terminals give it and as emulators of charmbracelet's do.
const (
	askTerminal = "\x1b[5n"
	allRight    = uv.UnknownCsiEvent("\x1b[0n")
	allRightToo = uv.UnknownCsiEvent("\x1b[?0n")
)

// paced takes what concerns the pace; ok is false for all else.
func (m *model) paced(msg tea.Msg) (cmd tea.Cmd, ok bool) {
	p := &m.pace
	switch msg := msg.(type) {
	case askTerminalMsg:
		p.pending = false
		if !p.fresh || m.left || p.silent || !p.asked.IsZero() {
			return nil, true
		}
		p.fresh, p.asked = false, time.Time(msg)
		p.question++
		return tea.Batch(tea.Raw(askTerminal), p.lookAfter(p.patience())), true
	case lateMsg:
		return p.overdue(msg), true
	case uv.UnknownCsiEvent:
		if msg != allRight && msg != allRightToo {
			return nil, false
		}
		return func() tea.Msg { return answeredMsg(time.Now()) }, true
	case answeredMsg:
		p.answered(time.Time(msg))
		if m.left {
			return tea.Quit, true
		}
		return p.next(), true
	case leaveMsg:
		return tea.Quit, true
	}
	return nil, false
}

// patience is how long an answer may take on a fast link.
func (p *pace) patience() time.Duration { return p.least + late }

// lookAfter looks after a while whether the answer to the last question is there.
func (p *pace) lookAfter(d time.Duration) tea.Cmd {
	question := p.question
	return tea.Tick(d, func(t time.Time) tea.Msg { return lateMsg{question, t} })
}

// overdue is asked when an answer should be there, and looks again until it is
// or is waited for no more. The terminal gets its frames again then.
func (p *pace) overdue(msg lateMsg) tea.Cmd {
	if p.asked.IsZero() || msg.question != p.question { // it came
		return nil
	}
	waited := msg.at.Sub(p.asked)
	p.slow = p.slow || p.heard
	if waited <= deaf {
		return p.lookAfter(time.Second)
	}
	p.asked, p.held, p.silent = time.Time{}, false, !p.heard
	return p.next()
}

// answered takes the terminal's answer.
func (p *pace) answered(now time.Time) {
	if p.asked.IsZero() {
		return
	}
	took := now.Sub(p.asked)
	first := !p.heard
	if first || took < p.least {
		p.least = took
	}
	switch {
	case took > p.patience(), first && took > slowStart:
		p.slow = true
	case p.slow && p.rows >= bigFrame && took < p.least+quick:
		p.slow = false
	}
	p.asked, p.heard, p.held = time.Time{}, true, false
	wait := p.frame
	if p.slow {
		wait = min(max(p.frame, 2*(took+settling)), slowestFrame)
	}
	p.throttle(wait)
}

// next sees to it that the terminal is asked after the frame that is about to
// be drawn: each on a slow link, one in a second on a fast one.
func (p *pace) next() tea.Cmd {
	if p.throttle == nil || p.pending || p.silent || !p.asked.IsZero() {
		return nil
	}
	p.pending = true
	wait := settling
	if p.heard && !p.slow {
		wait = time.Second
	}
	return tea.Tick(wait, func(t time.Time) tea.Msg { return askTerminalMsg(t) })
}

// show is what goes to the terminal: v, or what it has not taken yet.
func (p *pace) show(draw func() tea.View) tea.View {
	if p.throttle == nil {
		return draw()
	}
	if p.slow && p.held {
		return p.last
	}
	v := draw()
	if v.Content != p.last.Content {
		p.rows, p.fresh, p.held = changedRows(p.last.Content, v.Content), true, true
	}
	p.last = v
	return v
}

func changedRows(a, b string) (n int) {
	was := strings.Split(a, "\n")
	for i, row := range strings.Split(b, "\n") {
		if i >= len(was) || was[i] != row {
			n++
		}
	}
	return n
}

// leave quits when no answer is due any more that would come into the shell.
func (p *pace) leave() tea.Cmd {
	if p.asked.IsZero() {
		return tea.Quit
	}
	return tea.Tick(quitWait, func(time.Time) tea.Msg { return leaveMsg{} })
}
