package tui

import (
	"slices"
	"strings"
)

// A gridColumn is one column of a grid. The first column whose width is 0
// takes what is left.
type gridColumn struct {
	title string
	w     int
	right bool
	rank  int  // where there is no room, those of the highest go first
	mark  bool // the grid is sorted by it
}

// gridGap is the space between two columns.
const gridGap = 2

// flexWidth is the least that the column without a width is given.
const flexWidth = 12

// gridFit gives the indices of the columns that fit into w cells, in their
// order, and the width of the one that takes what is left.
func gridFit(columns []gridColumn, w int) (shown []int, flex int) {
	for i := range columns {
		shown = append(shown, i)
	}
	for {
		flex = w + gridGap
		for _, i := range shown {
			flex -= columns[i].w + gridGap
		}
		last := 0
		for n, i := range shown {
			if columns[i].rank >= columns[shown[last]].rank {
				last = n
			}
		}
		if flex >= flexWidth || len(shown) == 1 || columns[shown[last]].rank == 0 {
			return shown, max(1, flex)
		}
		shown = slices.Delete(shown, last, last+1)
	}
}

// gridHead is the row of titles, the sorted one marked.
func (m *model) gridHead(columns []gridColumn, w int) string {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = m.styles.muted.paint(c.title)
		if c.mark {
			cells[i] = m.styles.accent.paint(c.title + "▾")
		}
	}
	return m.gridRow(columns, cells, w)
}

// gridRow is one row: a text for each column.
func (m *model) gridRow(columns []gridColumn, cells []string, w int) string {
	shown, flex := gridFit(columns, w)
	var b strings.Builder
	for n, i := range shown {
		if n > 0 {
			b.WriteString(blank(gridGap))
		}
		width := columns[i].w
		if width == 0 {
			width = flex
		}
		if columns[i].right {
			b.WriteString(fitRight(m.by, cells[i], width))
		} else {
			b.WriteString(fit(m.by, cells[i], width))
		}
	}
	return b.String()
}
