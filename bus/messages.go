package bus

import (
	"encoding/json"

	"rosey/bus/room"
	"rosey/config"
)

// EnvelopeVersion is the version that Envelope.V carries.
const EnvelopeVersion = 1

// MaxSeq is the highest number of an event: what JSON carries exactly
// everywhere. Beyond it nothing is believed.
const MaxSeq = 1<<53 - 1

// Envelope wraps one event on rosey.events.<room>.<event>.
type Envelope struct {
	V       int             `json:"v"`
	Seq     uint64          `json:"seq"`  // gap-free per room, from 1
	Time    int64           `json:"time"` // Unix milliseconds at which the bot saw it
	Room    string          `json:"room"` // platforms[].name
	Channel string          `json:"channel"`
	Event   string          `json:"event"`
	Data    json.RawMessage `json:"data"`
}

// RoomInfo is one entry of the reply on rosey.rooms.
type RoomInfo struct {
	Room     string `json:"room"`
	Channel  string `json:"channel"`
	Domain   string `json:"domain"`
	Bot      string `json:"bot"`      // the account's name; empty when anonymous
	Instance string `json:"instance"` // which bot process answers
}

// RoomsReply is the answer of one bot.
type RoomsReply struct {
	Rooms []RoomInfo `json:"rooms"`
}

// StateReply answers a state request.
type StateReply struct {
	Room    string     `json:"room"`
	Channel string     `json:"channel"`
	Seq     uint64     `json:"seq"` // of the last event folded into State
	Time    int64      `json:"time"`
	State   room.State `json:"state"`
	Error   string     `json:"error,omitempty"`
}

// HistoryRequest asks for past events, oldest first in the reply. AfterSeq
// walks forward from there; BeforeSeq gives the last ones before it; neither
// gives the newest. Since, in Unix milliseconds, leaves out what is older.
type HistoryRequest struct {
	AfterSeq  uint64 `json:"after_seq,omitempty"`
	BeforeSeq uint64 `json:"before_seq,omitempty"`
	Since     int64  `json:"since,omitempty"`
	Limit     int    `json:"limit,omitempty"` // at most MaxHistory, which is also the default
}

// MaxHistory bounds one history page.
const MaxHistory = 500

// HistoryReply is one page. More says that the page was cut and asking again
// from its end (or its start, walking back) gives more. Events older than
// FirstSeq are gone for good: the stream's limits took them.
type HistoryReply struct {
	Events   []Envelope `json:"events"`
	FirstSeq uint64     `json:"first_seq"` // oldest that can still be had
	LastSeq  uint64     `json:"last_seq"`  // newest there is
	More     bool       `json:"more,omitempty"`
	Error    string     `json:"error,omitempty"`
}

// Heartbeat is said every second for each room.
type Heartbeat struct {
	Room     string          `json:"room"`
	Instance string          `json:"instance"`
	Time     int64           `json:"time"` // Unix milliseconds
	Seq      uint64          `json:"seq"`  // of the last event published: a listener behind it has missed some
	Link     room.Connection `json:"link"` // to CyTube
	RTT      float64         `json:"rtt_ms"`
	Frames   uint64          `json:"frames"`  // received since start
	Unknown  uint64          `json:"unknown"` // frames of kinds not known
	Dropped  uint64          `json:"dropped"` // events and database writes lost on the way to the bus
	Pending  int             `json:"pending"` // events not yet acknowledged by JetStream

	// Error says why what is published does not arrive, in words for people.
	Error string `json:"error,omitempty"`

	// Published counts this room's database writes that have arrived on the
	// bus, by subject, since start.
	Published map[string]uint64 `json:"published,omitempty"`

	// Claim asks the other instances whether one of them objects to this one's
	// taking the room. Link.State is standby then.
	Claim bool `json:"claim,omitempty"`
}

// DBHealth is said every second by the database service.
type DBHealth struct {
	Time      int64             `json:"time"`            // Unix milliseconds
	Since     int64             `json:"since,omitempty"` // Unix milliseconds of the service's start, from which it counts
	Instance  string            `json:"instance"`
	JetStream bool              `json:"jetstream"` // false: plain subscriptions, a crash loses what is in flight
	Applied   uint64            `json:"applied"`   // last stream sequence committed
	Last      uint64            `json:"last"`      // last stream sequence published
	Behind    uint64            `json:"behind"`
	Rows      uint64            `json:"rows"` // written since start
	Bad       uint64            `json:"bad"`  // payloads refused since start
	Lost      uint64            `json:"lost"` // writes that were gone before they could be applied, since start
	CommitMS  float64           `json:"commit_ms"`
	Stored    map[string]uint64 `json:"stored"` // rows by subject since start
	Bytes     int64             `json:"bytes"`  // size of the file
	Error     string            `json:"error,omitempty"`
}

// Writes to the database. Time is Unix seconds (fractions allowed, read to the
// millisecond) and, like Room, may be left out, as v0.5.0 does.
type (
	// UserWrite goes to user.joined and user.left.
	UserWrite struct {
		Username string  `json:"username"`
		Time     float64 `json:"time,omitempty"`
		Room     string  `json:"room,omitempty"`
	}

	// MessageWrite goes to message.log. Message is HTML as CyTube sent it;
	// Text, which only rosey sends, is the same line plain.
	MessageWrite struct {
		Username string  `json:"username"`
		Message  string  `json:"message"`
		Text     string  `json:"text,omitempty"`
		Time     float64 `json:"time,omitempty"`
		Room     string  `json:"room,omitempty"`
	}

	// CountWrite goes to stats.user_count and stats.high_water.
	CountWrite struct {
		ChatCount      int     `json:"chat_count"`
		ConnectedCount *int    `json:"connected_count"`
		Time           float64 `json:"time,omitempty"`
		Room           string  `json:"room,omitempty"`
	}

	// StatusWrite goes to status.update; Python's keys are in COMPAT.md §2.
	StatusWrite struct {
		StatusData map[string]any `json:"status_data"`
		Time       float64        `json:"time,omitempty"`
		Room       string         `json:"room,omitempty"`
	}

	// OutboundMark goes to mark_sent and, with Error, to mark_failed.
	// Permanent gives the message up.
	OutboundMark struct {
		MessageID int64   `json:"message_id"`
		Error     string  `json:"error,omitempty"`
		Permanent bool    `json:"permanent,omitempty"`
		Time      float64 `json:"time,omitempty"`
	}

	// ActionWrite goes to action.log and into user_actions. The fields from
	// ID on are rosey's own and kept beside v0.5.0's columns.
	ActionWrite struct {
		Username string  `json:"username"` // who acted
		Action   string  `json:"action_type"`
		Details  string  `json:"details,omitempty"`
		Time     float64 `json:"time,omitempty"`
		Room     string  `json:"room,omitempty"`

		ID      string            `json:"id,omitempty"`     // room.Action.ID: a later write with it replaces an earlier one
		Target  string            `json:"target,omitempty"` // whom or what it was about
		Reason  string            `json:"reason,omitempty"`
		Outcome CommandStatus     `json:"outcome,omitempty"`
		Text    string            `json:"text,omitempty"` // the outcome in a sentence
		Source  room.ActionSource `json:"source,omitempty"`
	}

	// SanctionWrite goes to sanction.set: a mute or ban with an end. A later
	// one for the same room, person and kind replaces it.
	SanctionWrite struct {
		Room     string       `json:"room"`
		Username string       `json:"username"`
		Kind     SanctionKind `json:"kind"`
		Until    int64        `json:"until"` // Unix ms
		By       string       `json:"by"`
		Reason   string       `json:"reason,omitempty"`
		Time     float64      `json:"time,omitempty"`
	}

	// SanctionEnd goes to sanction.end: it was lifted, or is a timed one no
	// more.
	SanctionEnd struct {
		Room     string       `json:"room"`
		Username string       `json:"username"`
		Kind     SanctionKind `json:"kind"`
		Time     float64      `json:"time,omitempty"`
	}

	// NoteWrite goes to note.set. An empty Username is the room's own note,
	// its handover; a later one replaces it. Notes on people add up until an
	// empty Text removes those of that person.
	NoteWrite struct {
		Room     string  `json:"room"`
		Username string  `json:"username,omitempty"`
		Text     string  `json:"text" clean:"lines"`
		By       string  `json:"by"`
		Time     float64 `json:"time,omitempty"`
	}
)

// SanctionKind is what is taken back when a sanction ends.
type SanctionKind string

const (
	SanctionMute       SanctionKind = "mute"
	SanctionShadowMute SanctionKind = "smute"
	SanctionBan        SanctionKind = "ban"
)

// Queries of the database and their replies. The first two are v0.5.0's and
// answer bare arrays; the others answer objects with an Error field.
type (
	// OutboundQuery asks for messages that are due.
	OutboundQuery struct {
		Limit      int `json:"limit,omitempty"`       // 50
		MaxRetries int `json:"max_retries,omitempty"` // 3
	}

	// OutboundRow is one message to send.
	OutboundRow struct {
		ID         int64   `json:"id"`
		Timestamp  int64   `json:"timestamp"`
		Message    string  `json:"message" clean:"lines"`
		RetryCount int     `json:"retry_count"`
		LastError  *string `json:"last_error"`
	}

	// RecentQuery asks for the newest lines of recent_chat.
	RecentQuery struct {
		Limit int `json:"limit,omitempty"` // 50
	}

	// RecentRow is one line, oldest first in the reply.
	RecentRow struct {
		Timestamp int64  `json:"timestamp"`
		Username  string `json:"username"`
		Message   string `json:"message"`
	}

	// OutboundEnqueue puts a line into outbound_messages.
	OutboundEnqueue struct {
		Message string `json:"message"`
		ID      string `json:"id,omitempty"` // idempotency key
	}

	// OutboundEnqueueReply tells the row's id.
	OutboundEnqueueReply struct {
		MessageID int64  `json:"message_id"`
		Error     string `json:"error,omitempty"`
	}

	// UserStatsQuery asks for one person, name in any case.
	UserStatsQuery struct {
		Username string `json:"username"`
	}

	// UserStats is a row of user_stats.
	UserStats struct {
		Username       string `json:"username"`
		FirstSeen      int64  `json:"first_seen"`
		LastSeen       int64  `json:"last_seen"`
		ChatLines      int64  `json:"total_chat_lines"`
		TimeConnected  int64  `json:"total_time_connected"` // seconds, an open session included
		SessionStarted int64  `json:"current_session_start,omitempty"`
		Actions        int64  `json:"actions,omitempty"` // taken against them, as far as user_actions tells
		Notes          int64  `json:"notes,omitempty"`
	}

	// UserStatsReply has a nil User when nobody of that name was seen.
	UserStatsReply struct {
		User  *UserStats `json:"user"`
		Error string     `json:"error,omitempty"`
	}

	// TopQuery asks top_chatters for the most talkative and users for
	// everyone; the fields from Names on are for users alone.
	TopQuery struct {
		Limit  int `json:"limit,omitempty"`
		Offset int `json:"offset,omitempty"`

		Names      []string  `json:"names,omitempty"`  // only these, in any case
		Filter     string    `json:"filter,omitempty"` // only names with this in them
		Sort       UsersSort `json:"sort,omitempty"`   // by lines
		Descending bool      `json:"descending,omitempty"`
	}

	// TopReply is the most talkative first.
	TopReply struct {
		Users []UserStats `json:"users"`
		Error string      `json:"error,omitempty"`
	}

	// ChannelStatsReply is v0.5.0's channel_stats row and the people seen.
	ChannelStatsReply struct {
		MaxUsers         int64 `json:"max_users"`
		MaxUsersTime     int64 `json:"max_users_timestamp"`
		MaxConnected     int64 `json:"max_connected"`
		MaxConnectedTime int64 `json:"max_connected_timestamp"`
		TotalUsers       int64 `json:"total_users"`
		TotalLines       int64 `json:"total_lines"`

		Retention config.Retention `json:"retention"` // by which the service goes
		Error     string           `json:"error,omitempty"`
	}

	// CountHistoryQuery asks for the counts since a time in Unix seconds.
	CountHistoryQuery struct {
		Since int64 `json:"since,omitempty"`
		Limit int   `json:"limit,omitempty"`
	}

	// CountHistoryRow is one measurement.
	CountHistoryRow struct {
		Timestamp int64 `json:"timestamp"`
		Chat      int64 `json:"chat_users"`
		Connected int64 `json:"connected_users"`
	}

	// CountHistoryReply is oldest first.
	CountHistoryReply struct {
		Rows  []CountHistoryRow `json:"rows"`
		Error string            `json:"error,omitempty"`
	}

	// ChatSearchQuery searches our chat table. Text is what a person types:
	// words, "phrases" and -exclusions, all of which must hold. Without a Text
	// every line is found: with Before or Since and OldestFirst that pages
	// through what was said.
	ChatSearchQuery struct {
		Text   string `json:"text"`
		Regexp string `json:"regexp,omitempty"` // Go's syntax, against the line's text; beside Text it narrows
		User   string `json:"user,omitempty"`
		Room   string `json:"room,omitempty"`
		Since  int64  `json:"since,omitempty"`  // Unix ms, inclusive
		Before int64  `json:"before,omitempty"` // Unix ms, exclusive
		Limit  int    `json:"limit,omitempty"`  // 50, at most 500
		Offset int    `json:"offset,omitempty"`

		OldestFirst bool `json:"oldest_first,omitempty"`
	}

	// ChatHit is one line found.
	ChatHit struct {
		ID   int64  `json:"id"`
		Time int64  `json:"time"` // Unix ms
		Room string `json:"room"`
		User string `json:"user"`
		Text string `json:"text"`
	}

	// ChatSearchReply is newest first, unless asked otherwise.
	ChatSearchReply struct {
		Hits  []ChatHit `json:"hits"`
		More  bool      `json:"more,omitempty"`
		Error string    `json:"error,omitempty"`

		// Reached is set when a Regexp ran out of its time: the Unix ms of the
		// last line looked at. Before one more than it, or Since it when the
		// oldest come first, goes on from there; a line can come twice.
		Reached int64 `json:"reached,omitempty"`
	}

	// ActionsQuery reads user_actions.
	ActionsQuery struct {
		Username string `json:"username,omitempty"` // who acted
		Target   string `json:"target,omitempty"`   // whom it was about
		Room     string `json:"room,omitempty"`
		Since    int64  `json:"since,omitempty"`  // Unix seconds
		Before   int64  `json:"before,omitempty"` // Unix seconds, exclusive
		Limit    int    `json:"limit,omitempty"`
	}

	// ActionRow is one row of user_actions, and what rosey keeps beside it.
	ActionRow struct {
		ID        int64  `json:"id"`
		Timestamp int64  `json:"timestamp"`
		Username  string `json:"username"`
		Action    string `json:"action_type"`
		Details   string `json:"details,omitempty"`

		Room    string            `json:"room,omitempty"`
		Key     string            `json:"key,omitempty"` // room.Action.ID
		Target  string            `json:"target,omitempty"`
		Reason  string            `json:"reason,omitempty"`
		Outcome CommandStatus     `json:"outcome,omitempty"`
		Text    string            `json:"text,omitempty" clean:"lines"`
		Source  room.ActionSource `json:"source,omitempty"`
	}

	// ActionsReply is newest first.
	ActionsReply struct {
		Rows  []ActionRow `json:"rows"`
		Error string      `json:"error,omitempty"`
	}

	// SanctionsQuery asks for the sanctions that stand, past their end or not:
	// who lifts them asks too. An empty Room means every room.
	SanctionsQuery struct {
		Room     string `json:"room,omitempty"`
		Username string `json:"username,omitempty"`
	}

	// SanctionsReply is in order of Until.
	SanctionsReply struct {
		Sanctions []SanctionWrite `json:"sanctions"`
		Error     string          `json:"error,omitempty"`
	}

	// NotesQuery asks for the notes on a person, or, without a name, for the
	// room's own.
	NotesQuery struct {
		Room     string `json:"room,omitempty"`
		Username string `json:"username,omitempty"`
	}

	// NotesReply is newest first.
	NotesReply struct {
		Notes []NoteWrite `json:"notes"`
		Error string      `json:"error,omitempty"`
	}
)

// UsersSort is an order of people.
type UsersSort string

const (
	SortLines     UsersSort = ""
	SortName      UsersSort = "name"
	SortFirstSeen UsersSort = "first_seen"
	SortLastSeen  UsersSort = "last_seen"
	SortTime      UsersSort = "time"
	SortActions   UsersSort = "actions"
)
