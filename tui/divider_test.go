package tui

import (
	"path/filepath"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// dragTo moves the divider at column x to another.
func dragTo(m *model, x, to int) tea.Cmd {
	click(m, x, 10)
	m.Update(tea.MouseMotionMsg{X: to, Y: 10, Button: tea.MouseLeft})
	_, cmd := m.Update(tea.MouseReleaseMsg{X: to, Y: 10})
	m.Update(tea.MouseMotionMsg{X: to + 9, Y: 10, Button: tea.MouseLeft}) // nothing is held any more
	return cmd
}

func TestEveryDividerIsDraggedAndRemembered(t *testing.T) {
	m, _ := twoRooms(t, 240, 60)
	m.opts.MemoryFile = filepath.Join(t.TempDir(), "console.json")
	at := map[dividerKind]int{}
	for _, d := range m.layout.dividers {
		at[d.of] = d.x
	}
	if len(at) != 3 {
		t.Fatalf("dividers %v", m.layout.dividers)
	}
	for _, c := range []struct {
		of dividerKind
		by int
	}{{detailDivider, -9}, {usersDivider, 3}, {roomsDivider, 7}, {roomsDivider, -21}, {detailDivider, 4}} {
		var before int
		for _, d := range m.layout.dividers {
			if d.of == c.of {
				before = d.x
			}
		}
		carryOut(m, dragTo(m, before, before+c.by))
		if got := m.layout.dividerAt(before+c.by, 10); got != c.of {
			t.Errorf("divider %d does not go by %d: %v", c.of, c.by, m.layout.dividers)
		}
		requireShape(t, m, 240, 60)
	}
	o := testOptions()
	o.MemoryFile, o.Rooms = m.opts.MemoryFile, []string{"movienight", "den"}
	again, _ := testModel(t, o, 240, 60)
	press(t, again, "alt+z")
	if again.widths != m.widths || again.layout.detail != m.layout.detail || again.layout.users != m.layout.users || again.layout.other != m.layout.other {
		t.Errorf("the next time they are %+v, were %+v", again.widths, m.widths)
	}
}

// However far it is dragged, every pane keeps what it needs, on every screen.
func TestDividersLeaveEveryPaneItsLeast(t *testing.T) {
	for _, far := range []int{-1000, 1, 2, 1000} {
		m, _ := twoRooms(t, 240, 60)
		for range 2 {
			for _, d := range m.layout.dividers {
				dragTo(m, d.x, far)
				requireShape(t, m, 240, 60)
			}
		}
		for _, w := range []int{240, 160, 170, 300, 120, 75, 40, 160} {
			m.Update(tea.WindowSizeMsg{Width: w, Height: 30})
			requireShape(t, m, w, 30)
			l := m.layout
			if w >= narrowWidth && (l.chat.w < minRoom || l.users.w < minUsers || m.second() != nil && l.other.w < minRoom) {
				t.Errorf("%d columns, dragged to %d: %+v", w, far, l)
			}
		}
	}
}

// Two rooms beside the pane: it takes what it needs, the rooms have the rest.
func TestThePaneBesideTwoRoomsIsNarrow(t *testing.T) {
	for w := 240; w <= 400; w += 20 {
		m, _ := twoRooms(t, w, 60)
		if n := m.layout.detail.w; n < 48 || n > 56 {
			t.Errorf("%d columns give the pane %d", w, n)
		}
	}
}
