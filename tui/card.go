package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus"
)

// A card is one person: who they are, what was done to them before, and what
// can be done now. It is bound to the name, not to a row.
type card struct {
	room string
	name string

	have  cardKnown // answers about this person; until then there may be another's
	asked time.Time

	stats   query[bus.UserStatsReply]
	lines   query[bus.ChatSearchReply]
	before  query[bus.ActionsReply]
	notes   query[bus.NotesReply]
	address time.Time // until when it is shown in full
	row     int       // rows scrolled past

	pick int // of what can be done, counted from 1; 0: none yet
}

// cardKnown tells which answers are there.
type cardKnown struct{ stats, lines, before, notes bool }

const (
	// cardLines is how many last lines and earlier actions a card shows.
	cardLines = 5
	// cardAgain is how often a card that stays open is asked for again.
	cardAgain = 20 * time.Second
)

// openCard shows a person's card: in the detail pane where that shows cards,
// else over the screen.
func (m *model) openCard(v *channel, name string) tea.Cmd {
	if name = strings.TrimSpace(name); name == "" || v == nil {
		return nil
	}
	c := &card{}
	if m.inPane(&m.detail.card) && v == m.room() {
		c, v.about = &m.detail.card, name
		m.drop(c)
	}
	ask := c.follow(m, v, name)
	return tea.Batch(m.push(c), ask)
}

// follow makes the card a person's, and asks for what it shows unless that is
// known and new.
func (c *card) follow(m *model, v *channel, name string) tea.Cmd {
	if u, here := v.state.User(name); here {
		name = u.Name
	}
	if c.room != v.name || c.name != name {
		var anew card
		c.room, c.name, c.have, c.asked, c.address, c.row, c.pick = v.name, name, anew.have, anew.asked, anew.address, anew.row, anew.pick
	}
	if name == "" || m.now.Sub(c.asked) < cardAgain {
		return nil
	}
	c.asked = m.now
	return tea.Batch(
		c.stats.ask(m, bus.SubjectUserStats, bus.UserStatsQuery{Username: name}, noteAnswer(&c.stats, &c.have.stats)),
		c.lines.ask(m, bus.SubjectChatSearch, bus.ChatSearchQuery{User: name, Room: v.name, Limit: cardLines}, noteAnswer(&c.lines, &c.have.lines)),
		c.before.ask(m, bus.SubjectActions, bus.ActionsQuery{Target: name, Limit: cardLines}, noteAnswer(&c.before, &c.have.before)),
		c.notes.ask(m, bus.SubjectNotes, bus.NotesQuery{Room: v.name, Username: name}, noteAnswer(&c.notes, &c.have.notes)))
}

// noteAnswer notes that the last answer is about the person whose card it is: it
// runs after no other.
func noteAnswer[Reply any](q *query[Reply], have *bool) func(*model) tea.Cmd {
	return func(*model) tea.Cmd {
		*have = true
		if q.err != nil {
			var none Reply
			q.reply = none // somebody else's
		}
		return nil
	}
}

// A choice is one numbered thing that can be done to the person.
type choice struct {
	key  string
	info bus.CommandInfo
	why  string // not; empty when it can be done
}

// choiceKeys number the choices.
const choiceKeys = "123456789abcdefghilmnoprstuvwz"

// choices are the bot's commands about a person, those that harm last.
func (c *card) choices(m *model, v *channel) []choice {
	var calm, harm []choice
	for _, info := range v.tree.reply.Commands {
		if !onPerson(info) || info.Asks {
			continue
		}
		ch := choice{info: info, why: v.cannot(info, c.name)}
		if info.Destructive {
			harm = append(harm, ch)
		} else {
			calm = append(calm, ch)
		}
	}
	all := append(harm, calm...)
	slices.SortStableFunc(all, func(a, b choice) int { return cmp.Compare(cardOrder(a.info.Name), cardOrder(b.info.Name)) })
	for i := range all {
		if i < len(choiceKeys) {
			all[i].key = choiceKeys[i : i+1]
		}
	}
	// Numbered first: the same number does the same on every card.
	all = slices.DeleteFunc(all, func(ch choice) bool { return v.pointless(ch.info, c.name) })
	if m.opts.ReadOnly {
		for i := range all {
			all[i].why = "you are watching"
		}
	}
	return all
}

// possible are the choices that can be done.
func (c *card) possible(m *model, v *channel) []choice {
	return slices.DeleteFunc(c.choices(m, v), func(ch choice) bool { return ch.why != "" })
}

// cardOrder is the place of a command on the card: what is used most has the
// same number whatever else the bot can do.
func cardOrder(verb string) int {
	order := []string{"kick", "mute", "unmute", "smute", "ban", "unban", "ipban", "pm", "note"}
	if i := slices.Index(order, verb); i >= 0 {
		return i
	}
	return len(order)
}

// pointless tells of a command that would change nothing about a person who is
// here.
func (v *channel) pointless(info bus.CommandInfo, name string) bool {
	u, here := v.state.User(name)
	muted := u.Meta.Muted || u.Meta.ShadowMuted
	switch info.Name {
	case "mute", "smute":
		return here && muted
	case "unmute":
		return here && !muted
	case "unban":
		return here
	}
	return false
}

func (c *card) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := m.keys
	v := m.roomNamed(c.room)
	switch {
	case v == nil || key.Matches(msg, k.Cancel, k.Close):
		return nil, true
	case key.Matches(msg, k.Reveal):
		c.address = m.now.Add(revealFor) // a held key says it again and again
		return nil, false
	case key.Matches(msg, k.PageDown):
		c.scroll(m, v, max(1, m.h-8))
		return nil, false
	case key.Matches(msg, k.PageUp):
		c.scroll(m, v, -max(1, m.h-8))
		return nil, false
	case key.Matches(msg, k.Down):
		c.move(m, v, 1)
		return nil, false
	case key.Matches(msg, k.Up):
		c.move(m, v, -1)
		return nil, false
	case key.Matches(msg, k.Choose):
		if can := c.possible(m, v); c.pick > 0 && c.pick <= len(can) {
			return c.choose(m, v, can[c.pick-1])
		}
		return nil, false
	}
	for _, ch := range c.choices(m, v) {
		if ch.key != "" && ch.key == msg.String() {
			return c.choose(m, v, ch)
		}
	}
	return m.cardPreset(v, c.name, msg)
}

// move picks the next thing to do in direction step; past the last it scrolls.
func (c *card) move(m *model, v *channel, step int) {
	n := len(c.possible(m, v))
	if next := min(c.pick, n) + step; next >= 1 && next <= n {
		c.pick = next
		c.reveal(m, v)
		return
	}
	c.scroll(m, v, step)
}

// hints are its keys.
func (c *card) hints(m *model) []key.Binding {
	k := m.keys
	var hints []key.Binding
	if v := m.roomNamed(c.room); v != nil && len(c.possible(m, v)) > 0 {
		hints = append(hints, bind("1…9", "do it", "1"), bind("j k", "choose", "j", "k"))
		if c.pick > 0 {
			hints = append(hints, bind(k.Choose.Help().Key, "do it", "enter"))
		}
	}
	hints = append(hints, bind(k.Cancel.Help().Key, "close", "esc"))
	if c.masks(m) {
		hints = append(hints, k.Reveal)
	}
	return append(hints, k.PageDown)
}

// revealFor is how long an address stays on the screen after the key was last
// heard of: some terminals do not say that it was let go of.
const revealFor = 5 * time.Second

// released hides the address when its key is let go of.
func (m *model) released(msg tea.KeyReleaseMsg) {
	if c, ok := m.dialog().(*card); ok && key.Matches(msg, m.keys.Reveal) {
		c.address = time.Time{}
	}
}

// masks tells whether the card has an address that a key reveals.
func (c *card) masks(m *model) bool {
	v := m.roomNamed(c.room)
	if v == nil {
		return false
	}
	u, here := v.state.User(c.name)
	return here && u.Meta.IP != ""
}

// choose begins what was chosen: a command that needs more goes into the input
// line with the name in it.
func (c *card) choose(m *model, v *channel, ch choice) (tea.Cmd, bool) {
	if ch.why != "" {
		m.status = fmt.Sprintf("cannot %s %s: %s", ch.info.Name, cleanName(c.name), ch.why)
		return nil, false
	}
	if asksMore(ch.info) {
		m.show(slices.Index(m.rooms, v)) // the line is begun where the person is
		return m.begin("/"+ch.info.Name+" "+bus.QuoteWord(c.name)+" ", false), true
	}
	cmd, wrong := m.confirmCommand(v, ch.info, []string{c.name})
	m.status = wrong
	return cmd, true
}
