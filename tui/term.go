package tui

import (
	"fmt"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// How long a mute or a ban lasts.

// usualMute is the time that a mute begins with: what is left standing by
// mistake ends by itself.
const usualMute = "10m"

// longestTerm bounds a sanction that ends by itself, as the bot does.
const longestTerm = 3650 * 24 * time.Hour

// readTerm reads the length of a sanction.
func readTerm(word string) (time.Duration, bool) {
	d, err := config.ParseDuration(word)
	return d, err == nil && d >= time.Second && d <= longestTerm
}

// laid lays a command's words on its arguments as the bot does: an optional
// time or choice that the word at its place cannot be counts as left out.
func laid(info bus.CommandInfo, words []string) map[string]string {
	out := map[string]string{}
	for _, a := range info.Args {
		switch {
		case len(words) == 0:
		case a.Rest:
			out[a.Name], words = strings.Join(words, " "), nil
		case a.Optional && !couldBe(a, words[0]):
		default:
			out[a.Name], words = words[0], words[1:]
		}
	}
	return out
}

// couldBe tells whether a word can be an optional argument.
func couldBe(a bus.ArgInfo, word string) bool {
	switch a.Type {
	case bus.ArgDuration:
		_, ok := readTerm(word)
		return ok
	case bus.ArgChoice:
		for _, c := range a.Choices {
			if strings.EqualFold(c, word) {
				return true
			}
		}
		return false
	}
	return true
}

// termOf is how long a command's sanction lasts; false where it has no end.
func termOf(info bus.CommandInfo, words []string) (time.Duration, bool) {
	arg, timed := argOf(info, bus.ArgDuration)
	if !timed {
		return 0, false
	}
	return readTerm(laid(info, words)[arg.Name])
}

// mutes tells whether a command silences a person.
func mutes(verb string) bool { return verb == "mute" || verb == "smute" }

// termText says how long it will be, and how to have it otherwise.
func (m *model) termText(info bus.CommandInfo, words []string) string {
	ever := "for good"
	if mutes(info.Name) {
		ever = "until somebody unmutes them"
	}
	d, ends := termOf(info, words)
	if !ends {
		return title(ever) + ", unless a time stands first: 10m, 2h, 3d."
	}
	return fmt.Sprintf("For %s, until %s, unless you write another time. Without one: %s.",
		spokenTerm(d), whenText(m.now.Add(d), m.now, m.loc, m.clock12()), ever)
}

// spokenTerm is a length of time in its own units: 10 minutes, 1 day 12 hours.
func spokenTerm(d time.Duration) string {
	var parts []string
	for _, u := range []struct {
		of   time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		if n := d / u.of; n > 0 {
			parts = append(parts, count(uint64(n), u.name))
			d -= n * u.of
		}
	}
	return strings.Join(parts, " ")
}

// whenText is a moment to come: a time today, or a day with its time.
func whenText(at, now time.Time, loc *time.Location, clock12 bool) string {
	at, now = at.In(loc), now.In(loc)
	text := clockText(at, clock12)
	switch {
	case at.Year() != now.Year():
		return at.Format("2 Jan 2006 ") + text
	case at.YearDay() != now.YearDay():
		return at.Format("Mon 2 Jan ") + text
	}
	return text
}

// endOf is when what an action did ends by itself; false where it does not.
func (v *channel) endOf(a room.Action) (time.Time, bool) {
	info, known := v.command(a.Verb)
	_, rest, _ := strings.Cut(a.Line, " ")
	words, err := info.SplitCommand(rest)
	if !known || err != nil || bus.CommandStatus(a.Status) != bus.StatusDone {
		return time.Time{}, false
	}
	d, ends := termOf(info, words)
	return time.UnixMilli(a.Time + a.Took).Add(d), ends
}

// until says when what an action did ends by itself; empty where it does not.
func (v *channel) until(a room.Action) string {
	end, ok := v.endOf(a)
	if !ok {
		return ""
	}
	return "until " + whenText(end, time.UnixMilli(a.Time), v.log.loc, v.log.render.clock12)
}

// mutedUntil says until when a person is muted, as far as it was seen here.
func (v *channel) mutedUntil(name string) string {
	for i := len(v.actions) - 1; i >= 0; i-- {
		a := v.actions[i]
		if room.Fold(a.Target) != room.Fold(name) || bus.CommandStatus(a.Status) != bus.StatusDone {
			continue
		}
		switch {
		case mutes(a.Verb):
			return v.until(a)
		case a.Verb == "unmute":
			return ""
		}
	}
	return ""
}
