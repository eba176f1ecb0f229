package bot

import (
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// again is the command that brings back what is being lifted: for as long as it
// still has to last, and for the same reason. It is empty where it ends now
// anyway, and where a command would not say just that.
func (b *switchboard) again(verb string, kind bus.SanctionKind, name, reason string) string {
	words, length := verb+" "+name, ""
	if s, timed := b.keeper.find(name, kind); timed {
		left := time.Until(time.UnixMilli(s.Until)).Truncate(time.Second)
		if left < time.Second {
			return ""
		}
		length, reason = left.String(), s.Reason
		words += " " + length
	}
	if reason != "" {
		words += " " + reason
	}
	c := findCommand(verb)
	_, rest, _ := bus.CutCommand(words)
	split, err := c.SplitCommand(rest)
	if err != nil {
		return ""
	}
	read, err := readArgs(c, split)
	if err != nil || read["user"] != name || read["duration"] != length || read["reason"] != reason {
		return "" // such as a reason that begins with a time
	}
	return words
}

// muteAgain is again for a mute of either kind. Who is not here cannot be muted.
func (r *request) muteAgain(name string) string {
	u, here := r.state.User(name)
	switch {
	case here && u.Meta.ShadowMuted:
		return r.board.again("smute", bus.SanctionShadowMute, name, "")
	case here && u.Meta.Muted:
		return r.board.again("mute", bus.SanctionMute, name, "")
	}
	return ""
}

// banAgain is again for bans by name. What of the addresses was banned with a
// name cannot be told from the list, so that such a ban is not brought back.
func (b *switchboard) banAgain(bans []room.Ban) string {
	for _, ban := range bans {
		if ban.IP != "*" || ban.Name != bans[0].Name {
			return ""
		}
	}
	return b.again("ban", bus.SanctionBan, bans[0].Name, bans[0].Reason)
}
