package tui

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
	"rosey/migrate"
)

// A wizardKeysPart is the second step: what becomes of each key.
type wizardKeysPart struct{ page *wizardPage }

func (k *wizardKeysPart) open(*model) tea.Cmd                         { return nil }
func (k *wizardKeysPart) key(*model, tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }
func (k *wizardKeysPart) keys(m *model) []key.Binding                 { return []key.Binding{m.keys.Figures.Down} }
func (k *wizardKeysPart) next(*model) (string, func(*model) tea.Cmd) {
	return "choose what is open", k.page.going(wizardChoices)
}

func (k *wizardKeysPart) rows(m *model, w int) []string {
	s, plan := m.styles, k.page.plan
	rows := []string{m.heading(room.Clean(filepath.Base(plan.Path)), fmt.Sprintf("version 1, %s, %s", strings.ToUpper(string(plan.Format)), count(uint64(plan.OldKeys()), "key"))), ""}
	for _, warning := range plan.Warnings {
		rows = append(rows, m.warning(warning, w)...)
	}
	if len(plan.Warnings) > 0 {
		rows = append(rows, "")
	}
	was := k.columns(m, w)
	rows = append(rows, m.tableHead(was, w))
	for _, key := range plan.Keys {
		if key.From == "" {
			continue
		}
		rows = append(rows, m.tableCells(was, []string{
			m.actionInk(key.Action).paint(string(key.Action)), room.Clean(key.From), cmp.Or(room.Clean(key.To), "–"), s.muted.paint(key.Value(room.Clean)),
		}, w))
		if key.Notable() {
			rows = append(rows, m.marked(blank(11), s.muted, room.Clean(key.Why), w)...)
		}
	}
	return append(rows, k.fresh(m, w)...)
}

// columns are as wide as what stands in them, within reason.
func (k *wizardKeysPart) columns(m *model, w int) []column {
	from, to := 0, 0
	for _, key := range k.page.plan.Keys {
		if key.From != "" {
			from = max(from, m.by.StringWidth(room.Clean(key.From)))
			to = max(to, m.by.StringWidth(room.Clean(key.To)))
		}
	}
	return []column{{title: "", w: 9}, {title: "WAS", w: min(from, max(18, w/4))}, {title: "BECOMES", w: min(to, max(30, w/3))}, {title: "VALUE"}}
}

// fresh are the keys that version 2 has and the file had not.
func (k *wizardKeysPart) fresh(m *model, w int) []string {
	columns := []column{{title: "NEW", w: 32}, {title: "VALUE"}}
	if w >= sideWidth {
		columns = []column{{title: "NEW", w: 32}, {title: "VALUE", w: 28}, {title: "WHY"}}
	}
	rows := []string{"", m.tableHead(columns, w)}
	for _, key := range k.page.plan.Keys {
		if key.From == "" {
			cells := []string{room.Clean(key.To), room.Clean(string(key.New)), m.styles.muted.paint(room.Clean(key.Why))}
			if key.Notable() {
				cells[2] = ""
			}
			rows = append(rows, m.tableCells(columns, cells[:len(columns)], w))
			if key.Notable() {
				rows = append(rows, m.marked(blank(11), m.styles.muted, room.Clean(key.Why), w)...)
			}
		}
	}
	return rows
}

func (m *model) actionInk(a migrate.Action) ink {
	switch a {
	case migrate.Changed, migrate.Kept:
		return m.styles.warn
	case migrate.Dropped:
		return m.styles.bad
	}
	return m.styles.good
}

func (m *model) warning(p config.Problem, w int) []string {
	return m.marked(m.styles.warn.paint("! "), m.styles.text, room.Clean(p.String()), w)
}
