package tui

import (
	"regexp"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
)

// A lineRenderer turns lines into rows. look changes with everything that
// makes all lines look different: theme, measure of width, clock.
type lineRenderer struct {
	look    int
	styles  *styles
	loc     *time.Location
	clock12 bool
	wrap    *wrapper
	marks   *regexp.Regexp // what was looked for; nil: nothing
	aside   bool           // the keys go elsewhere: what is selected is told quietly
}

func newLineRenderer(s *styles, by ansi.Method, loc *time.Location, clock12 bool, look int) lineRenderer {
	return lineRenderer{look: look, styles: s, loc: loc, clock12: clock12, wrap: &wrapper{by: by}}
}

// columns are the widths of a chat row: gutter, time, name, text, with their
// gaps and a margin. On a narrow chat the time goes first, then the name
// shrinks.
type columns struct{ clock, name, text int }

const (
	gutter = 1
	margin = 1
)

func (r lineRenderer) columns(w int) columns {
	c := columns{}
	if w >= 36 {
		c.clock = len("15:04") + 1
		if r.clock12 {
			c.clock = len("03:04pm") + 1
		}
	}
	switch {
	case w >= 80:
		c.name = 15
	case w >= 56:
		c.name = 11
	default:
		c.name = w / 5
	}
	c.text = max(1, w-gutter-c.clock-c.name-2-margin)
	return c
}

// rows renders l at w cells.
func (r lineRenderer) rows(l *line, w int, selected bool) []string {
	if w < 4 {
		return []string{blank(w)}
	}
	switch l.kind {
	case lineDay:
		return []string{r.rule(l.text(), w, false)}
	case lineGap:
		return []string{r.rule(l.text(), w, true)}
	}
	var under ink
	if selected && !r.aside {
		under = r.styles.selected
	}
	c := r.columns(w)
	name, over := r.nameOf(l, c)
	pieces := r.pieces(l, selected)
	if over != "" {
		pieces = append([]piece{{over, r.nameInk(l)}}, pieces...)
	}
	rows := r.wrap.wrap(pieces, c.text, under)
	first := r.head(l, c, name, selected, under)
	rest := r.gutter(l, selected, under) + under.paint(blank(c.clock+c.name+2))
	last := under.paint(blank(margin))
	for i := range rows {
		head := rest
		if i == 0 {
			head = first
		}
		rows[i] = fit(r.wrap.by, head+rows[i]+last, w)
	}
	return rows
}

// gutter tells, in the first cell, what asks for attention.
func (r lineRenderer) gutter(l *line, selected bool, under ink) string {
	switch {
	case l.mention:
		return (r.styles.accent + under).paint("▌")
	case l.verdict.mark != nil:
		return (r.styles.role(l.verdict.mark.role) + under).paint("▎")
	case selected && r.aside:
		return r.styles.muted.paint("·")
	case selected:
		return (r.styles.accent + under).paint("›")
	}
	return under.paint(" ")
}

// mark is the sign before the line's name, and the space between.
func (l *line) mark() string {
	mark := markOf(l.kind)
	if l.shadow {
		mark = "░"
	}
	if mark != "" && l.name != "" {
		mark += " "
	}
	return mark
}

// nameOf is the line's name as it fits its column. One that only its sign
// makes too long goes on into the text's column, where that has the room: over
// is what of it stands there.
func (r lineRenderer) nameOf(l *line, c columns) (name, over string) {
	by, mark := r.wrap.by, l.mark()
	space := c.name - by.StringWidth(mark)
	if long := by.StringWidth(l.name) - space; mark != "" && long > 0 && long <= c.text/3 {
		name = truncate(by, l.name, space+1, "") // of the gap before the text one cell stays
		if name != l.name {
			name = truncate(by, l.name, space+len("  "), "")
			over = strings.TrimPrefix(l.name, name) + "  "
		}
		return name, over
	}
	return cutName(by, l.name, space), ""
}

// head is the part of the first row before the text.
func (r lineRenderer) head(l *line, c columns, name string, selected bool, under ink) string {
	var b strings.Builder
	b.WriteString(r.gutter(l, selected, under))
	if c.clock > 0 {
		b.WriteString((r.styles.muted + under).paint(fit(r.wrap.by, r.clock(l.at), c.clock)))
	}
	mark := l.mark()
	wide := r.wrap.by.StringWidth(mark + name)
	b.WriteString(under.paint(blank(c.name - wide)))
	b.WriteString((r.markInk(l) + under).paint(mark))
	b.WriteString((r.nameInk(l) + under).paint(name))
	b.WriteString(under.paint(blank(c.name + len("  ") - max(c.name, wide))))
	return b.String()
}

func (r lineRenderer) clock(at int64) string {
	if at == 0 {
		return ""
	}
	return clockText(time.UnixMilli(at).In(r.loc), r.clock12)
}

// moment is a time that may lie days back.
func (r lineRenderer) moment(at int64) string {
	t := time.UnixMilli(at).In(r.loc)
	return t.Format("Mon 2 Jan ") + clockText(t, r.clock12)
}

func (r lineRenderer) markInk(l *line) ink {
	switch l.kind {
	case linePM, lineMod:
		return r.styles.accent
	case lineNotice:
		return r.styles.warn
	case lineMedia:
		return r.styles.good
	}
	return r.styles.muted
}

func (r lineRenderer) nameInk(l *line) ink {
	switch {
	case l.kind == lineServer, l.kind == lineNotice, l.kind == lineLocal, l.shadow:
		return r.styles.muted
	}
	return r.styles.name(l.name)
}

// pieces are the line's text in its inks.
func (r lineRenderer) pieces(l *line, selected bool) []piece {
	base := r.textInk(l)
	out := make([]piece, 0, len(l.spans)+1)
	for i, s := range l.spans {
		text := s.Text
		k := base + r.spanInk(s.Kind)
		if (s.Kind == room.SpanSpoiler || l.style == room.StyleSpoiler) && !selected {
			text = spoilerCover(text)
		}
		out = append(out, piece{text, k})
		if i == 0 && l.left > 0 {
			out = append(out, piece{", " + r.moment(l.left), base})
		}
	}
	out = mark(out, r.marks, r.styles.hit)
	if l.shadow {
		out = append(out, piece{"  · shadow-muted", r.styles.muted})
	}
	return out
}

// spoilerCover hides a spoiler until its line is selected.
func spoilerCover(text string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '\n' {
			return c
		}
		return '░'
	}, text)
}

func (r lineRenderer) textInk(l *line) ink {
	s := r.styles
	switch l.kind {
	case lineJoin, lineLeave, lineLocal, lineMedia:
		return s.muted
	case lineServer:
		return s.whisper
	case lineNotice:
		return s.warn
	}
	switch {
	case l.shadow:
		return s.muted
	case l.style == room.StyleAction:
		return s.action
	case l.style == room.StyleGreentext:
		return s.quote
	case l.style == room.StyleShout:
		return s.shout
	case l.style == room.StyleDrink:
		return s.warn
	case l.style == room.StyleWhisper:
		return s.whisper
	case l.mention:
		return s.strong
	case l.verdict.mark != nil:
		return s.role(l.verdict.mark.role)
	}
	return s.text
}

func (r lineRenderer) spanInk(k room.SpanKind) ink {
	s := r.styles
	switch k {
	case room.SpanLink, room.SpanImage:
		return s.link
	case room.SpanEmote:
		return s.emote
	case room.SpanStrong:
		return s.strong
	case room.SpanEm:
		return s.action
	case room.SpanStrike:
		return s.strike
	case room.SpanCode:
		return s.code
	case room.SpanSpoiler:
		return s.spoiler
	}
	return ""
}

// rule is a row with text in a line: days to the left, gaps in the middle.
func (r lineRenderer) rule(text string, w int, middle bool) string {
	by := r.wrap.by
	text = truncate(by, text, max(0, w-8), ellipsis)
	n := w - 3 - by.StringWidth(text) - 2
	left := 2
	if middle {
		left = max(2, n/2)
	}
	dash := strings.Repeat("─", max(0, left))
	tail := strings.Repeat("─", max(0, n-left+2))
	return fit(by, " "+r.styles.border.paint(dash)+" "+r.styles.muted.paint(text)+" "+r.styles.border.paint(tail), w)
}
