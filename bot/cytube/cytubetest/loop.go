package cytubetest

import (
	"container/heap"
	"time"
)

// loop is the goroutine that owns all state of the server, with its clock and
// timers. Everything that touches state runs on it, one piece at a time.
type loop struct {
	inbox  chan func()
	quit   chan struct{}
	done   chan struct{}
	timers timerHeap
	order  uint64
	soon   []func()
	frozen bool
	clock  time.Time // the time when frozen
}

func newLoop(frozenAt time.Time) *loop {
	return &loop{
		inbox:  make(chan func(), 256),
		quit:   make(chan struct{}),
		done:   make(chan struct{}),
		frozen: !frozenAt.IsZero(),
		clock:  frozenAt,
	}
}

// run works until quit is closed.
func (l *loop) run() {
	defer close(l.done)
	wake := time.NewTimer(time.Hour)
	defer wake.Stop()
	for {
		if !l.frozen {
			wake.Reset(l.untilNext())
		}
		select {
		case <-l.quit:
			return
		case f := <-l.inbox:
			l.step(f)
		case <-wake.C:
			if !l.frozen {
				l.fireUntil(time.Now())
			}
		}
	}
}

// post hands f to the loop. It blocks while the loop is behind and does
// nothing once the loop has ended.
func (l *loop) post(f func()) {
	select {
	case l.inbox <- f:
	case <-l.quit:
	}
}

// call runs f on the loop and waits for it. It must not be used on the loop
// itself. It is false if the loop has ended, and f may then not have run.
func (l *loop) call(f func()) bool {
	ran := make(chan struct{})
	l.post(func() { defer close(ran); f() })
	select {
	case <-ran:
		return true
	case <-l.done:
		return false
	}
}

// step runs f and everything it left to be done soon.
func (l *loop) step(f func()) {
	f()
	for len(l.soon) > 0 {
		next := l.soon[0]
		l.soon = l.soon[1:]
		next()
	}
}

// now is the server's time. It is for the loop only.
func (l *loop) now() time.Time {
	if l.frozen {
		return l.clock
	}
	return time.Now()
}

// after runs f on the loop after d; at once after the present step if d is
// not positive.
func (l *loop) after(d time.Duration, f func()) *timer {
	t := &timer{run: f, index: -1, owner: l}
	if d <= 0 {
		l.soon = append(l.soon, func() {
			if !t.stopped {
				f()
			}
		})
		return t
	}
	l.order++
	t.at, t.order = l.now().Add(d), l.order
	heap.Push(&l.timers, t)
	return t
}

// untilNext is how long the loop may sleep.
func (l *loop) untilNext() time.Duration {
	if len(l.timers) == 0 {
		return time.Hour
	}
	return max(0, time.Until(l.timers[0].at))
}

// fireUntil runs every timer due by then, in order; a frozen clock goes along.
func (l *loop) fireUntil(then time.Time) {
	for len(l.timers) > 0 && !l.timers[0].at.After(then) {
		t := heap.Pop(&l.timers).(*timer)
		if l.frozen && t.at.After(l.clock) {
			l.clock = t.at
		}
		l.step(t.run)
	}
	if l.frozen && then.After(l.clock) {
		l.clock = then
	}
}

// timer is one thing to do later. A nil timer can be stopped.
type timer struct {
	at      time.Time
	order   uint64
	run     func()
	index   int
	stopped bool
	owner   *loop
}

// stop keeps the timer from running, if it has not.
func (t *timer) stop() {
	if t == nil {
		return
	}
	t.stopped = true
	if t.index >= 0 {
		heap.Remove(&t.owner.timers, t.index)
	}
}

// timerHeap orders timers by time, then by when they were set.
type timerHeap []*timer

func (h timerHeap) Len() int { return len(h) }

func (h timerHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].order < h[j].order
	}
	return h[i].at.Before(h[j].at)
}

func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *timerHeap) Push(x any) {
	t := x.(*timer)
	t.index = len(*h)
	*h = append(*h, t)
}

func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	t.index = -1
	return t
}
