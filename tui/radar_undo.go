package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// A bulk is what was done to all on a list, as far as it can be taken back:
// with one verb, person by person.
type bulk struct {
	room  string
	verb  string // that takes it back
	names []string
	ended time.Time // of the last command
}

// maxBulks bounds those that are remembered.
const maxBulks = 20

// rememberBulk notes what takes back what was done to a person of the list; an
// empty undo is noted too, so that nothing older is taken for it.
func (m *model) rememberBulk(d *radarList, undo, name string) {
	verb, _, _ := strings.Cut(undo, " ")
	if d.back != nil { // what was taken back is done again by the radar's list
		return
	}
	if d.done == nil {
		d.done = &bulk{room: d.room, verb: verb}
		m.bulks = append(m.bulks, d.done)
		m.bulks = m.bulks[max(0, len(m.bulks)-maxBulks):]
	}
	d.done.names, d.done.ended = append(d.done.names, name), m.now
}

// lastBulk is the last bulk of a room; nil for none.
func (m *model) lastBulk(v *channel) *bulk {
	for _, b := range slices.Backward(m.bulks) {
		if b.room == v.name {
			return b
		}
	}
	return nil
}

// still are those with whom it can still be taken back.
func (b *bulk) still(v *channel) []string {
	info, known := v.command(b.verb)
	return slices.DeleteFunc(slices.Clone(b.names), func(name string) bool {
		return v.idleOn(b.verb, []string{name}) != "" || known && v.cannot(info, name) != ""
	})
}

// stands says why it cannot be taken back.
func (b *bulk) stands(v *channel, now time.Time) string {
	switch {
	case now.Sub(b.ended) >= undoLife, len(b.names) == 0, b.verb == "":
		return nothingToUndo
	case len(b.still(v)) == 0:
		return "nothing is left to take back of what was done to " + people(len(b.names))
	}
	return ""
}

func (b *bulk) what(v *channel) string {
	names := b.still(v)
	if len(names) == 1 {
		return b.verb + " " + names[0]
	}
	return b.verb + " " + people(len(names))
}

// openBulk opens the list of those with whom it can be taken back: nothing
// happens until the person says so, and each can be left out.
func (m *model) openBulk(v *channel, b *bulk) tea.Cmd {
	d := &radarList{room: b.room, verbs: []string{b.verb}, back: b, reason: newField("reason", "", nil)}
	for _, name := range b.still(v) {
		d.people = append(d.people, suspect{name: name, at: b.ended, ticked: true})
	}
	return m.push(d)
}

// takenBack takes those who are acted on off what can be taken back: who was
// left out stays.
func (d *radarList) takenBack(queue []int) {
	if d.back == nil {
		return
	}
	for _, i := range queue {
		d.back.names = slices.DeleteFunc(d.back.names, func(n string) bool { return n == d.people[i].name })
	}
}

// lead is what the radar says, or what is taken back.
func (d *radarList) lead(m *model) []string {
	v := m.roomNamed(d.room)
	if v == nil {
		return nil
	}
	text, k := v.reading.text(), m.styles.text
	switch {
	case d.back != nil:
		text = fmt.Sprintf("Takes back what was done to all of them, %s ago.", spoken(m.now.Sub(d.back.ended).Milliseconds()))
	case v.reading.level != alarmNone:
		k = m.styles.warn
	}
	return (&wrapper{by: m.by}).wrap([]piece{{text, k}}, d.width(m)-4, "")
}
