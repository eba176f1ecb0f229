package cytubetest

import (
	"context"
	"sync"
	"time"
)

// wireFaults are the faults that readers and writers see to.
type wireFaults struct {
	mu    sync.Mutex
	at    Stall
	delay time.Duration
	open  chan struct{} // closed while the network is whole
	ended chan struct{} // closed when the server is
}

func (w *wireFaults) init() {
	w.open, w.ended = make(chan struct{}), make(chan struct{})
	close(w.open)
}

func (w *wireFaults) end() { close(w.ended) }

func (w *wireFaults) stall() Stall {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *wireFaults) partition(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.open:
		if on {
			w.open = make(chan struct{})
		}
	default:
		if !on {
			close(w.open)
		}
	}
}

func (w *wireFaults) gate() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open
}

// pass waits until the network is whole; false if the request ends before.
func (w *wireFaults) pass(ctx context.Context) bool { return w.passConn(ctx.Done()) }

// passConn is pass for a connection, which has gone when the channel closes.
func (w *wireFaults) passConn(gone <-chan struct{}) bool {
	select {
	case <-w.gate():
		return true
	case <-gone:
	case <-w.ended:
	}
	return false
}

// hang keeps a request without an answer until its client gives up.
func (w *wireFaults) hang(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-w.ended:
	}
}

func (w *wireFaults) sleep(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-w.ended:
	}
}

// slow waits as long as every frame is to wait.
func (w *wireFaults) slow() {
	w.mu.Lock()
	d := w.delay
	w.mu.Unlock()
	if d > 0 {
		w.sleep(d)
	}
}
