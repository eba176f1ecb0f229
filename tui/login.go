package tui

import (
	"slices"

	"rosey/bus/room"
)

// A client that logs in once it is connected comes as a guest or a user, and
// gets its rank a moment later (PROTOCOL.md §3): nobody has given it that.

// loginLife is for how long, in ms, a rank that somebody gets after coming is
// taken for that of their login.
const loginLife = 2000

// A coming is somebody who has just come, at a Unix ms.
type coming struct {
	key string // the name folded
	at  int64
}

// lineOf is the line that an event leaves in this room's chat; nil for none.
func (v *channel) lineOf(before room.State, e room.Event, at int64) *line {
	if v.loggingIn(before, e, at) {
		return nil
	}
	return lineOf(before, e, at)
}

// loggingIn notes who comes, and tells whether an event is the rank of somebody
// who has just come.
func (v *channel) loggingIn(before room.State, e room.Event, at int64) bool {
	v.came = slices.DeleteFunc(v.came, func(c coming) bool { return at-c.at > loginLife || at < c.at })
	switch e := e.(type) {
	case *room.UserJoin:
		if _, here := before.User(e.User); !here {
			v.came = append(v.came, coming{room.Fold(clip(e.User, maxName)), at})
		}
	case *room.UserRank:
		key := room.Fold(clip(e.User, maxName))
		return slices.ContainsFunc(v.came, func(c coming) bool { return c.key == key })
	}
	return false
}
