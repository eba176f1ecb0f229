package room

import "slices"

// Apply is the state after one more event. It is pure and total: s and e stay
// as they are, and any event in any state gives a state. Applying an event a
// second time changes nothing, because a bus may deliver it twice. Parts of e
// live on in the result, so an event is not to be changed once applied.
//
// Events that only happen (chat lines, notices, answers to a request) leave
// the state alone.
func Apply(s State, e Event) State {
	switch e := e.(type) {
	case *UserJoin, *UserLeave, *UserList, *UserRank, *UserMeta, *UserAFK, *UserProfile:
		return applyPeople(s, e)
	case *Playlist, *Queued, *Removed, *Moved, *TempSet, *Current, *MediaChange, *MediaUpdate:
		return applyQueue(s, e)
	case *Connection:
		return connected(s, *e)
	case *Login:
		if e.Success {
			s.Self.Name, s.Self.Guest = e.Name, e.Guest
		}
	case *SelfRank:
		s.Self.Rank = e.Rank
	case *UserCount:
		s.Count = e.Count
	case *Leader:
		s.Leader = e.User
	case *PlaylistMeta:
		s.Length = *e
	case *PlaylistLock:
		s.Locked = e.Locked
	case *Motd:
		s.Motd = *e
	case *Permissions:
		s.Perms = e.Needs
	case *Options:
		s.Options = *e
	case *Drinks:
		s.Drinks = e.Count
	case *Voteskip:
		s.Voteskip = *e
	case *PollOpened:
		s.Poll = opened(e.Poll)
	case *PollUpdated:
		// It carries the whole poll, so it also serves whoever missed the opening.
		s.Poll = opened(e.Poll)
	case *PollClosed:
		s.Poll = nil
	case *Emotes:
		s.Emotes, s.Full = bounded(e.Emotes, s.Full)
	case *EmoteSet:
		return setEmote(s, *e)
	case *EmoteRemoved:
		s.Emotes = without(s.Emotes, func(m Emote) bool { return m.Name == e.Name })
	}
	return s
}

// connected takes a new state of the bot's link. What was last known stays
// while the link is down. A new try, LinkConnecting, comes before everything
// that its join brings; there, all goes that the join tells of only if it is
// so (PROTOCOL.md §3), lest a poll or a leader of yesterday survive. The queue
// goes too, because its UIDs may begin anew.
func connected(s State, c Connection) State {
	s.Connection = c
	if c.State != LinkConnecting {
		return s
	}
	fresh := New()
	s.Self, s.Leader = fresh.Self, fresh.Leader
	s.Playlist, s.Current, s.Media = fresh.Playlist, fresh.Current, fresh.Media
	s.Poll, s.Voteskip, s.Length = fresh.Poll, fresh.Voteskip, fresh.Length
	s.Full = fresh.Full
	return s
}

func opened(p Poll) *Poll {
	p.Options, _ = bounded(p.Options, false)
	p.Counts, _ = bounded(p.Counts, false)
	return &p
}

// setEmote changes an emote in its place, under its old name or its new one,
// or appends it.
func setEmote(s State, e EmoteSet) State {
	byName := func(name string) int {
		return slices.IndexFunc(s.Emotes, func(m Emote) bool { return m.Name == name })
	}
	i := -1
	if e.Old != "" {
		i = byName(e.Old)
	}
	if i < 0 {
		i = byName(e.Emote.Name)
	}
	if i < 0 {
		s.Emotes, s.Full = bounded(append(slices.Clip(s.Emotes), e.Emote), s.Full)
		return s
	}
	emotes := slices.Clone(s.Emotes)
	emotes[i] = e.Emote
	// A rename onto a name that was taken leaves one emote of it.
	s.Emotes = deleteOthers(emotes, i)
	return s
}

// deleteOthers deletes, in place, the emotes with the name of that at i.
func deleteOthers(emotes []Emote, i int) []Emote {
	kept := emotes[:0]
	name := emotes[i].Name
	for j, m := range emotes {
		if j == i || m.Name != name {
			kept = append(kept, m)
		}
	}
	return kept
}

// MaxEntries bounds each list of a State. CyTube's own bounds are far below
// (4,000 items in a queue); events come over a network, though.
const MaxEntries = 20_000

// bounded cuts a list to MaxEntries and says whether the state lacks entries.
func bounded[T any](list []T, full bool) ([]T, bool) {
	if len(list) > MaxEntries {
		return list[:MaxEntries:MaxEntries], true
	}
	return list, full
}

// without is the list less the entries that match: the list itself when none
// does.
func without[T any](list []T, match func(T) bool) []T {
	if !slices.ContainsFunc(list, match) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), match)
}
