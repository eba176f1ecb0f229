package tui

import (
	"context"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/migrate"
)

// A wizardBackPart shows what taking the migration back would bring, asks, and
// does it.
type wizardBackPart struct {
	page    *wizardPage
	plan    query[*migrate.Rollback]
	diff    string
	running bool
	err     error
	out     *migrate.RollbackOutcome // what was done
	alive   bool                     // services run on elsewhere with what it replaced
}

func (b *wizardBackPart) open(m *model) tea.Cmd {
	b.err, b.out, b.diff = nil, nil, ""
	b.plan.known = false
	file, dir := b.page.result(m), m.opts.Migration.StateDir
	return b.plan.fetch(func() (*migrate.Rollback, error) { return migrate.PlanRollback(dir, file) }, func(*model) tea.Cmd {
		if b.plan.known {
			b.diff = b.plan.reply.Diff()
		}
		return nil
	})
}

func (b *wizardBackPart) key(*model, tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }

func (b *wizardBackPart) keys(m *model) []key.Binding {
	if b.out != nil {
		return nil
	}
	return []key.Binding{m.keys.Figures.Down}
}

func (b *wizardBackPart) next(*model) (string, func(*model) tea.Cmd) {
	switch {
	case b.out != nil:
		return "begin again", b.page.again
	case b.running || !b.plan.known:
		return "", nil
	}
	return "bring it back (it asks first)", b.ask
}

// again begins with the file as it is now, and what was chosen for it before.
func (p *wizardPage) again(m *model) tea.Cmd {
	left := p.left
	p.to(m, wizardFile)
	return p.file.read(m, p.file.path, func(m *model) tea.Cmd {
		if left == nil || !p.plan.Due() {
			return nil
		}
		return p.goOn(m, left)
	})
}

// ask asks; leaving it is the safe answer.
func (b *wizardBackPart) ask(m *model) tea.Cmd {
	r := b.plan.reply
	q := &question{
		title: "Roll back", danger: true,
		body: func(m *model, w int) []string {
			rows := m.wrapped(m.styles.text, "Bring back the config that was there before the migration?", w)
			if b.stops() {
				rows = append(rows, m.wrapped(m.styles.warn, "The services in this console are stopped first.", w)...)
			}
			if !b.idle() {
				rows = append(rows, m.wrapped(m.styles.warn, "The services run elsewhere and go on until you stop them there; the database stays as it is meanwhile.", w)...)
			}
			return rows
		},
		buttons: []button{{"n", "Leave it", nil}, {"y", "Config", b.run(false)}},
	}
	if r.Copy != "" && b.idle() {
		q.buttons = append(q.buttons, button{"d", "Config and database", b.run(true)})
	}
	return m.push(q)
}

// stops tells whether services in this console are to be stopped.
func (b *wizardBackPart) stops() bool { s := b.page.services; return s != nil && s.Stop != nil }

// idle tells whether nobody is at work on the database, or nobody will be.
func (b *wizardBackPart) idle() bool { return b.page.services == nil || b.stops() }

// stopWait bounds the stop of the services.
const stopWait = 15 * time.Second

func (b *wizardBackPart) run(database bool) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		o, r, services := m.opts.Migration, b.plan.reply, b.page.services
		stop := b.stops()
		b.alive = !b.idle()
		b.page.checks.end()
		b.page.services = nil
		if stop {
			m.disconnect()
		}
		b.running, b.err = true, nil
		var out *migrate.RollbackOutcome
		return work(m, func(ctx context.Context, _ func(struct{})) (err error) {
			if stop {
				stopCtx, cancel := context.WithTimeout(ctx, stopWait)
				defer cancel()
				if err := services.Stop(stopCtx); err != nil {
					return err
				}
			}
			out, err = r.Apply(ctx, migrate.RollbackOptions{
				Database: database, Databases: o.Databases, StateDir: o.StateDir, Step: func(migrate.Step) error { return ctx.Err() },
			})
			return err
		}, func(*model, struct{}) {}, func(_ *model, err error) tea.Cmd {
			b.running, b.err = false, err
			if err == nil {
				b.out, b.page.record, b.page.outcome = out, nil, nil
			}
			return nil
		})
	}
}

func (b *wizardBackPart) rows(m *model, w int) []string {
	s := m.styles
	switch {
	case b.running:
		return []string{s.accent.paint("◐ ") + s.muted.paint("stopping what runs, and bringing it back …")}
	case b.err != nil:
		return m.refusal(b.err, w)
	case b.out != nil:
		return b.done(m, w)
	case b.plan.err != nil:
		return m.refusal(b.plan.err, w)
	case !b.plan.known:
		return []string{s.muted.paint("looking at the backup …")}
	}
	r := b.plan.reply
	rows := m.fact("config", r.File, w)
	backup := r.Backup
	if r.Verified {
		backup += ", made " + r.At.In(m.loc).Format(time.DateTime) + ", unchanged since by its SHA-256"
	}
	rows = append(rows, m.fact("comes from", backup, w)...)
	if r.Copy != "" {
		text := r.Database + " stays as it is"
		if b.idle() {
			text += ", unless you choose otherwise"
		}
		rows = append(rows, m.fact("database", text+"; its copy is "+r.Copy, w)...)
	}
	if r.Changed {
		rows = append(rows, m.marked(s.warn.paint("! "), s.text, "The config was changed after it was migrated; it is kept aside as it is.", w)...)
	}
	rows = append(rows, "")
	return append(rows, m.unified(b.diff, w)...)
}

func (b *wizardBackPart) done(m *model, w int) []string {
	s, r := m.styles, b.plan.reply
	rows := []string{s.good.paint("✓ ") + s.strong.paint("The old config is back."), ""}
	rows = append(rows, m.fact("config", r.File, w)...)
	if b.out.Kept != "" {
		rows = append(rows, m.fact("kept aside", b.out.Kept+", which it was until now", w)...)
	}
	if b.out.DatabaseKept != "" {
		rows = append(rows, m.fact("database", r.Database+" is its copy again; what it was is in "+b.out.DatabaseKept, w)...)
	}
	rows = append(rows, m.cautions(append(r.Warnings, b.out.Warnings...), w)...)
	if b.alive {
		return append(rows, append([]string{""}, m.marked(s.warn.paint("! "), s.text, "Stop rosey run first: it still is in the room, by the config that it was started with. Two bots with one account throw each other out. Then start the old bot: "+room.Clean(r.File)+" is as it was, byte for byte.", w)...)...)
	}
	return append(rows, append([]string{""}, m.wrapped(s.muted, "Start the old bot again when you like: "+room.Clean(r.File)+" is as it was, byte for byte.", w)...)...)
}
