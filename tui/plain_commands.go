package tui

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

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
		{"evidence", "", "save the last lines as evidence", func(c *plainConsole, _ *channel, _ string) { c.do(c.m.saveEvidence()) }},
		{"undo", "", "take the last command back", (*plainConsole).undoLast},
		{"quit", "", "leave", func(c *plainConsole, _ *channel, _ string) { c.over = true }},
	}
}

// typedHere are the commands that the console's input line shares with this.
var typedHere = []string{"me", "sp", "afk", "pm"}

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
	run := plainRun{room: v.name, info: info, cmd: bus.Command{Operator: c.m.opts.Operator, Args: args, Source: room.SourceConsole}}
	if info.Destructive && !info.Bulk {
		c.ask("%s in %s. Type yes to do it, anything else to leave it.", run, strings.Join(append([]string{info.Name}, args...), " "), room.Clean(v.name))
		return
	}
	c.start(run)
}

// A plainRun is one command of the bot's on its way.
type plainRun struct {
	room string
	info bus.CommandInfo
	cmd  bus.Command
}

// A plainQuestion waits for yes.
type plainQuestion struct{ run plainRun }

func (c *plainConsole) ask(format string, run plainRun, args ...any) {
	c.question = &plainQuestion{run}
	c.say(format, args...)
}

func (c *plainConsole) answer(text string) {
	run := c.question.run
	c.question = nil
	if !strings.EqualFold(text, "yes") {
		c.say("not done")
		return
	}
	c.start(run)
}

// plainMsg is the answer to a plainRun.
type plainMsg struct {
	run   plainRun
	reply bus.CommandReply
	err   error
}

// start sends a command and waits for its outcome.
func (c *plainConsole) start(run plainRun) {
	request := c.m.deps.request
	c.busy++
	if len(c.answers) > maxErrands {
		clear(c.answers)
	}
	run.cmd.ID = rand.Text()
	c.answers[run.cmd.ID] = true
	c.do(func() tea.Msg {
		run.cmd.Deadline = time.Now().Add(sendTimeout).UnixMilli()
		reply, err := request(run.room, run.info.Name, run.cmd)
		return plainMsg{run, reply, err}
	})
}

// answered tells what came of a command, or asks about its preview.
func (c *plainConsole) answered(msg plainMsg) {
	c.busy--
	reply := msg.reply
	room.CleanAll(&reply)
	if msg.err != nil || reply.Status == bus.StatusPending {
		delete(c.answers, msg.run.cmd.ID) // the bus may tell yet what came of it
	}
	switch {
	case msg.err != nil:
		c.say("%s: failed: %s", msg.run.info.Name, sendError(msg.err))
		return
	case reply.Status == bus.StatusPreview:
		for i, t := range reply.Targets {
			c.say("%d. %s", i+1, t)
		}
		msg.run.cmd.Confirm = reply.Confirm
		c.ask("%s Type yes to do it, anything else to leave it.", msg.run, orEmpty("", reply.Text))
		return
	}
	if reply.Warning != "" {
		c.say("warning: %s", reply.Warning)
	}
	if msg.run.info.Asks {
		c.say("%s", reply.Text)
		return
	}
	took := tookText(reply.Took)
	c.say("%s: %s%s%s", msg.run.info.Name, strings.ReplaceAll(string(reply.Status), "_", " "), took, orEmpty(": ", reply.Text))
	if reply.Undo != "" {
		c.undo = &plainUndo{msg.run.room, reply.Undo}
		c.say("to take it back: /undo, or /%s", reply.Undo)
	}
}

// A plainUndo takes back what was done last.
type plainUndo struct{ room, command string }

// undoLast takes the last command back; that is asked for, so it asks nothing.
func (c *plainConsole) undoLast(*channel, string) {
	if c.undo == nil || c.m.roomNamed(c.undo.room) == nil {
		c.say("nothing was done here that can be taken back")
		return
	}
	v := c.m.roomNamed(c.undo.room)
	name, rest, _ := strings.Cut(c.undo.command, " ")
	c.withTree(v, func() {
		info, ok := v.command(name)
		args, err := info.SplitCommand(rest)
		if !ok || err != nil {
			c.say("the bot does not know how to %s", c.undo.command)
			return
		}
		c.undo = nil
		c.start(plainRun{room: v.name, info: info, cmd: bus.Command{Operator: c.m.opts.Operator, Args: args, Source: room.SourceConsole}})
	})
}

// tookText tells how long something took, where that is worth telling.
func tookText(ms int64) string {
	if ms < 100 {
		return ""
	}
	return fmt.Sprintf(" after %.1f s", float64(ms)/1000)
}
