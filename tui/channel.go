package tui

import (
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// A channel is one room as the console knows it: the folded state, the
// scrollback, the links behind it and the line under edit.
type channel struct {
	name  string
	state room.State
	log   *chat // the scrollback, to which what happens is added
	chat  *chat // what is shown: the log, or an excerpt of long ago
	users usersPane
	edit  editor
	tab   completion
	offer offer
	rate  rate

	known   bool   // a state has come
	rev     uint64 // changes with what the user list and the queue show
	noBot   string // why there is no bot; empty while there is one
	botLost bool
	lostAt  time.Time
	heard   time.Time // of the last heartbeat
	beat    bus.Heartbeat

	came []coming   // just now, oldest first
	past room.State // folded from the backlog, to tell what was news in it

	away   away
	outage *outage // nil while the bot is in the room
	told   told

	names  []string          // of those who spoke, as written, bounded by maxNames
	spoke  map[string]uint64 // folded name → when they last spoke, as a count
	spoken uint64

	unread, mentions int // while another room is shown

	pointed string // who was chosen here when it was last asked, "" for nobody
	about   string // who was chosen here last: the card in the detail pane is theirs

	search  *search // what was looked for last
	finding *field  // what is typed to look for

	operator    string // who sits here
	tree        query[bus.TreeReply]
	treeAgain   time.Time               // not before
	actions     []room.Action           // done here, oldest first
	reasons     []string                // given before, the last first
	before      query[bus.ActionsReply] // where reasons come from
	beforeAgain time.Time

	outbox   []outgoing
	inFlight bool

	radar   radar
	reading reading // the radar's last
	marked  *line   // a highlighted line that nobody was told of yet
}

// away is a time in which nothing was heard.
type away struct {
	since  time.Time // zero when there is none
	mark   *line     // the gap line in the chat, once something was filled in
	filled int

	first        int64 // Unix ms of the oldest line filled in
	began, ended int64 // of the outage in it, as the bot tells it; 0: none
}

func newChannel(name string, limit int, loc *time.Location) *channel {
	log := newChat(limit, loc)
	return &channel{
		name: name, state: room.New(), past: room.New(),
		log: log, chat: log, spoke: map[string]uint64{},
	}
}

// take folds one update in.
func (v *channel) take(u bus.Update, at time.Time, showJoins bool) {
	v.log.seq = u.Seq
	switch u.Kind {
	case bus.UpdateNoBot:
		v.noBot = room.Clean(u.Text)
	case bus.UpdateBotLost:
		v.botLost, v.lostAt = true, at
		if !v.heard.IsZero() {
			v.lostAt = v.heard
		}
		v.leave(v.lostAt)
	case bus.UpdateHeartbeat:
		v.botLost, v.noBot, v.heard = false, "", at
		v.beat = u.Heartbeat
		if !v.known {
			// Afterwards the events tell it: a heartbeat that came before one
			// would hide the transition.
			v.state.Connection = u.Heartbeat.Link
		}
	case bus.UpdateState:
		if !v.known || !v.away.since.IsZero() && at.Sub(v.away.since) >= lull {
			v.radar.attach(u.State, at)
		}
		v.botLost, v.noBot, v.known = false, "", true
		v.state = u.State
		if h := u.State.Handover; h != v.told.handover {
			v.append(handover(h))
		}
		v.told.know(u.State)
		v.rev++
		v.outageIn(u.State)
		v.back(at)
	case bus.UpdateBacklog:
		v.scan(v.past, u.Event, time.UnixMilli(u.Time))
		if a, ok := u.Event.(*room.Action); ok {
			v.takeAction(*a, u.Time)
			return
		}
		l := v.lineOf(v.past, u.Event, u.Time)
		v.outageOf(v.past, u.Event, u.Time) // the ruler stands before the join that ends it
		v.show(l, u.Event, showJoins)
		v.past = room.Apply(v.past, u.Event)
	case bus.UpdateEvent:
		v.event(u, at, showJoins)
	}
}

func (v *channel) event(u bus.Update, at time.Time, showJoins bool) {
	before := v.state
	v.state = room.Apply(v.state, u.Event)
	if _, ok := u.Event.(*room.Message); !ok {
		v.rev++
	} else {
		v.rate.add(1)
	}
	happened := at
	if !v.away.since.IsZero() {
		v.fill()
		happened = time.UnixMilli(u.Time) // what was missed was then, not now
	}
	v.scan(before, u.Event, happened)
	if a, ok := u.Event.(*room.Action); ok {
		v.takeAction(*a, u.Time)
		return
	}
	l := v.lineOf(before, u.Event, u.Time)
	v.outageOf(before, u.Event, u.Time) // the ruler stands before the join that ends it
	v.show(l, u.Event, showJoins)
	v.noteHighlight(l, u.Event)
}

// show puts a line into the chat and notes who spoke.
func (v *channel) show(l *line, e room.Event, showJoins bool) {
	if v.told.repeats(e) || l == nil || !showJoins && (l.kind == lineJoin || l.kind == lineLeave) {
		return
	}
	hidden := v.log.judge(l).hidden
	if m, ok := e.(*room.Message); ok {
		if m.Replay && v.has(l) {
			if v.outage != nil {
				v.outage.met = true
			}
			return
		}
		if m.Replay && v.outage != nil {
			v.markOutage()
			v.outage.filledBy(l)
		}
		if !m.Server {
			v.heardOf(m.User)
		}
	}
	if v.away.mark != nil && l.spoken() {
		v.away.filledBy(l)
	}
	if v.alreadyShown(l) {
		return
	}
	v.log.append(l)
	if hidden {
		return
	}
	if l.counts() {
		v.unread++
	}
	if l.mention {
		v.mentions++
	}
}

// maxNames bounds the people who are remembered for having spoken.
const maxNames = 5000

// heardOf notes that someone spoke just now.
func (v *channel) heardOf(name string) {
	v.spoken++
	key := room.Fold(clip(name, maxName))
	if _, known := v.spoke[key]; !known {
		v.names = append(v.names, cleanName(name))
		if len(v.names) > maxNames {
			delete(v.spoke, room.Fold(v.names[0]))
			v.names = v.names[1:]
		}
	}
	v.spoke[key] = v.spoken
}

// replayDepth is how far back a replayed line is looked for: CyTube repeats
// the last lines of its buffer at every join (PROTOCOL.md §3).
const replayDepth = 100

// has tells whether the chat shows l already.
func (v *channel) has(l *line) bool {
	lines := v.log.lines
	for i := len(lines) - 1; i >= max(0, len(lines)-replayDepth); i-- {
		if o := lines[i]; o.at == l.at && o.name == l.name && o.kind == l.kind && o.text() == l.text() {
			return true
		}
	}
	return false
}

// leave begins a time in which nothing is heard.
func (v *channel) leave(at time.Time) {
	if v.known && v.away.since.IsZero() {
		v.away = away{since: at}
	}
}

// fill marks the place where what was missed begins to be filled in.
func (v *channel) fill() {
	if v.away.mark == nil {
		v.away.mark = &line{kind: lineGap, spans: plain("offline, filling in")}
		v.log.append(v.away.mark)
	}
}

// blink is an absence too short to tell of when nothing was missed in it.
const blink = time.Second

// back ends the time in which nothing was heard and says what came of it.
func (v *channel) back(at time.Time) {
	a := v.away
	if a.since.IsZero() {
		return
	}
	v.away = away{}
	if v.outage != nil && v.outage.mark == nil {
		v.outage.inherit(a)
		return
	}
	length := a.length(at)
	if a.mark == nil && length < blink.Milliseconds() {
		return
	}
	text := spoken(length) + " offline"
	switch {
	case a.mark == nil:
		v.log.append(&line{kind: lineGap, spans: plain(text + ", nothing missed")})
		return
	case a.filled > 0:
		text += ", " + count(uint64(a.filled), "line") + " filled in"
	}
	v.log.amend(a.mark, text)
}

// filledBy notes a line that was said while we heard nothing.
func (a *away) filledBy(l *line) {
	a.filled++
	if l.at > 0 && (a.first == 0 || l.at < a.first) {
		a.first = l.at
	}
}

// append puts a line into the chat; nil is none.
func (v *channel) append(l *line) {
	if l != nil {
		v.log.append(l)
	}
}

// local says something of the console's own in this room.
func (v *channel) local(at time.Time, text string) { v.log.append(localLine(at, text)) }
