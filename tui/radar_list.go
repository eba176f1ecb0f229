package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// A radarList is who has just come and was never seen before, to be gone
// through before something is done to all who are ticked. Moderators and
// people who were seen before are not on it.
type radarList struct {
	room   string
	people []suspect
	left   leftOut  // who are not on it
	verbs  []string // what can be done to all
	verb   int      // of verbs
	at     int
	reason *field
	typing bool // the reason has the focus

	sent     bool
	outcomes []outcome // by suspect, once sent
	done     *bulk     // as far as it can be taken back; nil: not at all
	back     *bulk     // what the list takes back; nil: it is the radar's
}

// bulkVerbs are what can be done to all on the radar's list.
var bulkVerbs = []string{"kick", "mute", "ban"}

// openRadar opens the list of the room that is shown.
func (m *model) openRadar() tea.Cmd {
	v := m.room()
	if v == nil {
		return nil
	}
	people, left := v.radar.suspects(v.state, m.now)
	return m.push(&radarList{
		room: v.name, people: people, left: left, verbs: bulkVerbs, reason: newField("reason", "raid", nil),
	})
}

// reaches tells whether what is chosen can be done to a person: who has left
// can be banned, and nothing else.
func (d *radarList) reaches(p suspect) bool { return !p.gone || d.verbs[d.verb] == "ban" }

// ticked are the places of those to whom it will be done.
func (d *radarList) ticked() []int {
	var out []int
	for i, p := range d.people {
		if p.ticked && d.reaches(p) {
			out = append(out, i)
		}
	}
	return out
}

func (d *radarList) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := m.keys
	switch {
	case key.Matches(msg, k.Cancel, k.Radar):
		return nil, true
	case d.sent || m.opts.ReadOnly || len(d.people) == 0:
		d.move(m, msg)
		return nil, key.Matches(msg, k.Choose, k.Close) && !d.running()
	case key.Matches(msg, k.NextButton, k.PrevButton) && d.back == nil:
		d.typing = !d.typing
	case d.typing && key.Matches(msg, k.Choose):
		d.typing = false
	case d.typing:
		d.reason.key(m, msg)
	case key.Matches(msg, k.Choose):
		if d.back != nil && len(d.ticked()) > 0 { // the list itself is the question
			return d.send(m, d.ticked()), false
		}
		return d.confirm(m), false
	default:
		d.change(m, msg)
	}
	return nil, false
}

func (d *radarList) move(m *model, msg tea.KeyPressMsg) {
	switch k := m.keys; {
	case key.Matches(msg, k.Up):
		d.at = max(0, d.at-1)
	case key.Matches(msg, k.Down):
		d.at = max(0, min(len(d.people)-1, d.at+1))
	}
}

// change ticks and unticks, and chooses what to do.
func (d *radarList) change(m *model, msg tea.KeyPressMsg) {
	switch msg.String() {
	case "space", "x":
		if p := &d.people[d.at]; d.reaches(*p) { // no tick is changed that is not shown
			p.ticked = !p.ticked
		}
	case "a", "n":
		for i := range d.people {
			d.people[i].ticked = msg.String() == "a"
		}
	case "left":
		d.verb = (d.verb + len(d.verbs) - 1) % len(d.verbs)
	case "right":
		d.verb = (d.verb + 1) % len(d.verbs)
	default:
		d.move(m, msg)
	}
}

// confirm asks once more, by number and name; its safe button is the default.
func (d *radarList) confirm(m *model) tea.Cmd {
	ticked := d.ticked()
	if len(ticked) == 0 {
		m.status = cmp.Or(d.allGone(), d.nobody()+": space ticks")
		return nil
	}
	what := d.verbs[d.verb] + " " + people(len(ticked))
	q := &question{title: "Act on " + people(len(ticked)) + m.inRoom(d.room), danger: true}
	q.body = func(m *model, w int) []string {
		names := ""
		for _, i := range ticked {
			names += d.people[i].name + "  "
		}
		rows := []string{m.styles.strong.paint(fit(m.by, what+m.inRoom(d.room)+orEmpty("  · ", d.reason.value()), w))}
		if v := m.roomNamed(d.room); v != nil {
			if info, ok := v.command(d.verbs[d.verb]); ok {
				rows = append(rows, wrapText(m, room.Clean(info.Help), w)...)
			}
		}
		wrapped := (&wrapper{by: m.by}).wrap([]piece{{names, m.styles.text}}, w, "")
		if len(wrapped) > 6 {
			wrapped = append(wrapped[:5], m.styles.muted.paint(fmt.Sprintf("… %d in all", len(ticked))))
		}
		return append(rows, wrapped...)
	}
	q.buttons = []button{
		{"n", "Go back to the list", nil},
		{"y", what, func(m *model) tea.Cmd { return d.send(m, ticked) }},
	}
	return m.push(q)
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

func (d *radarList) insert(text string) {
	if d.typing {
		d.reason.edit.insert(text)
	}
}

func (d *radarList) caret(m *model) (x, y int, ok bool) {
	if !d.typing || len(d.people) == 0 {
		return 0, 0, false
	}
	return 2 + d.reason.column(m, d.width(m)-4), 2 + len(d.lead(m)), true
}

func (d *radarList) title() string {
	if d.back != nil {
		return "Take back"
	}
	return "Radar"
}

func (d *radarList) width(m *model) int { return min(m.w-4, 84) }

func (d *radarList) box(m *model) []string {
	s, w := m.styles, d.width(m)-4
	body := d.lead(m)
	if len(d.people) == 0 {
		body = append(body, "", s.muted.paint("Nobody new has come in the last ten minutes."))
		return m.box("Radar"+m.inRoom(d.room), append(body, d.leftOut(m)...), w+4)
	}
	if d.back == nil {
		body = append(body, d.verbRow(m, w), d.reason.row(m, w))
	}
	body = append(body, s.border.paint(rule(w)))
	body = append(body, d.listed(m, w, max(1, m.h-len(body)-7))...)
	gone := ""
	if d.canChange(m) {
		gone = s.warn.paint(truncate(m.by, d.allGone(), w, ellipsis))
	}
	body = append(append(body, d.leftOut(m)...), gone, d.foot(m))
	return m.box(d.title()+m.inRoom(d.room), body, w+4)
}

func (d *radarList) verbRow(m *model, w int) string {
	s, out := m.styles, m.styles.muted.paint("do     ")
	for i, verb := range d.verbs {
		if i == d.verb {
			out += s.chosen.paint("‹ "+verb+" ›") + " "
		} else {
			out += "  " + s.muted.paint(verb) + "   "
		}
	}
	return fit(m.by, out, w)
}

// listed are as many of the people as h rows hold in whole, the chosen one among
// them.
func (d *radarList) listed(m *model, w, h int) []string {
	var rows []string
	from, to := d.at, d.at // of those that are shown
	rows = d.person(m, d.at, w)
	for grown := true; grown; {
		grown = false
		if to+1 < len(d.people) {
			if next := d.person(m, to+1, w); len(rows)+len(next) <= h {
				rows, to, grown = append(rows, next...), to+1, true
			}
		}
		if from > 0 {
			if before := d.person(m, from-1, w); len(rows)+len(before) <= h {
				rows, from, grown = append(before, rows...), from-1, true
			}
		}
	}
	if below := len(d.people) - 1 - to; below > 0 {
		rows = append(rows, m.styles.muted.paint(fmt.Sprintf("  ↓ %d more", below)))
	}
	return rows
}

// person is one of the list, with what speaks against them in full.
func (d *radarList) person(m *model, i, w int) []string {
	s, p := m.styles, d.people[i]
	tick, k := "[ ] ", s.muted
	switch {
	case !d.reaches(p):
		tick = " ·  "
	case p.ticked:
		tick, k = "[x] ", s.name(p.name)
	}
	lead, below := "  ", ink("")
	if i == d.at && !d.typing {
		lead, below = s.accent.paint("› "), s.selected
	}
	name := min(20, max(8, w-40))
	left := lead + s.text.paint(tick) + k.paint(fit(m.by, cutName(m.by, p.name, name), name)) + " " +
		s.muted.paint(clockText(p.at.In(m.loc), m.clock12())+"  ")
	notes := piece{cmp.Or(strings.Join(p.signs, " · "), "nothing but new"), s.text}
	switch {
	case d.sent:
		notes = d.outcome(m, i)
	case d.back != nil:
		notes.text = d.verbs[0]
	case p.gone: // first: it says what can still be done
		notes.text = "has left · " + notes.text
	}
	rows := m.hang(left, w, notes)
	for j, row := range rows {
		rows[j] = under(below, fit(m.by, row, w))
	}
	return rows
}

func (d *radarList) leftOut(m *model) []string {
	text := d.left.text()
	if text == "" {
		return nil
	}
	return wrapText(m, text, d.width(m)-4)
}

func (d *radarList) foot(m *model) string {
	s := m.styles
	switch {
	case m.opts.ReadOnly:
		return s.warn.paint("READ ONLY") + s.muted.paint("  ·  esc close")
	case d.running():
		return s.muted.paint("under way  ·  esc closes the list and stops what is not sent yet")
	case d.sent:
		return s.muted.paint("done  ·  enter close")
	case d.typing:
		return s.muted.paint("enter or tab back to the list")
	}
	keys := "space tick · a all · n none · ←→ what · tab reason · "
	if d.back != nil {
		keys = "space tick · a all · n none · esc leave it · "
	}
	ticked := len(d.ticked())
	switch {
	case ticked > 0:
		return s.muted.paint(keys+"enter ") + s.strong.paint(d.verbs[d.verb]+" "+people(ticked))
	case d.allGone() != "":
		return s.muted.paint("←→ what · tab reason · esc close")
	}
	return s.muted.paint(keys + d.nobody())
}

// canChange tells whether what is to be done, and to whom, is open yet.
func (d *radarList) canChange(m *model) bool { return !m.opts.ReadOnly && !d.sent && !d.typing }

// nobody says that nothing would be done, of those whom it could reach.
func (d *radarList) nobody() string {
	if slices.ContainsFunc(d.people, func(p suspect) bool { return p.ticked }) {
		return "nobody here is ticked"
	}
	return "nobody is ticked"
}

// allGone says what can be done where all on the list have left; empty where that
// is not so, or what is chosen reaches them.
func (d *radarList) allGone() string {
	switch {
	case slices.ContainsFunc(d.people, d.reaches):
		return ""
	case slices.Contains(d.verbs, "ban"):
		return "all on the list have left: → to ban, which reaches their names"
	}
	return "all on the list have left"
}
