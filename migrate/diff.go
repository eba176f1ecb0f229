package migrate

import (
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// contextLines is how much stands around a change.
const contextLines = 3

// Diff is the unified difference between the source and the result, secrets
// masked. It is empty when nothing is due.
func (p *Plan) Diff() string {
	before, after := whole(p.oldMasked), whole(p.newMasked)
	diff, err := udiff.ToUnified(p.Path+" (v1)", p.Path+" (v2)", before, udiff.Lines(before, after), contextLines)
	if err != nil { // the edits come from the same two texts
		return fmt.Sprintf("(no difference can be shown: %v)\n", err)
	}
	return diff
}

// whole ends the last line, whose missing end would only be noise.
func whole(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// Row is one line of the two files side by side. A line number is 0 where that
// side has no line.
type Row struct {
	OldLine, NewLine int
	Old, New         string
	Changed          bool
}

// Rows are both files whole, side by side, secrets masked: lines that stay are
// beside themselves, what was removed is beside what came in its place.
func (p *Plan) Rows() []Row {
	before, after := whole(p.oldMasked), whole(p.newMasked)
	if before == "" {
		return nil
	}
	all := strings.Count(before, "\n") + strings.Count(after, "\n") + 1
	u, err := udiff.ToUnifiedDiff("", "", before, udiff.Lines(before, after), all)
	if err != nil {
		return nil
	}
	var t rowTable
	for _, h := range u.Hunks {
		for _, l := range h.Lines {
			t.line(l.Kind, strings.TrimSuffix(l.Content, "\n"))
		}
	}
	t.flush()
	return t.rows
}

// rowTable pairs removed lines with the inserted ones that follow them.
type rowTable struct {
	rows               []Row
	removed, inserted  []string
	oldLine, freshLine int
}

func (t *rowTable) line(kind udiff.OpKind, text string) {
	switch kind {
	case udiff.Delete:
		t.removed = append(t.removed, text)
	case udiff.Insert:
		t.inserted = append(t.inserted, text)
	default:
		t.flush()
		t.oldLine++
		t.freshLine++
		t.rows = append(t.rows, Row{OldLine: t.oldLine, NewLine: t.freshLine, Old: text, New: text})
	}
}

func (t *rowTable) flush() {
	for i := range max(len(t.removed), len(t.inserted)) {
		r := Row{Changed: true}
		if i < len(t.removed) {
			t.oldLine++
			r.OldLine, r.Old = t.oldLine, t.removed[i]
		}
		if i < len(t.inserted) {
			t.freshLine++
			r.NewLine, r.New = t.freshLine, t.inserted[i]
		}
		t.rows = append(t.rows, r)
	}
	t.removed, t.inserted = nil, nil
}
