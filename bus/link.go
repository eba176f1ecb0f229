package bus

import (
	"sync"
	"time"

	"rosey/bus/room"
)

// Link is where a connection to NATS stands.
type Link struct {
	State   room.LinkState // down, connecting, up or stopped
	Reason  string         // why it is not up: a sentence for people
	Since   time.Time      // of this state
	Attempt int            // tries since it was last up
	URL     string         // address that is or was tried, without password
	RetryAt time.Time      // of the next try, when State is down
}

// inProcess is Link.URL of a connection that needs no network.
const inProcess = "in process"

// linkBuffer is how many transitions a listener may be behind. The oldest go
// first: only where the link stands now matters.
const linkBuffer = 16

// links holds the present state and tells listeners of each transition.
type links struct {
	mu        sync.Mutex
	now       Link
	listeners map[chan Link]struct{}
}

func newLinks(address string) *links {
	return &links{
		now:       Link{State: room.LinkConnecting, URL: address, Since: time.Now()},
		listeners: map[chan Link]struct{}{},
	}
}

func (l *links) get() Link {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

// set moves the link and tells the listeners. It calls nobody, because the
// client library calls it with locks held.
func (l *links) set(change func(*Link)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := l.now
	change(&next)
	if next == l.now {
		return
	}
	if next.State != l.now.State {
		next.Since = time.Now()
	}
	l.now = next
	for ch := range l.listeners {
		pushNewest(ch, next)
	}
}

func (l *links) listen() (<-chan Link, func()) {
	ch := make(chan Link, linkBuffer)
	l.mu.Lock()
	l.listeners[ch] = struct{}{}
	l.mu.Unlock()
	return ch, func() {
		l.mu.Lock()
		delete(l.listeners, ch)
		l.mu.Unlock()
	}
}

// pushNewest never blocks: a full channel loses its oldest element.
func pushNewest(ch chan Link, l Link) {
	for {
		select {
		case ch <- l:
			return
		default:
		}
		select {
		case <-ch:
		default:
		}
	}
}
