package room

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
	Last    int64     `json:"last,omitempty"`     // Unix milliseconds of the last word from CyTube before the link was lost
}

// LinkState is where a link stands.
type LinkState string

const (
	LinkDown       LinkState = "down"       // waiting for RetryAt
	LinkConnecting LinkState = "connecting" // dialling, logging in, joining: said once for each try, before all else of it
	LinkUp         LinkState = "up"         // joined: the user list has come
	LinkStandby    LinkState = "standby"    // another instance holds the room
	LinkStopped    LinkState = "stopped"    // a person must act; Reason says how
)

// Gap says that the events from one sequence number to another cannot be had
// any more. Both are zero where the bot's numbers do not reach what came
// before: it began anew, and nobody knows what was missed. The bus's follower
// makes it; no bot publishes it.
type Gap struct {
	From  uint64 `json:"from"`
	To    uint64 `json:"to"`
	Since int64  `json:"since,omitempty"` // Unix ms of the last event before it
	Until int64  `json:"until,omitempty"` // Unix ms of the first event after it
}

// Count is how many events are gone; false when nobody knows.
func (g *Gap) Count() (n uint64, known bool) {
	if g.From == 0 || g.To < g.From {
		return 0, false
	}
	return g.To - g.From + 1, true
}

// Notice is something the server tells us alone: a refusal, a throttle, an
// announcement. Kind says which of CyTube's events it was.
type Notice struct {
	Kind NoticeKind `json:"kind"`
	Text string     `json:"text,omitempty" clean:"lines"`
	Wait int64      `json:"wait,omitempty"` // milliseconds, for cooldown
	Link string     `json:"link,omitempty"` // for queueFail and queueWarn
	ID   string     `json:"id,omitempty"`   // of the media, for queueFail: the link may be empty
	Code string     `json:"code,omitempty"` // errorMsg code, spam reason, noflood action, validation target
	From string     `json:"from,omitempty"` // announcement's author
	Head string     `json:"head,omitempty"` // announcement's title
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

func (*SelfRank) EventName() string         { return "self_rank" }
func (*Login) EventName() string            { return "login" }
func (*Connection) EventName() string       { return "connection" }
func (*Gap) EventName() string              { return "gap" }
func (*Notice) EventName() string           { return "notice" }
func (*PasswordNeeded) EventName() string   { return "password_needed" }
func (*PasswordAccepted) EventName() string { return "password_accepted" }
func (*Kicked) EventName() string           { return "kicked" }
