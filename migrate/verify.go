package migrate

import (
	"context"
	"time"

	"rosey/bus"
	"rosey/config"
)

// Status is where one item of the checklist stands.
type Status string

const (
	Pending Status = "pending" // not seen yet
	Passed  Status = "passed"
	Failed  Status = "failed"
)

// Item is one thing that must be so, as the guide's checklist has it.
type Item struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Status   Status `json:"status"`
	Evidence string `json:"evidence"`     // what was seen, or what is waited for
	Do       string `json:"do,omitempty"` // what to do, unless it passed

	// WaitsFor says what a pending item needs that looking again at once does
	// not bring: a person, or time.
	WaitsFor string `json:"waits_for,omitempty"`

	// Unproven is what a passed item's evidence leaves open.
	Unproven string `json:"unproven,omitempty"`
}

const (
	waitsForPerson = "person"
	waitsForTime   = "time"
)

// waiting is the item with what it waits for.
func (i Item) waiting(what string) Item {
	if i.Status == Pending {
		i.WaitsFor = what
	}
	return i
}

// ChecklistVersion is the version that Checklist.Check carries. A field may be
// added under the same version; one that changes or goes raises it.
const ChecklistVersion = 1

// Checklist is the guide's checklist, ticked by what was seen.
type Checklist struct {
	Check  int       `json:"check"`
	At     time.Time `json:"at"`
	Room   string    `json:"room"`
	Status Status    `json:"status"` // failed if one failed, else pending if one is
	Items  []Item    `json:"items"`
	Soak   Soak      `json:"soak"`
}

// Settled says that looking again at once shows nothing more.
func (c Checklist) Settled() bool {
	for _, i := range c.Items {
		if i.Status == Pending && i.WaitsFor == "" {
			return false
		}
	}
	return true
}

// Item finds an item by its id.
func (c Checklist) Item(id string) Item {
	for _, i := range c.Items {
		if i.ID == id {
			return i
		}
	}
	return Item{}
}

// The items' ids, in the order of the guide.
const (
	ItemBackup      = "backup"
	ItemNATS        = "nats"
	ItemConfig      = "config"
	ItemNATSStarted = "nats_started"
	ItemBot         = "bot"
	ItemCyTube      = "cytube"
	ItemUsers       = "users"
	ItemChat        = "chat"
	ItemCommands    = "commands"
	ItemDatabase    = "database"
	ItemSoak        = "soak"
	ItemComplete    = "complete"
)

// VerifyOptions says what to verify.
type VerifyOptions struct {
	Conn *bus.Conn // as operator; a viewer cannot try the commands

	// ConfigFile is the configuration that the services run with, Config what
	// the loader made of it, and ConfigError what it said instead. An empty
	// ConfigFile is for services that run elsewhere.
	ConfigFile  string
	Config      *config.Config
	ConfigError error

	Room     string        // platforms[].name
	Operator string        // under whose name the commands are tried
	Soak     time.Duration // how long it must run without issues; 0: an hour
	StateDir string        // where the soak timer is kept; empty: rosey's XDG state folder
}

// defaultSoak is the guide's hour.
const defaultSoak = time.Hour

// patience is how long what ought to answer at once may take before it counts
// as missing.
const patience = 5 * time.Second

// Verify watches the running system until ctx ends, and gives the checklist
// each time that something in it changed. Whoever is slow gets the newest one.
// The soak timer goes on where an earlier Verify left it, if what happened
// meanwhile can be shown to be nothing.
func Verify(ctx context.Context, opts VerifyOptions) <-chan Checklist {
	if opts.Soak <= 0 {
		opts.Soak = defaultSoak
	}
	if opts.Config == nil {
		opts.Config = config.Default()
	}
	lists := make(chan Checklist, 1)
	v := &verifier{opts: opts, began: time.Now(), lists: lists}
	go v.run(ctx)
	return lists
}
