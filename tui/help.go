package tui

import (
	"fmt"
	"strings"
)

// helpBox is the help overlay for w by h cells: the key map and the commands,
// in two columns where there is room.
func (m *model) helpBox(w, h int) []string {
	s, by := m.styles, m.by
	var blocks [][]string
	for _, g := range m.keys.groups(m.opts.ReadOnly) {
		block := []string{s.title.paint(g.title)}
		for _, k := range g.keys {
			block = append(block, s.strong.paint(fit(by, k.Help().Key, 9))+" "+s.text.paint(k.Help().Desc))
		}
		blocks = append(blocks, block)
	}
	if !m.opts.ReadOnly {
		block := []string{s.title.paint("Commands")}
		for _, c := range commands() {
			block = append(block, s.strong.paint(fit(by, strings.TrimSpace("/"+c.name+" "+c.args), 15))+" "+s.text.paint(c.what))
		}
		block = append(block, s.strong.paint(fit(by, "//TEXT", 15))+" "+s.text.paint("say it with its slash"))
		blocks = append(blocks, block)
	}
	inner := min(w, 84) - 4
	body := twoColumns(m, blocks, inner)
	total := len(body)
	if fits := max(1, h-3); len(body) > fits {
		m.helpRow = min(m.helpRow, len(body)-fits)
		body = body[m.helpRow : m.helpRow+fits]
		if below := total - m.helpRow - fits; below > 0 {
			body[fits-1] = s.muted.paint(fmt.Sprintf("↓ %d more rows", below+1))
		}
	}
	return m.box("Help · "+m.version()+" · any key closes", body, inner+4)
}

func (m *model) version() string {
	if m.opts.Version == "" {
		return "rosey"
	}
	return "rosey " + m.opts.Version
}

// twoColumns sets blocks in two columns of about the same height; in one where
// w is too small for two.
func twoColumns(m *model, blocks [][]string, w int) []string {
	total := 0
	for _, b := range blocks {
		total += len(b) + 1
	}
	var left, right []string
	for _, b := range blocks {
		to := &left
		if w >= 70 && len(left) > 0 && len(left)+len(b) > total/2+4 {
			to = &right
		}
		if len(*to) > 0 {
			*to = append(*to, "")
		}
		*to = append(*to, b...)
	}
	if len(right) == 0 {
		return left
	}
	rows := make([]string, max(len(left), len(right)))
	half := w / 2
	for i := range rows {
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		rows[i] = fit(m.by, l, half) + r
	}
	return rows
}
