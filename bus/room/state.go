package room

import "slices"

// Restore makes a State that came over the bus, its texts clean, fit to fold
// events into: its lists get the order, the bounds and the one entry for each
// name or UID that Apply keeps.
func Restore(s State) State {
	s.Users, s.Full = listed(s.Users, s.Full)
	s.Playlist, s.Full = bounded(lastOfEach(s.Playlist, itemUID), s.Full)
	s.Emotes, s.Full = bounded(lastOfEach(s.Emotes, emoteName), s.Full)
	return s
}

// find is the place of a name in users, or where it belongs.
func find(users []User, name string) (int, bool) {
	return slices.BinarySearchFunc(users, name, func(u User, name string) int {
		return compareFolded(u.Name, name)
	})
}

// User finds a named person; the name may be written in any case.
func (s State) User(name string) (User, bool) {
	i, ok := find(s.Users, name)
	if !ok {
		return User{}, false
	}
	return s.Users[i], true
}

// Item finds an item of the queue and its place in it, counted from 0.
func (s State) Item(uid int) (item Item, place int, ok bool) {
	i := indexOf(s.Playlist, uid)
	if i < 0 {
		return Item{}, -1, false
	}
	return s.Playlist[i], i, true
}

// NowPlaying tells what plays and how far it is, in seconds, at a time in Unix
// milliseconds. Between the server's ticks the position is reckoned from the
// last one; it never passes the item's end, and is negative in the lead-in of
// three seconds. Live media have no end. ok is false when nothing plays.
func (s State) NowPlaying(nowMS int64) (playing MediaChange, position float64, ok bool) {
	if s.Media == nil {
		return MediaChange{}, 0, false
	}
	playing, position = *s.Media, s.Media.Position
	if !playing.Paused {
		// Two clocks that disagree must not run the position backwards.
		position += max(0, (float64(nowMS)-float64(playing.Time))/1000)
	}
	if end := playing.Media.Seconds; end > 0 {
		position = min(position, end)
	}
	return playing, position, true
}

// fixedNeeds are the ranks that no channel can change and setPermissions does
// not carry (PROTOCOL.md §4), by the name of the CyTube event.
var fixedNeeds = map[string]float64{
	"setOptions":          RankModerator,
	"setPermissions":      RankAdmin,
	"setChannelCSS":       RankAdmin,
	"setChannelJS":        RankAdmin,
	"setChannelRank":      RankAdmin,
	"requestChannelRanks": RankAdmin,
	"readChanLog":         RankAdmin,
}

// Needs is the rank that an action needs now. The key is one of setPermissions
// (kick, ban, playlistadd …), or the name of a CyTube event whose need is
// fixed. While the queue is unlocked, what the open queue allows counts too.
// ok is false when the need is not known.
func (s State) Needs(key string) (rank float64, ok bool) {
	if rank, ok = fixedNeeds[key]; ok {
		return rank, true
	}
	rank, ok = s.Perms[key]
	if open, has := s.Perms["o"+key]; has && !s.Locked {
		if !ok || open < rank {
			return open, true
		}
	}
	return rank, ok
}
