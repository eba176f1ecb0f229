package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rosey/bus"
	"rosey/bus/room"
)

// A command is one entry of the tree: what it is called and takes, as everyone
// on the bus sees it, and how it is planned. Help, completion, the subjects
// and docs/commands.md are all made from these values.
type command struct {
	bus.CommandInfo

	hint    string // what a usage refusal adds
	brief   string // its line in the PM shell's help; empty: the usage alone
	offline bool   // needs no connection to CyTube
	recalls bool   // answers from what the bot saw of the room last
	passing bool   // stands for another command, which is written down instead
	private bool   // its text is written down nowhere
	ordered bool   // one after another, in the order they came: lines of chat

	// plan checks the request against the room and says what it would do, or
	// why that cannot be. It sends nothing that changes anything.
	plan func(*request) (*plan, error)
}

// A plan is a command made ready: for whom it is, and how it is carried out.
type plan struct {
	does    string   // what it would do, for a dry run: "kick Bob"
	target  string   // the person or the medium it is about
	reason  string   // why
	undo    string   // the command that takes it back
	none    string   // of a bulk command: what is said when there is nothing to do
	targets []string // of a bulk command: each thing by itself, as people know it

	// run carries it out and follows it to its outcome. A bulk command finds
	// in chosen the places in targets that it may touch.
	run func(d *deed, chosen []int) outcome
}

// Groups of commands, in the order help shows them.
const (
	groupInfo     = "Info"
	groupUsers    = "Users"
	groupChat     = "Chat"
	groupPlaylist = "Playlist"
	groupControl  = "Control"
	groupPolls    = "Polls"
	groupRoom     = "Room"
	groupShift    = "Shift"
)

var groups = []string{groupInfo, groupUsers, groupChat, groupPlaylist, groupControl, groupPolls, groupRoom, groupShift}

// tree is every command, by group and then as written down. It is made anew
// each time, which costs less than a request does.
func tree() []*command {
	list := slices.Concat(
		askCommands(), peopleCommands(), banCommands(), rankCommands(), chatCommandList(), queueCommands(),
		cleanCommands(), pollCommands(), roomCommands(), shiftCommands(),
	)
	slices.SortStableFunc(list, func(a, b *command) int {
		return slices.Index(groups, a.Group) - slices.Index(groups, b.Group)
	})
	for _, c := range list {
		c.Usage = cmp.Or(c.Usage, usageOf(c.CommandInfo))
	}
	return list
}

// usageOf writes a command's arguments as v0.5.0 did: <needed> and [optional].
func usageOf(c bus.CommandInfo) string {
	usage := c.Name
	for _, a := range c.Args {
		name := a.Name
		if a.Type == bus.ArgChoice && len(a.Choices) > 0 {
			name = strings.Join(a.Choices, "|")
		}
		if a.Optional {
			usage += " [" + name + "]"
		} else {
			usage += " <" + name + ">"
		}
	}
	return usage
}

// findCommand finds a command by its name or an alias, in any case.
func findCommand(word string) *command {
	word = strings.ToLower(word)
	for _, c := range tree() {
		if c.Name == word || slices.Contains(c.Aliases, word) {
			return c
		}
	}
	return nil
}

// Tree is the tree as it is served on the bus.
func Tree(version string) bus.TreeReply {
	r := bus.TreeReply{Version: version}
	for _, c := range tree() {
		r.Commands = append(r.Commands, c.CommandInfo)
	}
	return r
}

// unknownCommand is v0.5.0's answer (COMPAT.md §4).
func unknownCommand(word string) error {
	return sentence(fmt.Sprintf("Unknown command: %s\nType 'help' for available commands", room.Clean(word)))
}

// A sentence is a refusal that stands for itself; the PM shell puts "Error: "
// in front of any other, as v0.5.0 did.
type sentence string

func (s sentence) Error() string { return string(s) }

// usage is the refusal of arguments that do not fit.
func (c *command) usage() error { return sentence("Usage: " + c.Usage + c.hint) }
