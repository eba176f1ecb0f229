package room

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// An Event is one thing that happened in a room. Events are plain values with
// stable JSON: they travel on rosey.events.<room>.<name> inside a bus
// envelope, and Apply folds them into a State.
//
// All text in an event is plain and has passed Clean. The shapes of message,
// user_join, user_leave, user_list and pm carry the fields that v0.5.0's
// normalised events had, and more.
type Event interface {
	// EventName is the last token of the event's subject, such as "user_join".
	EventName() string
}

// Message is one chat line, the server's own whispers included.
type Message struct {
	User      string  `json:"user"`
	Content   string  `json:"content"`   // plain text, cleaned
	Timestamp int64   `json:"timestamp"` // Unix seconds, as v0.5.0 had it
	Time      int64   `json:"time"`      // Unix milliseconds, CyTube's own
	Spans     []Span  `json:"spans,omitempty"`
	Style     Style   `json:"style,omitempty"`
	Server    bool    `json:"server,omitempty"` // from [server] or [voteskip], not from a user
	Shadow    bool    `json:"shadow,omitempty"` // from a shadow-muted user: moderators see it, others do not
	Replay    bool    `json:"replay,omitempty"` // from the join burst (PROTOCOL.md §3), so older than the connection
	Flair     float64 `json:"flair,omitempty"`  // meta.modflair: the rank the sender shows

	// HTML is the line as CyTube sent it. It goes to rosey.db.message.log,
	// whose readers expect it (COMPAT.md §2), and nowhere else.
	HTML string `json:"-"`
}

// Style is how a line was said: a class from meta.addClass or meta.action.
type Style string

const (
	StylePlain     Style = ""
	StyleAction    Style = "action"
	StyleGreentext Style = "greentext"
	StyleShout     Style = "shout"
	StyleDrink     Style = "drink"
	StyleSpoiler   Style = "spoiler"
	StyleWhisper   Style = "server-whisper"
)

// PM is a private message to us, or the server's copy of one of ours.
type PM struct {
	User      string `json:"user"`
	Recipient string `json:"recipient"`
	Content   string `json:"content"`
	Timestamp int64  `json:"timestamp"`
	Time      int64  `json:"time"`
	Spans     []Span `json:"spans,omitempty"`
}

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

// SelfRank is the bot's own rank: the last one sent counts.
type SelfRank struct {
	Rank float64 `json:"rank"`
}

// Login is the answer to a login. Failed logins carry the server's words.
type Login struct {
	Success bool   `json:"success"`
	Name    string `json:"name,omitempty"`
	Guest   bool   `json:"guest,omitempty"`
	Error   string `json:"error,omitempty"`
}

// Connection is the bot's own link to CyTube, said at each transition.
type Connection struct {
	State   LinkState `json:"state"`
	Reason  string    `json:"reason,omitempty"`   // a sentence for people
	RetryAt int64     `json:"retry_at,omitempty"` // Unix milliseconds of the next try
	Attempt int       `json:"attempt,omitempty"`  // tries since the link was last up
	Since   int64     `json:"since"`              // Unix milliseconds of this transition
	Server  string    `json:"server,omitempty"`   // the address that is or was tried
}

// LinkState is where a link stands.
type LinkState string

const (
	LinkDown       LinkState = "down"       // waiting for RetryAt
	LinkConnecting LinkState = "connecting" // dialling, logging in, joining
	LinkUp         LinkState = "up"         // joined: the user list has come
	LinkStandby    LinkState = "standby"    // another instance holds the room
	LinkStopped    LinkState = "stopped"    // a person must act; Reason says how
)

// Gap says that the events between two sequence numbers cannot be had any
// more. The bus's follower makes it; no bot publishes it.
type Gap struct {
	From  uint64 `json:"from"`
	To    uint64 `json:"to"`
	Since int64  `json:"since,omitempty"` // Unix ms of the last event before it
	Until int64  `json:"until,omitempty"` // Unix ms of the first event after it
}

// ChatCleared says that a moderator cleared the room's chat.
type ChatCleared struct {
	User string `json:"user"`
}

// Motd is the message of the day.
type Motd struct {
	Text  string `json:"text"`
	Spans []Span `json:"spans,omitempty"`
}

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

// Emotes replaces the channel's emote list.
type Emotes struct {
	Emotes []Emote `json:"emotes"`
}

// EmoteSet adds or changes one emote; Old is its former name when renamed.
type EmoteSet struct {
	Old   string `json:"old,omitempty"`
	Emote Emote  `json:"emote"`
}

// EmoteRemoved takes one emote away.
type EmoteRemoved struct {
	Name string `json:"name"`
}

// Styling says that the channel's CSS or JS changed. The texts stay behind:
// a terminal has no use for up to 40 kB of them.
type Styling struct {
	CSSHash string `json:"css_hash"`
	JSHash  string `json:"js_hash"`
	CSSSize int    `json:"css_size"`
	JSSize  int    `json:"js_size"`
}

// Drinks is the drink counter.
type Drinks struct {
	Count int `json:"count"`
}

// Playlist replaces the queue.
type Playlist struct {
	Items []Item `json:"items"`
}

// PlaylistMeta is the queue's length as the server counts it.
type PlaylistMeta struct {
	Count   int     `json:"count"`
	Seconds float64 `json:"seconds"`
	Length  string  `json:"length"`
}

// PlaylistLock says whether the queue is locked.
type PlaylistLock struct {
	Locked bool `json:"locked"`
}

// Queued puts an item behind another.
type Queued struct {
	Item  Item  `json:"item"`
	After After `json:"after"`
}

// Removed takes an item out of the queue.
type Removed struct {
	UID int `json:"uid"`
}

// Moved puts an item behind another.
type Moved struct {
	UID   int   `json:"uid"`
	After After `json:"after"`
}

// TempSet marks an item temporary or not.
type TempSet struct {
	UID  int  `json:"uid"`
	Temp bool `json:"temp"`
}

// Current names the item that plays.
type Current struct {
	UID int `json:"uid"`
}

// MediaChange is a new item on the screen.
type MediaChange struct {
	Media    Media   `json:"media"`
	Position float64 `json:"position"` // seconds; -3 in the lead-in
	Paused   bool    `json:"paused"`
	Time     int64   `json:"time"` // Unix ms at which Position held
}

// MediaUpdate is a tick of the player, about every five seconds.
type MediaUpdate struct {
	Position float64 `json:"position"`
	Paused   bool    `json:"paused"`
	Time     int64   `json:"time"`
}

// PollOpened opens a poll; a poll that was open is replaced.
type PollOpened struct {
	Poll Poll `json:"poll"`
}

// PollUpdated brings new counts.
type PollUpdated struct {
	Poll Poll `json:"poll"`
}

// PollClosed ends the open poll.
type PollClosed struct{}

// Voteskip is the state of the skip vote.
type Voteskip struct {
	Count int `json:"count"`
	Need  int `json:"need"`
}

// VoteskipCleared says that our own vote was taken back, as on going AFK.
type VoteskipCleared struct{}

// Notice is something the server tells us alone: a refusal, a throttle, an
// announcement. Kind says which of CyTube's events it was.
type Notice struct {
	Kind NoticeKind `json:"kind"`
	Text string     `json:"text,omitempty"`
	Wait int64      `json:"wait,omitempty"` // milliseconds, for cooldown
	Link string     `json:"link,omitempty"` // for queueFail and queueWarn
	Code string     `json:"code,omitempty"` // errorMsg code, spam reason, noflood action, validation target
	From string     `json:"from,omitempty"` // announcement's author
}

// NoticeKind is the CyTube event a Notice came from.
type NoticeKind string

const (
	NoticeError        NoticeKind = "errorMsg"
	NoticeCooldown     NoticeKind = "cooldown"
	NoticeSpamFiltered NoticeKind = "spamFiltered"
	NoticeNoflood      NoticeKind = "noflood"
	NoticeCostanza     NoticeKind = "costanza"
	NoticeRankFail     NoticeKind = "channelRankFail"
	NoticeQueueFail    NoticeKind = "queueFail"
	NoticeQueueWarn    NoticeKind = "queueWarn"
	NoticeAnnouncement NoticeKind = "announcement"
	NoticeValidation   NoticeKind = "validation"
	NoticeChannel      NoticeKind = "channel" // channelNotRegistered, partitionChange, warnLargeChandump
)

// PasswordNeeded says the channel wants a password; Wrong, that the one given
// was not it. PasswordAccepted says the door opened.
type PasswordNeeded struct {
	Wrong bool `json:"wrong"`
}

// PasswordAccepted says that the channel let us in.
type PasswordAccepted struct{}

// Kicked says that the server threw the bot out. CyTube also uses it for
// bans, duplicate logins and channel unloads: the reason tells.
type Kicked struct {
	Reason string `json:"reason"`
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
	Text    string `json:"text"`
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

// SavedPlaylists lists the account's saved playlists.
type SavedPlaylists struct {
	Playlists []SavedPlaylist `json:"playlists"`
}

// SearchResults answers searchMedia.
type SearchResults struct {
	Source  string  `json:"source"`
	Results []Media `json:"results"`
}

// names maps each event to its subject token. It is the only list of them:
// Decode, the docs and the tests read it.
var names = map[string]func() Event{
	"message":           func() Event { return new(Message) },
	"pm":                func() Event { return new(PM) },
	"user_join":         func() Event { return new(UserJoin) },
	"user_leave":        func() Event { return new(UserLeave) },
	"user_list":         func() Event { return new(UserList) },
	"user_rank":         func() Event { return new(UserRank) },
	"user_meta":         func() Event { return new(UserMeta) },
	"user_afk":          func() Event { return new(UserAFK) },
	"user_profile":      func() Event { return new(UserProfile) },
	"user_count":        func() Event { return new(UserCount) },
	"leader":            func() Event { return new(Leader) },
	"self_rank":         func() Event { return new(SelfRank) },
	"login":             func() Event { return new(Login) },
	"connection":        func() Event { return new(Connection) },
	"gap":               func() Event { return new(Gap) },
	"chat_cleared":      func() Event { return new(ChatCleared) },
	"motd":              func() Event { return new(Motd) },
	"permissions":       func() Event { return new(Permissions) },
	"options":           func() Event { return new(Options) },
	"emotes":            func() Event { return new(Emotes) },
	"emote_set":         func() Event { return new(EmoteSet) },
	"emote_removed":     func() Event { return new(EmoteRemoved) },
	"styling":           func() Event { return new(Styling) },
	"drinks":            func() Event { return new(Drinks) },
	"playlist":          func() Event { return new(Playlist) },
	"playlist_meta":     func() Event { return new(PlaylistMeta) },
	"playlist_lock":     func() Event { return new(PlaylistLock) },
	"queued":            func() Event { return new(Queued) },
	"removed":           func() Event { return new(Removed) },
	"moved":             func() Event { return new(Moved) },
	"temp_set":          func() Event { return new(TempSet) },
	"current":           func() Event { return new(Current) },
	"media_change":      func() Event { return new(MediaChange) },
	"media_update":      func() Event { return new(MediaUpdate) },
	"poll_opened":       func() Event { return new(PollOpened) },
	"poll_updated":      func() Event { return new(PollUpdated) },
	"poll_closed":       func() Event { return new(PollClosed) },
	"voteskip":          func() Event { return new(Voteskip) },
	"voteskip_cleared":  func() Event { return new(VoteskipCleared) },
	"notice":            func() Event { return new(Notice) },
	"password_needed":   func() Event { return new(PasswordNeeded) },
	"password_accepted": func() Event { return new(PasswordAccepted) },
	"kicked":            func() Event { return new(Kicked) },
	"banlist":           func() Event { return new(Banlist) },
	"ban_removed":       func() Event { return new(BanRemoved) },
	"ranks":             func() Event { return new(Ranks) },
	"channel_log":       func() Event { return new(ChannelLog) },
	"filters":           func() Event { return new(Filters) },
	"filter_set":        func() Event { return new(FilterSet) },
	"filter_removed":    func() Event { return new(FilterRemoved) },
	"filter_added":      func() Event { return new(FilterAdded) },
	"saved_playlists":   func() Event { return new(SavedPlaylists) },
	"search_results":    func() Event { return new(SearchResults) },
}

// EventNames lists every event name, sorted.
func EventNames() []string { return slices.Sorted(maps.Keys(names)) }

// Decode reads an event's JSON data. An event of a newer program is an error
// that names it; callers count it and go on.
func Decode(name string, data []byte) (Event, error) {
	fresh, ok := names[name]
	if !ok {
		return nil, fmt.Errorf("decode event: unknown event %q", Clean(name))
	}
	e := fresh()
	if err := json.Unmarshal(data, e); err != nil {
		return nil, fmt.Errorf("decode event %s: %w", name, err)
	}
	return e, nil
}

func (*Message) EventName() string          { return "message" }
func (*PM) EventName() string               { return "pm" }
func (*UserJoin) EventName() string         { return "user_join" }
func (*UserLeave) EventName() string        { return "user_leave" }
func (*UserList) EventName() string         { return "user_list" }
func (*UserRank) EventName() string         { return "user_rank" }
func (*UserMeta) EventName() string         { return "user_meta" }
func (*UserAFK) EventName() string          { return "user_afk" }
func (*UserProfile) EventName() string      { return "user_profile" }
func (*UserCount) EventName() string        { return "user_count" }
func (*Leader) EventName() string           { return "leader" }
func (*SelfRank) EventName() string         { return "self_rank" }
func (*Login) EventName() string            { return "login" }
func (*Connection) EventName() string       { return "connection" }
func (*Gap) EventName() string              { return "gap" }
func (*ChatCleared) EventName() string      { return "chat_cleared" }
func (*Motd) EventName() string             { return "motd" }
func (*Permissions) EventName() string      { return "permissions" }
func (*Options) EventName() string          { return "options" }
func (*Emotes) EventName() string           { return "emotes" }
func (*EmoteSet) EventName() string         { return "emote_set" }
func (*EmoteRemoved) EventName() string     { return "emote_removed" }
func (*Styling) EventName() string          { return "styling" }
func (*Drinks) EventName() string           { return "drinks" }
func (*Playlist) EventName() string         { return "playlist" }
func (*PlaylistMeta) EventName() string     { return "playlist_meta" }
func (*PlaylistLock) EventName() string     { return "playlist_lock" }
func (*Queued) EventName() string           { return "queued" }
func (*Removed) EventName() string          { return "removed" }
func (*Moved) EventName() string            { return "moved" }
func (*TempSet) EventName() string          { return "temp_set" }
func (*Current) EventName() string          { return "current" }
func (*MediaChange) EventName() string      { return "media_change" }
func (*MediaUpdate) EventName() string      { return "media_update" }
func (*PollOpened) EventName() string       { return "poll_opened" }
func (*PollUpdated) EventName() string      { return "poll_updated" }
func (*PollClosed) EventName() string       { return "poll_closed" }
func (*Voteskip) EventName() string         { return "voteskip" }
func (*VoteskipCleared) EventName() string  { return "voteskip_cleared" }
func (*Notice) EventName() string           { return "notice" }
func (*PasswordNeeded) EventName() string   { return "password_needed" }
func (*PasswordAccepted) EventName() string { return "password_accepted" }
func (*Kicked) EventName() string           { return "kicked" }
func (*Banlist) EventName() string          { return "banlist" }
func (*BanRemoved) EventName() string       { return "ban_removed" }
func (*Ranks) EventName() string            { return "ranks" }
func (*ChannelLog) EventName() string       { return "channel_log" }
func (*Filters) EventName() string          { return "filters" }
func (*FilterSet) EventName() string        { return "filter_set" }
func (*FilterRemoved) EventName() string    { return "filter_removed" }
func (*FilterAdded) EventName() string      { return "filter_added" }
func (*SavedPlaylists) EventName() string   { return "saved_playlists" }
func (*SearchResults) EventName() string    { return "search_results" }
