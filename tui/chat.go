package tui

import (
	"slices"
	"sort"
	"time"

	"rosey/bus/room"
)

// A chat is a room's scrollback and the window on it.
//
// The window follows the newest line, or it is anchored: its top row is a row
// of a certain line, and stays that whatever is appended, pruned or resized.
// Rows are rendered when they are looked at and kept with their line, so a
// window costs what it shows and not what lies behind it.
type chat struct {
	lines   []*line // sorted by id
	next    uint64
	seq     uint64 // of the event that lines appended now come from; 0: none
	history chatHistory
	max     int
	loc     *time.Location

	rules  *rules // what the person wants to see; nil: everything
	ruling int    // changes with the rules
	hiding struct {
		of [2]int // version and ruling of when it was counted
		n  int    // lines that filters hide
	}
	w, h   int
	render lineRenderer
	cached []*line // lines that keep rows, oldest first

	follow  bool
	top     anchor // of the window, when it does not follow
	sel     uint64 // id of the selected line, 0 for none
	unseen  int    // lines that count, appended while not following
	version int    // changes whenever the window may look different
}

// An anchor is a row of a line.
type anchor struct {
	id  uint64
	row int
}

const (
	// cachedLines bounds the lines that keep their rendered rows.
	cachedLines = 2048
	// pruneSlack is how many lines above the limit are let in before pruning,
	// so that pruning is not done for every line.
	pruneSlack = 256
	// keepAround is how many lines before and after the anchor are kept from
	// pruning while someone reads there.
	keepAround = 600
)

func newChat(limit int, loc *time.Location) *chat {
	return &chat{max: max(limit, 100), next: firstID, loc: loc, follow: true}
}

// resize sets the window's size. The anchor holds.
func (c *chat) resize(w, h int) {
	if w != c.w || h != c.h {
		c.w, c.h = w, h
		c.version++
		if c.sel != 0 {
			c.reveal()
		}
	}
}

// restyle says how lines look from now on.
func (c *chat) restyle(r lineRenderer) {
	r.marks = c.render.marks
	c.render = r
	c.version++
}

// append adds a line at the end, after a day rule where the date has changed.
func (c *chat) append(l *line) {
	if day, ok := c.newDay(l); ok {
		c.push(&line{at: l.at, kind: lineDay, spans: plain(day)})
	}
	c.push(l)
	if !c.follow && l.counts() && !c.judge(l).hidden {
		c.unseen++
	}
	c.version++
	c.bound()
}

// bound prunes when there are too many lines.
func (c *chat) bound() {
	if len(c.lines) > c.max+pruneSlack {
		c.prune()
	}
}

// amend changes the text of a line that stands in the chat.
func (c *chat) amend(l *line, text string) { c.amendSpans(l, plain(text)) }

func (c *chat) amendSpans(l *line, spans []room.Span) {
	l.spans = spans
	l.rev++
	c.version++
}

// remove takes lines out.
func (c *chat) remove(gone ...*line) {
	for _, l := range gone {
		if i := c.index(l.id); i < len(c.lines) && c.lines[i] == l {
			c.lines = slices.Delete(c.lines, i, i+1)
			c.version++
		}
	}
}

func (c *chat) push(l *line) {
	l.id, l.seq = c.next, c.seq
	c.next += idStep
	c.lines = append(c.lines, l)
}

func (c *chat) newDay(l *line) (string, bool) {
	if l.at == 0 {
		return "", false
	}
	day := time.UnixMilli(l.at).In(c.loc)
	for _, last := range slices.Backward(c.lines) {
		if last.at == 0 {
			continue
		}
		before := time.UnixMilli(last.at).In(c.loc)
		return day.Format("Mon 2 Jan 2006"), day.YearDay() != before.YearDay() || day.Year() != before.Year()
	}
	return day.Format("Mon 2 Jan 2006"), true
}

// prune brings the scrollback down to its limit, oldest lines first. Lines
// around the anchor stay: what cannot go before them goes after them, and a
// gap line tells how many went.
func (c *chat) prune() {
	excess := len(c.lines) - c.max
	from, to := 0, 0 // lines that stay
	if !c.follow {
		i := c.index(c.top.id)
		from, to = max(0, i-keepAround), min(len(c.lines), i+keepAround)
	}
	head := excess
	if !c.follow {
		head = min(excess, from)
	}
	if head > 0 {
		c.lines = c.drop(0, head)
		c.history.noEvents, c.history.start = false, false // there is something before the first line again
	}
	excess -= head
	if excess <= 0 {
		return
	}
	to -= head
	n := min(excess+1, len(c.lines)-to-1)
	if n < 2 {
		return
	}
	gap := &line{id: c.lines[to+n-1].id, kind: lineGap, hole: &hole{}}
	for _, l := range c.lines[to : to+n] {
		gap.hole.widen(l)
	}
	gap.spans = plain(gap.hole.text())
	c.lines = c.drop(to+1, n-1)
	c.lines[to] = gap
}

// drop removes n lines from i on. The array is left behind when it has become
// far larger than what it holds.
func (c *chat) drop(i, n int) []*line {
	rest := slices.Delete(c.lines, i, i+n)
	if cap(rest) > 4*c.max {
		return slices.Clone(rest)
	}
	return rest
}

// judge is what the rules say of l; it is asked once for each change of them.
func (c *chat) judge(l *line) verdict {
	if c.rules != nil && l.judged != c.ruling {
		l.verdict, l.judged = c.rules.judge(l), c.ruling
	}
	return l.verdict
}

// filtered is how many of the loaded lines the filters hide.
func (c *chat) filtered() int {
	if c.rules == nil || c.rules.on() == 0 {
		return 0
	}
	if k := [2]int{c.version, c.ruling}; c.hiding.of != k {
		c.hiding.of, c.hiding.n = k, 0
		for _, l := range c.lines {
			if c.judge(l).filter {
				c.hiding.n++
			}
		}
	}
	return c.hiding.n
}

// setRules has every line judged anew. A selected line that is hidden now
// gives the selection up, and the window stays where it is.
func (c *chat) setRules(r *rules) {
	c.rules = r
	c.ruling++
	c.version++
	if l := c.selected(); l != nil && c.judge(l).hidden {
		c.unselect()
	}
}

// clear empties the scrollback.
func (c *chat) clear() {
	c.lines, c.cached = nil, nil
	c.live()
}

// index is where the line id is, or the first one after it.
func (c *chat) index(id uint64) int {
	return sort.Search(len(c.lines), func(i int) bool { return c.lines[i].id >= id })
}

// rows renders a line, or gives what was rendered before.
// A line that the rules hide has none.
func (c *chat) rows(l *line) []string {
	if c.judge(l).hidden {
		return nil
	}
	key := rowKey{c.w, c.render.look, l.rev, c.render.marks}
	if l.rows != nil && l.key == key {
		return l.rows
	}
	if l.rows == nil {
		if len(c.cached) >= cachedLines {
			c.cached[0].rows = nil
			c.cached = c.cached[1:]
		}
		c.cached = append(c.cached, l)
	}
	l.rows, l.key = c.render.rows(l, c.w, false), key
	return l.rows
}

// view is the window: h rows of w cells.
func (c *chat) view() []string {
	out := make([]string, 0, c.h)
	if c.w < 1 || c.h < 1 {
		return out
	}
	i, row := c.window()
	for ; i < len(c.lines) && len(out) < c.h; i++ {
		l := c.lines[i]
		rows := c.rows(l)
		if l.id == c.sel && c.sel != 0 {
			rows = c.render.rows(l, c.w, true)
		}
		out = append(out, rows[min(row, len(rows)):]...)
		row = 0
	}
	if len(out) > c.h {
		out = out[:c.h]
	}
	if pad := c.h - len(out); pad > 0 {
		empty := make([]string, pad, c.h)
		for i := range empty {
			empty[i] = blank(c.w)
		}
		out = append(empty, out...)
	}
	return out
}
