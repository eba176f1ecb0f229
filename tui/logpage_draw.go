package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rosey/bus"
)

// listHeight is the rows of the list; the last row of the view is the foot.
func (p *logPage) listHeight() int { return max(1, p.h-1) }

// logDrawn is the list as drawn last, with everything that it depends on.
type logDrawn struct {
	of   logDrawnKey
	rows []string
}

type logDrawnKey struct {
	made, look, rooms, w, h int
	bottom, at              int
	follow                  bool
}

func (p *logPage) draw(m *model) []string {
	p.refresh(m)
	if now := (logDrawnKey{p.made, m.look, len(m.rooms), p.w, p.h, p.bottom, p.at, p.follow}); now != p.drawn.of || len(p.shown) == 0 {
		p.drawn = logDrawn{now, m.page(p.rows(m), p.w, p.listHeight())}
	}
	return append(slices.Clone(p.drawn.rows), fit(m.by, p.foot(m), p.w))
}

// rows are the list that is in sight.
func (p *logPage) rows(m *model) []string {
	of := p.window(m)
	rows := make([]string, 0, p.h)
	for _, i := range of {
		switch {
		case i < 0: // the entry after it begins a day
			rows = append(rows, m.dayRule(p.day(m, of[len(rows)+1]), p.w))
		case p.shown[i] == p.chosen():
			rows = append(rows, under(m.styles.selected, m.styles.accent.paint("›")+m.by.TruncateLeft(p.row(m, p.shown[i]), 1, "")))
		default:
			rows = append(rows, p.row(m, p.shown[i]))
		}
	}
	if len(p.shown) == 0 {
		rows = append(rows, " "+m.styles.muted.paint(p.nothing(m)))
	}
	return rows
}

// window is which entry stands in each row of the list, from the top: an index
// in shown, or -1 for the rule that a day begins with.
func (p *logPage) window(m *model) []int {
	h, last := p.listHeight(), p.bottom
	if p.follow {
		last = len(p.shown) - 1
	}
	of := make([]int, 0, h+1)
	for i := min(last, len(p.shown)-1); i >= 0 && len(of) < h; i-- {
		of = append(of, i)
		if len(of) < h && (i == 0 || p.day(m, i) != p.day(m, i-1)) {
			of = append(of, -1)
		}
	}
	slices.Reverse(of)
	return of
}

// first is the index in shown of the entry at the top of the screen.
func (p *logPage) first(m *model) int {
	for _, i := range p.window(m) {
		if i >= 0 {
			return i
		}
	}
	return 0
}

func (p *logPage) day(m *model, i int) string {
	return time.UnixMilli(p.shown[i].at).In(m.loc).Format("Mon 2 Jan 2006")
}

// dayRule is the line that a day begins with.
func (m *model) dayRule(day string, w int) string {
	s := m.styles
	return s.border.paint("──") + " " + s.muted.paint(day) + " " + s.border.paint(rule(w-4-m.by.StringWidth(day)))
}

func (p *logPage) nothing(m *model) string {
	switch {
	case len(m.journal.entries) > 0:
		return "nothing that the filter lets through"
	case p.pages.asking:
		return "asking the database …"
	case p.pages.trouble() != "":
		return "earlier actions: " + p.pages.trouble()
	}
	return "nothing was done yet"
}

// sign is the sign of what came of an action; shapes, not colours alone,
// tell them apart.
func (m *model) sign(e *logEntry) string {
	s := m.styles
	switch {
	case e.kind == entryService && (e.verb == "up" || e.verb == "back"):
		return s.good.paint("●")
	case e.kind == entryService:
		return s.warn.paint("○")
	case e.status == bus.StatusRefused:
		return s.bad.paint("✗")
	case e.status == bus.StatusNoEffect:
		return s.warn.paint("–")
	case e.status == bus.StatusPending:
		return s.muted.paint("…")
	}
	return s.good.paint("✓")
}

// clock is the time to the second: what came first matters in a log.
func (m *model) clock(t time.Time) string {
	if m.clock12() {
		return t.Format("03:04:05pm")
	}
	return t.Format("15:04:05")
}

// logWho is the width of the names.
const logWho = 14

// row is one entry: when, what came of it, who, what to whom, and the rest.
func (p *logPage) row(m *model, e *logEntry) string {
	s := m.styles
	at := time.UnixMilli(e.at).In(m.loc)
	who := logWho
	if p.w < narrowWidth {
		who = 9
	}
	k := s.name(e.who)
	if e.kind == entryService {
		k = s.muted
	}
	row := " " + s.muted.paint(m.clock(at)) + " " + m.sign(e) + " " +
		k.paint(fitRight(m.by, cutName(m.by, e.who, who), who)) + "  " + s.strong.paint(e.verb)
	if e.target != "" {
		row += " " + s.name(e.target).paint(e.target)
	}
	if p.w < usersWidth && len(m.rooms) > 1 && e.room != "" { // elsewhere it stands at the end
		row += s.muted.paint(" in " + e.room)
	}
	if e.reason != "" {
		row += s.muted.paint(" “" + e.reason + "”")
	}
	if e.text != "" && !e.echoed() {
		row += s.muted.paint(" · ") + e.text
	}
	side := ""
	switch {
	case p.w < usersWidth:
	case len(m.rooms) > 1 && e.room != "":
		side = e.room + " "
	case e.source != "":
		side = e.source + " "
	}
	if side != "" {
		side = "  " + s.muted.paint(side)
	}
	return spread(m.by, row, side, p.w)
}

// foot is the filter under edit, or what is shown.
func (p *logPage) foot(m *model) string {
	if p.input != nil {
		return " " + p.input.row(m, p.w-1)
	}
	s := m.styles
	kinds := map[entryKind]string{"": "everything", entryAction: "operators", entryMod: "the room's moderators", entryService: "links and services"}
	parts := []string{s.accent.paint("following")}
	if !p.follow {
		parts[0] = s.warn.paint("standing still") + s.muted.paint(fmt.Sprintf(", %s below", grouped(uint64(max(0, len(p.shown)-1-p.bottom)))))
	}
	parts = append(parts, s.text.paint(kinds[p.kind]))
	if !p.filter.empty() {
		parts = append(parts, s.muted.paint("filter ")+s.strong.paint(p.filter.text))
	}
	parts = append(parts, s.muted.paint(fmt.Sprintf("%s of %s", grouped(uint64(len(p.shown))), grouped(uint64(len(m.journal.entries))))))
	switch {
	case p.pages.asking:
		parts = append(parts, s.muted.paint("asking for older ones …"))
	case p.pages.trouble() != "":
		parts = append(parts, s.warn.paint("older ones: "+p.pages.trouble()))
	case len(m.journal.entries) >= journalMax:
		parts = append(parts, s.warn.paint("the console keeps no more than these"))
	case m.journal.noMore:
		parts = append(parts, s.muted.paint("all there is"))
	}
	return " " + m.partsRow(parts, p.w-1)
}

// echoed tells of CyTube's own sentence about a moderator's action, which says
// once more who did what to whom: "mod2 kicked spammer".
func (e logEntry) echoed() bool {
	rest, ok := strings.CutPrefix(e.text, e.who+" ")
	did, to, _ := strings.Cut(rest, " ")
	return e.kind == entryMod && ok && strings.Contains(did, e.verb) && to == e.target
}
