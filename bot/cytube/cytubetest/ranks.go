package cytubetest

import (
	"slices"
	"strconv"
	"strings"
)

type rankFail struct {
	Msg string `json:"msg"`
}

func (c *channel) cmdRank(u *user, text string, _ lineMeta) {
	args := append(arguments(text), "", "")
	rank, err := strconv.Atoi(args[1])
	if args[0] == "" || err != nil {
		u.emit("noflood", noflood{"/rank", "Syntax: /rank <username> <rank>.  <rank> must be a positive integer > 1"})
		return
	}
	c.changeRank(u, args[0], float64(rank))
}

func (c *channel) setChannelRank(u *user, r request) {
	v := r.object()
	c.changeRank(u, v["name"].(string), v["rank"].(float64))
}

// changeRank gives somebody a rank, who need not be here (PROTOCOL.md §6).
func (c *channel) changeRank(u *user, given string, rank float64) {
	if u.rank < 3 {
		return
	}
	fail := func(why string) { u.emit("channelRankFail", rankFail{why}) }
	name := strings.ToLower(cut16(given, 20))
	target := c.user(name)
	switch {
	case !userName.MatchString(name):
		fail("Invalid target name " + given)
	case rank < 1 || rank >= u.rank && !(u.rank == 4 && rank == 4):
		fail("Updating user rank failed: You can't promote someone to a rank equal or higher than yourself, or demote them to below rank 1.")
	case name == u.lower:
		fail("Updating user rank failed: You can't promote or demote yourself.")
	case c.record == nil:
		fail("Updating user rank failed: in an unregistered channel, a user must be online in the channel in order to have their rank changed.")
	case target == nil:
		c.rankAbsent(u, given, name, rank, fail)
	default:
		c.rankPresent(u, target, given, rank, fail)
	}
}

func (c *channel) rankPresent(u, target *user, given string, rank float64, fail func(string)) {
	if now := max(target.globalRank, target.channelRank); now >= u.rank && !(u.rank == 4 && now == 4) {
		fail("Updating user rank failed: You can't promote or demote someone who has equal or higher rank than yourself")
		return
	}
	target.channelRank = rank
	target.setRank(max(target.globalRank, rank))
	target.emit("rank", target.rank)
	c.logf("[mod] %s set %s's rank to %v", u.name, target.lower, rank)
	c.broadcast("setUserRank", userRank{Name: given, Rank: rank})
	if target.account == nil {
		fail("The user you promoted is not a registered account.  Any rank changes are temporary and not stored in the database.")
		return
	}
	c.record.setRank(given, rank)
}

func (c *channel) rankAbsent(u *user, given, name string, rank float64, fail func(string)) {
	by := u.rank
	c.inSteps(2, func(step int) bool {
		if now := c.rankForName(name); step == 0 && now >= by && !(now == 4 && by == 4) {
			fail("Updating user rank failed: You can't promote or demote someone with equal or higher rank than you.")
			return false
		}
		if step == 1 {
			c.record.setRank(given, rank)
			c.logf("[mod] %s set %s's rank to %v", u.name, given, rank)
			c.broadcast("setUserRank", userRank{Name: given, Rank: rank, UserRank: &by})
			c.whisper(u.name+" set "+given+"'s rank to "+strconv.FormatFloat(rank, 'f', -1, 64), 3)
		}
		return true
	})
}

type rankRow struct {
	Name    string  `json:"name"`
	Rank    float64 `json:"rank"`
	Channel string  `json:"channel"`
}

// requestRanks sends all ranks of the channel to its administrators.
func (c *channel) requestRanks(u *user, _ request) {
	if c.record == nil {
		return
	}
	c.s.database(func() {
		if u.rank < 3 {
			return
		}
		rows := []rankRow{}
		for name, rank := range c.record.ranks {
			rows = append(rows, rankRow{name, rank, c.record.name})
		}
		slices.SortFunc(rows, func(a, b rankRow) int { return strings.Compare(a.Name, b.Name) })
		u.emit("channelRanks", rows)
	})
}
