package bot

import (
	"errors"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// outcome is what the room or the server said to a line, and what came of a
// whole command.
type outcome struct {
	status bus.CommandStatus
	text   string
	wait   time.Duration // the throttle dropped it: again after that long

	// Of a command alone.
	plain   bool // the refusal is v0.5.0's whole answer, no error
	void    bool // there was nothing to take back
	data    any  // the answer for programs
	targets []string
	confirm string
	warning string
	undo    string
}

func done(text string) outcome { return outcome{status: bus.StatusDone, text: text} }

func refusedWith(text string) outcome { return outcome{status: bus.StatusRefused, text: text} }

func refusedBy(err error) outcome {
	return outcome{status: bus.StatusRefused, text: err.Error(), plain: errors.As(err, new(sentence))}
}

// outcomeOf tells what e, which led to state, means for line l.
func outcomeOf(l line, state *room.State, e room.Event) (outcome, bool) {
	me := func(name string) bool { return name != "" && room.Fold(name) == room.Fold(state.Self.Name) }
	seen := false
	if l.seen != nil {
		if o, ok := l.seen(state, e); ok {
			return o, true
		}
	}
	switch e := e.(type) {
	case *room.Message:
		seen = l.kind == lineChat && me(e.User) && !e.Replay
	case *room.PM:
		seen = l.kind == linePM && me(e.User) && room.Fold(e.Recipient) == room.Fold(l.to)
	case *room.UserAFK:
		seen = l.kind == lineAFK && me(e.User)
	case *room.UserMeta:
		seen = l.kind == lineAFK && me(e.User)
	case *room.Notice:
		return refusal(e)
	}
	return outcome{status: bus.StatusDone}, seen
}

// refusal reads the notices with which CyTube drops a line.
func refusal(n *room.Notice) (outcome, bool) {
	text := n.Text
	switch n.Kind {
	case room.NoticeCooldown:
		return outcome{wait: max(time.Duration(n.Wait)*time.Millisecond, 10*time.Millisecond)}, true
	case room.NoticeSpamFiltered:
		text = "CyTube holds back lines of new accounts (" + n.Code + ")"
		if n.Code == "NEW_USER_CHAT_LINK" {
			text = "CyTube holds back links of new accounts"
		}
	case room.NoticeNoflood:
		text = "CyTube says: " + text
	case room.NoticeError:
		if of := complainsOf(text); of != "" && of != "chatMsg" && of != "pm" {
			return outcome{}, false
		}
		text = "CyTube says: " + text
	default:
		return outcome{}, false
	}
	return outcome{status: bus.StatusRefused, text: text}, true
}

// complainsOf is the event whose shape CyTube complains of; empty for any other
// complaint (PROTOCOL.md §6).
func complainsOf(text string) string {
	rest, ok := strings.CutPrefix(text, "Unexpected error for message ")
	if !ok {
		return ""
	}
	event, _, _ := strings.Cut(rest, ":")
	return event
}
