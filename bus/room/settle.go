package room

import (
	"errors"
	"slices"
	"strings"
)

// MaxPeople is far more people than one room ever had. What is beyond it is
// not a count, and the highest count ever is kept for good.
const MaxPeople = 100_000

var (
	errNameless = errors.New("it names nobody")
	errCount    = errors.New("it is no count of users")
)

// Settle makes an event, its texts clean, fit to be believed, or says why it
// cannot be: an event about nobody is refused, and an entry of a list that
// names nobody is taken out of it.
func Settle(e Event) error {
	switch e := e.(type) {
	case *UserList:
		return settleList(e)
	case *UserJoin:
		return settleJoin(e)
	case *UserCount:
		if e.Count < 0 || e.Count > MaxPeople {
			return errCount
		}
	case *Emotes:
		e.Emotes = slices.DeleteFunc(e.Emotes, func(m Emote) bool { return blank(m.Name) })
	default:
		if name, needed := nameIn(e); needed && blank(name) {
			return errNameless
		}
	}
	return nil
}

// nameIn is whom or what an event is about, where there must be one.
func nameIn(e Event) (name string, needed bool) {
	switch e := e.(type) {
	case *Message:
		return e.User, true
	case *PM:
		return e.User, true
	case *UserLeave:
		return e.User, true
	case *UserRank:
		return e.User, true
	case *UserMeta:
		return e.User, true
	case *UserAFK:
		return e.User, true
	case *UserProfile:
		return e.User, true
	case *Login:
		return e.Name, e.Success
	case *EmoteSet:
		return e.Emote.Name, true
	case *EmoteRemoved:
		return e.Name, true
	case *Action:
		return e.Verb, true
	}
	return "", false
}

// settleList refuses a list of nameless entries alone: it would empty the
// room, and is no list of users.
func settleList(e *UserList) error {
	had := len(e.Users)
	e.Users = slices.DeleteFunc(e.Users, func(u User) bool { return blank(u.Name) })
	if had > 0 && len(e.Users) == 0 {
		return errNameless
	}
	e.Count -= had - len(e.Users)
	return nil
}

// settleJoin gives a join one name in both places.
func settleJoin(e *UserJoin) error {
	if blank(e.User) {
		e.User = e.UserData.Name
	}
	if blank(e.User) {
		return errNameless
	}
	if Fold(e.UserData.Name) != Fold(e.User) {
		e.UserData.Name = e.User
	}
	return nil
}

func blank(name string) bool { return strings.TrimSpace(name) == "" }
