package cytubetest

import (
	"regexp"
	"strconv"
	"strings"
)

// slashCommand carries out a line that begins with its name.
type slashCommand func(c *channel, u *user, text string, meta lineMeta)

// slashCommands are the commands by name. Others are plain text. Like
// channelEvents it is made for each server.
func slashCommands() map[string]slashCommand {
	return map[string]slashCommand{
		"me":         (*channel).cmdMe,
		"sp":         (*channel).cmdSpoiler,
		"say":        (*channel).cmdSay,
		"shout":      (*channel).cmdSay,
		"rcv":        (*channel).cmdSay,
		"a":          (*channel).cmdAdmin,
		"afk":        (*channel).cmdAFK,
		"clear":      (*channel).cmdClear,
		"mute":       (*channel).cmdMute,
		"smute":      (*channel).cmdShadowMute,
		"unmute":     (*channel).cmdUnmute,
		"unsmute":    (*channel).cmdUnmute,
		"kick":       (*channel).cmdKick,
		"kickanons":  (*channel).cmdKickAnons,
		"ban":        (*channel).cmdBan,
		"ipban":      (*channel).cmdIPBan,
		"banip":      (*channel).cmdIPBan,
		"rank":       (*channel).cmdRank,
		"poll":       (*channel).cmdPoll,
		"hpoll":      (*channel).cmdHiddenPoll,
		"clean":      (*channel).cmdClean,
		"cleantitle": (*channel).cmdClean,
	}
}

// command carries out a slash command. It is false if the text is none.
func (c *channel) command(u *user, text string, meta lineMeta) bool {
	rest, slash := strings.CutPrefix(text, "/")
	if !slash {
		return false
	}
	name, _, _ := strings.Cut(rest, " ")
	run, ok := c.s.commands[name]
	if ok {
		run(c, u, text, meta)
	}
	return ok
}

// arguments are the words after the command; none is one empty word less
// than JavaScript's split gives.
func arguments(text string) []string { return strings.Split(text, " ")[1:] }

// sayAgain passes what follows the command through the rules for lines once
// more, so that it counts twice and may itself be a command.
func (c *channel) sayAgain(u *user, text string, meta lineMeta) {
	c.processLine(u, strings.Join(arguments(text), " "), meta)
}

func (c *channel) cmdMe(u *user, text string, meta lineMeta) {
	meta.AddClass, meta.Action = "action", true
	c.sayAgain(u, text, meta)
}

func (c *channel) cmdSpoiler(u *user, text string, meta lineMeta) {
	meta.AddClass = "spoiler"
	c.sayAgain(u, text, meta)
}

func (c *channel) cmdSay(u *user, text string, meta lineMeta) {
	if u.rank < 1.5 {
		return
	}
	meta.AddClass, meta.Everywhere, meta.ShowName = "shout", true, true
	c.sayAgain(u, text, meta)
}

func (c *channel) cmdAdmin(u *user, text string, meta lineMeta) {
	if u.globalRank < 255 {
		return
	}
	meta.ShowName, meta.AdminFlair = true, &flair{"label-danger", "glyphicon-globe"}
	c.sayAgain(u, text, meta)
}

func (c *channel) cmdAFK(u *user, _ string, _ lineMeta) { u.setAFK(!u.afk) }

func (c *channel) cmdClear(u *user, _ string, _ lineMeta) {
	if !c.may(u, "chatclear") {
		return
	}
	c.replay = nil
	c.broadcast("clearchat", clearedBy{u.name})
	c.whisper(u.name+" cleared chat.", anyRank)
	c.logf("[mod] %s used /clear", u.name)
}

type clearedBy struct {
	ClearedBy string `json:"clearedBy"`
}

func (c *channel) cmdMute(u *user, text string, _ lineMeta) { c.mute(u, text, "/mute") }

func (c *channel) cmdShadowMute(u *user, text string, _ lineMeta) { c.mute(u, text, "/smute") }

// mute silences somebody who is here. It is kept by name.
func (c *channel) mute(u *user, text, command string) {
	if !c.may(u, "mute") {
		return
	}
	args := arguments(text)
	if len(args) == 0 {
		u.complain(command + " requires a target name")
		return
	}
	name := strings.ToLower(args[0])
	target := c.user(name)
	switch {
	case target == nil:
		u.complain("/mute target " + name + " not present in channel.")
	case target.rank >= u.rank || target.globalRank > u.globalRank:
		u.complain(command + " failed - " + target.name + " has equal or higher rank than you.")
	case command == "/mute":
		target.muted = true
		if c.muted[name] == 0 {
			c.muted[name] = muteOpen
		}
		c.sendMeta(target, anyRank)
		c.logf("[mod] %s muted %s", u.name, target.name)
		c.whisper(u.name+" muted "+target.name, c.permissions["mute"])
	default:
		target.muted, target.shadowMuted = true, true
		c.muted[name] = muteShadow
		c.sendMeta(target, c.permissions["mute"])
		c.logf("[mod] %s shadowmuted %s", u.name, target.name)
		c.whisper(u.name+" shadowmuted "+target.name, c.permissions["mute"])
	}
}

// remute applies a mute that is kept for the name of a newcomer.
func (c *channel) remute(u *user) {
	if m := c.muted[u.lower]; m != 0 {
		u.muted, u.shadowMuted = true, m == muteShadow
		c.sendMeta(u, c.permissions["mute"])
	}
}

func (c *channel) cmdUnmute(u *user, text string, _ lineMeta) {
	if !c.may(u, "mute") {
		return
	}
	args := arguments(text)
	if len(args) == 0 {
		u.complain("/unmute requires a target name")
		return
	}
	name := strings.ToLower(args[0])
	switch {
	case name == u.lower:
		u.complain("You are not allowed to unmute yourself")
		return
	case c.muted[name] == 0:
		u.complain(name + " is not muted.")
		return
	}
	delete(c.muted, name)
	c.logf("[mod] %s unmuted %s", u.name, name)
	c.whisper(u.name+" unmuted "+name, c.permissions["mute"])
	if target := c.user(name); target != nil {
		target.muted, target.shadowMuted = false, false
		c.sendMeta(target, anyRank)
	}
}

var drinkCommand = regexp.MustCompile(`^/d(-?[0-9]+)?`)

// callDrink handles /d, which changes the line. It is false if the line is
// not to be said.
func (c *channel) callDrink(u *user, text string, meta *lineMeta) (string, bool) {
	m := drinkCommand.FindStringSubmatch(text)
	if m == nil || !c.may(u, "drink") {
		return text, true
	}
	said, count := strings.TrimSpace(text[len(m[0]):]), 1
	if m[1] == "" {
		said = strings.TrimSpace(text[len("/d"):]) + " drink!"
	} else {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < -10000 || n > 10000 {
			return "", false
		}
		count = n
		if said == "" && count <= 0 {
			c.drinks += count
			c.broadcast("drinkCount", c.drinks)
			return "", false
		}
		said += " drink! (x" + m[1] + ")"
	}
	c.drinks += count
	c.broadcast("drinkCount", c.drinks)
	meta.AddClass, meta.ShowName = "drink", true
	return said, true
}
