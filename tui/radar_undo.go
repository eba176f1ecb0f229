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

// rememberBulk notes that undo takes back what was done to a person of the list.
func (m *model) rememberBulk(d *radarList, undo, name string) {
	verb, _, _ := strings.Cut(undo, " ")
	if verb == "" || d.back != nil { // what was taken back is done again by the radar's list
		return
	}
	if d.done == nil {
		d.done = &bulk{room: d.room, verb: verb}
		m.bulks = append(m.bulks, d.done)
		m.bulks = m.bulks[max(0, len(m.bulks)-maxBulks):]
	}
	d.done.names, d.done.ended = append(d.done.names, name), m.now
}

// lastBulk is the last bulk that can be taken back, at now.
func (m *model) lastBulk() (*bulk, bool) {
	for _, b := range slices.Backward(m.bulks) {
		if len(b.names) > 0 && m.now.Sub(b.ended) < undoLife {
			return b, true
		}
	}
	return nil, false
}

func (b *bulk) what() string {
	if len(b.names) == 1 {
		return b.verb + " " + b.names[0]
	}
	return b.verb + " " + people(len(b.names))
}

// openBulk opens the list of those with whom it can be taken back: nothing
// happens until the person says so, and each can be left out.
func (m *model) openBulk(b *bulk) tea.Cmd {
	d := &radarList{room: b.room, verbs: []string{b.verb}, back: b, reason: newField("reason", "", nil)}
	for _, name := range b.names {
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
