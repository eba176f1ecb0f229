package tui

import (
	tea "charm.land/bubbletea/v2"
)

// cardPane is the card in the detail pane. It follows who is chosen, and the
// keys stay where they are until the card is opened.
func (m *model) cardPane(v *channel, r rect) []string {
	c, s := &m.detail.card, m.styles
	if v == nil || v.about == "" || c.room != v.name {
		return []string{"", s.muted.paint("  nobody is chosen yet"), "", s.muted.paint("  esc chooses a line, and whose it is,"), s.muted.paint("  and so does a click")}
	}
	body, do, picked := c.paneBody(m, v, r.w-2)
	body = c.window(m, body, r.h, picked.down(do))
	for i := range body {
		body[i] = " " + body[i]
	}
	return body
}

// paneBody is the whole card in one column of w cells; do is the row of the
// row over the first thing that can be done, from which picked counts.
func (c *card) paneBody(m *model, v *channel, w int) (rows []string, do int, picked rowSpan) {
	rows = append(rows, m.styles.name(c.name).paint(cutName(m.by, cleanName(c.name), w)))
	rows = append(append(rows, c.facts(m, v, w)...), "")
	doings, picked := c.doings(m, v, w)
	return append(rows, doings...), len(rows), picked
}

// clickCard does what stands in row y of the pane, as its key would, or else
// brings the keys to the card.
func (m *model) clickCard(v *channel, y int) tea.Cmd {
	c, r := &m.detail.card, m.layout.detail.below()
	if v.about == "" || c.room != v.name {
		return nil
	}
	body, do, _ := c.paneBody(m, v, r.w-2)
	if cut := len(body) - c.row - r.h; cut > 0 && y == r.h-1 {
		c.row += min(cut, wheelRows) // the row that tells of more
		return nil
	}
	at := y + c.row - do - 1
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
