package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

func (c *card) box(m *model) []string {
	v := m.roomNamed(c.room)
	if v == nil || m.inPane(c) {
		return nil
	}
	w := c.width(m)
	title := cutName(m.by, cleanName(c.name), w-6-m.by.StringWidth(m.inRoom(v.name))) + m.inRoom(v.name)
	return m.box(title, c.window(m, c.boxBody(m, v)), w)
}

// width is the box's.
func (c *card) width(m *model) int { return min(m.w-2, 120) }

// A cardBody is the whole card, and how much of it there is room for.
type cardBody struct {
	rows []string
	do   int // the row of the first thing that can be done
	fits int
}

// body is the card as it is shown now: in the pane, or in a box.
func (c *card) body(m *model, v *channel) cardBody {
	if m.inPane(c) {
		return c.paneBody(m, v, m.layout.detail.below())
	}
	return c.boxBody(m, v)
}

func (c *card) boxBody(m *model, v *channel) cardBody {
	inner, b := c.width(m)-4, cardBody{fits: max(1, m.h-4)}
	if inner >= 72 {
		right := doingsWidth(inner)
		doings := c.doings(m, v, right)
		b.rows, b.do = sideBySide(m, c.facts(m, v, inner-right-3), doings, inner-right-3, right), 1
		return b
	}
	b.rows = append(c.facts(m, v, inner), "")
	b.do = len(b.rows) + 1
	b.rows = append(b.rows, c.doings(m, v, inner)...)
	return b
}

// top is the first row that is shown.
func (c *card) top(b cardBody) int { return max(0, min(c.row, len(b.rows)-b.fits)) }

// scroll moves what is shown by n rows.
func (c *card) scroll(m *model, v *channel, n int) {
	b := c.body(m, v)
	c.row = c.top(b) + n
	c.row = c.top(b)
}

// reveal brings what is picked into sight, with the first rows of what it does.
func (c *card) reveal(m *model, v *channel) {
	const about = 3
	b := c.body(m, v)
	at, last := b.do+c.pick-1, b.do+len(c.possible(m, v))-1+about
	c.row = min(max(c.top(b), min(last, at+b.fits-1)+2-b.fits), at)
	c.row = c.top(b)
}

// window is as much of the card as fits, from where it was scrolled to.
func (c *card) window(m *model, b cardBody) []string {
	if len(b.rows) <= b.fits {
		return b.rows
	}
	top := c.top(b)
	rows := slices.Clone(b.rows[top : top+b.fits])
	if more := len(b.rows) - top - b.fits; more > 0 {
		rows[b.fits-1] = m.styles.muted.paint(fmt.Sprintf("↓ %d more rows", more+1))
	}
	return rows
}

// doingsWidth is the right side's: so wide that it says what each command
// does, or else no wider than their names need, for the lines beside it.
func doingsWidth(inner int) int {
	if inner >= 92 {
		return min(52, inner-44)
	}
	return 26
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
		if until := v.mutedUntil(c.name); until != "" && (u.Meta.Muted || u.Meta.ShadowMuted) {
			fact("muted", until)
		}
		if u.Meta.IP != "" {
			ip := "••••  (" + m.keys.Reveal.Help().Key + " shows it)"
			if m.releases {
				ip = "••••  (hold " + m.keys.Reveal.Help().Key + " to see it)"
			}
			if m.now.Before(c.address) {
				ip = room.Clean(u.Meta.IP)
			}
			fact("address", ip)
		}
	} else {
		fact("here", "no, "+v.absence(c.name)+": name bans work, kicks and mutes do not")
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
	case !c.have.stats:
		return [][2]string{{"first seen", "…"}}
	case c.stats.trouble() != "":
		return [][2]string{{"first seen", c.stats.trouble()}}
	case u == nil:
		return [][2]string{{"first seen", "never before"}}
	}
	day := func(t int64) string { return m.dateTime(time.Unix(t, 0), true) }
	return [][2]string{
		{"first seen", day(u.FirstSeen)},
		{"last seen", day(u.LastSeen)},
		{"said", count(uint64(max(0, u.ChatLines)), "line") + " in " + spoken(u.TimeConnected*1000)},
	}
}

// history is the last lines, earlier actions and notes.
func (c *card) history(m *model, v *channel, w int) []string {
	s := m.styles
	var rows []string
	block := func(title, trouble string, have bool, body []string) {
		rows = append(rows, "", s.title.paint(title))
		switch {
		case !have:
			rows = append(rows, s.muted.paint("…"))
			return
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
		at := s.muted.paint(clockText(time.UnixMilli(h.Time).In(m.loc), m.clock12()) + "  ")
		lines = append(lines, m.hang(at, w, piece{h.Text, s.text})...)
	}
	for _, a := range c.before.reply.Rows {
		text := a.Action + " by " + a.Username
		if a.Reason != "" {
			text += " · " + a.Reason
		}
		if a.Outcome != "" && a.Outcome != bus.StatusDone {
			text += " · " + strings.ReplaceAll(string(a.Outcome), "_", " ")
		}
		at := s.muted.paint(m.dateTime(time.Unix(a.Timestamp, 0), false) + "  ")
		before = append(before, m.hang(at, w, piece{veiledAnswer(text), s.text})...)
	}
	for _, n := range c.notes.reply.Notes {
		notes = append(notes, m.hang(s.muted.paint("✎ "), w, piece{n.Text, s.text}, piece{"  " + n.By, s.muted})...)
	}
	block("Last lines", c.lines.trouble(), c.have.lines, lines)
	block("Done to them", c.before.trouble(), c.have.before, before)
	block("Notes", c.notes.trouble(), c.have.notes, notes)
	return rows
}

// doings are the right side: what can be done, and in full what that which is
// picked does. What cannot is told below, together where the reason is the
// same: why, and what rank would do.
func (c *card) doings(m *model, v *channel, w int) []string {
	s := m.styles
	rows := []string{s.title.paint("Do")}
	var whys []string
	barred := map[string][]string{}
	about := ""
	for _, ch := range c.choices(m, v) {
		if ch.why != "" {
			if barred[ch.why] == nil {
				whys = append(whys, ch.why)
			}
			barred[ch.why] = append(barred[ch.why], ch.info.Name)
			continue
		}
		k := s.text
		if ch.info.Destructive {
			k = s.warn
		}
		row := fit(m.by, s.strong.paint(fit(m.by, ch.key, 3))+k.paint(fit(m.by, ch.info.Name, 10))+s.muted.paint(c.gist(m, ch.info, w-14)), w)
		if len(rows) == c.pick {
			row, about = under(s.selected, row), room.Clean(ch.info.Help)
		}
		rows = append(rows, row)
	}
	if about != "" {
		rows = append(rows, m.hang(s.accent.paint("↳ "), w, piece{about, s.text})...)
	}
	for _, why := range whys {
		text := strings.Join(barred[why], ", ") + ": " + why
		for i, r := range (&wrapper{by: m.by}).wrap([]piece{{text, s.muted}}, max(8, w-3), "") {
			rows = append(rows, s.muted.paint([]string{"·  ", "   "}[min(i, 1)])+r)
		}
	}
	if len(rows) == 1 {
		none := piece{"the bot's commands are not known yet", s.muted}
		if m.opts.ReadOnly { // it may not ask for them either
			none = piece{"READ ONLY: you are watching", s.warn}
		}
		rows = append(rows, (&wrapper{by: m.by}).wrap([]piece{none}, w, "")...)
	}
	if m.inPane(c) && !m.cardHasFocus() {
		rows = append(rows, "", s.strong.paint("enter")+s.muted.paint(" on the person brings the keys here"))
	}
	return rows
}

// gist is as much of what a command does as w cells hold in whole: its help up
// to the first pause, or nothing.
func (c *card) gist(m *model, info bus.CommandInfo, w int) string {
	text := room.Clean(info.Help)
	if i := strings.IndexAny(text, ",;:."); i > 0 {
		text = text[:i]
	}
	if m.by.StringWidth(text) > w {
		return ""
	}
	return " " + text
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
