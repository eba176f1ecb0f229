package tui

import (
	"cmp"
	"fmt"
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// The detail pane stands to the right on a wide screen. It shows one of three
// things: what comes next, who was chosen, or what was done.
type detail struct {
	tab  detailTab
	card card      // of the person chosen last in the room that has the focus
	skip int       // items of the queue scrolled past
	held *logEntry // the last one shown, where it does not follow; nil: it does

	queue queueRows // as drawn last
	log   logRows
}

type detailTab int

const (
	detailQueue detailTab = iota
	detailCard
	detailLog
)

// detailTitles are the tabs in order.
var detailTitles = []string{"playlist", "card", "log"}

// nextDetail shows the next of the three, and the pane where it was hidden.
func (m *model) nextDetail() tea.Cmd {
	switch {
	case m.w < wideWidth:
		m.status = fmt.Sprintf("the pane beside the users needs %d columns; here are %d", wideWidth, m.w)
		return nil
	case m.layout.detail.w > 0 && m.shown == viewRoom:
		return tea.Batch(m.showDetail((m.detail.tab+1)%detailTab(len(detailTitles))), m.open(viewRoom))
	default:
		m.hideUsers = false
		if m.w < widestWidth {
			m.split, m.right = false, false
		}
	}
	return m.open(viewRoom)
}

// showDetail shows one of the three, and remembers it for the next time.
func (m *model) showDetail(tab detailTab) tea.Cmd {
	m.detail.tab = tab
	return m.keep(func(k *memory) { k.Detail = detailTitles[tab] })
}

// recallDetail is the one that was shown when the console was left.
func recallDetail(k memory) detailTab {
	return detailTab(max(0, slices.Index(detailTitles, k.Detail)))
}

// wantDetail asks for what the pane shows of the room and has not got.
func (m *model) wantDetail(v *channel) tea.Cmd {
	if name := v.pointsAt(); name != v.pointed && !m.cardHasFocus() {
		v.pointed = name
		v.about = cmp.Or(name, v.about)
	}
	switch {
	case m.layout.detail.w == 0:
	case m.detail.tab == detailCard:
		return m.detail.card.follow(m, v, v.about)
	case m.detail.tab == detailLog:
		return m.views[viewLog].want(m)
	}
	return nil
}

// pointsAt is who is chosen in the room now; empty when nobody is.
func (v *channel) pointsAt() string {
	if v.users.focus {
		return v.users.sel
	}
	return v.chat.selected().person()
}

// detailRows are the pane: its tabs, and what the one that is chosen shows.
func (m *model) detailRows(v *channel, r rect) []string {
	body := r.below()
	rows := append(make([]string, 0, r.h), m.detailTabs(r.w))
	switch m.detail.tab {
	case detailQueue:
		return append(rows, m.queuePane(v, body).rows...)
	case detailLog:
		return append(rows, m.logPane(body).rows...)
	}
	return append(rows, m.page(m.cardPane(v, body), r.w, body.h)...)
}

// detailTabs is the pane's first row.
func (m *model) detailTabs(w int) string {
	s, row := m.styles, " "
	for i, title := range detailTitles {
		switch {
		case detailTab(i) != m.detail.tab:
			title = s.muted.paint("  " + title + "  ")
		case m.cardHasFocus():
			title = s.chosen.paint("‹ " + title + " ›")
		default:
			title = s.tab.paint("‹ " + title + " ›")
		}
		row += title
	}
	return spread(m.by, row, s.strong.paint(m.keys.Detail.Help().Key)+" ", w)
}

// clickDetail does what a hand expects in the pane, x and y being its own: a
// tab is shown, an item opens the playlist on it, an entry of the log opens in
// full, and what the card offers is done.
func (m *model) clickDetail(v *channel, x, y int) tea.Cmd {
	if y == 0 {
		from := 1
		for i, title := range detailTitles {
			if n := len(title) + 4; x >= from && x < from+n {
				return m.showDetail(detailTab(i))
			}
			from += len(title) + 4
		}
		if x >= m.layout.detail.w-1-m.by.StringWidth(m.keys.Detail.Help().Key) {
			return m.nextDetail()
		}
		return nil
	}
	body := m.layout.detail.below()
	switch y--; m.detail.tab {
	case detailQueue:
		if of := m.queuePane(v, body).items; y < len(of) && of[y] != "" {
			m.views[viewPlaylist].(*playlistPage).items.chosen = of[y]
			return m.open(viewPlaylist)
		}
	case detailCard:
		return m.clickCard(v, y)
	case detailLog:
		if of := m.logPane(body).entries; y < len(of) && of[y] != nil {
			return m.push(&entryBox{entry: *of[y]})
		}
	}
	return nil
}

// wheelDetail scrolls what the pane shows.
func (m *model) wheelDetail(v *channel, rows int) tea.Cmd {
	d := &m.detail
	switch d.tab {
	case detailQueue:
		d.skip = max(0, min(d.skip+rows, len(upNext(v.state))-1))
	case detailCard:
		d.card.scroll(m, v, rows)
	case detailLog:
		return m.scrollLogPane(rows)
	}
	return nil
}

// cardHasFocus tells whether keys go to the card in the pane.
func (m *model) cardHasFocus() bool {
	c, ok := m.dialog().(*card)
	return ok && m.inPane(c)
}

// inPane tells whether a card is shown in the pane, and not over the room.
func (m *model) inPane(c *card) bool {
	return c == &m.detail.card && m.shown == viewRoom && m.layout.detail.w > 0 && m.detail.tab == detailCard
}

// fromPane are the keys that lead away from the card in the pane: they do what
// they do everywhere.
func (m *model) fromPane() []key.Binding {
	k := m.keys
	return append([]key.Binding{k.Detail, k.Split, k.Other, k.Rooms, k.NextRoom, k.Palette, k.Help}, k.Views...)
}

// leavePane takes the focus from the card in the pane; false when it had none.
func (m *model) leavePane() bool {
	if !m.cardHasFocus() {
		return false
	}
	m.drop(m.dialog())
	return true
}
