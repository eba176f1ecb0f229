package tui

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// A logEntry is one thing that was done, or that happened to a service.
type logEntry struct {
	key    string // tells entries apart; an action's outcome comes under its own
	at     int64  // Unix ms
	kind   entryKind
	room   string
	who    string
	verb   string
	target string
	reason string
	text   string // what came of it, or what happened
	source string
	status bus.CommandStatus
}

type entryKind string

const (
	entryAction  entryKind = "actions" // what operators did with the bot
	entryMod     entryKind = "mods"    // what others did in the room
	entryService entryKind = "service" // what happened to links and services
)

// journalMax is how many entries are kept; the oldest go first.
const journalMax = 20_000

// A journal is what was done and what happened, in order of time: live from the
// bus, and from the database as far back as somebody looked. Its texts have
// passed masked.
type journal struct {
	entries []*logEntry
	byKey   map[string]*logEntry
	version int

	oldest  int64     // Unix seconds of the oldest action that the database gave
	noMore  bool      // it has no older ones
	serial  int       // of service entries
	nats    *logEntry // the last one on our link to NATS
	dbLost  bool
	dbError string
	lost    map[string]bool          // rooms whose bot is silent
	beats   map[string]bus.Heartbeat // the last of each room
}

// put takes an entry in, or replaces the one that stands under its key.
func (j *journal) put(e logEntry) {
	for _, text := range []*string{&e.room, &e.who, &e.verb, &e.target, &e.reason, &e.text, &e.source} {
		*text = masked(room.Clean(*text)) // on one line: an answer may have several
	}
	j.version++
	if j.byKey == nil {
		j.byKey = map[string]*logEntry{}
	}
	if old := j.byKey[e.key]; old != nil {
		e.at = old.at // where it stood before it stays
		*old = e
		return
	}
	p := &e
	j.byKey[e.key] = p
	i := sort.Search(len(j.entries), func(i int) bool { return j.entries[i].at > e.at })
	j.entries = slices.Insert(j.entries, i, p)
	if n := len(j.entries) - journalMax; n > 0 {
		for _, old := range j.entries[:n] {
			delete(j.byKey, old.key)
		}
		j.entries = slices.Delete(j.entries, 0, n)
	}
}

// service notes what happened to a link or a service.
func (j *journal) service(at time.Time, roomName, who, verb, text string) {
	j.serial++
	j.put(logEntry{key: fmt.Sprint("service ", j.serial), at: at.UnixMilli(), kind: entryService, room: roomName, who: who, verb: verb, text: text})
}

// take notes what of an update belongs here.
func (j *journal) take(roomName string, u bus.Update, at time.Time) {
	roomName = room.Clean(roomName)
	switch u.Kind {
	case bus.UpdateEvent, bus.UpdateBacklog:
		j.event(roomName, u)
	case bus.UpdateHeartbeat:
		j.heartbeat(roomName, u.Heartbeat, at)
	case bus.UpdateBotLost:
		if j.lost == nil {
			j.lost = map[string]bool{}
		}
		j.lost[roomName] = true
		j.service(at, roomName, "bot", "silent", room.Clean(u.Text))
	case bus.UpdateDB:
		j.database(u.Health, at)
	case bus.UpdateDBLost:
		j.dbLost = true
		j.service(at, "", "database", "silent", room.Clean(u.Text))
	}
}

func (j *journal) event(roomName string, u bus.Update) {
	at := time.UnixMilli(u.Time)
	note := func(who, verb, text string) { j.service(at, roomName, who, verb, text) }
	switch e := u.Event.(type) {
	case *room.Action:
		j.action(roomName, e)
	case *room.Connection:
		if e.State != room.LinkConnecting {
			note("CyTube", string(e.State), e.Reason)
		}
	case *room.Gap:
		note("bus", "gap", gapText(e))
	case *room.Notice:
		note("CyTube", string(e.Kind), cmp.Or(e.Text, e.Code))
	case *room.Kicked:
		note("CyTube", "kicked", e.Reason)
	case *room.Login:
		if !e.Success {
			note("CyTube", "login", e.Error)
		}
	case *room.PasswordNeeded:
		note("CyTube", "password", "the channel wants a password")
	}
}

func (j *journal) action(roomName string, a *room.Action) {
	kind := entryAction
	if a.Source == room.SourceRoom {
		kind = entryMod
	}
	j.put(logEntry{
		key: "action " + a.ID, at: a.Time, kind: kind, room: roomName, who: a.Actor, verb: a.Verb, target: a.Target,
		reason: a.Reason, text: a.Text, source: string(a.Source), status: bus.CommandStatus(a.Status),
	})
}

func (j *journal) heartbeat(roomName string, h bus.Heartbeat, at time.Time) {
	if j.lost[roomName] {
		delete(j.lost, roomName)
		j.service(at, roomName, "bot", "back", "the bot speaks again")
	}
	if j.beats == nil {
		j.beats = map[string]bus.Heartbeat{}
	}
	before, known := j.beats[roomName]
	j.beats[roomName] = h
	if !known {
		before = bus.Heartbeat{Dropped: h.Dropped} // what was dropped before is no news
	}
	if h.Dropped > before.Dropped {
		j.service(at, roomName, "bot", "lost", fmt.Sprintf("dropped %s on the way to the bus", count(h.Dropped-before.Dropped, "message")))
	}
	if h.Error != before.Error {
		j.service(at, roomName, "bot", "trouble", cmp.Or(h.Error, "what is published arrives again"))
	}
}

func (j *journal) database(h bus.DBHealth, at time.Time) {
	if j.dbLost {
		j.dbLost = false
		j.service(at, "", "database", "back", "the database service speaks again")
	}
	if h.Error != j.dbError {
		text := h.Error
		if text == "" {
			text = "it works again"
		}
		j.dbError = h.Error
		j.service(at, "", "database", "trouble", text)
	}
}

// link notes when our own link to NATS goes and comes: each outage once, with
// the first reason that is told for it. Each room tells of every transition.
func (j *journal) link(now bus.Link, at time.Time) {
	if at.IsZero() || now.State == room.LinkConnecting {
		return
	}
	text := now.Reason
	if now.State == room.LinkUp {
		text = now.URL
	}
	if j.nats == nil || j.nats.verb != string(now.State) {
		j.service(at, "", "NATS", string(now.State), text)
		j.nats = j.byKey[fmt.Sprint("service ", j.serial)]
	} else if j.nats.text == "" && text != "" {
		e := *j.nats
		e.text = text
		j.put(e)
	}
}

// older takes a page of actions from the database, newest first, and tells how
// many of them are new here.
func (j *journal) older(rows []bus.ActionRow) int {
	before := len(j.entries)
	for _, r := range rows {
		key := "action " + r.Key
		if r.Key == "" {
			key = fmt.Sprint("row ", r.ID)
		}
		if j.byKey[key] == nil {
			j.put(rowEntry(key, r))
		}
		if j.oldest == 0 || r.Timestamp < j.oldest {
			j.oldest = r.Timestamp
		}
	}
	return len(j.entries) - before
}

func rowEntry(key string, r bus.ActionRow) logEntry {
	kind := entryAction
	if r.Source == room.SourceRoom {
		kind = entryMod
	}
	return logEntry{
		key: key, at: r.Timestamp * 1000, kind: kind, room: r.Room, who: r.Username, verb: r.Action, target: r.Target,
		reason: r.Reason, text: cmp.Or(r.Text, r.Details), source: string(r.Source), status: r.Outcome,
	}
}
