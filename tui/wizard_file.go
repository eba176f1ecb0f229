package tui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
	plan   *migrate.Plan
	record *migrate.Record // of a migration of it that was not taken back; nil: none
}

func newWizardFilePart(p *wizardPage) *wizardFilePart {
	return &wizardFilePart{page: p, field: newField("config file", "", nil)}
}

// begin reads the file that was given, if one was, and goes on where an earlier
// run left.
func (f *wizardFilePart) begin(m *model) tea.Cmd {
	f.field.edit.set(room.Clean(m.opts.Migration.File))
	if m.opts.Migration.File == "" {
		return nil
	}
	return f.read(m, m.opts.Migration.File, f.resume)
}

func (f *wizardFilePart) read(m *model, path string, then func(*model) tea.Cmd) tea.Cmd {
	o := m.opts.Migration
	f.path, f.names = path, nil
	f.result.known = false
	return f.result.fetch(func() (wizardReading, error) { return readFor(o, path) }, func(m *model) tea.Cmd {
		if f.result.err != nil {
			return nil
		}
		f.page.take(f.result.reply)
		return then(m)
	})
}

func readFor(o *Migration, path string) (r wizardReading, err error) {
	if r.plan, err = migrate.Read(path, o.Output); err != nil {
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
	if f.page.written() {
		return f.page.to(m, wizardStart)
	}
	return nil
}

func (f *wizardFilePart) open(*model) tea.Cmd { return nil }

func (f *wizardFilePart) rows(m *model, w int) []string {
	s := m.styles
	rows := m.wrapped(s.text, "The Python bot's config, version 1, becomes version 2. You see all of it before anything is written, and one key takes it back.", w)
	rows = append(rows, "")
	f.page.caret = &tea.Position{X: f.field.column(m, w), Y: len(rows)}
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
		n := uint64(sourceKeys(plan))
		return m.marked(s.good.paint("✓ "), s.text, fmt.Sprintf("It is version 1, %s, with %s.", format, count(n, "key")), w)
	}
	text := fmt.Sprintf("It is version %s, %s: there is nothing to migrate.", room.Clean(plan.Version), format)
	if f.page.written() {
		text = fmt.Sprintf("It was migrated here on %s.", m.dateTime(f.page.record.At, true))
	}
	return m.marked(s.good.paint("✓ "), s.text, text, w)
}

func sourceKeys(p *migrate.Plan) (n int) {
	for _, k := range p.Keys {
		if k.From != "" {
			n++
		}
	}
	return n
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

// maxCompletions bounds how many names a completion shows.
const maxCompletions = 60

// complete completes the path as a shell does: as far as it is certain, and
// shows what it may become.
func (f *wizardFilePart) complete(*model) tea.Cmd {
	typed := f.field.value()
	return func() tea.Msg {
		full, names := completePath(typed)
		return answer{func(m *model) tea.Cmd {
			if f.field.value() != typed {
				return nil
			}
			f.names = names
			switch {
			case full != typed:
				f.field.edit.set(full)
			case len(names) == 0:
				m.status = "nothing to complete"
			}
			return nil
		}}
	}
}

// completePath gives what is certain of the path, and the names when there are
// several. Names that could not be typed again are left out.
func completePath(typed string) (full string, names []string) {
	dir, start := filepath.Split(typed)
	look := dir
	if look == "" {
		look = "."
	}
	if rest, ok := strings.CutPrefix(look, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return typed, nil
		}
		look, dir = filepath.Join(home, rest), filepath.Join(home, rest)+string(filepath.Separator)
	}
	entries, err := os.ReadDir(look)
	if err != nil {
		return typed, nil
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, start) || start == "" && strings.HasPrefix(name, ".") || room.Clean(name) != name {
			continue
		}
		if info, err := os.Stat(filepath.Join(look, name)); err == nil && info.IsDir() {
			name += string(filepath.Separator)
		} else if !isConfigName(name) {
			continue
		}
		names = append(names, name)
	}
	switch len(names) {
	case 0:
		return typed, nil
	case 1:
		return dir + names[0], nil
	}
	return dir + commonStart(names), names[:min(len(names), maxCompletions)]
}

func isConfigName(name string) bool {
	return slices.Contains([]string{".json", ".yaml", ".yml"}, strings.ToLower(filepath.Ext(name)))
}

func commonStart(names []string) string {
	start := names[0]
	for _, name := range names[1:] {
		for !strings.HasPrefix(name, start) {
			cut := clusters(start)
			start = strings.Join(cut[:len(cut)-1], "")
		}
	}
	return start
}
