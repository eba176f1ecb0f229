package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A question asks the person to choose, and maybe to name a reason. The first
// button is the safe one, and chosen until another is.
type question struct {
	title   string
	body    func(m *model, w int) []string // drawn anew each time: what it tells may change while it stands
	buttons []button
	at      int

	field  *field // for a reason; nil: letters press buttons
	target string // the person it is about: others are told
	danger bool   // keys are swallowed until it has been seen
	seen   bool

	closed func(m *model) tea.Cmd // runs whenever the question goes, whatever was chosen; may be nil
}

// A button is one answer.
type button struct {
	letter string // presses it where nothing is typed
	label  string
	run    func(m *model) tea.Cmd // nil: just close
}

func (q *question) arm()        { q.seen = true }
func (q *question) armed() bool { return q.seen || !q.danger }

func (q *question) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := m.keys
	switch {
	case key.Matches(msg, k.Cancel):
		return q.done(m, nil), true
	case key.Matches(msg, k.Choose):
		return q.done(m, q.buttons[q.at].run), true
	case key.Matches(msg, k.NextButton), q.arrow(msg) && key.Matches(msg, k.ButtonRight):
		q.at = (q.at + 1) % len(q.buttons)
	case key.Matches(msg, k.PrevButton), q.arrow(msg) && key.Matches(msg, k.ButtonLeft):
		q.at = (q.at + len(q.buttons) - 1) % len(q.buttons)
	case q.field != nil:
		q.field.key(m, msg)
	default:
		for _, b := range q.buttons {
			if b.letter == msg.String() {
				return q.done(m, b.run), true
			}
		}
	}
	return nil, false
}

// arrow tells whether a key may move between the buttons as → and ← do: in a
// line that has something on it they move there, and letters are its own.
func (q *question) arrow(msg tea.KeyPressMsg) bool {
	return q.field == nil || q.field.edit.empty() && msg.Text == ""
}

func (q *question) done(m *model, run func(*model) tea.Cmd) tea.Cmd {
	var cmds []tea.Cmd
	if run != nil {
		cmds = append(cmds, run(m))
	}
	if q.closed != nil {
		cmds = append(cmds, q.closed(m))
	}
	return tea.Batch(cmds...)
}

// fieldHints are its keys where something is typed.
func (q *question) fieldHints(m *model) []key.Binding {
	k := m.keys
	hints := []key.Binding{
		bind(k.NextButton.Help().Key, "to the other button", "tab"),
		bind(k.Choose.Help().Key, "press ‹"+q.buttons[q.at].label+"›", "enter"), k.Cancel,
	}
	if len(q.field.offers) > 0 {
		hints = append(hints, bind("↑ ↓", "earlier reasons", "up", "down"))
	}
	return hints
}

// questionWidth is as wide as a question gets.
const questionWidth = 72

func (q *question) box(m *model) []string {
	w := min(m.w-4, questionWidth)
	return m.box(q.title, append(q.said(m, w-4), q.foot(m, w-4)...), w)
}

// said is as much of what it tells as there is room for over its foot.
func (q *question) said(m *model, w int) []string {
	body := q.body(m, w)
	switch fits := max(1, m.h-2-len(q.foot(m, w))); {
	case len(body) > fits && fits < 3:
		return body[:fits]
	case len(body) > fits:
		return append(body[:fits-1:fits-1], m.styles.muted.paint(ellipsis+" a higher window shows the rest"))
	}
	return body
}

// lowScreen is below which a question has no air.
const lowScreen = 14

// foot is the field and the buttons, with air over each where there is room.
func (q *question) foot(m *model, w int) []string {
	air := make([]string, 0, 1)
	if m.h >= lowScreen {
		air = append(air, "")
	}
	rows := slices.Clone(air)
	if q.field != nil {
		rows = append(append(rows, q.field.row(m, w)), air...)
	}
	return append(rows, q.buttonRows(m, w)...)
}

// buttonRows are the buttons side by side, or below one another where they do
// not fit.
func (q *question) buttonRows(m *model, w int) []string {
	parts := make([]string, len(q.buttons))
	for i := range q.buttons {
		parts[i] = q.buttonText(m, i)
	}
	row := strings.Join(parts, "  ")
	if m.by.StringWidth(row) <= w {
		return []string{row}
	}
	return parts
}

func (q *question) caret(m *model) (x, y int, ok bool) {
	if q.field == nil {
		return 0, 0, false
	}
	w := min(m.w-4, questionWidth)
	air := 0
	if m.h >= lowScreen {
		air = 1
	}
	return 2 + q.field.column(m, w-4), len(q.said(m, w-4)) + 1 + air, true
}

func (q *question) insert(text string) {
	if q.field != nil {
		q.field.edit.insert(text)
	}
}

// buttonText is one button, as wide whether it is chosen or not.
func (q *question) buttonText(m *model, i int) string {
	s, label := m.styles, q.buttons[i].label
	if letter := q.buttons[i].letter; letter != "" && q.field == nil {
		label += " (" + letter + ")"
	}
	switch {
	case i != q.at:
		return "  " + s.muted.paint(label) + "  "
	case i > 0 && q.danger:
		return s.danger.paint("‹ " + label + " ›")
	}
	return s.chosen.paint("‹ " + label + " ›")
}

// previewLines is how much of a paste the question shows.
const previewLines = 4

// pasteQuestion asks what to do with several pasted lines. Its default sends
// nothing.
func pasteQuestion(name string, lines []string) *question {
	in := func(do func(m *model, v *channel) tea.Cmd) func(*model) tea.Cmd {
		return func(m *model) tea.Cmd {
			if v := m.roomNamed(name); v != nil {
				return do(m, v)
			}
			return nil
		}
	}
	return &question{
		title: "Paste",
		body: func(m *model, w int) []string {
			body := []string{m.styles.strong.paint("You pasted " + count(uint64(len(lines)), "line")), ""}
			for _, l := range lines[:min(len(lines), previewLines)] {
				body = append(body, m.styles.muted.paint("│ ")+l)
			}
			if more := len(lines) - previewLines; more > 0 {
				body = append(body, m.styles.muted.paint("│ … "+grouped(uint64(more))+" more"))
			}
			return body
		},
		buttons: []button{
			{"j", "Join into one line", in(func(m *model, v *channel) tea.Cmd {
				m.insert(v, strings.Join(lines, " "))
				return nil
			})},
			{"s", "Send each line", in(func(m *model, v *channel) tea.Cmd {
				out := make([]outgoing, len(lines))
				for i, l := range lines {
					out[i] = outgoing{verb: "say", args: []string{l}, typed: l, pasted: true}
				}
				cmd, _ := m.post(v, out...)
				return cmd
			})},
			{"q", "Leave it", nil},
		},
	}
}
