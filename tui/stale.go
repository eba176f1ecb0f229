package tui

import (
	"time"

	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
)

// While a link to the room is gone, what is shown of it is what was last known.
// It is told apart by words and signs, and only then by being muted.

// staleSince is when a room was last known as it was; false while it is known
// as it is, and where nothing was ever known of it.
func (m *model) staleSince(v *channel) (at time.Time, stale bool) {
	if v == nil || !v.known {
		return time.Time{}, false
	}
	earliest := func(t time.Time) {
		if !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	if m.nats.State != room.LinkUp || v.botLost || v.noBot != "" {
		stale = true
		earliest(v.away.since)
		earliest(v.heard)
	}
	if c := v.state.Connection; c.State != room.LinkUp {
		stale = true
		for _, ms := range []int64{c.Last, v.outageSince(), c.Since} { // the first that is known
			if ms > 0 {
				earliest(time.UnixMilli(ms))
				break
			}
		}
	}
	return at, stale
}

// asOf says of when what is shown of a room is; empty while it is of now.
func (m *model) asOf(v *channel) string {
	at, stale := m.staleSince(v)
	switch {
	case !stale:
		return ""
	case at.IsZero():
		return "as it last was"
	}
	return "as of " + m.sinceText(at)
}

// roomNow is the time by which what plays in a room is reckoned: it stands
// still while nobody says how far the film is.
func (m *model) roomNow(v *channel) time.Time {
	if at, stale := m.staleSince(v); stale && !at.IsZero() {
		return at
	}
	return m.now
}

// fade takes a row's own inks away.
func (s *styles) fade(row string) string { return s.muted.paint(ansi.Strip(row)) }
