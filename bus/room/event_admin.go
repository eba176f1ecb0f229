package room

// Permissions is the live table of needed ranks (PROTOCOL.md §4).
type Permissions struct {
	Needs map[string]float64 `json:"needs"`
}

// Options are the channel options an operator cares about. The channel's
// password, which CyTube sends to everyone inside, is left out on purpose.
type Options struct {
	PageTitle      string  `json:"page_title,omitempty"`
	HasPassword    bool    `json:"has_password,omitempty"`
	AllowVoteskip  bool    `json:"allow_voteskip"`
	VoteskipRatio  float64 `json:"voteskip_ratio"`
	AFKTimeout     float64 `json:"afk_timeout"` // seconds
	MaxLength      float64 `json:"max_length"`  // seconds; 0 is no limit
	ChatAntiflood  bool    `json:"chat_antiflood"`
	AllowDupes     bool    `json:"allow_dupes"`
	ShowPublic     bool    `json:"show_public"`
	BlockAnonymous bool    `json:"block_anonymous"`
	TorBanned      bool    `json:"tor_banned"`
}

// Banlist answers requestBanlist.
type Banlist struct {
	Bans []Ban `json:"bans"`
}

// BanRemoved says that a ban is gone.
type BanRemoved struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

// Ranks answers requestChannelRanks.
type Ranks struct {
	Ranks []RankEntry `json:"ranks"`
}

// ChannelLog answers readChanLog.
type ChannelLog struct {
	Success bool   `json:"success"`
	Text    string `json:"text" clean:"lines"`
}

// Filters answers requestChatFilters.
type Filters struct {
	Filters []Filter `json:"filters"`
}

// FilterSet adds or changes a chat filter.
type FilterSet struct {
	Filter Filter `json:"filter"`
}

// FilterRemoved takes a chat filter away.
type FilterRemoved struct {
	Name string `json:"name"`
}

// FilterAdded answers addFilter, which tells no more than that.
type FilterAdded struct{}

func (*Permissions) EventName() string   { return "permissions" }
func (*Options) EventName() string       { return "options" }
func (*Banlist) EventName() string       { return "banlist" }
func (*BanRemoved) EventName() string    { return "ban_removed" }
func (*Ranks) EventName() string         { return "ranks" }
func (*ChannelLog) EventName() string    { return "channel_log" }
func (*Filters) EventName() string       { return "filters" }
func (*FilterSet) EventName() string     { return "filter_set" }
func (*FilterRemoved) EventName() string { return "filter_removed" }
func (*FilterAdded) EventName() string   { return "filter_added" }
