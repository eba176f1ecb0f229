package bot

import "time"

// CyTube's chat throttle (PROTOCOL.md §8), each figure a little on the safe
// side: the server measures when lines arrive, not when they were sent.
const (
	paceBurst    = 20
	paceInterval = 110 * time.Millisecond
	paceIdle     = 2200 * time.Millisecond

	// With chat_antiflood on, users below moderators have the channel's own
	// figures. Their defaults are 4, one per second, and 4 s.
	paceFloodBurst    = 4
	paceFloodInterval = 1100 * time.Millisecond
	paceFloodIdle     = 4400 * time.Millisecond
)

// A pace mirrors the server's throttle on chat and PM, which share one count
// per connection: a burst, then one per interval, and a full burst again after
// a while of silence. The zero value is a fresh connection.
type pace struct {
	antiflood bool
	used      int
	last      time.Time // of the last line sent, or the end of a cooldown
}

func (p *pace) burst() int {
	if p.antiflood {
		return paceFloodBurst
	}
	return paceBurst
}

func (p *pace) interval() time.Duration {
	if p.antiflood {
		return paceFloodInterval
	}
	return paceInterval
}

// idle is the silence after which the burst is full again.
func (p *pace) idle() time.Duration {
	if p.antiflood {
		return paceFloodIdle
	}
	return paceIdle
}

// wait is how long a line that counts cost times must wait at now. The server
// looks at its clock anew each time it counts, so behind the burst a line that
// counts twice is always too early for itself: it needs a fresh burst.
func (p *pace) wait(now time.Time, cost int) time.Duration {
	idle := now.Sub(p.last)
	switch {
	case idle >= p.idle():
		return 0
	case idle < 0:
		return -idle + p.wait(p.last, cost)
	case p.used+cost <= p.burst():
		return 0
	case cost > 1:
		return p.idle() - idle
	}
	return max(0, p.interval()-idle)
}

// spend notes a line sent at now.
func (p *pace) spend(now time.Time, cost int) {
	if now.Sub(p.last) >= p.idle() {
		p.used = 0
	}
	p.used = min(p.used+cost, p.burst())
	p.last = now
}

// cooldown notes that the server dropped a line and wants to be left alone
// until then: the burst is used up.
func (p *pace) cooldown(until time.Time) {
	p.used = p.burst()
	p.last = until
}
