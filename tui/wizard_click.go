package tui

import tea "charm.land/bubbletea/v2"

// A spot is where a click does something: cells of a row of the step's own, or
// all of the row.
type spot struct {
	row, from, to int // to is behind the last cell; 0: the whole row
	do            func(m *model, x int) tea.Cmd
}

// spot is called by a step while it makes its rows. Of two that a click hits,
// the first counts.
func (p *wizardPage) spot(row, from, to int, do func(m *model, x int) tea.Cmd) {
	p.spots = append(p.spots, spot{row, from, to, do})
}

func (p *wizardPage) pointer(m *model, e pointer) tea.Cmd {
	p.roll.pointer(e)
	if e.what != pointerPress || m.opts.Migration == nil || !p.fits(m) {
		return nil
	}
	x, row := e.x-1, e.y-p.head+p.roll.top // as indent has it
	switch {
	case e.y == p.h-1:
		return p.press(m, e.x)
	case e.y == 0:
		return p.clickTrail(m, x)
	case e.y < p.head:
		return nil
	}
	for _, s := range p.spots {
		if s.row == row && (s.to == 0 || x >= s.from && x < s.to) {
			return s.do(m, x)
		}
	}
	return nil
}

// press is a click on the foot, which is what enter does as a button.
func (p *wizardPage) press(m *model, x int) tea.Cmd {
	words, run := p.part().next(m)
	if words == "" || x >= m.by.StringWidth(p.button(m, words)) {
		return nil
	}
	return run(m)
}

// clickTrail goes back to a step that was passed, as esc does.
func (p *wizardPage) clickTrail(m *model, x int) tea.Cmd {
	for step, at := range p.trailed {
		if x >= at.from && x < at.to && wizardStep(step) < p.step && p.mayGoBack() {
			return p.to(m, wizardStep(step))
		}
	}
	return nil
}

// point puts the cursor where a click hit, x being a cell of what view shows.
func (e *editor) point(m *model, x int) {
	e.pos = e.scroll
	for used := 0; e.pos < len(e.chars); e.pos++ {
		if used += m.by.StringWidth(e.chars[e.pos]); used > x {
			return
		}
	}
}

// A clickable dialog does what a hand expects of a click in its box.
type clickable interface {
	click(m *model, x, y int) (cmd tea.Cmd, done bool)
}

// dialogClick gives a click to the dialog on top.
func (m *model) dialogClick(e pointer) tea.Cmd {
	d := m.dialog()
	c, ok := d.(clickable)
	if g, guards := d.(guarded); !ok || e.what != pointerPress || guards && !g.armed() {
		return nil
	}
	box := d.box(m)
	if len(box) == 0 {
		return nil
	}
	left, top := max(0, (m.w-m.by.StringWidth(box[0]))/2), max(0, (m.h-len(box))/2)
	cmd, done := c.click(m, e.x-left, e.y-top)
	if done {
		m.drop(d)
	}
	return cmd
}

// click presses the button that was hit.
func (q *question) click(m *model, x, y int) (tea.Cmd, bool) {
	w := min(m.w-4, questionWidth)
	rows, box := q.buttonRows(m, w-4), len(q.box(m))
	row := y - (box - 1 - len(rows)) // the buttons stand over the lower frame
	if row < 0 || row >= len(rows) {
		return nil, false
	}
	from := 2 // the frame and its margin
	for i := range q.buttons {
		width := m.by.StringWidth(q.buttonText(m, i))
		hit := x >= from && x < from+width
		if len(rows) > 1 {
			hit = row == i && x >= 2 && x < 2+width
		}
		if hit {
			return q.done(m, q.buttons[i].run), true
		}
		from += width + 2
	}
	return nil, false
}
