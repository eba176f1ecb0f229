package tui

import (
	"regexp"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
)

// How the third step draws itself, and what a click on it does.

// labels is how wide the labels are.
func (c *wizardChoicesPart) labels(m *model, w int) int {
	n := 14
	for _, e := range c.entries() {
		n = max(n, m.by.StringWidth(room.Clean(e.label)))
	}
	return min(n, w/3)
}

func (c *wizardChoicesPart) rows(m *model, w int) []string {
	s := m.styles
	var rows []string
	shown := 0 // the row that must be on the screen
	list, labels := c.entries(), c.labels(m, w)
	for i, e := range list {
		if e.group != "" {
			if i > 0 {
				rows = append(rows, "")
			}
			rows = append(rows, m.heading(e.group, ""))
		}
		mark, label := "  ", s.muted
		if i == c.at {
			mark, label = s.accent.paint("▸ "), s.strong
			shown = len(rows)
		}
		lead := mark + label.paint(fit(m.by, room.Clean(e.label), labels)) + " "
		value, x := e.draw(m, w-m.by.StringWidth(lead), i == c.at && !m.pictured)
		if i == c.at && e.field != nil {
			c.page.caret = &tea.Position{X: m.by.StringWidth(lead) + x, Y: len(rows)}
		}
		c.spots(m, i, len(rows), m.by.StringWidth(lead))
		rows = append(rows, lead+value)
		if c.deciding.err != nil && e == c.wrongAt {
			rows = append(rows, indentBy(labels+3, m.refusal(c.deciding.err, w-labels-3))...)
			shown = len(rows) - 1
		}
		if last := i+1 == len(list) || list[i+1].group != ""; last && e != c.shell && !c.refusedIn(e) {
			rows = append(rows, indentBy(labels+3, c.probeRows(m, e, w-labels-3))...)
		}
	}
	if c.deciding.err != nil && c.wrongAt == nil {
		rows = append(append(rows, ""), m.refusal(c.deciding.err, w)...)
		shown = len(rows) - 1
	}
	if c.follow {
		c.follow = !c.page.reveal(shown)
	}
	return rows
}

// refusedIn tells whether the group that last ends says already what is wrong in
// it, which trying it would say again.
func (c *wizardChoicesPart) refusedIn(last *wizardChoice) bool {
	return c.deciding.err != nil && c.wrongAt != nil && (c.wrongAt == c.database) == (last == c.database)
}

// probeRows are what was found under a group.
func (c *wizardChoicesPart) probeRows(m *model, last *wizardChoice, w int) []string {
	switch {
	case last == c.database:
		return c.dataProbe.reply.rows(m, c.databasePath(), c.triedData, w)
	case len(c.unknown) > 0 && last == c.unknown[len(c.unknown)-1]:
		return nil
	}
	switch what := strings.Join(c.withheldLabels(), " and the "); {
	case c.addressText() == "":
		return nil
	case what != "":
		return []string{m.styles.muted.paint(fit(m.by, "not tried: the "+what+" is to be typed again", w))}
	}
	return c.natsProbe.reply.rows(m, fingerprint(c.server()), c.triedNATS, w)
}

// spots are what a click on an entry does: it takes the word that was hit, or
// puts the cursor there.
func (c *wizardChoicesPart) spots(m *model, i, row, lead int) {
	e, p := c.entries()[i], c.page
	if e.field == nil {
		for word, at := range spansOf(m, e.parts(m), 3) {
			p.spot(row, lead+at.from, lead+at.to, func(m *model, _ int) tea.Cmd {
				return tea.Batch(c.move(m, i), c.turn(m, e, word))
			})
		}
	}
	p.spot(row, 0, 0, func(m *model, x int) tea.Cmd {
		cmd := c.move(m, i)
		if e.field != nil {
			e.field.edit.point(m, x-lead)
		}
		return cmd
	})
}

// noPort is what stands where a port does and is none: until its @ is typed, the
// password of a name.
var noPort = regexp.MustCompile(`((?:^|://|,)[^/@:,\[\]]+:)[^/@,]*[^0-9/@,][^/@,]*`)

// veiled is an address without what lets somebody in.
func veiled(address string) string {
	return noPort.ReplaceAllString(config.RedactURL(address), "${1}"+config.Mask)
}

// draw is the value in w cells, and the cursor's cell in it. Only an open one
// shows what in it lets somebody in.
func (e *wizardChoice) draw(m *model, w int, open bool) (row string, x int) {
	s := m.styles
	if e.field != nil {
		edit := &e.field.edit
		if (e.url || strings.Contains(e.field.value(), "://")) && !open {
			edit = &editor{}
			edit.set(veiled(e.field.value()))
			edit.pos = 0
		}
		if e.secret {
			hidden := *edit
			hidden.chars = strings.Split(strings.Repeat("•", len(edit.chars)), "")[:len(edit.chars)]
			edit = &hidden
		}
		text, x := edit.view(m.by, w)
		switch {
		case e.field.edit.empty() && e.lost:
			text = s.warn.paint(fit(m.by, "not kept: type it again", w))
		case e.field.edit.empty():
			text = s.muted.paint(fit(m.by, "–", w))
		}
		return text, x
	}
	return strings.Join(e.parts(m), "   "), 0
}

// parts are the words, the one that is taken marked.
func (e *wizardChoice) parts(m *model) []string {
	parts := make([]string, len(e.words))
	for i, word := range e.words {
		if i == e.word {
			parts[i] = m.styles.strong.paint("◉ " + word)
		} else {
			parts[i] = m.styles.muted.paint("○ " + word)
		}
	}
	return parts
}
