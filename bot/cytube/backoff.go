package cytube

import (
	"math/rand/v2"
	"time"

	"golang.org/x/time/rate"
)

// Delays of a Backoff.
const (
	firstDelay   = 2 * time.Second
	longestDelay = 60 * time.Second
	kickDelay    = time.Minute
	longestKick  = 30 * time.Minute
	kickMemory   = time.Hour
)

// NewBucket mirrors the server's limit on connections from one address: five
// at once, then one every ten seconds (PROTOCOL.md §2). It holds one less, for
// a first Dial that did not ask, and fills a little slower, for clocks that
// disagree. Sessions that go to the same site share one.
func NewBucket() *rate.Limiter { return rate.NewLimiter(rate.Every(11*time.Second), 4) }

// Backoff says how long to wait before the next Dial. Its zero value is
// ready; it is not for use by several goroutines at once.
type Backoff struct {
	// Bucket is taken from at each Next. Nil gets one of its own.
	Bucket *rate.Limiter

	tries    int
	kicks    int
	lastKick time.Time
}

// Next is the delay before the next Dial, after a session ended with end. A
// nil end asks for the very first Dial, which waits for the bucket alone. The
// delay doubles with each try from 2 s to 60 s, has up to half of itself added
// by chance, honours end.Wait, and takes one connection from the bucket, so
// the caller must follow it; sessions that share a bucket and fail together,
// as after a restart of the server, thus come back one after the other. Kicks
// by moderators double their own delay, from
// one minute to thirty, as long as less than an hour lies between them, joined
// or not.
//
// After a permanent end there is no right delay: the caller stops.
func (b *Backoff) Next(end *End) time.Duration {
	if b.Bucket == nil {
		b.Bucket = NewBucket()
	}
	now := time.Now()
	var delay time.Duration
	if end != nil {
		delay = max(b.grow(), end.Wait)
		if end.Cause == CauseKicked {
			delay = max(delay, b.kicked(now))
		}
		delay += time.Duration(rand.Float64() * 0.5 * float64(delay))
	}
	return max(delay, b.Bucket.ReserveN(now, 1).DelayFrom(now))
}

// Reset says that a session joined: the next failure starts from 2 s again.
func (b *Backoff) Reset() { b.tries = 0 }

func (b *Backoff) grow() time.Duration {
	delay := min(firstDelay<<min(b.tries, 10), longestDelay)
	b.tries++
	return delay
}

func (b *Backoff) kicked(now time.Time) time.Duration {
	if now.Sub(b.lastKick) > kickMemory {
		b.kicks = 0
	}
	b.lastKick = now
	delay := min(kickDelay<<min(b.kicks, 10), longestKick)
	b.kicks++
	return delay
}
