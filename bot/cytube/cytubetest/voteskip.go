package cytubetest

import (
	"fmt"
	"math"
)

type skipCount struct {
	Count int `json:"count"`
	Need  int `json:"need"`
}

// voteskip counts one vote of an address to skip what is playing.
func (c *channel) voteskip(u *user, _ request) {
	if !c.options.AllowVoteskip || !c.may(u, "voteskip") {
		return
	}
	if c.skip == nil {
		c.skip = newPollOf("[server]", "voteskip", []string{"skip"}, c.s.loop.now())
	}
	if !c.skip.cast(u.ip, 0) {
		return
	}
	name, title := u.name, ""
	if name == "" {
		name = "(anonymous)"
	}
	if c.current != nil {
		title = " " + c.current.media.Title
	}
	c.logf("[playlist] %s voteskipped %s", name, title)
	u.setAFK(false)
	c.countSkips()
}

func (c *channel) unskip(ip string) {
	if c.skip != nil {
		c.skip.uncast(ip)
	}
}

// skipperLeft takes back the vote of somebody who has left.
func (c *channel) skipperLeft(u *user) {
	if c.skip != nil {
		c.skip.uncast(u.ip)
		c.countSkips()
	}
}

// countSkips skips if enough have voted, and otherwise tells how many have.
func (c *channel) countSkips() {
	if !c.options.AllowVoteskip || c.skip == nil || len(c.items) == 0 {
		return
	}
	total, afk, denied := len(c.users), 0, 0
	for _, u := range c.users {
		switch {
		case !c.may(u, "voteskip"):
			denied++
		case u.afk:
			afk++
		}
	}
	eligible := total - afk - denied
	ratio := c.options.VoteskipRatio
	count, need := c.skip.count(0), int(math.Ceil(float64(eligible)*ratio))
	if count < max(1, need) {
		c.tellSkips(skipCount{count, need})
		return
	}
	info := fmt.Sprintf("Voteskip passed: %d/%d skipped; eligible voters: %d = total (%d) - AFK (%d) - no permission (%d); ratio = %v",
		count, eligible, eligible, total, afk, denied, ratio)
	c.logf("[playlist] %s", info)
	c.broadcast("chatMsg", line{
		Username: "[voteskip]",
		Msg:      info,
		Meta:     lineMeta{AddClass: "server-whisper", Everywhere: true},
		Time:     c.s.loop.now().UnixMilli(),
	})
	c.forgetSkips()
	c.playNext()
}

// forgetSkips starts the count anew, as every change of media does.
func (c *channel) forgetSkips() {
	c.skip = nil
	c.tellSkips(skipCount{})
}

func (c *channel) tellSkips(n skipCount) {
	c.broadcastTo("voteskip", n, func(u *user) bool { return c.may(u, "viewvoteskip") })
}
