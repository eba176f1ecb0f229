package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// links are the addresses that a line has, clean.
func (l *line) links() []string {
	var out []string
	for _, s := range l.spans {
		link := s.Link
		if link == "" && s.Kind == room.SpanLink {
			link = s.Text
		}
		if link = room.Clean(clip(link, maxLine)); link != "" {
			out = append(out, link)
		}
	}
	return out
}

// A linkList shows the addresses of a line in full, so that one sees where they
// lead, and copies one.
type linkList struct {
	links []string
	at    int
}

// openLinks shows a line's links; a line without any says so.
func (m *model) openLinks(l *line) tea.Cmd {
	if l == nil || len(l.links()) == 0 {
		m.status = "no link in this line"
		return nil
	}
	return m.push(&linkList{links: l.links()})
}

func (d *linkList) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := m.keys
	switch {
	case key.Matches(msg, k.Up, k.HistoryPrev):
		d.at = max(0, d.at-1)
	case key.Matches(msg, k.Down, k.HistoryNext):
		d.at = min(len(d.links)-1, d.at+1)
	case key.Matches(msg, k.Choose, k.Copy):
		return m.copy(d.links[d.at]), true
	default:
		return nil, key.Matches(msg, k.Cancel, k.Close)
	}
	return nil, false
}

func (d *linkList) box(m *model) []string {
	s, w := m.styles, min(m.w-2, 100)
	body := make([]string, 0, len(d.links)+2)
	for i, link := range d.links {
		lead, below := "  ", ink("")
		if i == d.at {
			lead, below = s.accent.paint("› "), s.selected
		}
		for j, row := range wrapText(m, link, w-6) {
			if j > 0 {
				lead = "  "
			}
			body = append(body, under(below, lead+s.link.paint(row)))
		}
	}
	body = append(body, "", m.keyHints([]key.Binding{bind(m.keys.Choose.Help().Key+" "+m.keys.Copy.Help().Key, "copy"), m.keys.Cancel}))
	return m.box("Links", body, w)
}

// maxCopy bounds what is copied: some terminals drop longer sequences whole.
const maxCopy = 64 << 10

// copy puts text into the terminal's clipboard by OSC 52.
func (m *model) copy(text string) tea.Cmd {
	m.status = "copied · " + truncate(m.by, strings.ReplaceAll(text, "\n", " "), 40, ellipsis)
	if len(text) > maxCopy {
		text = clip(text, maxCopy)
		m.status = "copied the first 64 kB"
	}
	return tea.SetClipboard(text)
}
