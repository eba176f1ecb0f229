package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// A plainCommand is a command of the plain console's own.
type plainCommand struct {
	name, args, what string
	run              func(c *plainConsole, v *channel, rest string)
}

func plainCommands() []plainCommand {
	return []plainCommand{
		{"help", "[COMMAND]", "what can be typed here", (*plainConsole).help},
		{"users", "", "who is here", (*plainConsole).users},
		{"now", "", "what plays and what comes next", (*plainConsole).now},
		{"links", "", "how CyTube, NATS and the database are", (*plainConsole).linksNow},
		{"room", "[NAME]", "the rooms there are, or the room to speak in", (*plainConsole).room},
		{"filter", "[NAME]", "the filters, or switch one", func(c *plainConsole, _ *channel, rest string) { c.filter(rest, false) }},
		{"invert", "NAME", "invert a filter", func(c *plainConsole, _ *channel, rest string) { c.filter(rest, true) }},
		{"radar", "", "who has just come and was never seen before", (*plainConsole).radar},
		{"evidence", "", "save the last lines as evidence", (*plainConsole).evidence},
		{"undo", "", "take the last command back", (*plainConsole).undoLast},
		{"quit", "", "leave", func(c *plainConsole, _ *channel, _ string) { c.over = true }},
	}
}

// typedHere are the commands that the console's input line shares with this.
var typedHere = []string{"me", "sp", "afk", "pm"}

// ownPlain tells whether a name typed here is the console's own, whatever the
// bot has of that name.
func ownPlain(name string) bool {
	own := func(c plainCommand) bool { return c.name == name }
	return slices.Contains(typedHere, name) || slices.ContainsFunc(plainCommands(), own)
}

// typed acts on a line of input: an answer, a command, or something to say.
func (c *plainConsole) typed(text string) {
	text = strings.TrimSpace(room.Clean(text))
	v := c.m.room()
	switch {
	case c.question != nil:
		c.answer(text)
		return
	case text == "":
		return
	case v == nil:
		c.say("no room is known yet")
		return
	}
	if !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") {
		c.enter(v, text)
		return
	}
	name, rest, _ := strings.Cut(text[1:], " ")
	name, rest = strings.ToLower(name), strings.TrimSpace(rest)
	for _, own := range plainCommands() {
		if own.name == name {
			own.run(c, v, rest)
			return
		}
	}
	if slices.Contains(typedHere, name) {
		c.enter(v, text)
		return
	}
	c.withTree(v, func() { c.command(v, name, rest) })
}

// enter hands a line to the console's own input line.
func (c *plainConsole) enter(v *channel, text string) {
	if c.m.opts.ReadOnly {
		c.say("READ ONLY: you are watching, nothing can be sent from here")
		return
	}
	v.edit.set(text)
	c.do(c.m.enter(v))
	v.edit.set("")
}

// withTree runs do once the bot's commands are known, or cannot be had.
func (c *plainConsole) withTree(v *channel, do func()) {
	if v.tree.known && v.tree.reply.Error == "" {
		do()
		return
	}
	c.busy++
	c.do(v.tree.ask(c.m, bus.TreeSubject(v.name), struct{}{}, func(*model) tea.Cmd {
		c.busy--
		if trouble := cmp.Or(v.tree.trouble(), v.tree.reply.Error); trouble != "" {
			c.say("the bot's commands are not known: %s", trouble)
		}
		do()
		return nil
	}))
}

// command runs a command of the bot's. What hurts is asked about first.
func (c *plainConsole) command(v *channel, name, rest string) {
	info, ok := v.command(name)
	if !ok {
		c.say("/%s is no command here, so it was not sent; //%s sends it as text; /help lists commands", name, name)
		return
	}
	if c.m.opts.ReadOnly && !info.Asks {
		c.say("READ ONLY: you are watching, nothing can be sent from here")
		return
	}
	args, err := info.SplitCommand(rest)
	if err != nil {
		c.say("/%s: %s", name, err)
		return
	}
	e := newErrand(c.m, v, info, args)
	if info.Destructive && !info.Bulk {
		c.ask(e, e.typed+" in "+room.Clean(v.name)+".")
		return
	}
	c.start(e)
}

// ask has an errand wait for a yes.
func (c *plainConsole) ask(e *errand, what string) {
	c.question = e
	c.say("%s Type yes to do it, anything else to leave it.", what)
}

// evidence saves, and is under way until the path is told.
func (c *plainConsole) evidence(*channel, string) {
	if save := c.m.saveEvidence(); save != nil {
		c.busy++
		c.do(save)
	}
}

func (c *plainConsole) answer(text string) {
	e := c.question
	c.question = nil
	if !strings.EqualFold(text, "yes") {
		c.say("not done")
		return
	}
	c.start(e)
}

// start sets an errand off. It has no line in the chat: its answer is told.
func (c *plainConsole) start(e *errand) {
	c.busy++
	c.do(c.m.perform(e))
}

// tellsItself tells whether the action of that id is an errand of this console
// whose answer tells what came of it. Where there was none the bus may tell it
// yet.
func (c *plainConsole) tellsItself(id string) bool {
	for _, e := range c.m.errands {
		if e.id == id && id != "" {
			return !e.over || e.err == nil && e.reply.Status != bus.StatusPending
		}
	}
	return false
}

// answered tells what came of an errand, or asks about its preview.
func (c *plainConsole) answered(msg errandMsg) {
	c.busy--
	e := msg.errand
	e.end(msg, c.m.now)
	v, name, reply := c.m.roomNamed(e.room), e.info.Name, e.reply
	switch {
	case e.err != nil:
		c.say("%s: failed: %s", name, sendError(e.err))
		return
	case reply.Status == bus.StatusPreview && v != nil:
		for i, t := range reply.Targets {
			c.say("%d. %s", i+1, veiledAnswer(t))
		}
		next := newErrand(c.m, v, e.info, e.words)
		next.confirm = reply.Confirm
		c.ask(next, reply.Text)
		return
	}
	if reply.Warning != "" {
		c.say("warning: %s", reply.Warning)
	}
	if e.info.Asks {
		c.say("%s", reply.Text)
		return
	}
	c.say("%s: %s%s%s", name, strings.ReplaceAll(string(reply.Status), "_", " "), tookText(reply.Took), orEmpty(": ", reply.Text))
	if reply.Undo != "" && e.takesBack == nil {
		c.say("to take it back: /undo, or /%s", reply.Undo)
	}
}

// undoLast takes the last command back; that is asked for, so it asks nothing
// but where that hurts in its turn.
func (c *plainConsole) undoLast(v *channel, _ string) {
	c.withTree(v, func() {
		e, _, why := c.m.lastDeed(v)
		if why != "" || e == nil { // many at once are acted on from the full console alone
			c.say("%s", cmp.Or(why, nothingToUndo))
			return
		}
		back := c.m.takingBack(v, e)
		if back.info.Destructive {
			c.ask(back, back.typed+" in "+room.Clean(back.room)+".")
			return
		}
		c.start(back)
	})
}

// tookText tells how long something took, where that is worth telling.
func tookText(ms int64) string {
	if ms < 100 {
		return ""
	}
	return fmt.Sprintf(" after %.1f s", float64(ms)/1000)
}
