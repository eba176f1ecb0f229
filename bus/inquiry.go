package bus

import "time"

const (
	// askLeast is the least time between two questions for a room's state,
	// whatever is said on the bus.
	askLeast = time.Second
	// askAgain is the pause before asking again where nobody answered.
	askAgain = 2 * time.Second
	// doubtFirst is the pause after an answer that did not bear out what led
	// to the question; it doubles up to doubtMost.
	doubtFirst = 2 * time.Second
	doubtMost  = 16 * time.Second
	// behindBeats is how many heartbeats in a row must tell of fewer events
	// than were handed over. The state may be ahead of what is published, so
	// a few are no matter.
	behindBeats = 3
)

// An inquiry decides when a watcher asks for the room's state. What is said on
// the bus may be broken or forged, so no more than one question a second comes
// of it; and what the last answer did not bear out is asked about ever less
// often, while anything else still is at once. The zero value is ready.
type inquiry struct {
	asked time.Time // when it was asked last
	wait  time.Duration

	claim   uint64 // the lowest number that was said and is too high to follow ours; 0 for none
	behind  int    // heartbeats in a row whose number is below ours
	another bool   // another instance of the bot speaks

	refuted uint64        // the lowest claim that an answer did not reach; none when it is not above ours
	doubt   time.Duration // how long what was not borne out is left alone
	until   time.Time     // and when that ends
}

// ahead notes that an event or a heartbeat is ahead of what was handed over.
func (q *inquiry) ahead(seq uint64) {
	if q.claim == 0 || seq < q.claim {
		q.claim = seq
	}
}

// due tells whether it is time to ask, while ours was handed over. Without a
// present state it is as soon as it may be.
func (q *inquiry) due(now time.Time, ours uint64, synced bool) bool {
	switch {
	case now.Before(q.asked.Add(q.wait)):
		return false
	case !synced:
		return true
	case q.claim > 0 && (q.refuted <= ours || q.claim < q.refuted):
		return true
	}
	return (q.claim > 0 || q.behind >= behindBeats || q.another) && !now.Before(q.until)
}

// ask notes that it is asked now.
func (q *inquiry) ask(now time.Time) { q.asked, q.wait = now, askLeast }

// unanswered notes that no answer came that could be used.
func (q *inquiry) unanswered(now time.Time) { q.asked, q.wait = now, askAgain }

// hurry takes back the longer pause of unanswered: there is somebody to ask.
func (q *inquiry) hurry() { q.wait = min(q.wait, askLeast) }

// answered notes that the room stands at seq, while ours was handed over.
func (q *inquiry) answered(now time.Time, seq, ours uint64, synced bool) {
	borneOut := !synced || q.claim > 0 && seq >= q.claim ||
		q.behind >= behindBeats && seq < ours || q.another && seq != ours
	if borneOut {
		q.refuted, q.doubt, q.until = 0, 0, time.Time{}
	} else {
		q.doubt = min(max(doubtFirst, 2*q.doubt), doubtMost)
		q.until = now.Add(q.doubt)
		if q.claim > 0 && (q.refuted <= ours || q.claim < q.refuted) {
			q.refuted = q.claim
		}
	}
	q.claim, q.behind, q.another = 0, 0, false
}
