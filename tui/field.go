package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A field is a labelled line under edit in a dialog or a view, with what it may
// be completed to.
type field struct {
	label   string
	edit    editor
	offers  []string // most useful first
	offered int      // which of them was taken last, counted from 1

	stays func(text string) string // what of a text stays before an offer; nil: nothing
}

func newField(label, text string, offers []string) *field {
	f := &field{label: label, offers: offers}
	f.edit.set(text)
	return f
}

// value is what is typed.
func (f *field) value() string { return f.edit.value() }

// key edits; up and down go through what is offered.
func (f *field) key(m *model, msg tea.KeyPressMsg) bool {
	n := len(f.offers)
	switch {
	case n > 0 && key.Matches(msg, m.keys.HistoryPrev):
		f.offered = max(1, f.offered-1)
	case n > 0 && key.Matches(msg, m.keys.HistoryNext):
		f.offered = min(n, f.offered+1)
	default:
		return f.edit.key(m.keys, msg)
	}
	before := ""
	if f.stays != nil {
		before = f.stays(f.value())
	}
	f.edit.set(before + f.offers[f.offered-1])
	return true
}

// row is the field in w cells.
func (f *field) row(m *model, w int) string {
	s, by := m.styles, m.by
	lead := s.muted.paint(f.label+" ") + s.accent.paint("▸ ")
	room := w - by.StringWidth(lead)
	text, _ := f.edit.view(by, room)
	if f.edit.empty() && len(f.offers) > 0 {
		text = s.muted.paint(fit(by, " ↓ "+f.offers[0], room))
	}
	return lead + text
}

// column is the cursor's cell in row.
func (f *field) column(m *model, w int) int {
	lead := m.by.StringWidth(f.label) + 3
	_, x := f.edit.view(m.by, w-lead)
	return lead + x
}
