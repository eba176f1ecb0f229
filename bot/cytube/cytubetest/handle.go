package cytubetest

import (
	"slices"
	"strings"
)

// Channel is a handle on one channel. Its methods may be called by any
// goroutine.
type Channel struct {
	s    *Server
	name string
}

// with runs f on the loop with the channel loaded, and unloads it again if
// nobody is in it.
func (c *Channel) with(f func(*channel)) {
	c.s.loop.call(func() {
		there := c.s.channelNow(strings.ToLower(c.name))
		f(there)
		c.s.loop.after(0, func() {
			if there.visitors == 0 {
				there.unload()
			}
		})
	})
}

// Users are the names of those in the channel, puppets included, in order of
// arrival.
func (c *Channel) Users() []string {
	var names []string
	c.with(func(c *channel) {
		for _, u := range c.users {
			if u.name != "" {
				names = append(names, u.name)
			}
		}
	})
	return names
}

// Inject puts media at the end of the playlist without looking anything up.
// by is the name of the one who queued it. It gives the new item's uid.
func (c *Channel) Inject(m Media, temp bool, by string) int {
	uid := 0
	c.with(func(c *channel) {
		it := &item{media: newMedia(m.ID, m.Title, m.Type, m.Seconds), uid: c.nextUID, temp: temp, by: by}
		c.nextUID++
		uid = it.uid
		c.insert(it, false)
		c.tellQueued(it)
	})
	return uid
}

// Seek moves what is playing to a position in seconds, as a server does that
// comes back in the middle of something.
func (c *Channel) Seek(at float64) {
	c.with(func(c *channel) {
		if c.current != nil && c.current.media.Seconds > 0 {
			c.play(at)
		}
	})
}

// Playing is what is playing and at which second, and whether anything is.
func (c *Channel) Playing() (m Media, at float64, ok bool) {
	c.with(func(c *channel) {
		if it := c.current; it != nil {
			m, at, ok = Media{it.media.ID, it.media.Title, it.media.Seconds, it.media.Type}, it.at, true
		}
	})
	return m, at, ok
}

// Titles are the titles on the playlist, in order.
func (c *Channel) Titles() []string {
	var titles []string
	c.with(func(c *channel) {
		for _, it := range c.items {
			titles = append(titles, it.media.Title)
		}
	})
	return titles
}

// Emit sends an event to everybody in the channel, whatever it is. A nil arg
// sends none.
func (c *Channel) Emit(name string, arg any) {
	c.with(func(c *channel) {
		if arg == nil {
			arg = none{}
		}
		c.broadcast(name, arg)
	})
}

// Bans are the names in the ban list, oldest first.
func (c *Channel) Bans() []string {
	var names []string
	c.with(func(c *channel) {
		if c.record == nil {
			return
		}
		for _, b := range c.record.bans {
			names = append(names, b.Name)
		}
	})
	return slices.Compact(names)
}
