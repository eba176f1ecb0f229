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
	case *Handover:
		s.Handover = *e
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
		s.Emotes, s.Full = bounded(lastOfEach(e.Emotes, emoteName), s.Full)
	case *EmoteSet:
		return setEmote(s, *e)
	case *EmoteRemoved:
		if i := slices.IndexFunc(s.Emotes, func(m Emote) bool { return m.Name == e.Name }); i >= 0 {
			s.Emotes = removedAt(s.Emotes, i)
		}
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

func emoteName(m Emote) string { return m.Name }

// setEmote changes an emote in its place, under its old name or its new one,
// or appends it. A rename onto a name that was taken leaves one emote of it.
func setEmote(s State, e EmoteSet) State {
	named := func(name string) int {
		return slices.IndexFunc(s.Emotes, func(m Emote) bool { return m.Name == name })
	}
	i, other := -1, named(e.Emote.Name)
	if e.Old != "" {
		i = named(e.Old)
	}
	switch {
	case i < 0 && other < 0:
		s.Emotes, s.Full = bounded(append(slices.Clip(s.Emotes), e.Emote), s.Full)
		return s
	case i < 0:
		i = other
	}
	emotes := slices.Clone(s.Emotes)
	emotes[i] = e.Emote
	if other >= 0 && other != i {
		emotes = slices.Delete(emotes, other, other+1)
	}
	s.Emotes = emotes
	return s
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

// lastOfEach is the list without the entries that another with the same key
// follows: the list itself when each key stands once.
func lastOfEach[T any, K comparable](list []T, key func(T) K) []T {
	last := make(map[K]int, len(list))
	for i, entry := range list {
		last[key(entry)] = i
	}
	if len(last) == len(list) {
		return list
	}
	once := make([]T, 0, len(last))
	for i, entry := range list {
		if last[key(entry)] == i {
			once = append(once, entry)
		}
	}
	return once
}

// inserted is a copy of list with entry at i.
func inserted[T any](list []T, i int, entry T) []T {
	longer := make([]T, 0, len(list)+1)
	longer = append(longer, list[:i]...)
	longer = append(longer, entry)
	return append(longer, list[i:]...)
}

// removedAt is a copy of list without its entry at i.
func removedAt[T any](list []T, i int) []T {
	shorter := make([]T, 0, len(list)-1)
	shorter = append(shorter, list[:i]...)
	return append(shorter, list[i+1:]...)
}
