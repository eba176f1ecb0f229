package bot

import (
	"fmt"
	"strings"

	"rosey/bus/room"
)

// mayAct tells why nothing can be done in the room at all.
func mayAct(s *room.State) error {
	if c := s.Connection; c.State != room.LinkUp {
		if c.Reason != "" {
			return fmt.Errorf("the bot is not in the room (%s): %s", c.State, c.Reason)
		}
		return fmt.Errorf("the bot is not in the room (%s)", c.State)
	}
	if s.Self.Name == "" {
		return fmt.Errorf("the bot is in the room without a name, so it cannot act: set platforms[].user in the config")
	}
	return nil
}

// mayChat tells why a chat line would be dropped. A missing permission or a
// mute draws little or no answer from CyTube (PROTOCOL.md §6).
func mayChat(s *room.State) error {
	if need, known := s.Needs("chat"); known && s.Self.Rank < need {
		return fmt.Errorf("chatting needs rank %.1f here and the bot has %.1f", need, s.Self.Rank)
	}
	if me, ok := s.User(s.Self.Name); ok && me.Meta.Muted {
		return fmt.Errorf("the bot is muted in this room: a moderator must unmute it")
	}
	return nil
}

// mayDo tells why CyTube would not let the command through: it answers a
// lacking rank with silence or by kicking the sender (PROTOCOL.md §6). Who asks
// by PM needs the right as well: the bot's rank is no way around one's own.
func (r *request) mayDo() error {
	for _, key := range []string{r.cmd.Needs, r.alsoNeeds} {
		if key == "" {
			continue
		}
		need, known := r.state.Needs(key)
		if !known {
			return fmt.Errorf("this channel does not say who may %s, so CyTube allows it to nobody", key)
		}
		if err := r.hasRank(need, " here"); err != nil {
			return err
		}
	}
	return r.hasRank(r.cmd.Rank, "")
}

func (r *request) hasRank(need float64, where string) error {
	if need <= 0 && need <= r.state.Self.Rank {
		return nil
	}
	if r.state.Self.Rank < need {
		return fmt.Errorf("%s needs rank %.1f%s and the bot has %.1f", r.cmd.Name, need, where, r.state.Self.Rank)
	}
	if asker, ok := r.asker(); ok && asker.Rank < need {
		return fmt.Errorf("%s needs rank %.1f%s and you have %.1f", r.cmd.Name, need, where, asker.Rank)
	}
	return nil
}

// need is a further permission that turns out to be needed while planning.
func (r *request) need(key string) error {
	r.alsoNeeds = key
	return r.mayDo()
}

// asker is the person in the room who asks by PM.
func (r *request) asker() (room.User, bool) {
	if r.Source != room.SourcePM {
		return room.User{}, false
	}
	return r.state.User(r.operator)
}

// present finds a person in the room, name in any case.
func (r *request) present(name string) (room.User, error) {
	if u, ok := r.state.User(name); ok {
		return u, nil
	}
	if !isName(name) {
		return room.User{}, fmt.Errorf("%q is not a user name", shorten(name, 40))
	}
	return room.User{}, fmt.Errorf("no user with name %q%s", name, r.meant(name))
}

// beneath tells why CyTube would not let the bot act on somebody, or the asker
// may not.
func (r *request) beneath(u room.User) error {
	if room.Fold(u.Name) == room.Fold(r.state.Self.Name) {
		return fmt.Errorf("that is the bot itself")
	}
	if u.Rank >= r.state.Self.Rank {
		return fmt.Errorf("%s has rank %.1f and the bot only %.1f", u.Name, u.Rank, r.state.Self.Rank)
	}
	if asker, ok := r.asker(); ok && u.Rank >= asker.Rank {
		return fmt.Errorf("%s has rank %.1f and you only %.1f", u.Name, u.Rank, asker.Rank)
	}
	return nil
}

// person is a present user on whom the bot may act.
func (r *request) person(name string) (room.User, error) {
	u, err := r.present(name)
	if err != nil {
		return u, err
	}
	return u, r.beneath(u)
}

// named is a person who need not be here; of one who is, the name as written
// there and the same checks.
func (r *request) named(name string) (string, error) {
	if !isName(name) {
		return "", fmt.Errorf("%q is not a user name", shorten(name, 40))
	}
	if u, ok := r.state.User(name); ok {
		return u.Name, r.beneath(u)
	}
	return name, nil
}

// isName tells whether CyTube could have a user of that name (PROTOCOL.md §3).
func isName(name string) bool {
	return name != "" && len(name) <= 20 && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
	})
}

// meant names those present whose names look like one that is not there.
func (r *request) meant(name string) string {
	var list []string
	for _, u := range r.state.Users {
		if mistaken(name, u.Name) && len(list) < 3 {
			list = append(list, u.Name)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return ": did you mean " + strings.Join(list, " or ") + "?"
}

// mistaken tells whether a name that is not there could have been meant for one
// that is: they look alike, or one is the other's beginning.
func mistaken(typed, name string) bool {
	a, b := room.Fold(typed), room.Fold(name)
	begins := len(a) != len(b) && min(len(a), len(b)) >= 3 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
	return begins || room.Alike(a, b)
}

// shorten cuts a text for a sentence about it.
func shorten(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n-1]) + "…"
}
