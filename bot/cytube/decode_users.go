package cytube

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"rosey/bus/room"
)

// wireUser is a user as CyTube sends one. Aliases, ip and smuted come only to
// moderators (PROTOCOL.md §7).
type wireUser struct {
	Name    string      `json:"name"`
	Rank    number      `json:"rank"`
	Profile wireProfile `json:"profile"`
	Meta    wireMeta    `json:"meta"`
}

type wireProfile struct {
	Image string `json:"image"`
	Text  string `json:"text"`
}

type wireMeta struct {
	AFK         bool     `json:"afk"`
	Muted       bool     `json:"muted"`
	ShadowMuted bool     `json:"smuted"`
	Aliases     []string `json:"aliases"`
	IP          string   `json:"ip"`
}

// maxAliases bounds the names that one user is shown to have had.
const maxAliases = 100

func (u wireUser) user() room.User {
	meta := u.Meta.meta()
	return room.User{
		Name:        name(u.Name),
		Rank:        float64(u.Rank),
		AFK:         meta.AFK,
		IsModerator: float64(u.Rank) >= room.RankModerator,
		Meta:        meta,
		Profile:     u.Profile.profile(),
	}
}

func (p wireProfile) profile() room.Profile {
	return room.Profile{Image: line(p.Image), Text: line(p.Text)}
}

func (m wireMeta) meta() room.Meta {
	meta := room.Meta{AFK: m.AFK, Muted: m.Muted, ShadowMuted: m.ShadowMuted, IP: name(m.IP)}
	for _, alias := range m.Aliases[:min(len(m.Aliases), maxAliases)] {
		meta.Aliases = append(meta.Aliases, name(alias))
	}
	return meta
}

func (d *decoder) selfRank(rank number) room.Event { return &room.SelfRank{Rank: float64(rank)} }

func userCount(_ *decoder, arg []byte) (room.Event, error) {
	var raw json.RawMessage
	if err := unmarshal(arg, &raw); err != nil {
		return nil, err
	}
	n, err := strconv.ParseFloat(string(bytes.Trim(raw, `"`)), 64)
	if err != nil || !(n >= 0 && n <= room.MaxPeople) { // NaN is neither
		return nil, fmt.Errorf("%s is no count of users", cut(string(raw), maxName))
	}
	return &room.UserCount{Count: int(n)}, nil
}

func (d *decoder) leader(user string) room.Event { return &room.Leader{User: name(user)} }

func (d *decoder) login(v struct {
	Success bool   `json:"success"`
	Name    string `json:"name"`
	Guest   bool   `json:"guest"`
	Error   string `json:"error"`
}) room.Event {
	return &room.Login{Success: v.Success, Name: name(v.Name), Guest: v.Guest, Error: line(v.Error)}
}

// userList leaves entries out that name nobody. A list of nothing else would
// empty the room: it is no list of users.
func (d *decoder) userList(list []wireUser) room.Event {
	users := make([]room.User, 0, len(list))
	for _, wire := range list {
		if user := wire.user(); user.Name != "" {
			users = append(users, user)
		}
	}
	if len(users) == 0 && len(list) > 0 {
		return nil
	}
	d.skipped = len(list) - len(users)
	return &room.UserList{Users: users, Count: len(users)}
}

func (d *decoder) addUser(wire wireUser) room.Event {
	user := wire.user()
	return &room.UserJoin{User: user.Name, UserData: user, Timestamp: d.at.Unix()}
}

func (d *decoder) userLeave(v struct {
	Name string `json:"name"`
}) room.Event {
	return &room.UserLeave{User: name(v.Name), Timestamp: d.at.Unix()}
}

func (d *decoder) userRank(v struct {
	Name string `json:"name"`
	Rank number `json:"rank"`
}) room.Event {
	return &room.UserRank{User: name(v.Name), Rank: float64(v.Rank)}
}

func (d *decoder) userMeta(v struct {
	Name string   `json:"name"`
	Meta wireMeta `json:"meta"`
}) room.Event {
	return &room.UserMeta{User: name(v.Name), Meta: v.Meta.meta()}
}

func (d *decoder) userAFK(v struct {
	Name string `json:"name"`
	AFK  bool   `json:"afk"`
}) room.Event {
	return &room.UserAFK{User: name(v.Name), AFK: v.AFK}
}

func (d *decoder) userProfile(v struct {
	Name    string      `json:"name"`
	Profile wireProfile `json:"profile"`
}) room.Event {
	return &room.UserProfile{User: name(v.Name), Profile: v.Profile.profile()}
}
