package store

import "context"

// A Write is one thing to be written down. Times are Unix milliseconds; those
// of v0.5.0's tables are cut to seconds.
type Write interface {
	apply(ctx context.Context, b *batch) error
}

type (
	// Join says that a person is in a room. Said again it changes nothing but
	// when the person was last seen.
	Join struct {
		Room, User string
		Time       int64
	}

	// Leave says that a person left a room. The time since the join is added
	// when it was the last room that the person was in.
	Leave struct {
		Room, User string
		Time       int64
	}

	// Line is a chat line. HTML goes to v0.5.0's recent_chat, Text, plain, to
	// the searchable table. With Once set, a line of the same person, text,
	// room and millisecond that is there already is not stored and not counted
	// again; without it, Time is only when the line was received and proves
	// nothing.
	Line struct {
		Room, User, HTML, Text string
		Time                   int64
		Once                   bool
	}

	// Count is one measurement of how many people there are.
	Count struct {
		Chat, Connected int64
		Time            int64
	}

	// HighWater raises the highest counts ever; Connected may be unknown.
	HighWater struct {
		Chat      int64
		Connected *int64
		Time      int64
	}

	// Status changes fields of current_status, named as its columns; others
	// are ignored, and so are values of a kind that the column does not have.
	Status struct {
		Room   string
		Fields map[string]any // string, float64, bool or nil, as JSON gives them
		Time   int64
	}

	// Sent takes a message out of the outbound queue.
	Sent struct {
		MessageID int64
		Time      int64
	}

	// Failed counts one try at sending that failed. Permanent takes the
	// message out of the queue; v0.5.0 shows such as failed.
	Failed struct {
		MessageID int64
		Error     string
		Permanent bool
		Time      int64
	}

	// Action is what someone did, for user_actions. One with the Key of an
	// earlier one of that room replaces it, but keeps its time. Without Details
	// the row gets what it is about, in words.
	Action struct {
		Room, User, Action, Details       string
		Key, Target, Reason, Text, Source string
		Outcome                           string // PendingOutcome does not replace another
		Time                              int64
	}

	// Sanction is a mute or ban that ends at Until, Unix ms. A later one for
	// the same room, person and kind replaces it.
	Sanction struct {
		Room, User, Kind string
		Until            int64
		Author, Reason   string
		Time             int64
	}

	// SanctionEnd forgets a Sanction.
	SanctionEnd struct {
		Room, User, Kind string
		Time             int64
	}

	// Note is a note on a person, added to those there are; without a Text it
	// removes them. Without a User it is the room's own, of which there is one.
	Note struct {
		Room, User, Text, Author string
		Time                     int64
	}
)

// Source is a JetStream stream: Created tells it from one of the same name
// that was there before.
type Source struct {
	Stream  string
	Created int64 // Unix nanoseconds
}

// Position is how far a source has been applied.
type Position struct {
	Source
	Seq  uint64
	Time int64 // Unix nanoseconds of the message at Seq
}

// Entry is a write and where it came from. One without a Write only moves the
// position: something stood there that cannot be stored.
type Entry struct {
	Seq     uint64 // in the source; 0 without one
	Arrived int64  // Unix nanoseconds at which the source, or we, received it
	Write   Write
}

// Result is what Apply did.
type Result struct {
	Applied  int // entries taken
	Skipped  int // entries that an earlier batch had taken
	Repeated int // lines among Applied that were stored already
}
