package tui

// window is the line and the row in it at the window's top.
func (c *chat) window() (index, row int) {
	li, lr := c.lastWindow()
	if c.follow {
		return li, lr
	}
	i, r := c.index(c.top.id), c.top.row
	if i >= len(c.lines) {
		return li, lr
	}
	if c.lines[i].id != c.top.id {
		r = 0
	}
	r = max(0, min(r, len(c.rows(c.lines[i]))-1))
	if i > li || i == li && r > lr {
		return li, lr // never past the end
	}
	return i, r
}

// lastWindow is the top of the window that ends with the newest row.
func (c *chat) lastWindow() (index, row int) {
	return c.back(len(c.lines), 0, c.h)
}

// back walks n rows back from row of line i; it stops at the first row.
func (c *chat) back(i, row, n int) (int, int) {
	row -= n
	for row < 0 && i > 0 {
		i--
		row += len(c.rows(c.lines[i]))
	}
	return i, max(0, row)
}

// forth walks n rows on; it may go past the last line.
func (c *chat) forth(i, row, n int) (int, int) {
	row += n
	for i < len(c.lines) && row >= len(c.rows(c.lines[i])) {
		row -= len(c.rows(c.lines[i]))
		i++
	}
	return i, row
}

// scroll moves the window by n rows; at the newest row it follows again,
// unless something is selected, or all that is loaded has room and what is before
// it is looked for.
func (c *chat) scroll(n int) {
	if len(c.lines) == 0 {
		return
	}
	i, row := c.window()
	if n < 0 {
		i, row = c.back(i, row, -n)
	} else {
		i, row = c.forth(i, row, n)
	}
	li, lr := c.lastWindow()
	if i > li || i == li && row >= lr {
		if c.sel == 0 && (n > 0 || c.history.start) {
			c.live()
			return
		}
		i, row = li, lr
	}
	c.hold(i, row)
}

func (c *chat) page(n int) { c.scroll(n * max(1, c.h-1)) }

// hold anchors the window.
func (c *chat) hold(i, row int) {
	c.version++
	c.follow = false
	c.top = anchor{row: row}
	if i < len(c.lines) {
		c.top.id = c.lines[i].id
	}
}

// live lets the window follow the newest line and ends selecting.
func (c *chat) live() {
	c.follow, c.sel, c.unseen = true, 0, 0
	c.render.marks = nil
	c.version++
}

// selecting tells whether a line is selected.
func (c *chat) selecting() bool { return c.sel != 0 }

// selected is the selected line, nil for none.
func (c *chat) selected() *line {
	if i := c.index(c.sel); c.sel != 0 && i < len(c.lines) {
		return c.lines[i]
	}
	return nil
}

// stops tells whether one can stop at l.
func (c *chat) stops(l *line) bool { return l.selectable() && !c.judge(l).hidden }

// selectLast starts selecting at the lowest line of the window and makes the
// window stand still; false when there is nothing to select.
func (c *chat) selectLast() bool {
	if len(c.lines) == 0 || c.h < 1 {
		return false
	}
	i, row := c.window()
	end, _ := c.forth(i, row, c.h-1)
	for j := min(end, len(c.lines)-1); j >= 0; j-- {
		if c.stops(c.lines[j]) {
			c.hold(i, row)
			c.sel = c.lines[j].id
			c.reveal()
			return true
		}
	}
	return false
}

// selectMove selects the next line in direction step that want accepts and
// brings it into the window; false when there is none.
func (c *chat) selectMove(step int, want func(*line) bool) bool {
	at := c.index(c.sel)
	if step > 0 && at < len(c.lines) && c.lines[at].id != c.sel {
		at-- // the selected line is gone; the one at its place comes next
	}
	for i := at + step; i >= 0 && i < len(c.lines); i += step {
		if c.stops(c.lines[i]) && want(c.lines[i]) {
			c.sel = c.lines[i].id
			c.reveal()
			return true
		}
	}
	return false
}

// selectFirst selects the oldest line.
func (c *chat) selectFirst() {
	c.sel = 0
	c.selectMove(1, func(*line) bool { return true })
}

// reveal moves the window just as far as the selected line needs.
func (c *chat) reveal() {
	c.version++
	s := c.index(c.sel)
	if s >= len(c.lines) || c.h < 1 || c.w < 1 {
		return
	}
	i, row := c.window()
	height := min(len(c.rows(c.lines[s])), c.h)
	if s < i || s == i && row > 0 {
		c.hold(s, 0)
		return
	}
	if bi, br := c.back(s, height, c.h); bi > i || bi == i && br > row {
		c.hold(bi, br)
	}
}

// unselect ends selecting and leaves the window where it is.
func (c *chat) unselect() {
	c.sel = 0
	c.version++
}
