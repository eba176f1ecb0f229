package room

import "slices"

func applyPeople(s State, e Event) State {
	switch e := e.(type) {
	case *UserList:
		s.Users, s.Full = listed(e.Users, s.Full)
	case *UserJoin:
		return joined(s, e)
	case *UserLeave:
		return left(s, e.User)
	case *UserRank:
		// CyTube takes a leader away without saying setLeader when an absent
		// name is made leader (PROTOCOL.md §6): the rank that falls back tells.
		if s.Leader != "" && e.Rank < RankLeader && Fold(s.Leader) == Fold(e.User) {
			s.Leader = ""
		}
		return changed(s, e.User, func(u *User) { u.Rank = e.Rank })
	case *UserMeta:
		// It is always whole, in the form that the receiver's rank is due.
		return changed(s, e.User, func(u *User) { u.Meta = e.Meta })
	case *UserAFK:
		return changed(s, e.User, func(u *User) { u.Meta.AFK = e.AFK })
	case *UserProfile:
		return changed(s, e.User, func(u *User) { u.Profile = e.Profile })
	}
	return s
}

// settled makes the fields agree that say the same: CyTube tells AFK in meta
// only, and being a moderator by rank only.
func settled(u User) User {
	u.AFK = u.Meta.AFK
	u.IsModerator = u.Rank >= RankModerator
	return u
}

// listed is a user list as State keeps it: sorted by folded name, the last
// entry of a name standing for all of them, nobody nameless.
func listed(users []User, full bool) ([]User, bool) {
	sorted := make([]User, 0, len(users))
	for _, u := range slices.Backward(users) {
		if u.Name != "" {
			sorted = append(sorted, settled(u))
		}
	}
	byName := func(a, b User) int { return compareFolded(a.Name, b.Name) }
	slices.SortStableFunc(sorted, byName)
	sorted = slices.CompactFunc(sorted, func(a, b User) bool { return byName(a, b) == 0 })
	return bounded(sorted, full)
}

func joined(s State, e *UserJoin) State {
	u := e.UserData
	if u.Name == "" {
		u.Name = e.User
	}
	if u.Name == "" {
		return s
	}
	i, known := find(s.Users, u.Name)
	switch {
	case known:
		users := slices.Clone(s.Users)
		users[i] = settled(u)
		s.Users = users
	case len(s.Users) >= MaxEntries:
		s.Full = true
	default:
		s.Users = inserted(s.Users, i, settled(u))
	}
	return s
}

func left(s State, name string) State {
	if s.Leader != "" && Fold(s.Leader) == Fold(name) {
		s.Leader = ""
	}
	if i, ok := find(s.Users, name); ok {
		s.Users = removedAt(s.Users, i)
	}
	return s
}

// changed changes one user of a copied list. Of someone who is not here
// nothing is kept: ranks are also told of absent people (PROTOCOL.md §7).
func changed(s State, name string, change func(*User)) State {
	i, ok := find(s.Users, name)
	if !ok {
		return s
	}
	users := slices.Clone(s.Users)
	change(&users[i])
	users[i] = settled(users[i])
	s.Users = users
	return s
}
