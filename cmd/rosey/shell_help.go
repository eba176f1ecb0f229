package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"rosey/bus"
)

// help answers from the bot's own tree, all of it or one command.
func (s *shell) help(line, name string) int {
	commands := s.tree.Commands
	text := ""
	if name == "" {
		text = helpAll(commands)
	} else {
		info, known := s.tree.Find(name)
		if !known {
			return s.unreadable(line, s.tree.Unknown(name))
		}
		commands = []bus.CommandInfo{info}
		text = helpOne(info)
	}
	reply := bus.CommandReply{Status: bus.StatusDone, Text: text}
	if s.json {
		data, err := json.Marshal(commands)
		if err != nil {
			return s.unreadable(line, err)
		}
		reply.Data = data
	}
	s.print(line, reply)
	return exitOK
}

// helpAll lists the commands by group, in the order in which the bot tells
// them.
func helpAll(commands []bus.CommandInfo) string {
	var groups []string
	lines := map[string][]string{}
	for _, c := range commands {
		if lines[c.Group] == nil {
			groups = append(groups, c.Group)
		}
		lines[c.Group] = append(lines[c.Group], fmt.Sprintf("  %-38s %s", c.Usage, c.Help))
	}
	var b strings.Builder
	for _, g := range groups {
		fmt.Fprintf(&b, "%s\n%s\n\n", g, strings.Join(lines[g], "\n"))
	}
	return b.String() + "help COMMAND tells more about one of them."
}

func helpOne(c bus.CommandInfo) string {
	lines := []string{c.Usage, "  " + c.Help}
	say := func(what, text string) {
		if text != "" {
			lines = append(lines, fmt.Sprintf("  %s: %s", what, text))
		}
	}
	say("also", strings.Join(c.Aliases, ", "))
	for _, a := range c.Args {
		if a.Type == bus.ArgChoice {
			say(a.Name, strings.Join(a.Choices, ", "))
		}
		if a.Type == bus.ArgDuration {
			say(a.Name, "such as 90s, 10m, 2h, 3d")
		}
	}
	if c.Rank > 0 {
		say("needs", fmt.Sprintf("rank %g", c.Rank))
	}
	say("needs", c.Needs)
	say("taken back by", c.Inverse)
	return strings.Join(lines, "\n")
}
