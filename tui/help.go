package tui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// help is what can be done where the person is: the live key map and the
// commands. Where all of it is in sight any key closes it, else any that does
// not scroll it.
type help struct {
	row int // rows scrolled past
}

func (h *help) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := m.keys
	rows, space := len(m.helpRows()), m.helpSpace()
	switch {
	case key.Matches(msg, k.Quit):
		return m.askQuit(), true
	case rows <= space:
		return nil, true
	case key.Matches(msg, k.Down, k.RowDown):
		h.row++
	case key.Matches(msg, k.Up, k.RowUp):
		h.row--
	case key.Matches(msg, k.PageDown):
		h.row += space - 1
	case key.Matches(msg, k.PageUp):
		h.row -= space - 1
	default:
		return nil, true
	}
	h.row = max(0, min(h.row, rows-(space-1)))
	return nil, false
}

// helpSpace is how many rows fit the frame; where there are more, the last of
// them says so.
func (m *model) helpSpace() int { return max(2, m.h-3) }

// helpWidth is the frame's.
func (m *model) helpWidth() int { return min(m.w, 84) }

// helpGroups are the keys of everywhere and of the view that is shown.
func (m *model) helpGroups() []keyGroup {
	every := keyGroup{title: "Everywhere"}
	for _, d := range m.everywhere() {
		every.keys = append(every.keys, d.key)
	}
	every.keys = append(every.keys, m.keys.Rooms)
	return append(m.view().help(m), every)
}

func (h *help) box(m *model) []string {
	body, space := m.helpRows(), m.helpSpace()
	title, foot := viewTable[m.shown].title+" · "+m.version(), ""
	if all := len(body); all > space {
		from := max(0, min(h.row, all-(space-1)))
		to := from + space - 1
		body, foot = body[from:to], m.helpFoot(from+1, to, all)
		body = append(body[:len(body):len(body)], foot)
	} else {
		title += " · any key closes"
	}
	return m.box(title, body, m.helpWidth())
}

// helpFoot says what of the help is in sight and how to come to the rest.
func (m *model) helpFoot(from, to, all int) string {
	k := m.keys
	part := fmt.Sprintf("%d–%d of %d", from, to, all)
	scroll := strings.Join([]string{k.Up.Help().Key, k.Down.Help().Key, k.PageUp.Help().Key, k.PageDown.Help().Key}, " ")
	return m.styles.muted.paint(m.fitting([]string{
		part + " · " + scroll + " scroll · any other key closes",
		part + " · ↑ ↓ scroll · others close",
		part + " · ↑ ↓",
	}, m.helpWidth()-4))
}

// helpRows are the whole help, in two columns where they have the room.
func (m *model) helpRows() []string {
	inner := m.helpWidth() - 4
	w := inner
	if inner >= twoColumnsWidth {
		w = inner/2 - 1
	}
	var blocks [][]string
	for _, g := range m.helpGroups() {
		var lines [][2]string
		for _, k := range g.keys {
			lines = append(lines, [2]string{k.Help().Key, k.Help().Desc})
		}
		blocks = append(blocks, m.helpBlock(g.title, lines, w))
	}
	if !m.opts.ReadOnly && m.shown == viewRoom {
		blocks = append(blocks, m.helpBlock("Commands", commandHelp(), w))
	}
	return twoColumns(m, blocks, inner)
}

// helpBlock is a title with what is under it, in rows of w cells: nothing of it
// is cut, whatever keys and presets the person has.
func (m *model) helpBlock(title string, lines [][2]string, w int) []string {
	s, wide := m.styles, 8
	for _, l := range lines {
		wide = max(wide, min(m.by.StringWidth(l[0]), w/2))
	}
	block := []string{s.title.paint(title)}
	for _, l := range lines {
		block = append(block, m.hang(s.strong.paint(fit(m.by, l[0], wide))+" ", w, piece{l[1], s.text})...)
	}
	return block
}

func commandHelp() [][2]string {
	var lines [][2]string
	for _, c := range commands() {
		lines = append(lines, [2]string{strings.TrimSpace("/" + c.name + " " + c.args), c.what})
	}
	return append(lines, [2]string{"//TEXT", "say it with its slash"})
}

func (m *model) version() string {
	if m.opts.Version == "" {
		return "rosey"
	}
	return "rosey " + m.opts.Version
}

// twoColumnsWidth is the width from which there are two.
const twoColumnsWidth = 70

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
		if w >= twoColumnsWidth && len(left) > 0 && (len(right) > 0 || len(left)+len(b) > total/2+4) {
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
