package bot

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"time"

	"rosey/bot/cytube"
	"rosey/bus"
	"rosey/bus/room"
)

// A whisper is what CyTube tells moderators of what one of them did
// (PROTOCOL.md §6).
type whisper struct {
	actor, verb, target, reason string
}

// whispers are the forms in which CyTube tells, with the command each means.
// The groups of the expression are actor, target and reason.
var whispers = []struct {
	verb string
	form *regexp.Regexp
}{
	{"kickanons", regexp.MustCompile(`^(?P<actor>[\w-]+) kicked anonymous users$`)},
	{"kick", regexp.MustCompile(`^(?P<actor>[\w-]+) kicked (?P<target>[\w-]+)$`)},
	{"kick", regexp.MustCompile(`^(?P<target>[\w-]+) was kicked \((?P<reason>.*)\)$`)},
	{"kick", regexp.MustCompile(`^(?P<target>[\w-]+) was kicked: (?P<reason>.*)$`)},
	{"ban", regexp.MustCompile(`^(?P<actor>[\w-]+) namebanned (?P<target>[\w-]+)$`)},
	{"ipban", regexp.MustCompile(`^(?P<actor>[\w-]+) banned (?P<reason>\S+) \((?P<target>[\w-]+)\)$`)},
	{"unban", regexp.MustCompile(`^(?P<actor>[\w-]+) unbanned (?P<target>[\w-]+)$`)},
	{"mute", regexp.MustCompile(`^(?P<actor>[\w-]+) muted (?P<target>[\w-]+)$`)},
	{"smute", regexp.MustCompile(`^(?P<actor>[\w-]+) shadowmuted (?P<target>[\w-]+)$`)},
	{"unmute", regexp.MustCompile(`^(?P<actor>[\w-]+) unmuted (?P<target>[\w-]+)$`)},
	{"clear", regexp.MustCompile(`^(?P<actor>[\w-]+) cleared chat\.$`)},
	{"rank", regexp.MustCompile(`^(?P<actor>[\w-]+) set (?P<target>[\w-]+)'s rank to (?P<reason>[\d.]+)$`)},
}

// readWhisper understands a line of the server. Only the server can have
// brackets in its name, so no user can forge one.
func readWhisper(e room.Event) (whisper, bool) {
	m, ok := e.(*room.Message)
	if !ok || !m.Server || m.User != "[server]" || m.Replay {
		return whisper{}, false
	}
	for _, w := range whispers {
		found := w.form.FindStringSubmatch(m.Content)
		if found == nil {
			continue
		}
		group := func(name string) string {
			if i := w.form.SubexpIndex(name); i >= 0 {
				return found[i]
			}
			return ""
		}
		return whisper{verb: w.verb, actor: group("actor"), target: group("target"), reason: group("reason")}, true
	}
	return whisper{}, false
}

// by tells whether it is about what one person did to another; an empty target
// is anybody.
func (w whisper) by(actor, verb, target string) bool {
	return w.verb == verb && room.Fold(w.actor) == room.Fold(actor) &&
		(target == "" || room.Fold(w.target) == room.Fold(target))
}

// othersDeed makes the action of what somebody else did in the room. Our own
// are known by the commands they were.
func othersDeed(s *room.State, e room.Event) (*room.Action, bool) {
	w, ok := readWhisper(e)
	if !ok || room.Fold(w.actor) == room.Fold(s.Self.Name) {
		return nil, false
	}
	m := e.(*room.Message)
	h := fnv.New64a()
	_, _ = h.Write([]byte(m.Content)) // a hash takes everything
	if w.actor == "" {
		w.actor = m.User
	}
	return &room.Action{
		ID: fmt.Sprintf("room-%d-%x", m.Time, h.Sum64()), Actor: w.actor, Verb: w.verb, Target: w.target, Reason: w.reason,
		Source: room.SourceRoom, Status: string(bus.StatusDone), Text: m.Content, Time: m.Time,
	}, true
}

// thrownOut makes the action of our own kick or ban. The whisper about a kick
// goes to those who are still in the room, and one about a ban to moderators. A
// kick may also be the server's way to part for reasons of its own (PROTOCOL.md
// §9); that is no deed of anybody's.
func thrownOut(me string, e *room.Kicked, at time.Time) (*room.Action, bool) {
	a := &room.Action{
		ID: fmt.Sprintf("room-%d-kicked", at.UnixMilli()), Actor: "[server]", Target: me, Reason: e.Reason,
		Source: room.SourceRoom, Status: string(bus.StatusDone), Time: at.UnixMilli(),
	}
	switch cytube.KickCause(e.Reason) {
	case cytube.CauseKicked:
		a.Verb, a.Text = "kick", because("the bot was kicked", e.Reason)
	case cytube.CauseBanned:
		a.Verb, a.Text = "ban", because("the bot was banned", e.Reason)
	default:
		return nil, false
	}
	return a, true
}
