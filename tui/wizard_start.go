package tui

import (
	"context"
	"path/filepath"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// A wizardStartPart is the sixth step: services that run with the new config,
// here or elsewhere.
type wizardStartPart struct {
	page    *wizardPage
	attach  bool
	running bool
	said    []string
	err     error
}

func (st *wizardStartPart) open(m *model) tea.Cmd {
	if o := m.opts.Migration; st.page.services == nil && m.running(st.page.result(m)) {
		st.page.services = o.Running
	}
	if st.page.services != nil {
		return st.page.to(m, wizardVerify)
	}
	return nil
}

// running tells whether the console shows services of that config from the
// start.
func (m *model) running(file string) bool {
	r := m.opts.Migration.Running
	return r != nil && filepath.Clean(r.Config.Path) == filepath.Clean(file)
}

// elsewhere tells whether the console can start nothing with that config: it
// came to services that run elsewhere, or shows those of another config.
func (m *model) elsewhere(file string) bool {
	o := m.opts.Migration
	return o.Start == nil || o.Running != nil && !m.running(file)
}

func (st *wizardStartPart) next(m *model) (string, func(*model) tea.Cmd) {
	switch {
	case st.running:
		return "", nil
	case m.elsewhere(st.page.result(m)):
		return "done here", st.page.going(wizardDone)
	case st.err != nil && !st.attach:
		return "try to start them again", st.run
	case st.attach:
		return "attach to them", st.run
	}
	return "start them", st.run
}

func (st *wizardStartPart) run(m *model) tea.Cmd {
	file, own, start := st.page.result(m), !st.attach, m.opts.Migration.Start
	st.running, st.err, st.said = true, nil, nil
	var services *Services
	return work(m, func(_ context.Context, tell func(string)) (err error) {
		services, err = start(file, own, tell)
		return err
	}, func(_ *model, line string) { st.said = append(st.said, room.Clean(strings.TrimRight(line, "\n"))) },
		func(m *model, err error) tea.Cmd {
			st.running, st.err = false, err
			if err != nil {
				return nil
			}
			st.page.services = services
			m.connect(services)
			return st.page.to(m, wizardVerify)
		})
}

func (st *wizardStartPart) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := m.keys.Wizard
	if st.running || m.elsewhere(st.page.result(m)) {
		return nil, false
	}
	switch {
	case key.Matches(msg, k.NextRow):
		st.attach = true
	case key.Matches(msg, k.PrevRow):
		st.attach = false
	case msg.Code == tea.KeySpace: // what is chosen stays so
	case key.Matches(msg, k.Turn):
		st.attach = !st.attach
	default:
		return nil, false
	}
	return nil, true
}

func (st *wizardStartPart) keys(m *model) []key.Binding {
	if m.elsewhere(st.page.result(m)) {
		return nil
	}
	return []key.Binding{m.keys.Wizard.NextRow}
}

func (st *wizardStartPart) rows(m *model, w int) []string {
	s := m.styles
	file := room.Clean(st.page.result(m))
	if m.elsewhere(st.page.result(m)) {
		return m.wrapped(s.text, "The config is in its place. This console cannot start anything with it: leave it, and open one that does: rosey tui -c "+file, w)
	}
	rows := append(m.wrapped(s.text, "The new config is in its place. Now NATS, the database service and the bot have to run with it.", w), "")
	for i, text := range []string{
		"start them in this console; they end with it",
		"attach to services that run, or that you start now: rosey run -c " + file,
	} {
		mark, k := s.muted.paint("○ "), s.muted
		if (i == 1) == st.attach {
			mark, k = s.accent.paint("◉ "), s.strong
		}
		for _, row := range m.marked(mark, k, text, w) {
			st.page.spot(len(rows), 0, 0, func(*model, int) tea.Cmd {
				if !st.running {
					st.attach = i == 1
				}
				return nil
			})
			rows = append(rows, row)
		}
	}
	rows = append(rows, "")
	if len(st.said) == 0 && st.err == nil && !st.running {
		rows = append(rows, m.marked(s.warn.paint("! "), s.text, "Stop the old bot before: two bots with one account throw each other out of the room.", w)...)
	}
	for _, line := range st.said {
		rows = append(rows, m.wrapped(s.muted, line, w)...)
	}
	if st.running {
		rows = append(rows, s.accent.paint("◐ ")+s.muted.paint("working …"))
	}
	if st.err != nil {
		rows = append(rows, m.refusal(st.err, w)...)
	}
	return rows
}
