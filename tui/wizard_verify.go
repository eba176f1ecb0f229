package tui

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/migrate"
)

// A wizardVerifyPart is the seventh step: the guide's checklist, ticked by what
// is seen. It goes on while other views are shown, until the console ends; the
// hour without issues outlives that.
type wizardVerifyPart struct {
	page *wizardPage
	of   *Services // that are watched
	list migrate.Checklist
	stop context.CancelFunc
	full bool // what is done is shown in full on a narrow screen, too
}

func (v *wizardVerifyPart) open(m *model) tea.Cmd {
	services := v.page.services
	if v.of == services {
		return nil
	}
	v.end()
	v.of = services
	o := m.opts.Migration
	cfg := services.Config
	name := "primary"
	for _, p := range cfg.Platforms {
		if p.Enabled {
			name = p.Name
			break
		}
	}
	opts := migrate.VerifyOptions{
		Conn: services.Conn, ConfigFile: v.page.result(m), Config: cfg, Room: name,
		Operator: cfg.TUI.OperatorName(), Soak: o.Soak, StateDir: o.StateDir,
	}
	ctx, stop := context.WithCancel(m.deps.life)
	v.stop = stop
	verify := m.deps.verify
	return work(m, func(_ context.Context, tell func(migrate.Checklist)) error {
		for list := range verify(ctx, opts) {
			tell(list)
		}
		return nil
	}, func(_ *model, list migrate.Checklist) {
		if v.of == services {
			v.list = list
		}
	}, func(*model, error) tea.Cmd { return nil })
}

// end stops the watching.
func (v *wizardVerifyPart) end() {
	if v.stop != nil {
		v.stop()
	}
	v.of, v.list, v.stop = nil, migrate.Checklist{}, nil
}

func (v *wizardVerifyPart) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	if !key.Matches(msg, m.keys.Wizard.Full) {
		return nil, false
	}
	v.full = !v.full
	return nil, true
}

func (v *wizardVerifyPart) keys(m *model) []key.Binding {
	if v.full || v.brief(v.page.w-4) {
		return []key.Binding{m.keys.Wizard.Full}
	}
	return nil
}

// brief tells whether what was seen of a ticked item is cut to a row: so all of
// the list is on a small screen.
func (v *wizardVerifyPart) brief(w int) bool { return !v.full && w < usersWidth }

func (v *wizardVerifyPart) next(*model) (string, func(*model) tea.Cmd) {
	if v.list.Status == migrate.Passed {
		return "all is seen: finish", v.page.going(wizardDone)
	}
	return "to the room; the list goes on ticking", func(m *model) tea.Cmd { return m.open(viewRoom) }
}

func (v *wizardVerifyPart) rows(m *model, w int) []string {
	s := m.styles
	if len(v.list.Items) == 0 {
		return []string{s.muted.paint("looking …")}
	}
	passed := 0
	for _, i := range v.list.Items {
		if i.Status == migrate.Passed {
			passed++
		}
	}
	head := s.strong.paint(fmt.Sprintf("%d of %d", passed, len(v.list.Items))) + s.muted.paint(" seen in ") + s.text.paint(room.Clean(v.list.Room))
	rows := []string{head + "  " + s.accent.paint(bar(float64(passed)/float64(len(v.list.Items)), min(24, w/3))), ""}
	title := 0
	for _, i := range v.list.Items {
		title = max(title, m.by.StringWidth(i.Title))
	}
	for _, i := range v.list.Items {
		rows = append(rows, v.item(m, i, title+2, w)...)
	}
	return rows
}

// item is a box with what was seen, and what to do where it is not ticked.
func (v *wizardVerifyPart) item(m *model, i migrate.Item, title, w int) []string {
	s := m.styles
	mark, k := s.muted.paint("[ ] "), s.text
	switch i.Status {
	case migrate.Passed:
		mark = s.good.paint("[✓] ")
	case migrate.Failed:
		mark, k = s.bad.paint("[!] "), s.bad
	}
	evidence := room.Clean(i.Evidence)
	if i.ID == migrate.ItemSoak && i.Status == migrate.Pending && !v.list.Soak.Started.IsZero() {
		evidence = v.soaking(m)
	}
	lead := mark + k.paint(fit(m.by, i.Title, title))
	if i.Status == migrate.Passed && i.Unproven == "" && v.brief(w) { // what is done needs no second row
		return []string{lead + s.muted.paint(m.by.Truncate(evidence, w-4-title, ellipsis))}
	}
	rows := m.marked(lead, s.muted, evidence, w)
	if i.Do != "" {
		rows = append(rows, m.marked(blank(4+title)+s.warn.paint("→ "), s.text, room.Clean(i.Do), w)...)
	}
	return rows
}

// soaking is the evidence of the soak timer, which it counts down between two
// lists: they come coarser.
func (v *wizardVerifyPart) soaking(m *model) string {
	soak, s := m.opts.Migration.Soak, v.list.Soak
	if soak <= 0 {
		soak = time.Hour
	}
	left := clockLength(max(0, soak-m.now.Sub(s.Started)).Seconds())
	return fmt.Sprintf("since %s, %s left; %s", m.clock(s.Started.In(m.loc)), left, room.Clean(s.Counted()))
}

// A wizardDonePart is the last step.
type wizardDonePart struct{ page *wizardPage }

func (d *wizardDonePart) open(*model) tea.Cmd                         { return nil }
func (d *wizardDonePart) key(*model, tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }
func (d *wizardDonePart) keys(*model) []key.Binding                   { return nil }

func (d *wizardDonePart) next(*model) (string, func(*model) tea.Cmd) {
	return "to the room", func(m *model) tea.Cmd { return m.open(viewRoom) }
}

func (d *wizardDonePart) rows(m *model, w int) []string {
	s, p := m.styles, d.page
	rows := []string{s.good.paint("✓ ") + s.strong.paint("The migration is complete."), ""}
	if p.checks.list.Status != migrate.Passed {
		rows = []string{s.good.paint("✓ ") + s.strong.paint("The config is migrated."), ""}
	}
	if open := p.checks.list.Item(migrate.ItemComplete).Unproven; open != "" {
		rows = append(m.marked(s.good.paint("✓ "), s.strong, "The migration is complete, but nothing has shown yet "+room.Clean(open)+".", w), "")
	}
	if p.outcome != nil {
		rows = append(rows, p.summary(m, w)...)
	} else if p.record != nil {
		rows = append(rows, m.fact("config", p.record.File, w)...)
		rows = append(rows, m.fact("backup", cmp.Or(p.record.Backup, "none"), w)...)
	}
	file := room.Clean(p.result(m))
	rows = append(rows, "")
	rows = append(rows, m.wrapped(s.muted, "From now on: rosey tui -c "+file+" with the console, rosey run -c "+file+" without.", w)...)
	if p.plan != nil && p.plan.Database != "" && !filepath.IsAbs(p.plan.Database) {
		rows = append(rows, m.wrapped(s.muted, "Start it in this folder, always: the database's path "+room.Clean(p.plan.Database)+" counts from where rosey is started.", w)...)
	}
	if p.written() && p.record.Backup != "" {
		rows = append(rows, m.wrapped(s.muted, "r takes it back, now or later (or: rosey migrate rollback "+file+").", w)...)
	}
	return rows
}
