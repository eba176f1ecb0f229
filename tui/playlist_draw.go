package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rosey/bus/room"
)

// list makes the rows, unless nothing has changed.
func (p *playlistPage) list(m *model, v *channel) []tableRow {
	now := playlistKey{v.name, v.rev, p.w, m.look}
	if p.rows != nil && now == p.drawn {
		return p.rows
	}
	p.drawn, p.rows = now, make([]tableRow, 0, len(v.state.Playlist))
	s := m.styles
	for i, it := range v.state.Playlist {
		mark, length, temp, title := "", "live", "", s.text
		if it.UID == v.state.Current {
			mark, title = "▶", s.strong
		}
		if it.Media.Seconds > 0 {
			length = clockLength(it.Media.Seconds)
		}
		if it.Temp {
			temp = "temp"
		}
		by := room.Clean(it.QueueBy)
		texts := []string{mark, strconv.Itoa(i + 1), room.Clean(it.Media.Title), temp, by, length}
		inks := []ink{s.good, s.muted, title, s.muted, s.name(by), s.muted}
		if p.w < titleWidth {
			texts, inks = slices.Delete(texts, 3, 5), slices.Delete(inks, 3, 5)
		}
		text := m.tableCells(p.columns(), texts, p.w-3, inks...)
		p.rows = append(p.rows, tableRow{strconv.Itoa(it.UID), text})
	}
	return p.rows
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
	if poll := st.Poll; poll != nil && p.h > 12 {
		rows = append(rows, fit(m.by, "  "+s.accent.paint("poll")+"  "+s.strong.paint(room.Clean(poll.Title)), p.w))
		for i, o := range poll.Options[:min(len(poll.Options), 6)] {
			votes := ""
			if i < len(poll.Counts) {
				votes = room.Clean(poll.Counts[i])
			}
			rows = append(rows, fit(m.by, "    "+s.accent.paint(fitRight(m.by, votes, 4))+"  "+room.Clean(o), p.w))
		}
	}
	return append(rows, "")
}
