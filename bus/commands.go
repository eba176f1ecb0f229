package bus

import (
	"encoding/json"

	"rosey/bus/room"
)

// Command is the payload on rosey.cmd.<room>.<verb>.
type Command struct {
	ID       string            `json:"id"`       // idempotency key: a repeated one acts once
	Operator string            `json:"operator"` // who asks
	Args     []string          `json:"args"`
	Deadline int64             `json:"deadline,omitempty"` // Unix ms after which it must not act any more
	DryRun   bool              `json:"dry_run,omitempty"`  // only say what would be done: the reply is a preview without a Confirm
	Source   room.ActionSource `json:"source,omitempty"`   // console; over the bus anything else counts as shell

	// Confirm is the CommandReply.Confirm of a preview: the command then acts
	// on what was shown and on nothing else. Only narrows that down.
	Confirm string   `json:"confirm,omitempty"`
	Only    []string `json:"only,omitempty"`
}

// CommandReply says what came of a command.
type CommandReply struct {
	ID     string        `json:"id"`
	Status CommandStatus `json:"status"`
	Text   string        `json:"text" clean:"lines"` // a sentence for people, or the lines that were asked for

	Targets []string        `json:"targets,omitempty"` // whom or what it is about, one by one
	Confirm string          `json:"confirm,omitempty"` // with StatusPreview: what to send to go ahead
	Warning string          `json:"warning,omitempty"` // such as that another operator has just acted on the same person
	Undo    string          `json:"undo,omitempty"`    // the command that takes it back
	Took    int64           `json:"took,omitempty"`    // ms to the outcome
	Data    json.RawMessage `json:"data,omitempty"`    // of commands that ask: the answer for programs
}

// CommandStatus is what came of a command.
type CommandStatus string

const (
	StatusDone     CommandStatus = "done"
	StatusPending  CommandStatus = "pending"   // asking again with the same id gives the outcome
	StatusRefused  CommandStatus = "refused"   // by us or by CyTube, in whose words Text then is
	StatusNoEffect CommandStatus = "no_effect" // sent, and nothing came of it in time
	StatusPreview  CommandStatus = "preview"   // nothing was done: Targets is what it would be done to
)

// TreeReply answers on TreeSubject: the commands of this bot, as help lists
// them.
type TreeReply struct {
	Version  string        `json:"version"`
	Commands []CommandInfo `json:"commands"`
	Error    string        `json:"error,omitempty"`
}

// CommandInfo is one command of the tree. Name is its verb, the last token of
// its subject.
type CommandInfo struct {
	Name    string    `json:"name"`
	Aliases []string  `json:"aliases,omitempty"`
	Group   string    `json:"group"`
	Usage   string    `json:"usage"`
	Help    string    `json:"help"` // a sentence
	Args    []ArgInfo `json:"args,omitempty"`

	Needs       string  `json:"needs,omitempty"` // the permission, a key for room.State.Needs
	Rank        float64 `json:"rank,omitempty"`  // the rank that is needed whatever the channel says
	Destructive bool    `json:"destructive,omitempty"`
	Bulk        bool    `json:"bulk,omitempty"`    // shows a preview before it acts
	Asks        bool    `json:"asks,omitempty"`    // changes nothing
	Inverse     string  `json:"inverse,omitempty"` // the command that takes it back, same first argument
}

// ArgInfo is one argument of a command.
type ArgInfo struct {
	Name     string   `json:"name"`
	Type     ArgType  `json:"type"`
	Optional bool     `json:"optional,omitempty"`
	Rest     bool     `json:"rest,omitempty"` // takes all that follows, spaces and all
	Choices  []string `json:"choices,omitempty"`
}

// ArgType says what an argument is and so how it completes.
type ArgType string

const (
	ArgUser     ArgType = "user"     // a person in the room
	ArgName     ArgType = "name"     // a person, present or not
	ArgBanned   ArgType = "banned"   // a name on the ban list
	ArgPosition ArgType = "position" // a place in the queue, from 1
	ArgURL      ArgType = "url"
	ArgReason   ArgType = "reason"
	ArgText     ArgType = "text"
	ArgNumber   ArgType = "number"
	ArgRank     ArgType = "rank"
	ArgDuration ArgType = "duration" // 90s, 10m, 2h, 3d
	ArgChoice   ArgType = "choice"   // one of Choices
	ArgCommand  ArgType = "command"  // the name of a command
)

// Presence is said on SubjectPresence by each console every few seconds and
// whenever it changes. One that was not heard for PresenceTTL is gone.
type Presence struct {
	Console  string `json:"console"` // tells consoles of one operator apart
	Operator string `json:"operator"`
	Room     string `json:"room"`
	Acting   string `json:"acting,omitempty"` // on whom a question stands open
	ReadOnly bool   `json:"read_only,omitempty"`
	Time     int64  `json:"time"` // Unix ms
	Gone     bool   `json:"gone,omitempty"`
}
