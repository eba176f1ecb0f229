package cytubetest

import (
	"time"
)

// Times of the player (PROTOCOL.md §7).
const (
	leadIn      = -3.0 // seconds before a new item begins, for clients to load it
	leadOut     = 2.0  // seconds after its end
	tickGap     = time.Second
	updateTicks = 5 // ticks from one mediaUpdate to the next
)

// player is what is playing and who leads it: a user, or the server, which
// then keeps the time.
type player struct {
	current *item
	leader  *user
	tick    *timer
	ticked  time.Time
	ticks   int
}

type mediaChange struct {
	media
	CurrentTime float64 `json:"currentTime"`
	Paused      bool    `json:"paused"`
}

type timeUpdate struct {
	CurrentTime float64 `json:"currentTime"`
	Paused      bool    `json:"paused"`
}

// play starts the current item at a position; 0 means at its beginning, with
// the lead-in.
func (c *channel) play(at float64) {
	it := c.current
	if it == nil {
		return
	}
	it.at, it.paused = at, false
	if c.leader == nil {
		if at == 0 && it.media.Seconds > 0 {
			it.at = leadIn
		}
		it.paused = it.at < 0
		c.stopPlayer()
	}
	// CyTube asks its modules first and announces the item on a later turn.
	c.s.loop.after(0, c.announce)
}

// announce tells all what is playing and, for timed items, starts the clock.
func (c *channel) announce() {
	if c.current == nil || c.dead {
		return
	}
	c.broadcast("setCurrent", c.current.uid)
	c.broadcast("changeMedia", c.mediaChange())
	m := c.current.media
	c.logf("[playlist] Now playing: %s (%s:%s)", m.Title, m.Type, m.ID)
	c.drinks = 0
	c.broadcast("drinkCount", 0)
	c.forgetSkips()
	if m.Seconds > 0 && c.leader == nil {
		c.startPlayer()
	}
}

func (c *channel) mediaChange() mediaChange {
	return mediaChange{c.current.media, c.current.at, c.current.paused}
}

// sendChangeMedia tells one what is playing.
func (c *channel) sendChangeMedia(u *user) {
	if c.current == nil {
		return
	}
	u.emit("setCurrent", c.current.uid)
	u.emit("changeMedia", c.mediaChange())
}

func (c *channel) playerReady(u *user, _ request) { c.sendChangeMedia(u) }

func (c *channel) sendTime() {
	if c.current != nil {
		c.broadcast("mediaUpdate", timeUpdate{c.current.at, c.current.paused})
	}
}

// startPlayer starts the clock unless it runs.
func (c *channel) startPlayer() {
	if c.tick == nil {
		c.ticked = c.s.loop.now()
		c.tick = c.s.loop.after(tickGap, c.keepTime)
	}
}

func (c *channel) stopPlayer() {
	c.tick.stop()
	c.tick = nil
}

// keepTime is one tick of the clock.
func (c *channel) keepTime() {
	c.tick = c.s.loop.after(tickGap, c.keepTime)
	c.advance()
}

// advance moves the position to now; at the item's end it goes on to the
// next.
func (c *channel) advance() {
	it := c.current
	if it == nil {
		return
	}
	now := c.s.loop.now()
	passed := now.Sub(c.ticked).Seconds()
	c.ticked = now
	if it.at < 0 && it.at+passed >= 0 {
		it.at, it.paused = 0, false
		c.ticks = 0
		c.sendTime()
		return
	}
	it.at += passed
	c.ticks++
	switch {
	case it.at >= float64(it.media.Seconds)+leadOut:
		c.playNext()
	case c.ticks%updateTicks == 0:
		c.sendTime()
	}
}

// playNext goes on to the next item; a temporary one is removed.
func (c *channel) playNext() {
	switch {
	case c.current == nil:
	case c.current.temp:
		c.remove(c.current)
	default:
		c.current = c.following(c.current)
		c.play(0)
	}
}

func (c *channel) playNextEvent(u *user, _ request) {
	if !c.may(u, "playlistjump") {
		return
	}
	title := ""
	if c.current != nil {
		title = c.current.media.Title
	}
	c.logf("[playlist] %s skipped %s", u.name, title)
	c.playNext()
}

func (c *channel) jumpTo(u *user, r request) {
	uid, ok := number(decode(r.arg))
	if !ok || !c.may(u, "playlistjump") {
		return
	}
	i := c.index(uid)
	if i < 0 {
		return
	}
	before, title := c.current, ""
	if before != nil {
		title = " from " + before.media.Title
	}
	c.current = c.items[i]
	c.play(0)
	c.logf("[playlist] %s skipped %s to %s", u.name, title, c.current.media.Title)
	if before != nil && before.temp && before != c.current {
		c.remove(before)
	}
}

// assignLeader gives the lead to a user, or with an empty name back to the
// server. A leader of lower rank has 1.5 as long as it leads.
func (c *channel) assignLeader(u *user, r request) {
	if !c.may(u, "leaderctl") {
		u.kick("Attempted assignLeader without sufficient permission")
		return
	}
	name := r.object()["name"].(string)
	if old := c.leader; old != nil {
		c.leader = nil
		if old.rank == 1.5 {
			old.setRank(old.rankBefore)
			old.emit("rank", old.rank)
		}
		c.broadcast("setUserRank", userRank{Name: old.name, Rank: old.rank})
		c.logf("[mod] %s removed leader from %s", u.name, old.name)
	}
	if name == "" {
		c.resumeLead()
		return
	}
	for _, other := range c.users {
		if other.name == name {
			c.lead(other)
			c.logf("[mod] %s assigned leader to %s", u.name, name)
			return
		}
	}
	u.complain("Unable to assign leader: could not find user " + name)
}

func (c *channel) lead(u *user) {
	c.logf("[playlist] Assigned leader: %s", u.name)
	c.leader = u
	c.stopPlayer()
	if u.rank < 1.5 {
		u.rankBefore = u.rank
		u.setRank(1.5)
		u.emit("rank", 1.5)
	}
	c.broadcast("setLeader", u.name)
	if u.rank == 1.5 {
		c.broadcast("setUserRank", userRank{Name: u.name, Rank: 1.5})
	}
}

// resumeLead has the server keep the time again.
func (c *channel) resumeLead() {
	c.broadcast("setLeader", "")
	c.logf("[playlist] Resuming autolead")
	if c.current == nil {
		return
	}
	c.current.paused = false
	c.sendTime()
	if c.tick == nil && c.current.media.Seconds > 0 {
		c.startPlayer()
		c.advance()
	}
}

// leaderLeft has the server take over from a leader who has left.
func (c *channel) leaderLeft(u *user) {
	if c.leader == u {
		c.leader = nil
		c.resumeLead()
	}
}

// mediaUpdate takes the position from the leader. Live media have none.
func (c *channel) mediaUpdate(u *user, r request) {
	v := r.object()
	if c.leader != u || c.current == nil || liveType(c.current.media.Type) || c.current.media.ID != v["id"] {
		return
	}
	c.current.at = v["currentTime"].(float64)
	c.current.paused, _ = v["paused"].(bool)
	c.sendTime()
}
