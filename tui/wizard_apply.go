package tui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/migrate"
)

// A wizardApplyPart is the fifth step: it says what will be written, does it
// when told to, and shows each step.
type wizardApplyPart struct {
	page    *wizardPage
	running bool
	done    []migrate.Step // the last one is under way while running
	err     error
	places  query[migrate.Places]
}

// open looks where the copies would go.
func (a *wizardApplyPart) open(m *model) tea.Cmd {
	o, plan := m.opts.Migration, a.page.plan
	return a.places.fetch(func() (migrate.Places, error) { return plan.Places(o.Output), nil }, nil)
}

func (a *wizardApplyPart) key(*model, tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }
func (a *wizardApplyPart) keys(*model) []key.Binding                   { return nil }

func (a *wizardApplyPart) next(*model) (string, func(*model) tea.Cmd) {
	switch {
	case a.running:
		return "", nil
	case a.page.outcome != nil:
		return "start the services", a.page.going(wizardStart)
	case errors.Is(a.err, migrate.ErrChanged):
		return "look at the file again", a.page.again
	case a.err != nil:
		return "try again", a.run
	}
	return "write it now", a.run
}

func (a *wizardApplyPart) run(m *model) tea.Cmd {
	o, plan := m.opts.Migration, a.page.plan
	a.running, a.err, a.done = true, nil, nil
	var out *migrate.Outcome
	var record *migrate.Record
	return work(m, func(ctx context.Context, tell func(migrate.Step)) (err error) {
		a.page.keeper.flush() // what is written of it now is about the past
		out, err = plan.Apply(ctx, migrate.Options{
			Output: o.Output, NoBackup: o.NoBackup, Databases: o.Databases, StateDir: o.StateDir,
			Step: func(s migrate.Step) error { tell(s); return ctx.Err() },
		})
		if err != nil {
			return err
		}
		record, err = migrate.FindRecord(o.StateDir, out.File)
		return err
	}, a.step, func(_ *model, err error) tea.Cmd {
		a.running, a.err = false, err
		a.page.outcome, a.page.record = out, record
		if err == nil {
			a.page.left = nil
		}
		return nil
	})
}

// step takes what is done next. The parts of writing one file stay out of the
// list.
func (a *wizardApplyPart) step(_ *model, s migrate.Step) {
	switch s {
	case migrate.StepCreate, migrate.StepWrite, migrate.StepSync, migrate.StepName, migrate.StepReplace:
	default:
		a.done = append(a.done, s)
	}
}

func (a *wizardApplyPart) rows(m *model, w int) []string {
	s := m.styles
	if len(a.done) == 0 && !a.running {
		return a.promise(m, w)
	}
	var rows []string
	for i, step := range a.done {
		mark, k := s.good.paint("✓ "), s.text
		if i == len(a.done)-1 && a.running {
			mark = s.accent.paint("◐ ")
		} else if i == len(a.done)-1 && a.err != nil {
			mark = s.bad.paint("✗ ")
		}
		rows = append(rows, mark+k.paint(string(step)))
	}
	rows = append(rows, "")
	switch {
	case a.err != nil:
		return append(rows, m.refusal(a.err, w)...)
	case a.page.outcome != nil:
		return append(rows, a.page.summary(m, w)...)
	}
	return rows
}

// promise is what will be written, and what will not.
func (a *wizardApplyPart) promise(m *model, w int) []string {
	s, o, plan := m.styles, m.opts.Migration, a.page.plan
	rows := append(m.wrapped(s.strong, "Nothing is written yet. Enter does this:", w), "")
	say := func(text string) { rows = append(rows, m.marked(s.muted.paint("· "), s.text, room.Clean(text), w)...) }
	base, places := filepath.Base(plan.Path), a.places.reply
	if o.NoBackup {
		say("no backup is made, as you asked: nothing will bring the old config back")
	} else if places.Backup != "" {
		say("the config is copied to " + places.Backup + ", never over another")
	}
	if o.Databases != nil && places.Copy != "" {
		text := "the database is checked and its rows are counted"
		if !o.NoBackup {
			text += ", and it is copied to " + places.Copy
		}
		say(text + "; the migration never alters it")
	} else if plan.Database != "" && a.places.known {
		say("there is no database at " + migrate.Shown(plan.Database) + " to copy: rosey makes it when it starts")
	}
	if o.Output != "" {
		say("the new config is written to " + o.Output + "; " + base + " stays as it is")
	} else {
		say("the new config takes the place of " + base + " in one piece: whatever happens, one of the two is there whole")
	}
	rows = append(rows, "")
	return append(rows, m.marked(s.warn.paint("! "), s.text, "Stop the old bot first, so that the database's copy is its last state.", w)...)
}

// summary is what was written.
func (p *wizardPage) summary(m *model, w int) []string {
	out := p.outcome
	rows := m.fact("config", out.File, w)
	if out.Backup != "" {
		rows = append(rows, m.fact("backup", fmt.Sprintf("%s, SHA-256 %s…", out.Backup, out.SHA256[:12]), w)...)
	}
	rows = append(rows, m.cautions(out.Warnings, w)...)
	d := out.Database
	switch {
	case d == nil:
		return rows
	case !d.Found:
		return append(rows, m.fact("database", "none at "+d.Path+" yet: rosey makes it when it starts", w)...)
	}
	text := fmt.Sprintf("%s, %s before and %s after", d.Path, count(uint64(d.Before.Rows()), "row"), grouped(uint64(d.After.Rows())))
	rows = append(rows, m.fact("database", text, w)...)
	if d.Backup != "" {
		rows = append(rows, m.fact("its copy", d.Backup, w)...)
	}
	switch {
	case d.Trouble != "":
		rows = append(rows, m.marked(m.styles.warn.paint("! "), m.styles.text, "it could not be counted again: "+room.Clean(d.Trouble), w)...)
	case !d.Same():
		rows = append(rows, m.marked(m.styles.warn.paint("! "), m.styles.text, "rows came or went meanwhile: the old bot still writes. Stop it before you start rosey.", w)...)
	}
	return rows
}
