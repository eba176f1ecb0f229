package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rosey/bus/room"
)

// list makes the rows, unless nothing has changed; their cells when they are seen.
func (p *playlistPage) list(m *model, v *channel) []tableRow {
	now := playlistKey{v.name, v.rev, p.w, m.look}
	if p.rows != nil && now == p.drawn {
		return p.rows
	}
	p.drawn, p.rows = now, make([]tableRow, len(v.state.Playlist))
	columns, current := p.columns(), v.state.Current
	for i, it := range v.state.Playlist {
		p.rows[i] = tableRow{key: strconv.Itoa(it.UID), make: func() string {
			return p.row(m, columns, i+1, &v.state.Playlist[i], current)
		}}
	}
	return p.rows
}

// row is an item of the queue in its columns.
func (p *playlistPage) row(m *model, columns []column, n int, it *room.Item, current int) string {
	s := m.styles
	mark, length, temp, title := "", "live", "", s.text
	if it.UID == current {
		mark, title = "▶", s.strong
	}
	if it.Media.Seconds > 0 {
		length = clockLength(it.Media.Seconds)
	}
	if it.Temp {
		temp = "temp"
	}
	by := room.Clean(it.QueueBy)
	texts := []string{mark, strconv.Itoa(n), room.Clean(it.Media.Title), temp, by, length}
	inks := []ink{s.good, s.muted, title, s.muted, s.name(by), s.muted}
	if p.w < titleWidth {
		texts, inks = slices.Delete(texts, 3, 5), slices.Delete(inks, 3, 5)
	}
	return m.tableCells(columns, texts, p.w-3, inks...)
}

// titleWidth is the width below which the title needs all that there is.
const titleWidth = 56

func (p *playlistPage) columns() []column {
	if p.w < titleWidth {
		return []column{{w: 1}, {w: 3, right: true}, {title: "title"}, {title: "length", w: 7, right: true}}
	}
	if p.w < narrowWidth {
		return []column{{w: 1}, {w: 3, right: true}, {title: "title"}, {w: 4}, {title: "by", w: 8, person: true}, {title: "length", w: 7, right: true}}
	}
	return []column{{w: 1}, {w: 4, right: true}, {title: "title"}, {w: 4}, {title: "queued by", w: 16, person: true}, {title: "length", w: 8, right: true}}
}

func (p *playlistPage) draw(m *model) []string {
	v := m.room()
	if v == nil {
		return m.page(nil, p.w, p.h)
	}
	rows := append(p.head(m, v), "  "+m.tableHead(p.columns(), p.w-3))
	foot := 0
	if p.add != nil {
		foot = 2
	}
	items := p.list(m, v)
	body := p.items.draw(m, items, p.w, max(1, p.h-len(rows)-foot))
	if len(items) == 0 {
		body[0] = m.styles.muted.paint("     nothing queued")
	}
	rows = append(rows, body...)
	if p.add != nil {
		rows = append(rows, m.styles.border.paint(rule(p.w)), " "+p.add.row(m, p.w-2))
	}
	return m.page(rows, p.w, p.h)
}

// head is the queue as a whole: how long, how open, the votes and the poll.
func (p *playlistPage) head(m *model, v *channel) []string {
	s, st := m.styles, v.state
	parts := []string{count(uint64(len(st.Playlist)), "item")}
	if st.Length.Length != "" {
		parts = append(parts, room.Clean(st.Length.Length))
	}
	if st.Locked {
		parts = append(parts, "locked: only those with the right may add")
	} else {
		parts = append(parts, "open to all")
	}
	if st.Voteskip.Need > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d votes to skip", st.Voteskip.Count, st.Voteskip.Need))
	}
	rows := []string{fit(m.by, "  "+s.text.paint(strings.Join(parts, "  ·  ")), p.w)}
	rows = append(rows, p.poll.draw(m, v, p.w, p.pollHeight())...)
	return append(rows, "")
}

// pollHeight is how many rows the poll may have, so that the queue keeps most.
func (p *playlistPage) pollHeight() int {
	if p.h <= 12 {
		return 0
	}
	return max(3, p.h/3)
}
