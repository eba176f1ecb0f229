// Package room is the domain: what a chat room is, what can happen in it, and
// the pure fold from one to the other.
//
// It does no I/O and reads no clock. The bot folds events into the state that
// it serves, a console folds the same events into the state that it shows, and
// both arrive at the same place because Apply is the same function.
//
// All text in this package's types is plain and has passed Clean: remote HTML
// is decoded in bot/cytube, once.
package room

// User is one named person in the room.
type User struct {
	Name        string  `json:"username"`
	Rank        float64 `json:"rank"` // a float on the wire: a temporary leader has 1.5 (PROTOCOL.md §4)
	AFK         bool    `json:"is_afk"`
	IsModerator bool    `json:"is_moderator"`
	Meta        Meta    `json:"meta"`
	Profile     Profile `json:"profile,omitzero"`
}

// Meta is a user's changeable state. ShadowMuted, Aliases and IP are present
// only in the form that moderators receive.
type Meta struct {
	AFK         bool     `json:"afk"`
	Muted       bool     `json:"muted"`
	ShadowMuted bool     `json:"smuted,omitempty"`
	Aliases     []string `json:"aliases,omitempty"`
	IP          string   `json:"ip,omitempty"` // masked by the server for all but site administrators
}

// Profile is a user's picture and text.
type Profile struct {
	Image string `json:"image,omitempty"`
	Text  string `json:"text,omitempty" clean:"lines"`
}

// Ranks with a meaning of their own (PROTOCOL.md §4).
const (
	RankAnonymous = -1.0
	RankGuest     = 0.0
	RankUser      = 1.0
	RankLeader    = 1.5
	RankModerator = 2.0
	RankAdmin     = 3.0
	RankOwner     = 4.0
	RankFounder   = 5.0
	RankSiteAdmin = 255.0
)

// Span is a stretch of a line in one style. Joining the Text of a line's spans
// gives the line's plain text.
type Span struct {
	Kind SpanKind `json:"kind,omitempty"`
	Text string   `json:"text"`
	Link string   `json:"link,omitempty"` // target of a link or an image
}

// SpanKind says how a span is meant.
type SpanKind string

const (
	SpanText    SpanKind = ""
	SpanLink    SpanKind = "link"
	SpanEmote   SpanKind = "emote"
	SpanStrong  SpanKind = "strong"
	SpanEm      SpanKind = "em"
	SpanStrike  SpanKind = "strike"
	SpanCode    SpanKind = "code"
	SpanSpoiler SpanKind = "spoiler"
	SpanImage   SpanKind = "image"
)

// Media is a thing that can play.
type Media struct {
	ID       string  `json:"id"`
	Type     string  `json:"type"` // CyTube's two-letter code: yt, vi, fi, cu …
	Title    string  `json:"title"`
	Seconds  float64 `json:"seconds"` // 0 for live media
	Duration string  `json:"duration"`
}

// Item is a place in the queue. UIDs begin at 0 and start again when the
// channel is loaded anew or the queue shuffled (PROTOCOL.md §7).
type Item struct {
	UID     int    `json:"uid"`
	Media   Media  `json:"media"`
	Temp    bool   `json:"temp"`
	QueueBy string `json:"queue_by"`
}

// After is where an item goes in the queue: first, last, or behind a UID.
type After struct {
	Where AfterWhere `json:"where"`
	UID   int        `json:"uid,omitempty"` // meaningful when Where is AfterUID
}

// AfterWhere is a place in the queue.
type AfterWhere string

const (
	AfterUID AfterWhere = "uid"
	AtStart  AfterWhere = "prepend"
	AtEnd    AfterWhere = "append"
)

// Poll is an open poll. Counts are texts because an obscured poll has "?".
type Poll struct {
	Title     string   `json:"title"`
	Options   []string `json:"options"`
	Counts    []string `json:"counts"`
	Initiator string   `json:"initiator"`
	Timestamp int64    `json:"timestamp"` // Unix milliseconds
}

// Emote is a channel emote: what is typed and what is shown.
type Emote struct {
	Name  string `json:"name"`
	Image string `json:"image"`
}

// Ban is an entry of the ban list; IP is masked, "*" for a ban by name.
type Ban struct {
	ID       int    `json:"id"`
	IP       string `json:"ip"`
	Name     string `json:"name"`
	Reason   string `json:"reason"`
	BannedBy string `json:"banned_by"`
}

// RankEntry is one line of the channel's rank table.
type RankEntry struct {
	Name string  `json:"name"`
	Rank float64 `json:"rank"`
}

// Filter is a chat filter.
type Filter struct {
	Name        string `json:"name"`
	Source      string `json:"source"`
	Flags       string `json:"flags"`
	Replace     string `json:"replace"`
	Active      bool   `json:"active"`
	FilterLinks bool   `json:"filter_links"`
}

// SavedPlaylist is a playlist kept with the bot's account.
type SavedPlaylist struct {
	Name    string  `json:"name"`
	Count   int     `json:"count"`
	Seconds float64 `json:"seconds"`
}

// State is a room as the events so far have left it. A State is a value:
// Apply returns a new one and never changes the maps and slices of the old,
// so a reader may keep a State while events go on.
type State struct {
	Connection Connection         `json:"connection"`
	Self       Self               `json:"self"`
	Users      []User             `json:"users"` // sorted by folded name
	Leader     string             `json:"leader,omitempty"`
	Count      int                `json:"count"` // connected, anonymous watchers included
	Playlist   []Item             `json:"playlist"`
	Current    int                `json:"current"` // UID of the item that plays; -1 for none
	Locked     bool               `json:"locked"`
	Length     PlaylistMeta       `json:"length"`
	Media      *MediaChange       `json:"media,omitempty"` // nil when nothing plays
	Motd       Motd               `json:"motd,omitzero"`
	Perms      map[string]float64 `json:"permissions,omitempty"`
	Options    Options            `json:"options,omitzero"`
	Emotes     []Emote            `json:"emotes,omitempty"`
	Poll       *Poll              `json:"poll,omitempty"`
	Voteskip   Voteskip           `json:"voteskip,omitzero"`
	Drinks     int                `json:"drinks,omitempty"`
	Handover   Handover           `json:"handover,omitzero"`

	// Full says that a list reached MaxEntries and that entries are missing.
	Full bool `json:"full,omitempty"`
}

// Self is the bot's own person in the room.
type Self struct {
	Name  string  `json:"name,omitempty"`
	Rank  float64 `json:"rank"`
	Guest bool    `json:"guest,omitempty"`
}

// New is the state of a room of which nothing is known yet.
func New() State {
	return State{Users: []User{}, Playlist: []Item{}, Current: -1, Self: Self{Rank: RankAnonymous}, Connection: Connection{State: LinkDown}}
}
