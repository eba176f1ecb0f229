package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rosey/bus/room"
	"rosey/config"
)

// Tree asks the room's bot for its commands.
func Tree(ctx context.Context, c *Conn, roomName string) (TreeReply, error) {
	tree, err := Request[TreeReply](ctx, c, TreeSubject(roomName), struct{}{})
	if err != nil {
		return TreeReply{}, fmt.Errorf("ask for commands: %w", err)
	}
	if tree.Error != "" {
		return TreeReply{}, errors.New("ask for commands: " + tree.Error)
	}
	return tree, nil
}

// Find gives the command of a name or alias, in any case.
func (t TreeReply) Find(name string) (CommandInfo, bool) {
	for _, c := range t.Commands {
		for _, known := range append([]string{c.Name}, c.Aliases...) {
			if strings.EqualFold(known, name) {
				return c, true
			}
		}
	}
	return CommandInfo{}, false
}

// Parse reads a line as a person types it: a command's name and its arguments.
// The error is a sentence; for errors.Is it is ErrUnknownCommand or one of
// SplitLine's. A line of blanks is neither a command nor an error.
func (t TreeReply) Parse(line string) (CommandInfo, []string, error) {
	name, rest, err := CutCommand(line)
	if err != nil || name == "" {
		return CommandInfo{}, nil, err
	}
	command, known := t.Find(name)
	if !known {
		return CommandInfo{}, nil, t.Unknown(name)
	}
	args, err := command.SplitCommand(rest)
	return command, args, err
}

// Unknown is the error for a name that Find does not know, with the nearest
// that there is.
func (t TreeReply) Unknown(name string) error {
	const shown = 40
	name = room.Clean(name)
	if r := []rune(name); len(r) > shown {
		name = string(r[:shown]) + "…"
	}
	if near := t.nearest(name); near != "" {
		return &failure{kind: ErrUnknownCommand, text: fmt.Sprintf("there is no command %q: did you mean %s?", name, near)}
	}
	return &failure{kind: ErrUnknownCommand, text: fmt.Sprintf("there is no command %q: help lists them all", name)}
}

// nearest is the command that may have been meant, empty when none is near.
func (t TreeReply) nearest(name string) string {
	name = strings.ToLower(name)
	best, distance := "", 1+len(name)/3
	for _, c := range t.Commands {
		for _, known := range append([]string{c.Name}, c.Aliases...) {
			if d := config.EditDistance(name, strings.ToLower(known)); d <= distance {
				best, distance = known, d-1
			}
		}
	}
	return best
}
