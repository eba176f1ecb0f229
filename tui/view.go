package tui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
)

// View is the screen, as far as the terminal has kept up. What it changes is
// what drawing remembers: rows for the next time, where the wizard's fields stand
// for the mouse, and for the pace that something was drawn.
func (m *model) View() tea.View {
	if m.left {
		return m.draw()
	}
	return m.pace.show(m.draw)
}

// draw draws the screen: exactly its rows, each exactly its width.
func (m *model) draw() tea.View {
	var v tea.View
	v.AltScreen = true
	if m.opts.TUI.Mouse && !m.mouseOff {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if c, ok := m.dialog().(*card); ok {
		v.KeyboardEnhancements.ReportEventTypes = c.masks(m)
	}
	v.WindowTitle = "rosey"
	if r := m.room(); r != nil {
		v.WindowTitle = "rosey · " + room.Clean(r.name)
	}
	if m.w < 1 || m.h < 1 || m.left {
		return v
	}
	if m.layout.tiny {
		v.SetContent(strings.Join(m.tinyRows(), "\n"))
		return v
	}
	rows := m.rows()
	v.Cursor = m.cursor(rows)
	m.coverWithStatus(rows)
	v.SetContent(strings.Join(rows, "\n"))
	return v
}

// cursor lays the dialog on top over rows and tells where the terminal's cursor
// belongs; nil hides it.
func (m *model) cursor(rows []string) *tea.Cursor {
	if d := m.dialog(); d != nil {
		left, top := m.center(rows, d.box(m))
		if w, ok := d.(writer); ok {
			if x, y, ok := w.caret(m); ok {
				return tea.NewCursor(min(left+x, m.w-1), min(top+y, m.h-1))
			}
		}
		return nil
	}
	if t, ok := m.view().(typist); ok {
		if x, y, ok := t.cursor(m); ok {
			return tea.NewCursor(x+m.layout.body.x, y+m.layout.body.y)
		}
	}
	return nil
}

// tinyRows say what size is needed.
func (m *model) tinyRows() []string {
	rows := make([]string, m.h)
	for i := range rows {
		rows[i] = blank(m.w)
	}
	words := []string{"too small", fmt.Sprintf("needs %dx%d, is %dx%d", minWidth, minHeight, m.w, m.h)}
	from := max(0, (m.h-len(words))/2)
	for i, text := range words {
		if from+i < m.h {
			pad := max(0, (m.w-m.by.StringWidth(text))/2)
			rows[from+i] = fit(m.by, blank(pad)+text, m.w)
		}
	}
	return rows
}

// rows are the whole screen but for dialogs.
func (m *model) rows() []string {
	l := m.layout
	rows := make([]string, 0, l.h)
	rows = append(rows, m.header())
	if l.media.h > 0 {
		rows = append(rows, m.mediaBar(l.media.w))
	}
	top := m.topRule()
	if m.shown != viewRoom { // which has a rule over its input line for it
		top = m.withTrouble(top)
	}
	rows = append(rows, top)
	rows = append(rows, m.view().draw(m)...)
	return append(rows, m.hintRow())
}

// page makes rows exactly h rows of w cells.
func (m *model) page(rows []string, w, h int) []string {
	out := make([]string, h)
	for i := range out {
		if i < len(rows) {
			out[i] = fit(m.by, rows[i], w)
		} else {
			out[i] = blank(w)
		}
	}
	return out
}

// body puts the panes side by side.
func (m *model) body() []string {
	l, v := m.layout, m.room()
	divider := m.styles.border.paint("│")
	panes := make([][]string, 0, 4)
	switch {
	case m.second() != nil:
		left, right := m.splitBody()
		panes = append(panes, left, right)
	case l.chat.w > 0:
		panes = append(panes, m.chatRows(v, l.chat))
	}
	if l.users.w > 0 {
		panes = append(panes, m.usersRows(v, l.users))
	}
	if l.detail.w > 0 {
		panes = append(panes, m.detailRows(v, l.detail))
	}
	rows := make([]string, len(panes[0]))
	var b strings.Builder
	for i := range rows {
		b.Reset()
		for n, p := range panes {
			if n > 0 {
				b.WriteString(divider)
			}
			b.WriteString(p[i])
		}
		rows[i] = b.String()
	}
	return rows
}

// chatRows are a room's lines, or why there are none.
func (m *model) chatRows(v *channel, r rect) []string {
	if v == nil || len(v.chat.lines) == 0 {
		return m.emptyChat(v, r)
	}
	v.chat.render.aside = v.users.focus && m.layout.users.w > 0
	return v.chat.view()
}

func (m *model) usersRows(v *channel, r rect) []string {
	if v == nil {
		return (&usersPane{}).view(m.styles, m.by, room.New(), false, "", 0, m.look, r)
	}
	return v.users.view(m.styles, m.by, v.state, m.opts.TUI.HideAFKUsers, m.asOf(v), v.rev, m.look, r)
}

// emptyChat says, in the middle, why there is nothing to read.
func (m *model) emptyChat(v *channel, r rect) []string {
	rows := make([]string, r.h)
	for i := range rows {
		rows[i] = blank(r.w)
	}
	text, detail := m.why(v)
	w := wrapper{by: m.by}
	wide := min(r.w-4, max(m.by.StringWidth(text), m.by.StringWidth(detail)))
	said := w.wrap([]piece{{text, m.styles.text}, {"\n" + detail, m.styles.muted}}, max(1, wide), "")
	for i, t := range said {
		t = strings.TrimRight(t, " ")
		if y := max(0, (r.h-len(said))/2) + i; y < r.h {
			rows[y] = fit(m.by, blank((r.w-m.by.StringWidth(t))/2)+t, r.w)
		}
	}
	return rows
}

// why is what an empty chat has to say, and what to do about it.
func (m *model) why(v *channel) (text, detail string) {
	switch {
	case m.unplugged():
		return "nothing runs yet", "the migration starts it: " + m.keys.Views[viewMigration].Help().Key
	case m.nats.State != room.LinkUp:
		return "waiting for NATS", m.address()
	case v == nil:
		return "no bot answers on " + m.address(), "start one with `rosey run`"
	case v.noBot != "":
		return v.noBot + " on " + m.address(), "start one with `rosey run`"
	case !v.known:
		return "asking for " + room.Clean(v.name) + " …", ""
	}
	return "nothing said yet", ""
}

func (m *model) address() string {
	if m.nats.URL == "" {
		return "the bus"
	}
	return room.Clean(m.nats.URL)
}

// keyHints tells bindings in one row: what the key map says.
func (m *model) keyHints(keys []key.Binding) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = m.styles.strong.paint(k.Help().Key) + " " + m.styles.muted.paint(k.Help().Desc)
	}
	return strings.Join(parts, m.styles.muted.paint("  ·  "))
}

// box frames body, w cells wide in all.
func (m *model) box(title string, body []string, w int) []string {
	s, by := m.styles, m.by
	title = truncate(by, title, w-6, ellipsis)
	out := []string{s.border.paint("╭─ ") + s.title.paint(title) + s.border.paint(" "+strings.Repeat("─", max(0, w-5-by.StringWidth(title)))+"╮")}
	for _, b := range body {
		out = append(out, s.border.paint("│")+" "+fit(by, b, w-4)+" "+s.border.paint("│"))
	}
	return append(out, s.border.paint("╰"+strings.Repeat("─", w-2)+"╯"))
}

// rule is a line of n cells.
func rule(n int) string { return strings.Repeat("─", max(0, n)) }

// under lays k under a row that has inks of its own.
func under(k ink, row string) string {
	if k == "" {
		return row
	}
	return string(k) + strings.ReplaceAll(row, ansi.ResetStyle, ansi.ResetStyle+string(k)) + ansi.ResetStyle
}
