package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
)

// A pollOption is an option of a poll with its votes as the server tells them: a
// poll that hides its result says "?" or "1?".
type pollOption struct{ text, votes string }

// pollOptions are a poll's options, the ones with the most votes first, and as they
// were put where those are equal.
func pollOptions(p *room.Poll) []pollOption {
	out := make([]pollOption, len(p.Options))
	for i, o := range p.Options {
		out[i].text = room.Clean(o)
		if i < len(p.Counts) {
			out[i].votes = room.Clean(p.Counts[i])
		}
	}
	slices.SortStableFunc(out, func(a, b pollOption) int { return cmp.Compare(b.count(), a.count()) })
	return out
}

func (o pollOption) count() int {
	n, _ := strconv.Atoi(strings.TrimSuffix(o.votes, "?"))
	return n
}

// rows are the option with its votes, as many of w cells as it takes, indent of
// which stay empty.
func (o pollOption) rows(m *model, indent, w int) []string {
	return m.hang(blank(indent)+m.styles.accent.paint(fitRight(m.by, o.votes, 4))+"  ", w-1, piece{o.text, m.styles.text})
}

// atMost leaves n of rows, the last of which then says that it goes on.
func atMost(m *model, rows []string, n, w int) []string {
	if len(rows) <= n {
		return rows
	}
	last := strings.TrimRight(rows[n-1], " ")
	return append(rows[:n-1:n-1], truncate(m.by, last, w-2, "")+ellipsis)
}

// pollPane is the poll in at most h rows of the detail pane, with an empty one
// under it: its title, the options with the most votes, and how many more there
// are. The queue under it needs the rest.
func (m *model) pollPane(p *room.Poll, w, h int) []string {
	const least = 4 // heading, title, how many more, an empty row
	if h < least {
		return nil
	}
	s := m.styles
	rows := []string{s.muted.paint(fit(m.by, " POLL", w))}
	rows = append(rows, atMost(m, m.hang("  ", w-1, piece{room.Clean(p.Title), s.text}), min(2, h-3), w)...)
	list := pollOptions(p)
	for i, c := range list {
		option := atMost(m, c.rows(m, 1, w), 2, w)
		left := h - 1 - len(rows)
		if len(option) > left || len(option) == left && i < len(list)-1 {
			rows = append(rows, s.muted.paint(fmt.Sprintf("     + %s more · %s shows all", grouped(uint64(len(list)-i)), m.keys.Views[viewPlaylist].Help().Key)))
			break
		}
		rows = append(rows, option...)
	}
	return append(rows, "")
}

// A pollList is the poll of the playlist's view: all of it, scrolled where it
// would leave the queue no room.
type pollList struct {
	top   int // rows scrolled past
	rows  []string
	of    []int // which option each row is of; -1 for the title
	drawn playlistKey
}

// list makes the rows, unless nothing has changed.
func (l *pollList) list(m *model, v *channel, w int) []string {
	now := playlistKey{v.name, v.rev, w, m.look}
	if l.rows != nil && now == l.drawn {
		return l.rows
	}
	l.drawn, l.rows, l.of = now, nil, nil
	add := func(option int, rows []string) {
		for _, row := range rows {
			l.rows, l.of = append(l.rows, row), append(l.of, option)
		}
	}
	s := m.styles
	add(-1, m.hang("  "+s.accent.paint("poll")+"  ", w-1, piece{room.Clean(v.state.Poll.Title), s.strong}))
	for i, c := range pollOptions(v.state.Poll) {
		add(i, c.rows(m, 4, w))
	}
	return l.rows
}

// draw gives at most h rows of w cells.
func (l *pollList) draw(m *model, v *channel, w, h int) []string {
	if v.state.Poll == nil || h < 2 {
		return nil
	}
	rows := l.list(m, v, w)
	if len(rows) <= h {
		return rows
	}
	top, space := l.at(h), h-1
	out := slices.Clone(rows[top : top+space])
	k, last := m.keys, len(v.state.Poll.Options)-1
	note := []string{fmt.Sprintf("+ %s more", grouped(uint64(last-l.of[top+space-1])))}
	if top+space == len(rows) {
		note[0] = "no more"
	}
	note = append(note, k.PollUp.Help().Key+" "+k.PollDown.Help().Key+" and the wheel scroll the poll")
	return append(out, m.styles.muted.paint("        "+strings.Join(note, "  ·  ")))
}

// at is the first row shown where h rows are; it may be less far down than was
// scrolled, since polls change.
func (l *pollList) at(h int) int { return max(0, min(l.top, len(l.rows)-(h-1))) }

func (l *pollList) scroll(m *model, v *channel, n, w, h int) {
	if v.state.Poll == nil {
		return
	}
	l.list(m, v, w)
	l.top = l.at(h) + n
	l.top = l.at(h)
}

// Bounds of what the chat tells of a poll.
const (
	toldOptions = 5
	toldTitle   = 120 // cells
	toldOption  = 40
)

// pollText is a poll in a line of chat: its title and a few of its options.
func pollText(p room.Poll) string {
	short := func(text string, w int) string { return truncate(ansi.GraphemeWidth, room.Clean(text), w, ellipsis) }
	var told []string
	for i, o := range p.Options {
		if i == toldOptions && len(p.Options) > toldOptions+1 {
			told = append(told, fmt.Sprintf("+ %s more", grouped(uint64(len(p.Options)-i))))
			break
		}
		told = append(told, short(o, toldOption))
	}
	return "opened a poll: " + short(p.Title, toldTitle) + " — " + strings.Join(told, " / ")
}
