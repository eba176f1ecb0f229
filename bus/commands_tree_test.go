package bus_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rosey/bus"
)

func TestParseReadsALineByTheTree(t *testing.T) {
	tree := bus.TreeReply{Commands: []bus.CommandInfo{
		{Name: "say", Args: []bus.ArgInfo{{Name: "message", Rest: true}}},
		{Name: "kick", Aliases: []string{"boot"}, Args: []bus.ArgInfo{{Name: "user"}, {Name: "reason", Optional: true, Rest: true}}},
		{Name: "move", Args: []bus.ArgInfo{{Name: "from"}, {Name: "to"}}},
	}}
	for _, test := range []struct {
		line string
		name string
		args []string
		err  error
		says string
	}{
		{line: "  "},
		{line: "SAY it's  me", name: "say", args: []string{"it's  me"}},
		{line: `boot "Bob the Great"`, name: "kick", args: []string{"Bob the Great"}},
		{line: `kick "Bob the Great" you know why`, name: "kick", args: []string{"Bob the Great", "you know why"}},
		{line: "move 1 2", name: "move", args: []string{"1", "2"}},
		{line: "kcik bob", err: bus.ErrUnknownCommand, says: "did you mean kick?"},
		{line: "bot bob", err: bus.ErrUnknownCommand, says: "did you mean boot?"},
		{line: strings.Repeat("z", 5000), err: bus.ErrUnknownCommand, says: "help lists them all"},
		{line: `kick "bob`, name: "kick", err: bus.ErrLineQuote},
		{line: "kick b\x1bob", err: bus.ErrLineControl},
	} {
		info, args, err := tree.Parse(test.line)
		if info.Name != test.name || !slices.Equal(args, test.args) || !errors.Is(err, test.err) || err != nil && len(err.Error()) > 200 {
			t.Errorf("%.40q: %s %q, %v", test.line, info.Name, args, err)
		}
		if test.says != "" && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%.40q: %v, want %q", test.line, err, test.says)
		}
	}
}
