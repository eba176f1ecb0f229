package tui

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus"
)

// peoplePage is everyone the database has seen, page by page.
type peoplePage struct {
	w, h   int
	list   table
	seen   query[bus.TopReply]
	first  int // of all, the first on this page
	order  int // in peopleOrders
	up     bool
	filter *field // what names must have in them
	typing bool
}

// peopleOrders are the columns that can be sorted by, with what stands first.
var peopleOrders = []struct {
	title string
	sort  bus.UsersSort
	down  bool
}{
	{"last seen", bus.SortLastSeen, true}, {"lines", bus.SortLines, true}, {"time", bus.SortTime, true},
	{"actions", bus.SortActions, true}, {"first seen", bus.SortFirstSeen, true}, {"name", bus.SortName, false},
}

// peopleEvery is how often the page that is shown is asked for again.
const peopleEvery = 15 * time.Second

func newPeoplePage() *peoplePage { return &peoplePage{filter: newField("filter", "", nil)} }

func (p *peoplePage) size(w, h int) { p.w, p.h = w, h }

// perPage is how many people one page holds: what fits the screen.
func (p *peoplePage) perPage() int { return max(1, min(200, p.h-3)) }

func (p *peoplePage) want(m *model) tea.Cmd {
	if !p.seen.older(m.now, peopleEvery) {
		return nil
	}
	return p.ask(m)
}

func (p *peoplePage) ask(m *model) tea.Cmd {
	o := peopleOrders[p.order]
	return p.seen.ask(m, bus.SubjectUsers, bus.TopQuery{
		Limit: p.perPage() + 1, Offset: p.first, Filter: p.filter.value(), Sort: o.sort, Descending: o.down != p.up,
	}, func(m *model) tea.Cmd {
		p.list.find(p.rows(m))
		return nil
	})
}

// page is what is shown, and whether there is more behind it.
func (p *peoplePage) page() (users []bus.UserStats, more bool) {
	users = p.seen.reply.Users
	if n := p.perPage(); len(users) > n {
		return users[:n], true
	}
	return users, false
}

func (p *peoplePage) columns() []column {
	switch {
	case p.w < narrowWidth:
		return []column{{title: "name", person: true}, {title: "last seen", w: 12, right: true}, {title: "lines", w: 7, right: true}}
	case p.w < usersWidth:
		return []column{{title: "name", person: true}, {w: 4}, {title: "last seen", w: 12, right: true}, {title: "lines", w: 9, right: true}, {title: "time", w: 10, right: true}, {title: "actions", w: 7, right: true}}
	}
	return []column{{title: "name", person: true}, {w: 10}, {title: "first seen", w: 12, right: true}, {title: "last seen", w: 12, right: true}, {title: "lines", w: 9, right: true}, {title: "time", w: 12, right: true}, {title: "actions", w: 8, right: true}, {title: "notes", w: 6, right: true}}
}

func (p *peoplePage) rows(m *model) []tableRow {
	users, _ := p.page()
	rows := make([]tableRow, 0, len(users))
	s := m.styles
	v := m.room()
	for _, u := range users {
		here := ""
		if v != nil {
			if _, ok := v.state.User(u.Username); ok {
				here = "here"
			}
		}
		first, last := m.ago(u.FirstSeen), m.ago(u.LastSeen)
		lines, long := grouped(uint64(max(0, u.ChatLines))), spoken(u.TimeConnected*1000)
		var texts []string
		var inks []ink
		add := func(k ink, text string) { texts, inks = append(texts, text), append(inks, k) }
		add(s.name(u.Username), cleanName(u.Username))
		switch {
		case p.w < narrowWidth:
			add(s.text, last)
			add(s.muted, lines)
		case p.w < usersWidth:
			add(s.good, here)
			add(s.text, last)
			add(s.text, lines)
			add(s.muted, long)
			add(s.warn, nonZero(u.Actions))
		default:
			add(s.good, here)
			add(s.muted, first)
			add(s.text, last)
			add(s.text, lines)
			add(s.muted, long)
			add(s.warn, nonZero(u.Actions))
			add(s.muted, nonZero(u.Notes))
		}
		rows = append(rows, tableRow{key: u.Username, text: m.tableCells(p.columns(), texts, p.w-3, inks...)})
	}
	return rows
}

// nonZero is a number that is worth showing.
func nonZero(n int64) string {
	if n <= 0 {
		return ""
	}
	return grouped(uint64(n))
}

// ago is a moment in Unix seconds as one says it now.
func (m *model) ago(t int64) string {
	if t <= 0 {
		return ""
	}
	at := time.Unix(t, 0).In(m.loc)
	switch d := m.now.Sub(at); {
	case d < 2*time.Minute:
		return "now"
	case d < time.Hour:
		return spoken(d.Milliseconds()) + " ago"
	case at.YearDay() == m.now.In(m.loc).YearDay() && d < 24*time.Hour:
		return clockText(at, m.clock12())
	case at.Year() == m.now.Year():
		return at.Format("2 Jan")
	}
	return at.Format("2 Jan 2006")
}

func (p *peoplePage) draw(m *model) []string {
	s := m.styles
	o := peopleOrders[p.order]
	arrow := "↓"
	if o.down == p.up {
		arrow = "↑"
	}
	left := "  " + s.text.paint("by "+o.title+" "+arrow)
	if p.typing || p.filter.value() != "" {
		left += "   " + p.filter.row(m, min(40, max(10, p.w-30)))
	}
	users, more := p.page()
	right := ""
	if len(users) > 0 {
		right = grouped(uint64(p.first+1)) + "–" + grouped(uint64(p.first+len(users)))
		if more {
			right += ", more: " + m.keys.PageDown.Help().Key
		}
	}
	rows := []string{spread(m.by, left, s.muted.paint(right)+" ", p.w), "  " + m.tableHead(p.columns(), p.w-3)}
	body := p.list.draw(m, p.rows(m), p.w, max(1, p.h-2))
	switch {
	case p.seen.trouble() != "" && !p.seen.known:
		body[0] = s.warn.paint("     " + p.seen.trouble())
	case !p.seen.known:
		body[0] = s.muted.paint("     asking the database …")
	case len(users) == 0:
		body[0] = s.muted.paint("     nobody")
	}
	return m.page(append(rows, body...), p.w, p.h)
}

func (p *peoplePage) key(m *model, msg tea.KeyPressMsg) tea.Cmd {
	k := m.keys
	if p.typing {
		return p.filterKey(m, msg)
	}
	rows := p.rows(m)
	_, more := p.page()
	switch {
	case key.Matches(msg, k.Down, k.PageDown) && more && (p.list.at >= len(rows)-1 || key.Matches(msg, k.PageDown)):
		return p.turn(m, p.perPage())
	case key.Matches(msg, k.Up, k.PageUp) && p.first > 0 && (p.list.at == 0 || key.Matches(msg, k.PageUp)):
		return p.turn(m, -p.perPage())
	case p.list.key(k, msg, rows, p.h-2):
	case key.Matches(msg, k.Sort):
		p.order, p.up = (p.order+1)%len(peopleOrders), false
		return p.turn(m, -p.first)
	case key.Matches(msg, k.Reverse):
		p.up = !p.up
		return p.turn(m, -p.first)
	case key.Matches(msg, k.Search):
		p.typing = true
	case key.Matches(msg, k.Leave) && p.filter.value() != "":
		p.filter.edit.set("")
		return p.turn(m, -p.first)
	case key.Matches(msg, k.Leave):
		return m.open(viewRoom)
	case key.Matches(msg, k.Copy):
		return m.copy(cleanName(p.list.chosen))
	case key.Matches(msg, k.Card, k.Kick, k.Mute, k.Ban) && m.room() != nil:
		return m.onPersonKey(m.room(), p.list.chosen, msg)
	}
	return nil
}

// turn shows another page.
func (p *peoplePage) turn(m *model, by int) tea.Cmd {
	p.first = max(0, p.first+by)
	p.list = table{}
	return p.ask(m)
}

func (p *peoplePage) filterKey(m *model, msg tea.KeyPressMsg) tea.Cmd {
	before := p.filter.value()
	switch k := m.keys; {
	case key.Matches(msg, k.Cancel):
		p.typing = false
		p.filter.edit.set("")
	case key.Matches(msg, k.Choose):
		p.typing = false
	default:
		p.filter.key(m, msg)
	}
	if p.filter.value() == before {
		return nil
	}
	return p.turn(m, -p.first)
}

func (p *peoplePage) hints(m *model) []key.Binding {
	k := m.keys
	if p.typing {
		return []key.Binding{bind("enter", "keep the filter", "enter"), k.Cancel}
	}
	return []key.Binding{k.Card, k.Sort, k.Reverse, worded(k.Search, "filter"), k.PageDown, k.Views[viewRoom], k.Help}
}

func (p *peoplePage) help(m *model) []keyGroup {
	k := m.keys
	keys := append(k.inList(), worded(k.Sort, "sort by the next column"), k.Reverse, worded(k.Search, "filter by name"), k.Card)
	if !m.opts.ReadOnly {
		keys = append(keys, k.Kick, k.Mute, k.Ban)
	}
	return []keyGroup{
		{"People", append(keys, worded(k.Copy, "copy the name"), worded(k.Leave, "to the room"))},
		{"Columns", []key.Binding{
			bind("first seen", "when they came first"), bind("last seen", "when they were here last"), bind("lines", "how many they said"),
			bind("time", "how long they were here"), bind("actions", "what was done against them: kicks, mutes, bans"), bind("notes", "what operators wrote about them"),
		}},
	}
}

func (p *peoplePage) pointer(m *model, e pointer) tea.Cmd {
	if p.list.pointer(e, p.rows(m), e.y-2) {
		return m.openCard(m.room(), p.list.chosen)
	}
	return nil
}

func (p *peoplePage) cursor(m *model) (x, y int, ok bool) {
	if !p.typing {
		return 0, 0, false
	}
	o := "  by " + peopleOrders[p.order].title + " ↓   "
	return m.by.StringWidth(o) + p.filter.column(m, min(40, max(10, p.w-30))), 0, true
}

func (p *peoplePage) paste(m *model, text string) tea.Cmd {
	if !p.typing {
		return nil
	}
	p.filter.edit.insert(strings.Join(pastedLines(text), " "))
	return p.turn(m, -p.first)
}
