package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// cardPane is the card in the detail pane. It follows who is chosen, and the
// keys stay where they are until the card is opened.
func (m *model) cardPane(v *channel, r rect) []string {
	c, s := &m.detail.card, m.styles
	if v == nil || v.about == "" || c.room != v.name {
		return []string{"", s.muted.paint("  nobody is chosen yet"), "", s.muted.paint("  esc chooses a line, and whose it is,"), s.muted.paint("  and so does a click")}
	}
	rows := slices.Clone(c.window(m, c.paneBody(m, v, r)))
	for i := range rows {
		rows[i] = " " + rows[i]
	}
	return rows
}

// paneBody is the whole card in one column.
func (c *card) paneBody(m *model, v *channel, r rect) cardBody {
	w := r.w - 2
	rows := append([]string{m.styles.name(c.name).paint(cutName(m.by, cleanName(c.name), w))}, c.facts(m, v, w)...)
	b := cardBody{rows: append(rows, ""), fits: r.h}
	b.do = len(b.rows) + 1
	b.rows = append(b.rows, c.doings(m, v, w)...)
	return b
}

// clickCard does what stands in row y of the pane, as its key would, or else
// brings the keys to the card.
func (m *model) clickCard(v *channel, y int) tea.Cmd {
	c, r := &m.detail.card, m.layout.detail.below()
	if v.about == "" || c.room != v.name {
		return nil
	}
	b := c.paneBody(m, v, r)
	if cut := len(b.rows) - c.top(b) - r.h; cut > 0 && y == r.h-1 {
		c.scroll(m, v, min(cut, wheelRows)) // the row that tells of more
		return nil
	}
	at := y + c.top(b) - b.do
	for _, ch := range c.choices(m, v) {
		if ch.why != "" {
			continue
		}
		if at == 0 {
			cmd, _ := c.choose(m, v, ch)
			return cmd
		}
		at--
	}
	return m.openCard(v, c.name)
}
