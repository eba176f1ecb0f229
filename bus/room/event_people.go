package room

// UserJoin says that a named user came in, or that one already there was
// announced again: CyTube repeats addUser (PROTOCOL.md §7).
type UserJoin struct {
	User      string `json:"user"`
	UserData  User   `json:"user_data"`
	Timestamp int64  `json:"timestamp"`
}

// UserLeave says that a named user left.
type UserLeave struct {
	User      string `json:"user"`
	Timestamp int64  `json:"timestamp"`
}

// UserList replaces everything known about who is here.
type UserList struct {
	Users []User `json:"users"`
	Count int    `json:"count"`
}

// UserRank is a rank change; it may name someone who is not in the room.
type UserRank struct {
	User string  `json:"user"`
	Rank float64 `json:"rank"`
}

// UserMeta is a change of AFK or mute state. Moderator fields are set only
// when CyTube sent the moderator form.
type UserMeta struct {
	User string `json:"user"`
	Meta Meta   `json:"meta"`
}

// UserAFK is CyTube's legacy twin of UserMeta.
type UserAFK struct {
	User string `json:"user"`
	AFK  bool   `json:"afk"`
}

// UserProfile is a new picture or text of a user.
type UserProfile struct {
	User    string  `json:"user"`
	Profile Profile `json:"profile"`
}

// UserCount is how many are connected, anonymous watchers included. CyTube
// sends it up to ten seconds late.
type UserCount struct {
	Count int `json:"count"`
}

// Leader names who leads playback; empty when nobody does.
type Leader struct {
	User string `json:"user"`
}

func (*UserJoin) EventName() string    { return "user_join" }
func (*UserLeave) EventName() string   { return "user_leave" }
func (*UserList) EventName() string    { return "user_list" }
func (*UserRank) EventName() string    { return "user_rank" }
func (*UserMeta) EventName() string    { return "user_meta" }
func (*UserAFK) EventName() string     { return "user_afk" }
func (*UserProfile) EventName() string { return "user_profile" }
func (*UserCount) EventName() string   { return "user_count" }
func (*Leader) EventName() string      { return "leader" }
