package tui

import (
	"slices"
	"strings"
)

// A column is one column of a table. The first column whose width is 0
// takes what is left.
type column struct {
	title string
	w     int
	least int // what must be left where w is 0, if more than leastFlex
	right bool
	rank  int  // where there is no room, those of the highest go first
	mark  bool // the table is sorted by it

	person bool // it holds names of people, which are cut as such
}

// columnGap is the space between two columns.
const columnGap = 2

// leastFlex is the least that the column without a width is given.
const leastFlex = 12

// fitColumns gives the indices of the columns that fit into w cells, in their
// order, and the width of the one that takes what is left.
func fitColumns(columns []column, w int) (shown []int, flex int) {
	least := leastFlex
	for i := range columns {
		shown = append(shown, i)
		least = max(least, columns[i].least)
	}
	for {
		flex = w + columnGap
		for _, i := range shown {
			flex -= columns[i].w + columnGap
		}
		last := 0
		for n, i := range shown {
			if columns[i].rank >= columns[shown[last]].rank {
				last = n
			}
		}
		if flex >= least || len(shown) == 1 || columns[shown[last]].rank == 0 {
			return shown, max(1, flex)
		}
		shown = slices.Delete(shown, last, last+1)
	}
}

// tableHead is the row of titles, the sorted one marked.
func (m *model) tableHead(columns []column, w int) string {
	titles, inks := make([]string, len(columns)), make([]ink, len(columns))
	for i, c := range columns {
		titles[i], inks[i] = c.title, m.styles.muted
		if c.mark {
			titles[i], inks[i] = c.title+"▾", m.styles.accent
		}
	}
	return m.tableCells(columns, titles, w, inks...)
}

// tableCells is one row: a text for each column, in its ink where there are
// inks.
func (m *model) tableCells(columns []column, texts []string, w int, inks ...ink) string {
	shown, flex := fitColumns(columns, w)
	cells := make([]string, len(shown))
	for n, i := range shown {
		c := columns[i]
		if c.w == 0 {
			c.w = flex
		}
		text := texts[i]
		if c.person {
			text = cutName(m.by, text, c.w)
		}
		cells[n] = fit(m.by, text, c.w)
		if c.right {
			cells[n] = fitRight(m.by, text, c.w)
		}
		if inks != nil {
			cells[n] = inks[i].paint(cells[n])
		}
	}
	return strings.Join(cells, blank(columnGap))
}

// mostGrown is how wide a column may become by what is in it.
const mostGrown = 40

// grown are the columns, those with a width wide enough for what rows have in
// them: their own width is the least.
func (m *model) grown(columns []column, rows [][]string) []column {
	columns = slices.Clone(columns)
	for i := range columns {
		c := &columns[i]
		for _, row := range rows {
			if c.w > 0 {
				c.w = max(c.w, min(m.by.StringWidth(row[i]), mostGrown))
			}
		}
	}
	return columns
}

// tableRows is a table as wide as its rows ask, its titles first.
func (m *model) tableRows(columns []column, rows [][]string, w int) []string {
	columns = m.grown(columns, rows)
	out := []string{m.tableHead(columns, w)}
	for _, row := range rows {
		out = append(out, m.tableCells(columns, row, w))
	}
	return out
}
