package bus_test

import (
	"reflect"
	"testing"

	"rosey/bus"
	"rosey/bus/room"
)

// Of what a screen must not be sent: hostile, as one line, and as several.
const (
	hostile      = "a\x1b]0;owned\x07\u202eb\nc"
	hostileLine  = "ab c"
	hostileLines = "ab\nc"
)

// TestRepliesAreClean has services answer with hostile texts: none reaches who
// asked, and texts of several lines keep them.
func TestRepliesAreClean(t *testing.T) {
	srv := startServer(t)
	admin := srv.connect(t, bus.RoleAdmin)
	reason := hostile
	clean := hostileLine
	t.Run("array", replyIsClean(admin, bus.SubjectRecentChat,
		[]bus.RecentRow{{Username: hostile, Message: hostile}}, []bus.RecentRow{{Username: hostileLine, Message: hostileLine}}))
	t.Run("outbound", replyIsClean(admin, bus.SubjectOutboundGet,
		[]bus.OutboundRow{{Message: hostile, LastError: &reason}}, []bus.OutboundRow{{Message: hostileLines, LastError: &clean}}))
	t.Run("person", replyIsClean(admin, bus.SubjectUserStats,
		bus.UserStatsReply{User: &bus.UserStats{Username: hostile}, Error: hostile},
		bus.UserStatsReply{User: &bus.UserStats{Username: hostileLine}, Error: hostileLine}))
	t.Run("notes", replyIsClean(admin, bus.SubjectNotes,
		bus.NotesReply{Notes: []bus.NoteWrite{{Username: hostile, Text: hostile}}},
		bus.NotesReply{Notes: []bus.NoteWrite{{Username: hostileLine, Text: hostileLines}}}))
	t.Run("actions", replyIsClean(admin, bus.SubjectActions,
		bus.ActionsReply{Rows: []bus.ActionRow{{Action: hostile, Outcome: hostile, Text: hostile}}},
		bus.ActionsReply{Rows: []bus.ActionRow{{Action: hostileLine, Outcome: hostileLine, Text: hostileLines}}}))
	t.Run("command", replyIsClean(admin, bus.CommandSubject("main", "help"),
		bus.CommandReply{Status: hostile, Text: hostile, Targets: []string{hostile}},
		bus.CommandReply{Status: hostileLine, Text: hostileLines, Targets: []string{hostileLine}}))
	t.Run("state", replyIsClean(admin, bus.StateSubject("main"),
		bus.StateReply{Room: hostile, State: room.State{Leader: hostile, Handover: room.Handover{Text: hostile}, Perms: map[string]float64{hostile: 1}}},
		bus.StateReply{Room: hostileLine, State: room.State{Leader: hostileLine, Handover: room.Handover{Text: hostileLines}, Perms: map[string]float64{hostileLine: 1}}}))
}

func replyIsClean[Reply any](c *bus.Conn, subject string, sent, want Reply) func(*testing.T) {
	return func(t *testing.T) {
		respond(t, c, subject, func(struct{}) Reply { return sent })
		got, err := bus.Request[Reply](testContext(t), c, subject, struct{}{})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
}
