package cytubetest

import (
	"errors"
	"slices"
	"strings"
)

// maxReason is how much of a ban's reason is kept.
const maxReason = 255

func (c *channel) cmdKick(u *user, text string, _ lineMeta) {
	if !c.may(u, "kick") {
		return
	}
	args := arguments(text)
	if len(args) == 0 || strings.TrimSpace(args[0]) == "" {
		u.complain("No kick target specified.  If you're trying to kick anonymous users, use /kickanons")
		return
	}
	target := c.user(args[0])
	if target == nil {
		return
	}
	if target.rank >= u.rank || target.globalRank > u.globalRank {
		u.complain("You do not have permission to kick " + target.name)
		return
	}
	reason := strings.Join(args[1:], " ")
	target.kick(reason)
	c.logf("[mod] %s kicked %s (%s)", u.name, target.name, reason)
	c.whisper(u.name+" kicked "+target.name, 2)
}

func (c *channel) cmdKickAnons(u *user, _ string, _ lineMeta) {
	if !c.may(u, "kick") {
		return
	}
	for _, other := range slices.Clone(c.users) {
		if !other.loggedIn {
			other.kick("anonymous user")
		}
	}
	c.logf("[mod] %s kicked anonymous users.", u.name)
	c.whisper(u.name+" kicked anonymous users", 2)
}

// cmdBan bans a name, present or not.
func (c *channel) cmdBan(u *user, text string, _ lineMeta) {
	args := arguments(text)
	if len(args) == 0 || strings.TrimSpace(args[0]) == "" {
		u.complain("No ban target specified.")
		return
	}
	name, reason := strings.ToLower(args[0]), strings.Join(args[1:], " ")
	c.banName(u, name, reason, func(err error) {
		if err != nil {
			u.complain(err.Error())
		}
	})
}

// complaint is an error in CyTube's own words.
type complaint string

func (c complaint) Error() string { return string(c) }

const (
	errMayNotBan   complaint = "You do not have ban permissions on this channel"
	errBadUsername complaint = "Invalid username"
)

// alreadyBanned is the one failure that /ipban overlooks for the name.
type alreadyBanned struct{ what string }

func (e alreadyBanned) Error() string { return e.what + " is already banned" }

// banName bans a name, which asks the database for the target's rank, for the
// ban, and for the new row. done gets CyTube's complaint, or nil.
func (c *channel) banName(u *user, name, reason string, done func(error)) {
	switch {
	case !userName.MatchString(name):
		done(errBadUsername)
		return
	case !c.may(u, "ban"):
		done(errMayNotBan)
		return
	case name == u.lower:
		u.emit("costanza", costanza{"You can't ban yourself"})
		done(complaint("You cannot ban yourself"))
		return
	}
	c.inSteps(3, func(step int) bool {
		switch {
		case step == 0 && c.rankForName(name) >= u.rank:
			done(complaint("You don't have permission to ban " + name))
			return false
		case step == 1 && c.record != nil && c.record.nameBanned(name):
			done(alreadyBanned{name})
			return false
		case step == 2:
			c.addBan(ban{IP: "*", Name: name, Reason: cut16(reason, maxReason), BannedBy: u.name})
			c.logf("[mod] %s namebanned %s", u.name, name)
			c.whisper(u.name+" namebanned "+name, c.permissions["ban"])
			c.kickBanned(name, "")
			done(nil)
		}
		return true
	})
}

type costanza struct {
	Msg string `json:"msg"`
}

// banIP bans an address or a range under a name.
func (c *channel) banIP(u *user, ip, name, reason string, done func(error)) {
	if !userName.MatchString(name) {
		done(errBadUsername)
		return
	}
	masked := cloak(ip)
	c.inSteps(4, func(step int) bool {
		switch {
		case step == 1 && c.rankForAddress(ip) >= u.rank:
			done(complaint("You don't have permission to ban IP " + masked))
			return false
		case step == 2 && c.record != nil && c.record.ipBanned(ip):
			done(alreadyBanned{masked})
			return false
		case step == 3:
			c.addBan(ban{IP: ip, Name: name, Reason: cut16(reason, maxReason), BannedBy: u.name})
			c.logf("[mod] %s banned %s (%s)", u.name, masked, name)
			c.whisper(u.name+" banned "+masked+" ("+name+")", c.permissions["ban"])
			c.kickBanned(name, ip)
			done(nil)
		}
		return true
	})
}

// inSteps runs f for 0 to n-1, a query to the database apart, until it is
// false or the channel is gone.
func (c *channel) inSteps(n int, f func(step int) bool) {
	var next func(int)
	next = func(step int) {
		c.s.database(func() {
			if !c.dead && f(step) && step+1 < n {
				next(step + 1)
			}
		})
	}
	next(0)
}

// cmdIPBan bans a name and every address it is known by. Parts of it can fail
// while others succeed.
func (c *channel) cmdIPBan(u *user, text string, _ lineMeta) {
	args := arguments(text)
	if len(args) == 0 || strings.TrimSpace(args[0]) == "" {
		u.complain("No ban target specified.")
		return
	}
	name, args := strings.ToLower(args[0]), args[1:]
	widen := func(ip string) string { return ip }
	if len(args) > 0 && (args[0] == "range" || args[0] == "wrange") {
		wide := args[0] == "wrange"
		widen, args = func(ip string) string { return addressRange(ip, wide) }, args[1:]
	}
	if !c.may(u, "ban") {
		u.complain(errMayNotBan.Error())
		return
	}
	reason := strings.Join(args, " ")
	failed := false
	report := func(err error) {
		if err != nil && !failed { // the first failure is the one that is told
			failed = true
			u.complain(err.Error())
		}
	}
	c.s.database(func() {
		var ips []string
		for _, ip := range c.s.addressesOf(name) {
			if ip = widen(ip); !slices.Contains(ips, ip) {
				ips = append(ips, ip)
			}
		}
		for _, ip := range ips {
			c.banIP(u, ip, name, reason, report)
		}
		c.s.database(func() {
			if c.record != nil && c.record.nameBanned(name) {
				return
			}
			c.banName(u, name, reason, func(err error) {
				if !errors.As(err, new(alreadyBanned)) {
					report(err)
				}
			})
		})
	})
}

func (c *channel) addBan(b ban) {
	c.s.lastBan++
	b.ID = c.s.lastBan
	if c.record != nil {
		c.record.bans = append(c.record.bans, b)
	}
}

// kickBanned throws out whom a new ban concerns.
func (c *channel) kickBanned(name, ip string) {
	for _, u := range slices.Clone(c.users) {
		if u.lower == name || u.ip == ip {
			u.kick("You're banned!")
		}
	}
}

// requestBanlist sends the bans to those who may ban, with masked addresses
// unless they administer the site.
func (c *channel) requestBanlist(u *user, _ request) {
	if c.record == nil {
		return
	}
	c.s.database(func() {
		if !c.may(u, "ban") {
			return
		}
		list := append([]ban{}, c.record.bans...)
		for i, b := range list {
			if b.IP != "*" && u.rank < 255 {
				list[i].IP = cloak(b.IP)
			}
		}
		u.emit("banlist", list)
	})
}

// unban takes a ban back by its id. CyTube does not mind whether there is
// one, and repeats the name it was told (PROTOCOL.md §6).
func (c *channel) unban(u *user, r request) {
	if !c.may(u, "ban") {
		return
	}
	v := r.object()
	id, name := v["id"].(float64), v["name"].(string)
	c.s.database(func() {
		if c.record != nil {
			c.record.bans = slices.DeleteFunc(slices.Clone(c.record.bans), func(b ban) bool { return float64(b.ID) == id })
		}
		c.broadcastTo("banlistRemove", v, func(u *user) bool { return c.may(u, "ban") })
		c.logf("[mod] %s unbanned %s", u.name, name)
		c.whisper(u.name+" unbanned "+escapeText(name), c.permissions["ban"])
	})
}
