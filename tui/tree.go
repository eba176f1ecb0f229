package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// The bot's command tree, as the room's bot serves it.

// treeEvery is how often the tree is asked for anew: a bot of another version
// may have come.
const treeEvery = time.Minute

// wantTrees asks for what is not known of any room's commands.
func (m *model) wantTrees() tea.Cmd {
	var asked []tea.Cmd
	for _, v := range m.rooms {
		if cmd := m.wantTree(v); cmd != nil {
			asked = append(asked, cmd)
		}
	}
	return tea.Batch(asked...)
}

// wantTree asks for a room's commands when they are not known or old.
func (m *model) wantTree(v *channel) tea.Cmd {
	if m.opts.ReadOnly || !v.known || m.nats.State != room.LinkUp || !v.tree.older(m.now, treeEvery) || m.now.Before(v.treeAgain) {
		return nil
	}
	v.treeAgain = m.now.Add(askAgain)
	return v.tree.ask(m, bus.TreeSubject(v.name), struct{}{}, func(*model) tea.Cmd {
		v.rev++
		return nil
	})
}

// wantReasons asks once for the reasons that were given before.
func (m *model) wantReasons(v *channel) tea.Cmd {
	if m.opts.ReadOnly || !v.tree.known || v.before.known || v.before.asking || m.now.Before(v.beforeAgain) {
		return nil
	}
	v.beforeAgain = m.now.Add(10 * askAgain)
	return v.before.ask(m, bus.SubjectActions, bus.ActionsQuery{Room: v.name, Limit: 200}, func(*model) tea.Cmd {
		rows, live := v.before.reply.Rows, v.reasons
		for i := len(rows) - 1; i >= 0; i-- {
			v.rememberReason(rows[i].Reason)
		}
		for i := len(live) - 1; i >= 0; i-- {
			v.rememberReason(live[i])
		}
		return nil
	})
}

// askAgain is the pause after a question that nobody answered.
const askAgain = 5 * time.Second

// command finds one of the bot's commands by its name or an alias.
func (v *channel) command(word string) (bus.CommandInfo, bool) {
	word = strings.ToLower(word)
	for _, c := range v.tree.reply.Commands {
		if c.Name == word || slices.Contains(c.Aliases, word) {
			return c, true
		}
	}
	return bus.CommandInfo{}, false
}

// argOf is the first argument of a type.
func argOf(c bus.CommandInfo, types ...bus.ArgType) (bus.ArgInfo, bool) {
	for _, a := range c.Args {
		if slices.Contains(types, a.Type) {
			return a, true
		}
	}
	return bus.ArgInfo{}, false
}

// onPerson tells whether a command is about a person, named first.
func onPerson(c bus.CommandInfo) bool {
	return len(c.Args) > 0 && (c.Args[0].Type == bus.ArgUser || c.Args[0].Type == bus.ArgName)
}

// asksMore tells whether a command needs more than its first argument.
func asksMore(c bus.CommandInfo) bool {
	return len(c.Args) > 1 && !c.Args[1].Optional
}

// cannot tells why the bot may not do a command now, and what rank would do;
// empty when it may, as far as is known here. The bot has the last word.
func (v *channel) cannot(c bus.CommandInfo, target string) string {
	if c.Asks {
		return ""
	}
	me := v.state.Self.Rank
	if v.state.Connection.State != room.LinkUp && (c.Needs != "" || c.Rank > 0) { // the bot knows which of the others need it
		return "the bot is not in the room"
	}
	if c.Needs != "" {
		need, known := v.state.Needs(c.Needs)
		switch {
		case !known:
			return "this channel lets nobody " + c.Needs
		case me < need:
			return fmt.Sprintf("needs rank %s, the bot has %s", rankNumber(need), rankNumber(me))
		}
	}
	if me < c.Rank {
		return fmt.Sprintf("needs rank %s, the bot has %s", rankNumber(c.Rank), rankNumber(me))
	}
	if target == "" || c.Bulk || c.Needs == "" && c.Rank == 0 { // a bulk is about what somebody queued, whoever they are
		return ""
	}
	u, here := v.state.User(target)
	switch {
	case !here && len(c.Args) > 0 && c.Args[0].Type == bus.ArgUser:
		return v.absence(target)
	case here && room.Fold(target) == room.Fold(v.state.Self.Name):
		return "that is the bot itself"
	case here && u.Rank >= me:
		return fmt.Sprintf("has rank %s, the bot only %s", rankNumber(u.Rank), rankNumber(me))
	}
	return ""
}

// rankNumber is a rank as people write it: 2, 1.5.
func rankNumber(r float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", r), ".0")
}

// missing tells which argument a command still needs; empty when none.
func missing(c bus.CommandInfo, words []string) string {
	for i, a := range c.Args {
		if !a.Optional && i >= len(words) {
			return fmt.Sprintf("/%s needs a %s: /%s", c.Name, a.Name, c.Usage)
		}
	}
	return ""
}
