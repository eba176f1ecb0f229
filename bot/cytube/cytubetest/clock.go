package cytubetest

import "time"

// Clock is the server's time. Its functions may be called by any goroutine.
type Clock interface {
	Now() time.Time

	// AfterFunc calls f once, after d, on a goroutine of its own choosing,
	// unless stop is called first. f does not block.
	AfterFunc(d time.Duration, f func()) (stop func())
}

// machineClock is the time of the machine.
type machineClock struct{}

func (machineClock) Now() time.Time { return time.Now() }

func (machineClock) AfterFunc(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}
