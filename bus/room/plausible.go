package room

import "time"

const (
	// earliest is the first time that is believed, in Unix milliseconds: the
	// start of 1990. Clocks that were never set stand at 1970 or 1980.
	earliest = 631152000_000
	// maxAhead is how far another's clock may be ahead of the one that it is
	// held against.
	maxAhead = int64(24 * time.Hour / time.Millisecond)

	// maxSeconds is the longest that something can last, about ten years, and
	// maxLeadIn how far before its start a player can stand (PROTOCOL.md §7
	// has three seconds).
	maxSeconds = 315_360_000
	maxLeadIn  = 60
)

// Plausible tells whether something can have happened at a time, both in Unix
// milliseconds, as seen from now: not before 1990, and not a day ahead.
func Plausible(ms, now int64) bool { return ms >= earliest && ms <= now+maxAhead }

// A mender puts right what cannot be and counts it.
type mender struct {
	now int64 // Unix ms
	n   int
}

// Mend puts right the times of an event that cannot be: those at which
// something happened become now, in Unix milliseconds, those that may be left
// out go, and lengths are brought into their bounds. It tells how many there
// were.
func Mend(e Event, now int64) (mended int) {
	m := mender{now: now}
	switch e := e.(type) {
	case *Message:
		m.happened(&e.Time, &e.Timestamp)
	case *PM:
		m.happened(&e.Time, &e.Timestamp)
	case *UserJoin:
		m.seconds(&e.Timestamp)
	case *UserLeave:
		m.seconds(&e.Timestamp)
	case *Connection:
		m.connection(e)
	case *Gap:
		m.optional(&e.Since)
		m.optional(&e.Until)
	case *Notice:
		m.within(&e.Wait, maxSeconds*1000)
	case *Handover:
		m.optional(&e.Time)
	case *Action:
		m.time(&e.Time)
		m.within(&e.Took, maxSeconds*1000)
	case *PollOpened:
		m.time(&e.Poll.Timestamp)
	case *PollUpdated:
		m.time(&e.Poll.Timestamp)
	default:
		m.queue(e)
	}
	return m.n
}

// queue mends what is told of the queue and the player.
func (m *mender) queue(e Event) {
	switch e := e.(type) {
	case *MediaChange:
		m.playing(e)
	case *MediaUpdate:
		m.time(&e.Time)
		m.length(&e.Position, -maxLeadIn)
	case *Queued:
		m.length(&e.Item.Media.Seconds, 0)
	case *Playlist:
		m.items(e.Items)
	case *PlaylistMeta:
		m.length(&e.Seconds, 0)
	case *SavedPlaylists:
		for i := range e.Playlists {
			m.length(&e.Playlists[i].Seconds, 0)
		}
	case *SearchResults:
		for i := range e.Results {
			m.length(&e.Results[i].Seconds, 0)
		}
	}
}

// MendState is Mend for a state that came over the bus.
func MendState(s *State, now int64) (mended int) {
	m := mender{now: now}
	m.connection(&s.Connection)
	m.optional(&s.Handover.Time)
	m.items(s.Playlist)
	m.length(&s.Length.Seconds, 0)
	if s.Media != nil {
		m.playing(s.Media)
	}
	if s.Poll != nil {
		m.time(&s.Poll.Timestamp)
	}
	return m.n
}

// MendConnection is Mend for the link that a heartbeat tells of.
func MendConnection(c *Connection, now int64) (mended int) {
	m := mender{now: now}
	m.connection(c)
	return m.n
}

// time makes now of a time that cannot be. One that was not given is no
// mistake.
func (m *mender) time(ms *int64) {
	if Plausible(*ms, m.now) {
		return
	}
	if *ms != 0 {
		m.n++
	}
	*ms = m.now
}

// happened is time for one that is told in seconds as well.
func (m *mender) happened(ms, sec *int64) {
	m.time(ms)
	*sec = *ms / 1000
}

// seconds is time for one in seconds.
func (m *mender) seconds(sec *int64) {
	ms := min(max(*sec, -1), m.now) * 1000 // lest it wrap round
	m.time(&ms)
	*sec = ms / 1000
}

// optional takes a time away that cannot be, which zero is not.
func (m *mender) optional(ms *int64) {
	if *ms != 0 && !Plausible(*ms, m.now) {
		*ms = 0
		m.n++
	}
}

func (m *mender) connection(c *Connection) {
	if c.Since != 0 { // of a link that was never tried
		m.time(&c.Since)
	}
	m.optional(&c.RetryAt)
	m.optional(&c.Last)
}

func (m *mender) playing(c *MediaChange) {
	m.time(&c.Time)
	m.length(&c.Position, -maxLeadIn)
	m.length(&c.Media.Seconds, 0)
}

func (m *mender) items(items []Item) {
	for i := range items {
		m.length(&items[i].Media.Seconds, 0)
	}
}

// length brings seconds between least and maxSeconds.
func (m *mender) length(seconds *float64, least float64) {
	if in := min(max(*seconds, least), maxSeconds); in != *seconds {
		*seconds = in
		m.n++
	}
}

// within brings milliseconds between zero and most.
func (m *mender) within(ms *int64, most int64) {
	if in := min(max(*ms, 0), most); in != *ms {
		*ms = in
		m.n++
	}
}
