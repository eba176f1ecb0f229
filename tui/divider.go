package tui

import (
	"math"

	tea "charm.land/bubbletea/v2"
)

// A divider stands between two panes; the mouse moves it.
type divider struct {
	x  int
	of dividerKind
}

// A dividerKind says what lies to the right of a divider.
type dividerKind int

const (
	noDivider dividerKind = iota
	usersDivider
	detailDivider
	roomsDivider // the second of two rooms
)

// paneWidths are what the person made of the panes by dragging; what is 0 is as
// the screen asks. A screen that is narrower than the one that they were chosen
// on gives less.
type paneWidths struct {
	Users  int     `json:"users,omitempty"`
	Detail int     `json:"detail,omitempty"`
	Left   float64 `json:"left,omitempty"` // what the room to the left has of two
}

// The least that dragging leaves of a pane.
const (
	minUsers  = 12
	minDetail = 30
	minRoom   = 30
)

// dragged is the width that the person chose, within bounds, or the usual one.
func dragged(chosen, usual, least, most int) int {
	if chosen == 0 {
		return usual
	}
	return max(least, min(chosen, most))
}

// leftOf is the width of the left of two rooms that have w cells together.
func (p paneWidths) leftOf(w int) int {
	if p.Left == 0 {
		return w - w/2
	}
	return max(minRoom, min(int(math.Round(p.Left*float64(w))), w-minRoom))
}

// dividerAt is the divider under the mouse.
func (l layout) dividerAt(x, y int) dividerKind {
	if y < l.body.y || y >= l.bottom.y {
		return noDivider
	}
	for _, d := range l.dividers {
		if d.x == x {
			return d.of
		}
	}
	return noDivider
}

// drag moves the divider that is held to column x.
func (m *model) drag(x int) {
	l, p := m.layout, &m.widths
	switch m.dragging {
	case noDivider:
		return
	case usersDivider:
		p.Users = max(minUsers, l.users.x+l.users.w-1-x)
	case detailDivider:
		p.Detail = max(minDetail, l.detail.x+l.detail.w-1-x)
	case roomsDivider:
		if w := l.chat.w + l.other.w; w > 0 {
			p.Left = max(0.01, float64(x)/float64(w))
		}
	}
	m.arrange()
}

// letGo ends the dragging and remembers what came of it.
func (m *model) letGo() tea.Cmd {
	if m.dragging == noDivider {
		return nil
	}
	m.dragging = noDivider
	widths := m.widths
	return m.keep(func(k *memory) { k.Widths = widths })
}
