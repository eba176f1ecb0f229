package room

// Action is something that was done in the room, or tried: a command followed
// to its outcome, or what CyTube tells of what others did. A pending
// one comes again under its ID when the outcome is known.
type Action struct {
	ID     string       `json:"id"`
	Actor  string       `json:"actor"`            // the operator, or the moderator in the room
	Verb   string       `json:"verb"`             // the command's name: kick, ban, add …
	Target string       `json:"target,omitempty"` // the person or the medium it is about
	Reason string       `json:"reason,omitempty"`
	Line   string       `json:"line,omitempty"` // the command as a person would type it
	Source ActionSource `json:"source"`
	Status string       `json:"status"`                       // bus.CommandStatus
	Text   string       `json:"text,omitempty" clean:"lines"` // the outcome in a sentence
	Time   int64        `json:"time"`                         // Unix ms at which it was asked for or seen
	Took   int64        `json:"took,omitempty"`               // ms from there to the outcome
	Undo   string       `json:"undo,omitempty"`               // the command that takes it back
}

// ActionSource is where an action came from.
type ActionSource string

const (
	SourcePM      ActionSource = "pm"      // a private message to the bot
	SourceConsole ActionSource = "console" // rosey tui
	SourceShell   ActionSource = "shell"   // rosey shell, and programs
	SourceRoom    ActionSource = "room"    // somebody in the room, as CyTube's whispers tell
	SourceBot     ActionSource = "bot"     // the bot itself, as when a timed mute ends
)

// Handover is the note that one shift leaves for the next. An empty Text means
// that there is none.
type Handover struct {
	Text string `json:"text" clean:"lines"`
	By   string `json:"by,omitempty"`
	Time int64  `json:"time,omitempty"` // Unix ms
}

func (*Action) EventName() string   { return "action" }
func (*Handover) EventName() string { return "handover" }
