package tui

import (
	"fmt"
	"strconv"
	"strings"

	"rosey/bus/room"
)

// help lists what can be typed, or tells of one command.
func (c *plainConsole) help(v *channel, rest string) {
	c.withTree(v, func() {
		if rest != "" {
			c.helpOn(v, strings.TrimPrefix(rest, "/"))
			return
		}
		c.say("what you type is said in %s; a line with / before it is a command, with // it is said with one", room.Clean(v.name))
		for _, own := range plainCommands() {
			c.say("/%s: %s", strings.TrimSpace(own.name+" "+own.args), own.what)
		}
		for _, own := range commands() {
			for _, shared := range typedHere {
				if own.name == shared {
					c.say("/%s: %s", strings.TrimSpace(own.name+" "+own.args), own.what)
				}
			}
		}
		for _, info := range v.tree.reply.Commands {
			if !ownPlain(info.Name) {
				c.say("/%s: %s", usage(info.Usage, info.Name), info.Help)
			}
		}
	})
}

func usage(usage, name string) string {
	if usage == "" {
		return name
	}
	return strings.TrimPrefix(usage, "/")
}

func (c *plainConsole) helpOn(v *channel, name string) {
	info, ok := v.command(name)
	if !ok {
		c.say("there is no command %s of the bot's; /help lists what there is", name)
		return
	}
	c.say("/%s: %s", usage(info.Usage, info.Name), info.Help)
	if len(info.Aliases) > 0 {
		c.say("also: %s", strings.Join(info.Aliases, ", "))
	}
	if rank, ok := v.state.Needs(info.Needs); ok && info.Needs != "" && v.state.Self.Rank < rank {
		c.say("the bot may not do it: it has rank %g and needs %g", v.state.Self.Rank, rank)
	}
}

func (c *plainConsole) users(v *channel, _ string) {
	watching := ""
	if v.state.Count > 0 {
		watching = fmt.Sprintf(", %d watching", v.state.Count)
	}
	if asOf := c.m.asOf(v); asOf != "" {
		watching = ", " + asOf
	}
	c.say("%s%s", people(len(v.state.Users)), watching)
	for _, u := range v.state.Users {
		what := rankName(u.Rank)
		if notes := strings.ReplaceAll(userNotes(v.state, u), "♛", "leader"); notes != "" {
			what += ", " + notes
		}
		if u.Meta.AFK {
			what += ", away"
		}
		c.say("%s, %s", cleanName(u.Name), what)
	}
}

func (c *plainConsole) now(v *channel, _ string) {
	media, at, ok := v.state.NowPlaying(c.m.roomNow(v).UnixMilli())
	asOf := c.m.asOf(v)
	switch {
	case !ok && asOf != "":
		c.say("what plays is not known")
	case !ok:
		c.say("nothing plays")
	default:
		c.say("playing %s, at %s of %s%s", room.Clean(media.Media.Title), clockLength(at), clockLength(media.Media.Seconds), orEmpty(", ", asOf))
	}
	for i, it := range upNext(v.state) {
		if i == 5 {
			c.say("and %d more", len(upNext(v.state))-i)
			return
		}
		c.say("next %d: %s, by %s", i+1, room.Clean(it.Media.Title), room.Clean(it.QueueBy))
	}
}

func (c *plainConsole) linksNow(*channel, string) {
	for _, l := range c.m.links() {
		c.say("%s is %s%s%s", l.name, l.state.word(), orEmpty(": ", l.reason), orEmpty(", ", l.detail))
	}
}

// room lists the rooms, or chooses one by name or number.
func (c *plainConsole) room(_ *channel, rest string) {
	if rest != "" {
		for i, v := range c.m.rooms {
			if n, err := strconv.Atoi(rest); strings.EqualFold(v.name, rest) || err == nil && n == i+1 {
				c.m.show(i)
				c.say("you speak in %s now", room.Clean(v.name))
				return
			}
		}
		c.say("there is no room %s", rest)
	}
	for i, v := range c.m.rooms {
		mark := ""
		if i == c.m.active {
			mark = ", where you speak"
		}
		c.say("%d. %s%s", i+1, room.Clean(v.name), mark)
	}
}

// filter lists the filters, or switches or inverts one.
func (c *plainConsole) filter(name string, invert bool) {
	f := c.m.rules.filter(name)
	switch {
	case f != nil && invert:
		f.invert = !f.invert
	case f != nil:
		f.active = !f.active
	case name != "":
		c.say("there is no filter %s", name)
	case len(c.m.rules.filters) == 0:
		c.say("there are no filters; write them in the config under tui: filters")
	}
	if f != nil {
		c.m.reapplyRules()
		c.say("%s", f)
		return
	}
	for _, f := range c.m.rules.filters {
		c.say("%s", f)
	}
}

func (c *plainConsole) radar(v *channel, _ string) {
	c.say("%s", v.reading.text())
	list, left := v.radar.suspects(v.state, c.m.now)
	for _, p := range list {
		c.say("%s, came %s%s", p.name, clockText(p.at.In(c.m.loc), c.m.clock12()), orEmpty(", ", strings.Join(p.signs, ", ")))
	}
	if text := left.text(); text != "" {
		c.say("%s", text)
	}
}
