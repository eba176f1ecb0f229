package tui

import (
	"errors"
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/migrate"
)

// A wizardFilePart is the first step: which file.
type wizardFilePart struct {
	page   *wizardPage
	field  *field
	path   string // that was read last
	result query[wizardReading]
	names  []string // what the path may be completed to, when it is more than one
}

// A wizardReading is what was found in a file.
type wizardReading struct {
	path   string          // the file
	plan   *migrate.Plan   // nil: no file was named, and none was begun with
	record *migrate.Record // of a migration of it that was not taken back; nil: none

	draft    *migrate.Draft // of one that was begun and left; nil: none
	draftErr error          // why there is none that can be gone on with; nil: there never was one
}

func newWizardFilePart(p *wizardPage) *wizardFilePart {
	return &wizardFilePart{page: p, field: newField("config file", "", nil)}
}

// begin reads the file that was given, if one was, and goes on where an earlier
// run left.
func (f *wizardFilePart) begin(m *model) tea.Cmd {
	f.field.edit.set(room.Clean(m.opts.Migration.File))
	return f.fetch(m, m.opts.Migration.File, true, f.resume)
}

func (f *wizardFilePart) read(m *model, path string, then func(*model) tea.Cmd) tea.Cmd {
	return f.fetch(m, path, false, then)
}

// fetch is read; with others, a migration of another file that was begun will do
// where there is nothing to do with this one.
func (f *wizardFilePart) fetch(m *model, path string, others bool, then func(*model) tea.Cmd) tea.Cmd {
	o := m.opts.Migration
	f.path, f.names = path, nil
	f.result.known = false
	return f.result.fetch(func() (wizardReading, error) { return readFor(o, path, others) }, func(m *model) tea.Cmd {
		if f.result.err != nil {
			return nil
		}
		r := f.result.reply
		if r.plan == nil {
			f.result.known = false
			return nil
		}
		if r.path != path {
			f.path = r.path
			f.field.edit.set(room.Clean(r.path))
		}
		f.page.take(r)
		return then(m)
	})
}

func readFor(o *Migration, path string, others bool) (r wizardReading, err error) {
	r.path = path
	defer func() {
		if err == nil {
			r.findDraft(o, others)
		}
	}()
	if path == "" {
		return r, nil
	}
	if r.plan, err = migrate.Read(path, o.Output); err == nil {
		err = r.plan.Obstacle
	}
	if err != nil {
		return r, err
	}
	written := path
	if o.Output != "" {
		written = o.Output
	}
	record, err := migrate.FindRecord(o.StateDir, written)
	switch {
	case errors.Is(err, migrate.ErrNoRecord):
	case err != nil:
		return r, err
	case record.RolledBack.IsZero() && !r.plan.Due(): // a v1 file with a record was brought back by hand
		r.record = record
	}
	return r, nil
}

// resume goes to where an earlier run left.
func (f *wizardFilePart) resume(m *model) tea.Cmd {
	switch r := f.result.reply; {
	case f.page.written():
		return f.page.to(m, wizardStart)
	case r.draft != nil:
		return f.page.goOn(m, r.draft)
	case r.draftErr != nil:
		f.page.notice = sentence(room.Clean(r.draftErr.Error()))
	}
	return nil
}

func (f *wizardFilePart) open(*model) tea.Cmd { return nil }

func (f *wizardFilePart) rows(m *model, w int) []string {
	s := m.styles
	rows := m.wrapped(s.text, "The Python bot's config, version 1, becomes version 2. You see all of it before anything is written, and one key takes it back.", w)
	rows = append(rows, "")
	f.page.caret = &tea.Position{X: f.field.column(m, w), Y: len(rows)}
	f.page.spot(len(rows), 0, 0, func(m *model, x int) tea.Cmd {
		f.field.edit.point(m, x-m.by.StringWidth(f.field.label)-3)
		return nil
	})
	rows = append(rows, f.field.row(m, w), "")
	switch {
	case len(f.names) > 0:
		rows = append(rows, m.wrapped(s.muted, room.Clean(strings.Join(f.names, "  ")), w)...)
	case f.result.asking:
		rows = append(rows, s.muted.paint("reading …"))
	case f.path != f.value():
	case f.result.err != nil:
		rows = append(rows, m.refusal(f.result.err, w)...)
	case f.result.known:
		rows = append(rows, f.verdict(m, w)...)
	}
	return rows
}

// verdict is what the file is, in a sentence.
func (f *wizardFilePart) verdict(m *model, w int) []string {
	s, plan := m.styles, f.page.plan
	format := strings.ToUpper(string(plan.Format))
	if plan.Due() {
		n := uint64(plan.OldKeys())
		return m.marked(s.good.paint("✓ "), s.text, fmt.Sprintf("It is version 1, %s, with %s.", format, count(n, "key")), w)
	}
	text := fmt.Sprintf("It is version %s, %s: there is nothing to migrate.", room.Clean(plan.Version), format)
	if f.page.written() {
		text = fmt.Sprintf("It was migrated here on %s.", m.dateTime(f.page.record.At, true))
	}
	return m.marked(s.good.paint("✓ "), s.text, text, w)
}

// value is the path that is typed.
func (f *wizardFilePart) value() string {
	v := strings.TrimSpace(f.field.value())
	if given := f.path; v == room.Clean(given) {
		return given // which may hold what cannot be shown
	}
	return v
}

func (f *wizardFilePart) next(*model) (string, func(*model) tea.Cmd) {
	path := f.value()
	switch {
	case path == "" || f.result.asking:
		return "", nil
	case f.result.known && f.path == path:
		return f.onward()
	}
	return "read it", func(m *model) tea.Cmd {
		return f.read(m, path, func(m *model) tea.Cmd {
			if f.result.reply.draft != nil {
				return f.resume(m)
			}
			if f.page.step != wizardFile || f.page.plan.Due() {
				return f.page.to(m, wizardKeys)
			}
			return nil
		})
	}
}

// onward is what there is to do with the file that was read.
func (f *wizardFilePart) onward() (string, func(*model) tea.Cmd) {
	switch {
	case f.page.plan.Due():
		return "see what becomes of each key", f.page.going(wizardKeys)
	case f.page.written():
		return "go on where you left", f.page.going(wizardStart)
	}
	return "see that it works", f.page.going(wizardStart)
}

func (f *wizardFilePart) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	if key.Matches(msg, m.keys.Wizard.Complete) {
		return f.complete(m), true
	}
	if f.field.edit.key(m.keys, msg) {
		f.names = nil
		return nil, true
	}
	return nil, false
}

func (f *wizardFilePart) keys(m *model) []key.Binding { return []key.Binding{m.keys.Wizard.Complete} }

func (f *wizardFilePart) paste(_ *model, text string) {
	f.field.edit.insert(text)
	f.names = nil
}
