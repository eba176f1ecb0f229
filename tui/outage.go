package tui

import (
	"time"

	"rosey/bus/room"
)

// An outage is a time in which the bot was not in the room. CyTube repeats its
// last lines at the join (PROTOCOL.md §3): those that are new fill it in.
type outage struct {
	since  int64 // Unix ms of CyTube's last word before it, as far as it is known
	told   bool  // the bot says since when
	mark   *line // the gap line in the chat, once something is known to be behind it
	filled int   // repeated lines behind it
	missed int   // lines behind it that the bus had kept for us
	met    bool  // a repeated line was known already, so nothing is missing between
}

// replayed is how many lines CyTube repeats.
const replayed = 15

// outageOf follows the bot's link, given the state before e.
func (v *channel) outageOf(before room.State, e room.Event, at int64) {
	c, ok := e.(*room.Connection)
	if !ok || before.Connection.State == c.State && c.State == room.LinkUp {
		return
	}
	if v.outage == nil && (c.Last > 0 || before.Connection.State == room.LinkUp) {
		v.outage = &outage{since: at}
	}
	if v.outage != nil {
		v.outage.tell(c.Last)
	}
	if c.State == room.LinkUp && v.outage != nil {
		v.endOutage(at)
	}
}

// outageIn notes an outage that lasts, as a state tells it that comes in the
// middle of one.
func (v *channel) outageIn(s room.State) {
	c := s.Connection
	if c.State == room.LinkUp || c.Last == 0 {
		return
	}
	if v.outage == nil {
		v.outage = &outage{since: c.Last}
	}
	v.outage.tell(c.Last)
}

// tell takes the bot's word of when CyTube was last heard; 0 is none.
func (o *outage) tell(last int64) {
	if last > 0 {
		o.since, o.told = min(o.since, last), true
	}
}

// filledBy notes a line that fills the outage in: it was at least as long as
// what was said in it.
func (o *outage) filledBy(l *line) {
	o.filled++
	if l.at > 0 {
		o.since = min(o.since, l.at)
	}
}

// outageSince is since when the bot has not been in the room, 0 while it is.
func (v *channel) outageSince() int64 {
	if v.outage == nil {
		return 0
	}
	return v.outage.since
}

// markOutage marks the place of a gap, unless a time in which we heard nothing
// has its mark there already: one gap has one line.
func (v *channel) markOutage() {
	if o := v.outage; o != nil && o.mark == nil && v.away.mark == nil {
		o.mark = &line{kind: lineGap, spans: plain("offline, filling in")}
		v.log.append(o.mark)
	}
}

func (v *channel) endOutage(at int64) {
	o := v.outage
	if o.mark == nil && v.away.mark != nil {
		v.outage = nil // back tells of it
		if !o.told {
			o.since = min(o.since, v.away.since.UnixMilli())
		}
		v.away.over(o.since, at)
		return
	}
	v.markOutage()
	v.outage = nil
	text := spoken(at-o.since) + " offline"
	switch {
	case o.filled+o.missed > 0:
		text += ", " + count(uint64(o.filled+o.missed), "line") + " filled in"
		if !o.met && o.filled >= replayed {
			text += ", more may be missing"
		}
	case o.met:
		text += ", nothing missed"
	}
	v.log.amend(o.mark, text)
}

// over notes an outage in a time in which we heard nothing: what the bot says of
// its length is what every console hears.
func (a *away) over(since, until int64) {
	a.began, a.ended = since, until
}

// length is how long nothing was heard, in ms, when it ends at now.
func (a *away) length(now time.Time) int64 {
	since, until := a.since.UnixMilli(), now.UnixMilli()
	if a.ended > 0 {
		since, until = a.began, a.ended
	}
	if a.first > 0 {
		since = min(since, a.first)
	}
	return until - since
}

// inherit makes a time in which we heard nothing part of an outage that lasts.
func (o *outage) inherit(a away) {
	if !o.told {
		o.since = min(o.since, a.since.UnixMilli())
	}
	if a.first > 0 {
		o.since = min(o.since, a.first)
	}
	o.mark, o.missed = a.mark, a.filled
}

// told is what was last told of things that CyTube says again at every join.
type told struct {
	motd, leader, media string
	locked, lockKnown   bool
	handover            room.Handover
}

// repeats tells whether e says only what has been told, and notes what it says.
func (t *told) repeats(e room.Event) bool {
	before := *t
	switch e := e.(type) {
	case *room.Motd:
		t.motd = e.Text
		return e.Text == before.motd
	case *room.Leader:
		t.leader = e.User
		return e.User == before.leader
	case *room.PlaylistLock:
		t.locked, t.lockKnown = e.Locked, true
		return !before.lockKnown || e.Locked == before.locked
	case *room.Handover:
		t.handover = *e
		return *e == before.handover
	case *room.MediaChange:
		t.media = e.Media.Type + e.Media.ID + e.Media.Title
		return t.media == before.media && e.Position > joinedLate.Seconds()
	}
	return false
}

// joinedLate is how far a film is when it is not one that has just begun.
const joinedLate = 5 * time.Second

// know takes what the state tells as told. Of a room that the bot is not in yet
// the state says nothing: what its join tells then is no news.
func (t *told) know(s room.State) {
	t.handover = s.Handover
	in := s.Connection.State == room.LinkUp
	if in || s.Motd.Text != "" {
		t.motd = s.Motd.Text
	}
	if in || s.Leader != "" {
		t.leader = s.Leader
	}
	if in || s.Locked {
		t.locked, t.lockKnown = s.Locked, true
	}
	if s.Media != nil {
		t.media = s.Media.Media.Type + s.Media.Media.ID + s.Media.Media.Title
	}
}
