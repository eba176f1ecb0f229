package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// What was done may be over by itself, or taken back by somebody else, before
// it is taken back here: then there is nothing to offer.

// pastUndoing says why a command cannot be taken back any more by the one that
// is meant for it; empty where it can.
func (v *channel) pastUndoing(e *errand, info bus.CommandInfo, words []string, now time.Time) string {
	target := ""
	if onPerson(info) && len(words) > 0 {
		target = words[0]
	}
	if why := v.idle(info, words); why != "" {
		return why
	}
	if a, ok := v.doneSince(e, info.Name); ok {
		return fmt.Sprintf("%s took %s back already", room.Clean(a.Actor), e.typed)
	}
	if d, ends := termOf(e.info, e.words); ends && !now.Before(e.ended.Add(d)) {
		return e.typed + " has ended by itself"
	}
	if info.Name == "endpoll" && !v.pollOf(e) {
		return "another poll is open now"
	}
	if arg := firstArg(info); arg.Type == bus.ArgPosition && v.uidAt(words) != e.item {
		return "the queue has changed since: " + e.reply.Undo + " would be about something else"
	}
	if why := v.cannot(info, target); why != "" {
		return "cannot " + e.reply.Undo + ": " + why
	}
	return ""
}

func firstArg(info bus.CommandInfo) bus.ArgInfo {
	if len(info.Args) == 0 {
		return bus.ArgInfo{}
	}
	return info.Args[0]
}

// doneSince is what somebody did with a verb to the same person after an errand.
func (v *channel) doneSince(e *errand, verb string) (room.Action, bool) {
	at := slices.IndexFunc(v.actions, func(a room.Action) bool { return a.ID == e.id })
	if at < 0 || e.target == "" {
		return room.Action{}, false
	}
	for _, a := range v.actions[at+1:] {
		if a.Verb == verb && bus.CommandStatus(a.Status) == bus.StatusDone && room.Fold(a.Target) == room.Fold(e.target) {
			return a, true
		}
	}
	return room.Action{}, false
}

// pollOf tells whether the poll that is open is the one that an errand opened.
func (v *channel) pollOf(e *errand) bool {
	p := v.state.Poll
	return p != nil && room.Fold(p.Initiator) == room.Fold(v.state.Self.Name) && strings.Contains(room.Clean(e.typed), room.Clean(p.Title))
}

// uidAt is the item at the place that a command names first; 0 for none.
func (v *channel) uidAt(words []string) int {
	if len(words) == 0 {
		return 0
	}
	if n, err := strconv.Atoi(words[0]); err == nil && n >= 1 && n <= len(v.state.Playlist) {
		return v.state.Playlist[n-1].UID
	}
	return 0
}

// idle says why a command would change nothing, as the room is now.
func (v *channel) idle(info bus.CommandInfo, words []string) string {
	if onPerson(info) && len(words) > 0 {
		return v.idleOn(info.Name, words)
	}
	s := v.state
	switch info.Name {
	case "endpoll":
		if s.Poll == nil {
			return "the poll is closed already"
		}
	case "lock", "unlock":
		if s.Locked == (info.Name == "lock") {
			return "the queue is " + info.Name + "ed already"
		}
	case "pause", "resume":
		if s.Media == nil || s.Media.Paused == (info.Name == "pause") {
			return info.Name + " would change nothing now"
		}
	case "afk":
		if me, here := s.User(s.Self.Name); here && len(words) > 0 && me.Meta.AFK == (words[0] == "on") {
			return "the bot's afk is " + words[0] + " already"
		}
	}
	return ""
}

// idleOn is idle for a command about a person.
func (v *channel) idleOn(verb string, words []string) string {
	u, here := v.state.User(words[0])
	name := cleanName(words[0])
	leads := room.Fold(v.state.Leader) == room.Fold(words[0])
	sees := v.state.Self.Rank >= room.RankModerator // who is shadow-muted
	switch {
	case verb == "unmute" && here && sees && !u.Meta.Muted && !u.Meta.ShadowMuted:
		return name + " is not muted any more"
	case verb == "mute" && here && u.Meta.Muted, verb == "smute" && here && u.Meta.ShadowMuted:
		return name + " is muted already"
	case verb == "unleader" && !leads:
		return name + " does not lead any more"
	case verb == "leader" && leads:
		return name + " leads already"
	case verb == "rank" && len(words) > 1:
		return v.idleRank(u, here, words[1])
	}
	return ""
}

// idleRank says why a rank cannot be given, or is one's already.
func (v *channel) idleRank(u room.User, here bool, word string) string {
	rank, err := strconv.ParseFloat(word, 64)
	switch {
	case err != nil:
		return word + " is no rank"
	case here && u.Rank == rank:
		return cleanName(u.Name) + " has rank " + word + " already"
	case !v.mayGive(rank):
		return "the bot cannot give rank " + word
	}
	return ""
}

// mayGive tells whether the bot can give a rank: what is beneath its own, and
// to owners theirs (PROTOCOL.md §6).
func (v *channel) mayGive(rank float64) bool {
	own := v.state.Self.Rank
	return rank >= 1 && (rank < own || own == room.RankOwner && rank == own)
}

// takenBackBy is the command that will take another back; empty where there is
// none, or it could only be refused.
func (v *channel) takenBackBy(info bus.CommandInfo, words []string) string {
	switch info.Name {
	case "remove":
		return "add"
	case "rank":
		return v.rankBack(words)
	}
	return info.Inverse
}

// rankBack gives somebody their rank again: as the bot does, of who is here, and
// only where the new one leaves them beneath it.
func (v *channel) rankBack(words []string) string {
	if len(words) < 2 {
		return ""
	}
	u, here := v.state.User(words[0])
	rank, err := strconv.ParseFloat(words[1], 64)
	if !here || err != nil || u.Rank == rank || !v.mayGive(u.Rank) || rank >= v.state.Self.Rank {
		return ""
	}
	return fmt.Sprintf("rank %s %s", cleanName(u.Name), rankNumber(u.Rank))
}
