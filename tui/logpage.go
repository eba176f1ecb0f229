package tui

import (
	"path/filepath"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// A logPage is F7: what was done, by operators and by others, and what happened
// to links and services.
type logPage struct {
	w, h int

	filter logFilter
	kind   entryKind // "" shows all
	input  *field    // while a filter is typed; nil otherwise
	before logFilter // what the filter was when typing began

	follow bool
	bottom int // index in shown of the last row on screen, while not following
	at     int // index in shown of the chosen row, while not following

	shown   []*logEntry // that pass the filter, oldest first
	version int         // of the journal that shown was made of
	fresh   bool
	made    int // counts how often shown was made
	drawn   logDrawn

	pages   query[bus.ActionsReply]
	started bool
}

func newLogPage() *logPage { return &logPage{follow: true} }

// logPageRows is how many actions are asked for at once.
const logPageRows = 200

func (p *logPage) size(w, h int) { p.w, p.h = w, h }

// want reads the newest actions when the view is first opened; what happens
// after that comes by itself.
func (p *logPage) want(m *model) tea.Cmd {
	if p.started && p.pages.err == nil || p.pages.asking || m.nats.State != room.LinkUp {
		return nil
	}
	p.started = true
	return p.older(m)
}

// older asks for the page before what is there.
func (p *logPage) older(m *model) tea.Cmd {
	j := &m.journal
	if p.pages.asking || j.noMore || len(j.entries) >= journalMax {
		return nil
	}
	q := bus.ActionsQuery{Limit: logPageRows}
	if j.oldest > 0 {
		q.Before = j.oldest + 1 // others of that second may have been cut off
	}
	return p.pages.ask(m, bus.SubjectActions, q, func(m *model) tea.Cmd {
		if p.pages.err != nil || p.pages.reply.Error != "" {
			return nil
		}
		rows, oldest := p.pages.reply.Rows, j.oldest
		foot, chosen := p.held()
		added := j.older(rows)
		p.refresh(m)
		p.hold(foot, chosen)
		switch {
		case len(rows) < logPageRows:
			j.noMore = true
		case added == 0 && j.oldest == oldest: // a second with more actions than a page
			j.oldest--
		}
		return nil
	})
}

// refresh chooses the entries anew where something has changed.
func (p *logPage) refresh(m *model) {
	if p.fresh && p.version == m.journal.version {
		return
	}
	foot, chosen := p.held()
	p.shown = p.shown[:0:0]
	for _, e := range m.journal.entries {
		if (p.kind == "" || p.kind == e.kind) && p.filter.match(e) {
			p.shown = append(p.shown, e)
		}
	}
	p.version, p.fresh = m.journal.version, true
	p.made++
	p.bottom = min(p.bottom, len(p.shown)-1)
	p.hold(foot, chosen)
}

func (p *logPage) choose(f logFilter) {
	p.filter, p.fresh, p.follow = f, false, true
}

// logKinds are what the kind key goes through.
var logKinds = []entryKind{"", entryAction, entryMod, entryService}

func (p *logPage) key(m *model, msg tea.KeyPressMsg) tea.Cmd {
	if p.input != nil {
		return p.typed(m, msg)
	}
	p.refresh(m)
	k := m.keys.Figures
	switch {
	case key.Matches(msg, k.Find):
		p.input, p.before = newField("filter", p.filter.text, nil), p.filter
	case key.Matches(msg, k.Invert):
		if !p.filter.empty() {
			p.choose(p.filter.inverted())
		}
	case key.Matches(msg, k.Kind):
		for i, kind := range logKinds {
			if kind == p.kind {
				p.kind = logKinds[(i+1)%len(logKinds)]
				break
			}
		}
		p.choose(p.filter)
	case key.Matches(msg, k.Tail):
		p.tail(!p.follow)
	case key.Matches(msg, k.Open):
		if e := p.chosen(); e != nil {
			return m.push(&entryBox{entry: *e})
		}
	case key.Matches(msg, k.Export):
		return p.export(m)
	case key.Matches(msg, k.Older):
		return p.older(m)
	case !p.filter.empty() && key.Matches(msg, k.Clear):
		p.choose(logFilter{})
	case key.Matches(msg, k.Back):
		return m.open(viewRoom)
	default:
		return p.move(m, msg)
	}
	return nil
}

// typed edits the filter; what is typed chooses at once.
func (p *logPage) typed(m *model, msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(msg, m.keys.Figures.Confirm):
		p.input = nil
	case key.Matches(msg, m.keys.Cancel):
		p.choose(p.before)
		p.input = nil
	case p.input.key(m, msg):
		p.choose(newLogFilter(p.input.value()))
	}
	return nil
}

func (p *logPage) paste(_ *model, text string) tea.Cmd {
	if p.input != nil {
		p.input.edit.insert(text)
		p.choose(newLogFilter(p.input.value()))
	}
	return nil
}

func (p *logPage) cursor(m *model) (x, y int, ok bool) {
	if p.input == nil {
		return 0, 0, false
	}
	return 1 + p.input.column(m, p.w-1), p.h - 1, true
}

// export asks for a file and writes what is shown to it.
func (p *logPage) export(m *model) tea.Cmd {
	p.refresh(m)
	entries := make([]logEntry, len(p.shown))
	for i, e := range p.shown {
		entries[i] = *e
	}
	if len(entries) == 0 {
		m.status = "there is nothing to export"
		return nil
	}
	q := &question{
		title: "Export " + count(uint64(len(entries)), "entry"),
		field: newField("file", logName(m.now.In(m.loc)), nil),
		body: func(m *model, w int) []string {
			return []string{m.styles.muted.paint(fit(m.by, "Markdown; .json and .csv say so by their name.", w)), m.styles.muted.paint(fit(m.by, "Addresses are masked.", w))}
		},
	}
	if len(entries) > 1 {
		q.title = "Export " + grouped(uint64(len(entries))) + " entries"
	}
	q.buttons = []button{{"y", "Export", func(m *model) tea.Cmd {
		return writeLog(q.field.value(), entries, m.loc)
	}}, {"n", "Leave it", nil}}
	return m.push(q)
}

func writeLog(path string, entries []logEntry, loc *time.Location) tea.Cmd {
	return func() tea.Msg {
		err := exportLog(path, entries, loc)
		return answer{func(m *model) tea.Cmd {
			m.status = "exported to " + room.Clean(path)
			if full, absErr := filepath.Abs(path); absErr == nil {
				m.status = "exported to " + room.Clean(full)
			}
			if err != nil {
				m.status = room.Clean(err.Error())
			}
			return nil
		}}
	}
}

func (p *logPage) hints(m *model) []key.Binding {
	k := m.keys.Figures
	if p.input != nil {
		return []key.Binding{k.Confirm, m.keys.Cancel}
	}
	hints := []key.Binding{k.Open, k.Find, k.Kind, k.Tail, k.Export}
	if !p.filter.empty() {
		return append(hints, k.Invert, k.Clear)
	}
	return append(hints, k.Up, k.Back, m.keys.Palette, m.keys.Help)
}

func (p *logPage) help(m *model) []keyGroup {
	k := m.keys.Figures
	return []keyGroup{{"Log", append([]key.Binding{k.Open, k.Find, k.Invert, k.Clear, k.Kind, k.Tail, k.Older, k.Export, k.Back}, k.rolling(m.keys)...)}}
}
