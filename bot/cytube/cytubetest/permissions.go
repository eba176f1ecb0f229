package cytubetest

import (
	"strconv"
	"strings"
)

// defaultPermissions is the table of a new registered channel
// (PROTOCOL.md §4).
var defaultPermissions = map[string]float64{
	"seeplaylist": -1, "playlistadd": 1.5, "playlistnext": 1.5, "playlistmove": 1.5, "playlistdelete": 2,
	"playlistjump": 1.5, "playlistaddlist": 1.5, "oplaylistadd": -1, "oplaylistnext": 1.5, "oplaylistmove": 1.5,
	"oplaylistdelete": 2, "oplaylistjump": 1.5, "oplaylistaddlist": 1.5, "playlistaddcustom": 3,
	"playlistaddrawfile": 2, "playlistaddlive": 1.5, "exceedmaxlength": 2, "addnontemp": 2, "settemp": 2,
	"playlistshuffle": 2, "playlistclear": 2, "pollctl": 1.5, "pollvote": -1, "viewhiddenpoll": 1.5,
	"voteskip": -1, "viewvoteskip": 1.5, "mute": 1.5, "kick": 1.5, "ban": 2, "motdedit": 3, "filteredit": 3,
	"filterimport": 3, "emoteedit": 3, "emoteimport": 3, "playlistlock": 2, "leaderctl": 2, "drink": 1.5,
	"chat": 0, "chatclear": 2, "exceedmaxitems": 2, "deletefromchannellib": 2, "exceedmaxdurationperuser": 2,
}

// unregisteredPermissions is the table of a channel that nobody registered. A
// key that is missing is allowed to nobody.
var unregisteredPermissions = map[string]float64{
	"seeplaylist": -1, "playlistadd": -1, "playlistnext": 0, "playlistmove": 0, "playlistdelete": 0,
	"playlistjump": 0, "playlistaddlist": 0, "oplaylistadd": -1, "oplaylistnext": 0, "oplaylistmove": 0,
	"oplaylistdelete": 0, "oplaylistjump": 0, "oplaylistaddlist": 0, "playlistaddcustom": 0,
	"playlistaddlive": 0, "exceedmaxlength": 0, "addnontemp": 0, "settemp": 0, "playlistshuffle": 0,
	"playlistclear": 0, "pollctl": 0, "pollvote": -1, "viewhiddenpoll": 1.5, "voteskip": -1,
	"viewvoteskip": 1.5, "playlistlock": 2, "leaderctl": 0, "drink": 0, "chat": 0, "chatclear": 2,
	"exceedmaxitems": 2, "deletefromchannellib": 2,
}

// setPermissions changes single permissions; unknown ones are ignored.
func (c *channel) setPermissions(u *user, r request) {
	given, ok := decode(r.arg).(map[string]any)
	if !ok {
		return
	}
	if u.rank < 3 {
		u.kick("Attempted setPermissions as a non-admin")
		return
	}
	_, sight := given["seeplaylist"]
	for key, v := range given {
		if _, known := c.permissions[key]; known {
			if rank, ok := number(v); ok {
				c.permissions[key] = rank
			}
		}
	}
	if sight {
		for _, u := range c.users {
			c.sendPlaylist(u)
		}
	}
	c.logf("[mod] %s updated permissions", u.name)
	c.broadcast("setPermissions", c.permissions)
}

// toggleLock locks or unlocks the playlist.
func (c *channel) toggleLock(u *user, _ request) {
	if !c.may(u, "playlistlock") {
		return
	}
	c.unlocked = !c.unlocked
	what := "locked"
	if c.unlocked {
		what = "unlocked"
	}
	c.logf("[playlist] %s %s the playlist", u.name, what)
	c.broadcast("setPlaylistLocked", !c.unlocked)
}

// number is what JavaScript's parseFloat makes of a value, as far as clients
// send such things.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return f, err == nil
	}
	return 0, false
}
