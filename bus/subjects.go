package bus

import (
	"fmt"
	"strings"
)

// The subjects of v0.5.0's database service (COMPAT.md §2). Names and payload
// shapes are fixed.
const (
	SubjectUserJoined   = "rosey.db.user.joined"
	SubjectUserLeft     = "rosey.db.user.left"
	SubjectMessageLog   = "rosey.db.message.log"
	SubjectUserCount    = "rosey.db.stats.user_count"
	SubjectHighWater    = "rosey.db.stats.high_water"
	SubjectStatusUpdate = "rosey.db.status.update"
	SubjectOutboundSent = "rosey.db.messages.outbound.mark_sent"
	SubjectOutboundGet  = "rosey.db.messages.outbound.get"
	SubjectRecentChat   = "rosey.db.stats.recent_chat.get"
)

// Their siblings, which v0.5.0 did not have.
const (
	SubjectOutboundFailed  = "rosey.db.messages.outbound.mark_failed"
	SubjectOutboundEnqueue = "rosey.db.messages.outbound.enqueue"
	SubjectActionLog       = "rosey.db.action.log"
	SubjectSanctionSet     = "rosey.db.sanction.set"
	SubjectSanctionEnd     = "rosey.db.sanction.end"
	SubjectNoteSet         = "rosey.db.note.set"

	SubjectUserStats    = "rosey.db.stats.user.get"
	SubjectUsers        = "rosey.db.stats.users.get"
	SubjectChannelStats = "rosey.db.stats.channel.get"
	SubjectTopChatters  = "rosey.db.stats.top_chatters.get"
	SubjectCountHistory = "rosey.db.stats.count_history.get"
	SubjectChatSearch   = "rosey.db.chat.search"
	SubjectActions      = "rosey.db.actions.get"
	SubjectSanctions    = "rosey.db.sanctions.get"
	SubjectNotes        = "rosey.db.notes.get"
	SubjectDBHealth     = "rosey.db.health" // published every second by the database service
)

// Everything of a kind, for every room.
const (
	PatternEvents   = "rosey.events.>"
	PatternCommands = "rosey.cmd.>"

	patternStates     = "rosey.room.*.state"
	patternHistories  = "rosey.room.*.history"
	patternHeartbeats = "rosey.room.*.heartbeat"
	patternTrees      = "rosey.room.*.commands"
)

// SubjectPresence is where each console says that it is there, and what it is
// about to do.
const SubjectPresence = "rosey.presence"

// SubjectRooms asks every bot for the rooms that it is in.
const SubjectRooms = "rosey.rooms"

// What the NATS server is doing. The process that embeds it answers on the
// first; where it is somebody's own, the database service on the second.
const (
	SubjectNATSServer = "rosey.nats.server"
	SubjectNATSSeen   = "rosey.nats.seen"
)

// The services of a NATS server that tell what it is doing. Any account may
// use the last three of its own connections; the others only one that the
// system account lets.
const (
	sysVarz     = "$SYS.REQ.SERVER.PING.VARZ"
	sysJsz      = "$SYS.REQ.SERVER.PING.JSZ"
	sysConnz    = "$SYS.REQ.SERVER.PING.CONNZ"
	sysOwnStats = "$SYS.REQ.ACCOUNT.PING.STATZ"
)

// Stream names.
const (
	StreamEvents = "ROSEY_EVENTS"
	StreamWrites = "ROSEY_DB"
)

// SubjectEventsGet is where the server gives messages of StreamEvents directly.
const SubjectEventsGet = "$JS.API.DIRECT.GET." + StreamEvents

// ConsumerDB is the database service's durable consumer on StreamWrites.
const ConsumerDB = "rosey-db"

// EventSubject is where event of room is published. The event "*" gives the
// pattern for every event of the room.
func EventSubject(room, event string) string {
	return "rosey.events." + token(room) + "." + event
}

// StateSubject answers with a room's folded state.
func StateSubject(room string) string { return "rosey.room." + token(room) + ".state" }

// HistorySubject answers with past events of a room.
func HistorySubject(room string) string { return "rosey.room." + token(room) + ".history" }

// HeartbeatSubject carries a room's Heartbeat every second.
func HeartbeatSubject(room string) string { return "rosey.room." + token(room) + ".heartbeat" }

// TreeSubject answers with the commands that the room's bot knows.
func TreeSubject(room string) string { return "rosey.room." + token(room) + ".commands" }

// CommandSubject takes a command for a room. The verb "*" gives the pattern.
func CommandSubject(room, verb string) string { return "rosey.cmd." + token(room) + "." + verb }

// token makes a name of any spelling one subject token: all but letters,
// digits, "-" and "_" become %XX, so no name can widen or split a subject.
func token(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if b.Len() == 0 {
		return "%00"
	}
	return b.String()
}
