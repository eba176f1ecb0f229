package tui

import (
	"fmt"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// busy is how long ago another operator's action is still worth a warning.
const busy = 30 * time.Second

// warnings are what speaks against doing it to a person, or what it will not do.
func (m *model) warnings(v *channel, info bus.CommandInfo, target string) (out []string) {
	if target == "" {
		return nil
	}
	u, here := v.state.User(target)
	switch {
	case !here && info.Args[0].Type == bus.ArgUser:
		out = append(out, v.absence(target)+": this reaches nobody now")
	case !here && info.Name == "ban":
		out = append(out, v.absence(target)+": whoever comes by this name is turned away")
	case here && u.Rank < room.RankUser && mutes(info.Name):
		out = append(out, "a guest, not registered: it holds for this name, and they can come back under another")
	case here && u.Rank < room.RankUser && info.Name == "ban":
		out = append(out, "a guest, not registered: they can come back under another name; ipban bars the address as well")
	}
	if names := v.lookAlikes(target); len(names) > 0 {
		out = append(out, "looks like "+strings.Join(names, ", ")+", who is here too")
	}
	for _, p := range m.others() {
		if p.Acting != "" && room.Fold(p.Acting) == room.Fold(target) {
			out = append(out, p.Operator+" is about to act on "+cleanName(target)+" as well")
		}
	}
	if a, ok := v.recentActionOn(target, m.opts.Operator, m.now, busy); ok {
		out = append(out, fmt.Sprintf("%s did this %s ago: %s", room.Clean(a.Actor), spoken(m.now.UnixMilli()-a.Time), veiledAnswer(actionText(a))))
	}
	return out
}

// absence says that a person is not in the room, and since when where that was
// seen.
func (v *channel) absence(name string) string {
	lines := v.log.lines
	for i := len(lines) - 1; i >= max(0, len(lines)-lookBack); i-- {
		if l := lines[i]; l.kind == lineLeave && room.Fold(l.name) == room.Fold(name) {
			return "left at " + v.log.render.clock(l.at)
		}
	}
	return notHere
}

// notHere is said of who was not seen leaving.
const notHere = "not in the room"

// lookAlikes are people here whose names one could take for name.
func (v *channel) lookAlikes(name string) []string {
	var out []string
	if name == "" {
		return nil
	}
	for _, u := range v.state.Users {
		if room.Alike(u.Name, name) {
			out = append(out, cleanName(u.Name))
		}
	}
	return out
}

// instead is what still reaches a person who has left; empty where nothing does.
func (v *channel) instead(info bus.CommandInfo, target string) string {
	if _, here := v.state.User(target); here || info.Args[0].Type != bus.ArgUser || v.absence(target) == notHere {
		return ""
	}
	if ban, ok := v.command("ban"); !ok || v.cannot(ban, target) != "" {
		return ""
	}
	return " · a ban reaches the name all the same"
}
