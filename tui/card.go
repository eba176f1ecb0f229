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
	"rosey/bus/room"
)

// A card is one person: who they are, what was done to them before, and what
// can be done now. It is bound to the name, not to a row.
type card struct {
	room string
	name string

	stats   query[bus.UserStatsReply]
	lines   query[bus.ChatSearchReply]
	before  query[bus.ActionsReply]
	notes   query[bus.NotesReply]
	address bool // shown in full
	row     int  // rows scrolled past
}

// cardLines is how many last lines and earlier actions a card shows.
const cardLines = 5

// openCard shows a person's card.
func (m *model) openCard(v *channel, name string) tea.Cmd {
	if name = strings.TrimSpace(name); name == "" || v == nil {
		return nil
	}
	if u, here := v.state.User(name); here {
		name = u.Name
	}
	c := &card{room: v.name, name: name}
	return tea.Batch(m.push(c),
		c.stats.ask(m, bus.SubjectUserStats, bus.UserStatsQuery{Username: name}, nil),
		c.lines.ask(m, bus.SubjectChatSearch, bus.ChatSearchQuery{User: name, Room: v.name, Limit: cardLines}, nil),
		c.before.ask(m, bus.SubjectActions, bus.ActionsQuery{Target: name, Limit: cardLines}, nil),
		c.notes.ask(m, bus.SubjectNotes, bus.NotesQuery{Room: v.name, Username: name}, nil))
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
		if !onPerson(info) || info.Asks || v.pointless(info, c.name) {
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
	if m.opts.ReadOnly {
		for i := range all {
			all[i].why = "you are watching"
		}
	}
	return all
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
		c.address = !c.address
		return nil, false
	case key.Matches(msg, k.Down, k.PageDown):
		c.row++
		return nil, false
	case key.Matches(msg, k.Up, k.PageUp):
		c.row = max(0, c.row-1)
		return nil, false
	}
	for _, ch := range c.choices(m, v) {
		if ch.key != "" && ch.key == msg.String() {
			return c.choose(m, v, ch)
		}
	}
	return m.presetOn(v, c.name, msg)
}

// choose begins what was chosen: a command that needs more goes into the input
// line with the name in it.
func (c *card) choose(m *model, v *channel, ch choice) (tea.Cmd, bool) {
	if ch.why != "" {
		m.status = fmt.Sprintf("cannot %s %s: %s", ch.info.Name, cleanName(c.name), ch.why)
		return nil, false
	}
	if asksMore(ch.info) {
		return m.begin("/"+ch.info.Name+" "+bus.QuoteWord(c.name)+" ", false), true
	}
	cmd, wrong := m.propose(v, ch.info, []string{c.name})
	m.status = wrong
	return cmd, true
}

func (c *card) box(m *model) []string {
	v := m.roomNamed(c.room)
	if v == nil {
		return nil
	}
	w := min(m.w-2, 104)
	inner := w - 4
	var body []string
	if inner >= 72 {
		right := min(40, inner*2/5)
		body = sideBySide(m, c.facts(m, v, inner-right-3), c.doings(m, v, right), inner-right-3, right)
	} else {
		body = append(c.facts(m, v, inner), "")
		body = append(body, c.doings(m, v, inner)...)
	}
	if fits := max(1, m.h-4); len(body) > fits {
		c.row = min(c.row, len(body)-fits)
		more := len(body) - c.row - fits
		body = body[c.row : c.row+fits]
		if more > 0 {
			body[fits-1] = m.styles.muted.paint(fmt.Sprintf("↓ %d more rows", more+1))
		}
	} else {
		c.row = 0
	}
	return m.box(cleanName(c.name), body, w)
}

// facts are the left side: who this is.
func (c *card) facts(m *model, v *channel, w int) []string {
	s := m.styles
	var rows []string
	fact := func(name, text string) {
		wr := wrapper{by: m.by}
		for i, r := range wr.wrap([]piece{{text, s.text}}, max(8, w-14), "") {
			if i > 0 {
				name = ""
			}
			rows = append(rows, s.muted.paint(fit(m.by, name, 14))+r)
		}
	}
	u, here := v.state.User(c.name)
	if here {
		fact("here", strings.TrimPrefix(m.whoIs(v, c.name), cleanName(c.name)+" · "))
		if u.Meta.IP != "" {
			ip := "••••  (" + m.keys.Reveal.Help().Key + " shows it)"
			if c.address {
				ip = room.Clean(u.Meta.IP)
			}
			fact("address", ip)
		}
	} else {
		fact("here", "no: name bans work, kicks and mutes do not")
	}
	for _, line := range c.seen(m) {
		fact(line[0], line[1])
	}
	if names := v.lookAlikes(c.name); len(names) > 0 {
		fact("! looks like", strings.Join(names, ", "))
	}
	for _, p := range m.others() {
		if room.Fold(p.Acting) == room.Fold(c.name) {
			fact("! now", p.Operator+" is about to act on them")
		}
	}
	return append(rows, c.history(m, v, w)...)
}

// seen is what the database knows of the person.
func (c *card) seen(m *model) [][2]string {
	u := c.stats.reply.User
	switch {
	case c.stats.asking:
		return [][2]string{{"first seen", "…"}}
	case c.stats.trouble() != "":
		return [][2]string{{"first seen", c.stats.trouble()}}
	case u == nil:
		return [][2]string{{"first seen", "never before"}}
	}
	day := func(t int64) string { return time.Unix(t, 0).In(m.loc).Format("2 Jan 2006 15:04") }
	return [][2]string{
		{"first seen", day(u.FirstSeen)},
		{"last seen", day(u.LastSeen)},
		{"said", count(uint64(max(0, u.ChatLines)), "line") + " in " + spoken(u.TimeConnected*1000)},
	}
}

// history is the last lines, earlier actions and notes.
func (c *card) history(m *model, v *channel, w int) []string {
	s, by := m.styles, m.by
	var rows []string
	block := func(title, trouble string, asking bool, body []string) {
		rows = append(rows, "", s.title.paint(title))
		switch {
		case asking:
			rows = append(rows, s.muted.paint("…"))
		case trouble != "":
			rows = append(rows, s.muted.paint(trouble))
		case len(body) == 0:
			rows = append(rows, s.muted.paint("none"))
		}
		rows = append(rows, body...)
	}
	var lines, before, notes []string
	for i := len(c.lines.reply.Hits) - 1; i >= 0; i-- {
		h := c.lines.reply.Hits[i]
		lines = append(lines, fit(by, s.muted.paint(clockText(time.UnixMilli(h.Time).In(m.loc), m.opts.TUI.ClockFormat == "12h")+"  ")+h.Text, w))
	}
	for _, a := range c.before.reply.Rows {
		text := a.Action + " by " + a.Username
		if a.Reason != "" {
			text += " · " + a.Reason
		}
		if a.Outcome != "" && a.Outcome != bus.StatusDone {
			text += " · " + strings.ReplaceAll(string(a.Outcome), "_", " ")
		}
		before = append(before, fit(by, s.muted.paint(time.Unix(a.Timestamp, 0).In(m.loc).Format("2 Jan 15:04")+"  ")+text, w))
	}
	for _, n := range c.notes.reply.Notes {
		notes = append(notes, fit(by, s.muted.paint("✎ ")+n.Text+s.muted.paint("  "+n.By), w))
	}
	block("Last lines", c.lines.trouble(), c.lines.asking, lines)
	block("Done to them", c.before.trouble(), c.before.asking, before)
	block("Notes", c.notes.trouble(), c.notes.asking, notes)
	return rows
}

// doings are the right side: what can be done. What cannot says why, and what
// rank would do.
func (c *card) doings(m *model, v *channel, w int) []string {
	s := m.styles
	rows := []string{s.title.paint("Do")}
	for _, ch := range c.choices(m, v) {
		if ch.why != "" {
			rows = append(rows, s.muted.paint(fit(m.by, "·  "+ch.info.Name+"  "+ch.why, w)))
			continue
		}
		k := s.text
		if ch.info.Destructive {
			k = s.warn
		}
		rows = append(rows, fit(m.by, s.strong.paint(fit(m.by, ch.key, 3))+k.paint(fit(m.by, ch.info.Name, 10))+s.muted.paint(" "+room.Clean(ch.info.Help)), w))
	}
	if len(rows) == 1 {
		rows = append(rows, s.muted.paint("the bot's commands are not known yet"))
	}
	return append(rows, "", s.strong.paint("esc")+s.muted.paint(" closes the card"))
}

// sideBySide sets two columns of lw and rw cells beside one another.
func sideBySide(m *model, left, right []string, lw, rw int) []string {
	rows := make([]string, max(len(left), len(right)))
	for i := range rows {
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		rows[i] = fit(m.by, l, lw) + m.styles.border.paint(" │ ") + fit(m.by, r, rw)
	}
	return rows
}
