package room

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

// MessageKey recognises a line that came before, as a replayed one does after
// each join. It is comparable.
type MessageKey struct {
	Time int64  // Unix milliseconds
	User string // folded
	Text string
}

// Key is what the same line has in common whenever it comes.
func (m *Message) Key() MessageKey {
	return MessageKey{Time: m.Time, User: Fold(m.User), Text: m.Content}
}

// PM is a private message to us, or the server's copy of one of ours.
type PM struct {
	User      string `json:"user"`
	Recipient string `json:"recipient"`
	Content   string `json:"content" clean:"lines"`
	Timestamp int64  `json:"timestamp"`
	Time      int64  `json:"time"`
	Spans     []Span `json:"spans,omitempty" clean:"lines"`

	// Unseen says that cleaning took something out of it: what it reads like
	// is not all that was typed.
	Unseen bool `json:"-"`
}

// ChatCleared says that a moderator cleared the room's chat.
type ChatCleared struct {
	User string `json:"user"`
}

// Motd is the message of the day.
type Motd struct {
	Text  string `json:"text" clean:"lines"`
	Spans []Span `json:"spans,omitempty" clean:"lines"`
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

func (*Message) EventName() string      { return "message" }
func (*PM) EventName() string           { return "pm" }
func (*ChatCleared) EventName() string  { return "chat_cleared" }
func (*Motd) EventName() string         { return "motd" }
func (*Emotes) EventName() string       { return "emotes" }
func (*EmoteSet) EventName() string     { return "emote_set" }
func (*EmoteRemoved) EventName() string { return "emote_removed" }
func (*Styling) EventName() string      { return "styling" }
func (*Drinks) EventName() string       { return "drinks" }
func (*PollOpened) EventName() string   { return "poll_opened" }
func (*PollUpdated) EventName() string  { return "poll_updated" }
func (*PollClosed) EventName() string   { return "poll_closed" }
