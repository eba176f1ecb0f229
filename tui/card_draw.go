package tui

import (
	"fmt"
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
	w := min(m.w-2, 120)
	inner := w - 4
	var body []string
	var picked rowSpan
	if inner >= 72 {
		right := doingsWidth(inner)
		var doings []string
		doings, picked = c.doings(m, v, right)
		body = sideBySide(m, c.facts(m, v, inner-right-3), doings, inner-right-3, right)
	} else {
		body = append(c.facts(m, v, inner), "")
		doings, at := c.doings(m, v, inner)
		picked = at.down(len(body))
		body = append(body, doings...)
	}
	title := cutName(m.by, cleanName(c.name), w-6-m.by.StringWidth(m.inRoom(v.name))) + m.inRoom(v.name)
	return m.box(title, c.window(m, body, max(1, m.h-4), picked), w)
}

// A rowSpan is some rows, from one to before another; none where they are the same.
type rowSpan struct{ from, to int }

func (s rowSpan) down(n int) rowSpan { return rowSpan{s.from + n, s.to + n} }

// window is as much of the card as fits, from where it was scrolled to, with
// what was just picked in sight.
func (c *card) window(m *model, body []string, fits int, picked rowSpan) []string {
	reveal := c.reveal && picked.from < picked.to
	c.reveal = false
	if len(body) <= fits {
		c.row = 0
		return body
	}
	if reveal {
		c.row = min(max(c.row, picked.to+1-fits), picked.from)
	}
	c.row = max(0, min(c.row, len(body)-fits))
	more := len(body) - c.row - fits
	body = body[c.row : c.row+fits]
	if more > 0 {
		body[fits-1] = m.styles.muted.paint(fmt.Sprintf("↓ %d more rows", more+1))
	}
	return body
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
		before = append(before, m.hang(at, w, piece{text, s.text})...)
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
func (c *card) doings(m *model, v *channel, w int) (rows []string, picked rowSpan) {
	s := m.styles
	rows = []string{s.title.paint("Do")}
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
			row, picked.from, about = under(s.selected, row), len(rows), room.Clean(ch.info.Help)
		}
		rows = append(rows, row)
	}
	if about != "" {
		rows = append(rows, m.hang(s.accent.paint("↳ "), w, piece{about, s.text})...)
		picked.to = len(rows)
	}
	for _, why := range whys {
		text := strings.Join(barred[why], ", ") + ": " + why
		for i, r := range (&wrapper{by: m.by}).wrap([]piece{{text, s.muted}}, max(8, w-3), "") {
			rows = append(rows, s.muted.paint([]string{"·  ", "   "}[min(i, 1)])+r)
		}
	}
	if len(rows) == 1 {
		rows = append(rows, s.muted.paint("the bot's commands are not known yet"))
	}
	if m.inPane(c) && !m.cardHasFocus() {
		rows = append(rows, "", s.strong.paint("enter")+s.muted.paint(" on the person brings the keys here"))
	}
	return rows, picked
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
