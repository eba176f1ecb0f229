package cytubetest

import (
	"strings"
	"time"
)

// join handles joinChannel, which is heard once on a connection, whatever it
// says (PROTOCOL.md §3).
func (u *user) join(r request) {
	if u.joinUsed {
		return
	}
	u.joinUsed = true
	v, _ := decode(r.arg).(map[string]any)
	name, ok := v["name"].(string)
	if !ok || u.s.loseJoin() {
		return
	}
	if !channelName.MatchString(name) {
		u.complain("Invalid channel name.  Channel names may consist of 1-30 characters in the set a-z, A-Z, 0-9, -, and _")
		u.kick("Invalid channel name")
		return
	}
	name = strings.ToLower(name)
	if u.s.faults.moved[name] {
		u.complain("Channel '" + name + "' is hosted on another server.  Try refreshing the page to update the connection URL.")
		return
	}
	password, given := v["pw"]
	u.s.load(name, func(c *channel) { c.knock(u, password, given) })
}

// knock brings a user to the channel's door.
func (c *channel) knock(u *user, password any, given bool) {
	if u.dead || c.dead {
		if c.visitors == 0 {
			c.unload()
		}
		return
	}
	u.channel = c
	c.visitors++
	u.onceNamed(func() { c.lookUpRank(u) })
	c.s.loop.after(0, func() { c.checkBans(u, password, given) })
}

// lookUpRank finds a registered user's rank in the channel.
func (c *channel) lookUpRank(u *user) {
	if u.account == nil {
		return
	}
	delay := c.s.opts.DatabaseDelay
	if c.s.opts.LateRanks && !u.inChannel {
		delay += delay/2 + time.Microsecond // the user is let in after delay
	}
	c.s.loop.after(delay, func() {
		if u.dead {
			return
		}
		u.channelRank = c.rankOf(u.account)
		rank := max(u.channelRank, u.globalRank)
		u.emit("rank", rank)
		u.setRank(rank)
		u.rankKnown = true
		u.flush(&u.whenRanked)
		if u.channel != nil {
			u.channel.broadcast("setUserRank", userRank{Name: u.name, Rank: u.rank})
		}
	})
}

// checkBans turns the banned away: those with a name by it, all by address.
func (c *channel) checkBans(u *user, password any, given bool) {
	if c.record == nil {
		c.checkPassword(u, password, given)
		return
	}
	c.s.database(func() {
		switch {
		case u.dead:
		case c.record.ipBanned(u.ip), u.name != "" && c.record.nameBanned(u.name):
			c.turnAway(u)
			u.kick("You are banned from this channel.")
		default:
			c.checkPassword(u, password, given)
		}
	})
}

// turnAway takes a user from the door.
func (c *channel) turnAway(u *user) {
	u.channel = nil
	u.channelRank, u.rank = 0, u.globalRank
	c.leaveDoor()
}

// checkPassword lets in who gives the password, moderators, and those who do
// either later.
func (c *channel) checkPassword(u *user, password any, given bool) {
	want := c.options.Password
	if want == false || given && password == want {
		c.checkName(u)
		return
	}
	if u.loggedIn && u.rank >= 2 {
		c.checkName(u)
		u.emit("cancelNeedPassword", none{})
		return
	}
	u.emit("needPassword", given)
	u.onceRanked(func() {
		if !u.inChannel && u.rank >= 2 {
			c.checkName(u)
			u.emit("cancelNeedPassword", none{})
		}
	})
	u.passwordTry = func(text string) {
		if c.dead || u.inChannel {
			return
		}
		if text != c.options.Password {
			u.emit("needPassword", true)
			return
		}
		u.emit("cancelNeedPassword", none{})
		c.checkName(u)
	}
}

// channelPassword handles the event of that name: a bare string.
func (u *user) channelPassword(r request) {
	if text, ok := decode(r.arg).(string); ok && u.passwordTry != nil {
		u.passwordTry(text)
	}
}

// checkName keeps the nameless out of channels that want names.
func (c *channel) checkName(u *user) {
	if !c.options.BlockAnonymous || u.loggedIn {
		c.accept(u)
		return
	}
	u.complain("This channel has blocked anonymous users. Please provide a user name to join.")
	u.onceNamed(func() { c.accept(u) })
}

// accept lets the user in and sends the join burst in CyTube's order
// (PROTOCOL.md §3).
func (c *channel) accept(u *user) {
	if u.inChannel || u.dead || c.dead {
		return
	}
	u.inChannel = true
	c.room = append(c.room, u)
	u.watchAFK()
	c.logf("[login] Accepted connection from %s", cloak(u.ip))
	u.onceNamed(func() { c.introduce(u) })
	c.users = append(c.users, u)
	c.burst(u)
	if u.dead {
		return
	}
	c.sendUserlist(u)
	if c.leader != nil {
		u.emit("setLeader", c.leader.name)
	}
	c.counted.request()
	if c.record == nil {
		u.emit("channelNotRegistered", none{})
	}
}

// burst sends the channel's state to a newcomer.
func (c *channel) burst(u *user) {
	u.emit("setPermissions", c.permissions)
	u.emit("setPlaylistLocked", !c.unlocked)
	u.emit("emoteList", c.emotes)
	u.onceNamed(func() { c.remute(u) })
	for _, line := range c.replay {
		u.deliver(line)
	}
	u.emit("drinkCount", c.drinks)
	u.emit("channelCSSJS", c.styling())
	u.emit("setMotd", c.motd)
	u.emit("channelOpts", c.options)
	c.sendPlaylist(u)
	c.sendChangeMedia(u)
	u.onceRanked(func() { c.sendPlaylist(u) })
	if u.account != nil {
		c.s.database(func() { c.listPlaylists(u) })
	}
	if c.poll != nil {
		u.emit("newPoll", c.poll.frame(c.may(u, "viewhiddenpoll")))
	}
	u.onceNamed(func() { c.checkNameBan(u) })
}

// introduce announces a user who has a name now. An older session of that
// name goes: the newer wins.
func (c *channel) introduce(u *user) {
	for _, other := range append([]*user(nil), c.users...) {
		if other != u && other.lower == u.lower {
			other.kick("Duplicate login")
		}
	}
	if len(u.aliases) == 0 {
		u.aliases = []string{u.name}
	}
	guest := ""
	if u.globalRank == 0 {
		guest = " (guest)"
	}
	aliases := strings.Join(u.aliases, ",")
	c.logf("[login] %s logged in as %s%s (aliases: %s)", cloak(u.ip), u.name, guest, aliases)
	c.sendForms("addUser", u, anyRank)
	c.whisper(u.name+" joined (aliases: "+aliases+")", 2)
}

// checkNameBan throws out who logged in with a banned name after joining.
func (c *channel) checkNameBan(u *user) {
	if c.record == nil {
		return
	}
	c.s.database(func() {
		if !u.dead && !c.dead && c.record.nameBanned(u.name) {
			u.kick("You are banned from this channel.")
			c.whisper(u.name+" was kicked (name is banned)", 2)
		}
	})
}

// forget takes out a user whose session has ended.
func (c *channel) forget(u *user) {
	if !u.inChannel {
		u.channel = nil
		c.leaveDoor()
		return
	}
	c.logf("[login] %s (%s) disconnected.", cloak(u.ip), u.name)
	u.channel, u.inChannel = nil, false
	c.room = without(c.room, u)
	if u.loggedIn {
		c.broadcast("userLeave", named{u.name})
	}
	c.users = without(c.users, u)
	c.leaderLeft(u)
	c.skipperLeft(u)
	c.voterLeft(u)
	c.counted.request()
	c.leaveDoor()
}

// leaveDoor counts one visitor less; after the last the channel is unloaded.
func (c *channel) leaveDoor() {
	c.visitors--
	if c.visitors == 0 {
		c.unload()
	}
}

func without(users []*user, gone *user) []*user {
	kept := make([]*user, 0, len(users))
	for _, u := range users {
		if u != gone {
			kept = append(kept, u)
		}
	}
	return kept
}
