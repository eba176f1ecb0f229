package cytube

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/semaphore"
)

// Bounds of the queue between the reader and the caller.
const (
	queueEvents  = 4096
	queueBytes   = 64 << 20 // of the frames that the waiting events came from
	longestStall = 30 * time.Second
)

var errStalled = errors.New("events were not taken in time")

// queue holds events until the caller takes them. A full queue blocks put,
// and so the reader: TCP then holds the server back and nothing is dropped.
// When there is no room for as long as stall, the caller is given up.
type queue struct {
	waiting chan queued
	bytes   *semaphore.Weighted
	stall   time.Duration
}

type queued struct {
	Received
	weight int64
}

func newQueue(stall time.Duration) *queue {
	return &queue{
		waiting: make(chan queued, queueEvents),
		bytes:   semaphore.NewWeighted(queueBytes),
		stall:   min(stall, longestStall),
	}
}

// put adds an event that came from a frame of so many bytes. It fails with
// errStalled, or with ctx's error when that ends first.
func (q *queue) put(ctx context.Context, r Received, size int) error {
	item := queued{r, min(int64(size), queueBytes)}
	if q.bytes.TryAcquire(item.weight) {
		select {
		case q.waiting <- item:
			return nil
		default:
			q.bytes.Release(item.weight)
		}
	}
	waiting, cancel := context.WithTimeoutCause(ctx, q.stall, errStalled)
	defer cancel()
	if q.bytes.Acquire(waiting, item.weight) != nil {
		return context.Cause(waiting)
	}
	select {
	case q.waiting <- item:
		return nil
	case <-waiting.Done():
		q.bytes.Release(item.weight)
		return context.Cause(waiting)
	}
}

// close says that nothing more will be put.
func (q *queue) close() { close(q.waiting) }

// deliver hands everything to events until the queue is closed and empty, and
// closes events. Once discard is closed it throws away what is left.
func (q *queue) deliver(events chan<- Received, discard <-chan struct{}) {
	defer close(events)
	for item := range q.waiting {
		select {
		case events <- item.Received:
		case <-discard:
		}
		q.bytes.Release(item.weight)
	}
}
