package bot

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"html"
	"maps"
	"slices"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	countEvery  = 300 * time.Second // rosey.db.stats.user_count (COMPAT.md §2)
	statusEvery = 10 * time.Second  // rosey.db.status.update
)

// A write is one message for the database service.
type write struct {
	subject string
	id      string // message id of its own; empty gets one from the desk
	stale   bool   // a later one replaces it
	payload any
	done    chan<- struct{} // closed when NATS has it; nil when nobody waits for that
}

// A ledger turns what happens in a room into v0.5.0's database writes, each
// once. A person is present while a live session shows them: when the session
// ends they are written as left, and as joined again by the next user list, so
// time in which nobody looked is nobody's. Only the desk uses it.
type ledger struct {
	room    string
	channel string
	started time.Time // of the process: bot_start_time
	present map[string]string
}

func newLedger(roomName, channel string, started time.Time) *ledger {
	return &ledger{room: roomName, channel: channel, started: started, present: map[string]string{}}
}

// note gives the writes that follow from e, which led to state.
func (l *ledger) note(state *room.State, e room.Event, at time.Time) []write {
	switch e := e.(type) {
	case *room.Message:
		return l.message(e)
	case *room.UserJoin:
		if w, ok := l.join(e.User, at); ok {
			return []write{w, l.highWater(state, at)}
		}
	case *room.UserLeave:
		if w, ok := l.leave(e.User, at); ok {
			return []write{w}
		}
	case *room.UserList:
		return l.list(state, e, at)
	case *room.UserCount:
		return []write{l.highWater(state, at)}
	case *room.Action:
		return []write{l.action(e)}
	case *room.Connection:
		if e.State != room.LinkUp {
			return l.everyoneLeft(at)
		}
	}
	return nil
}

// message is the line, if a person said it. Whispers of the server are not
// chat, and a shadow-muted user's line stays out of the database: its readers,
// web pages among them, would show what the room does not (PROTOCOL.md §8).
func (l *ledger) message(m *room.Message) []write {
	if m.Server || m.Shadow || m.User == "" {
		return nil
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(room.Fold(m.User) + "\n" + m.Content)) // a hash takes everything
	return []write{{
		subject: bus.SubjectMessageLog,
		id:      fmt.Sprintf("%s:line:%d:%016x", l.room, m.Time, h.Sum64()),
		payload: bus.MessageWrite{
			Username: m.User,
			Message:  cmp.Or(m.HTML, html.EscapeString(m.Content)),
			Text:     m.Content,
			Time:     float64(m.Time) / 1000,
			Room:     l.room,
		},
	}}
}

func (l *ledger) join(name string, at time.Time) (write, bool) {
	key := room.Fold(name)
	if _, here := l.present[key]; here || key == "" {
		return write{}, false // CyTube repeats addUser (PROTOCOL.md §7)
	}
	l.present[key] = name
	return l.user(bus.SubjectUserJoined, name, at), true
}

func (l *ledger) leave(name string, at time.Time) (write, bool) {
	key := room.Fold(name)
	if _, here := l.present[key]; !here {
		return write{}, false
	}
	delete(l.present, key)
	return l.user(bus.SubjectUserLeft, name, at), true
}

// list compares the user list with who was present.
func (l *ledger) list(state *room.State, e *room.UserList, at time.Time) []write {
	var writes []write
	listed := make(map[string]bool, len(e.Users))
	for _, u := range e.Users {
		listed[room.Fold(u.Name)] = true
	}
	for key, name := range l.present {
		if !listed[key] {
			delete(l.present, key)
			writes = append(writes, l.user(bus.SubjectUserLeft, name, at))
		}
	}
	came := false
	for _, u := range e.Users {
		if w, ok := l.join(u.Name, at); ok {
			writes, came = append(writes, w), true
		}
	}
	if came {
		writes = append(writes, l.highWater(state, at))
	}
	return writes
}

func (l *ledger) everyoneLeft(at time.Time) []write {
	var writes []write
	for _, key := range slices.Sorted(maps.Keys(l.present)) {
		writes = append(writes, l.user(bus.SubjectUserLeft, l.present[key], at))
	}
	clear(l.present)
	return writes
}

func (l *ledger) user(subject, name string, at time.Time) write {
	return write{subject: subject, payload: bus.UserWrite{Username: name, Time: seconds(at), Room: l.room}}
}

func (l *ledger) highWater(state *room.State, at time.Time) write {
	return write{subject: bus.SubjectHighWater, payload: l.counts(state, at)}
}

// userCount is the periodic measurement; nothing while we are not in the room.
func (l *ledger) userCount(state *room.State, at time.Time) []write {
	if state.Connection.State != room.LinkUp {
		return nil
	}
	return []write{{subject: bus.SubjectUserCount, payload: l.counts(state, at)}}
}

// counts has no connected count while CyTube has not told it: usercount may
// come ten seconds after the join (PROTOCOL.md §3).
func (l *ledger) counts(state *room.State, at time.Time) bus.CountWrite {
	w := bus.CountWrite{ChatCount: len(state.Users), Time: seconds(at), Room: l.room}
	if connected := state.Count; connected > 0 {
		w.ConnectedCount = &connected
	}
	return w
}

// status is the row that v0.5.0's web page shows.
func (l *ledger) status(state *room.State, at time.Time) write {
	data := map[string]any{
		"bot_name":                state.Self.Name,
		"bot_rank":                state.Self.Rank,
		"bot_afk":                 0,
		"channel_name":            l.channel,
		"current_chat_users":      len(state.Users),
		"current_connected_users": state.Count,
		"bot_start_time":          l.started.Unix(),
		"bot_connected":           0,
		"playlist_items":          len(state.Playlist),
		// v0.5.0 reads NULL as nothing playing; a key left out would leave
		// the last film standing.
		"current_media_title":    nil,
		"current_media_duration": nil,
	}
	if me, ok := state.User(state.Self.Name); ok && me.Meta.AFK {
		data["bot_afk"] = 1
	}
	if state.Connection.State == room.LinkUp {
		data["bot_connected"] = 1
	}
	if state.Media != nil {
		data["current_media_title"] = state.Media.Media.Title
		data["current_media_duration"] = int64(state.Media.Media.Seconds)
	}
	return write{subject: bus.SubjectStatusUpdate, stale: true,
		payload: bus.StatusWrite{StatusData: data, Time: seconds(at), Room: l.room}}
}

// action is a command or another's deed, for user_actions: details are the line
// as it was typed.
func (l *ledger) action(a *room.Action) write {
	return write{subject: bus.SubjectActionLog, payload: bus.ActionWrite{
		Username: a.Actor, Action: a.Verb, Details: a.Line, Time: float64(a.Time) / 1000, Room: l.room,
		ID: a.ID, Target: a.Target, Reason: a.Reason, Outcome: bus.CommandStatus(a.Status), Text: a.Text, Source: a.Source,
	}}
}

// seconds is t as the database writes have it.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
