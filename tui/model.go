package tui

import (
	"crypto/rand"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"rosey/bus"
	"rosey/bus/room"
)

// Messages of the console's own; batchMsg is the pump's.
type (
	tickMsg time.Time

	// toldMsg is a word from outside, such as a signal, to leave.
	toldMsg struct{}

	// roomsMsg names the rooms that bots are in.
	roomsMsg []string

	// linkMsg is our link to NATS, told where no room is watched yet.
	linkMsg struct{ link bus.Link }

	// rttMsg is a round trip to NATS; err when there was none.
	rttMsg struct {
		rtt time.Duration
		err error
	}
)

// deps are what the model reaches the outside with, in commands only.
type deps struct {
	busSources // what F5 asks
	workshop
	wizardry
	request func(room, verb string, cmd bus.Command) (bus.CommandReply, error)
	ask     func(subject string, req, reply any) error // reply comes cleaned
	entered []string                                   // in earlier sessions
	memory  memory                                     // of earlier sessions
	themes  themes                                     // nil: the built-in ones
	broken  []brokenTheme                              // the person's own that cannot be read

	present func(bus.Presence) // tells the other consoles; nil: there are none
	rtt     func() (time.Duration, error)
	tick    tea.Cmd // waits a second and gives a tickMsg; nil: Bubble Tea's, which nothing ends early
}

// A model is the console. It is the only tea.Model; what it holds are plain
// structs that it asks to change and to draw themselves.
type model struct {
	opts Options
	deps deps
	keys keyMap
	loc  *time.Location

	now         time.Time // of the last tick or batch
	w, h        int
	layout      layout
	styles      *styles
	themes      themes
	broken      []brokenTheme
	by          ansi.Method
	profile     colorprofile.Profile
	look        int    // changes with styles and measure
	chosenTheme string // the theme that was chosen here; empty: the config's
	lastTheme   string // the theme that was shown last

	rooms    []*channel
	active   int
	beside   int  // the room that stands beside it, where split shows one
	split    bool // two rooms side by side, where they have the room
	right    bool // the active one stands to the right
	detail   detail
	pictured bool // what is drawn is kept: no secret that is being typed

	scratch wrapper // for what is wrapped while drawing

	gauges  gauges
	journal journal

	views   []view
	shown   viewID
	dialogs []dialog // the last lies on top

	rules  *rules
	notify notifier

	nats     bus.Link
	rtt      time.Duration
	rttAsked bool
	rttIn    int // ticks until the next question
	db       bus.DBHealth
	dbKnown  bool
	dbLost   bool
	merged   uint64

	hideUsers bool // beside the chat
	showUsers bool // instead of the chat, on a narrow screen
	mouseOff  bool
	releases  bool // the terminal says when a key is let go of; asked while it matters
	dragging  dividerKind
	widths    paneWidths
	errands   []*errand // oldest first
	outdated  *errand   // with all before it no longer told in the input row
	bulks     []*bulk   // oldest first
	recent    []string  // what the palette was used for, the last first
	choices   choices   // to be remembered

	console  string // this one, among the others
	consoles map[string]otherConsole
	said     bus.Presence
	saidAt   time.Time

	pace   pace
	untold []string // what the person is told when the room is known
	status string   // a short word about the last thing done
	left   bool     // the person has left the console
}

func newModel(o Options, d deps) *model {
	m := &model{console: rand.Text(), consoles: map[string]otherConsole{}, opts: o, deps: d, keys: defaultKeys(), views: makeViews(), loc: time.Local, by: ansi.WcWidth, profile: colorprofile.TrueColor}
	m.nats.State = room.LinkConnecting
	if m.unplugged() {
		m.shown = viewMigration
	}
	m.notify.by = notifyFor(o.Env)
	if m.themes = d.themes; m.themes == nil {
		m.themes = builtinThemes()
	}
	if _, ok := m.themes[d.memory.Theme]; ok && d.memory.ThemeOver == m.configTheme() {
		m.chosenTheme = d.memory.Theme
	}
	m.recent, m.widths = d.memory.Recent, d.memory.Widths
	m.detail.tab = recallDetail(d.memory)
	m.applySettings(o.TUI)
	m.broken = d.broken
	if o.Theme != "" {
		m.setTheme(o.Theme)
	}
	m.untold = untold(o.Warnings, d.broken)
	if len(m.untold) > 0 {
		m.status = m.untold[0]
	}
	for _, name := range o.Rooms {
		m.addRoom(name)
	}
	return m
}

func (m *model) addRoom(name string) {
	for _, v := range m.rooms {
		if v.name == name {
			return
		}
	}
	v := newChannel(name, m.opts.TUI.Scrollback, m.loc)
	v.edit.setHistory(m.deps.entered)
	v.operator = m.opts.Operator
	v.log.setRules(m.rules)
	v.chat.restyle(m.lines())
	m.rooms = append(m.rooms, v)
	m.arrange()
}

// room is the room that is shown; nil while none is known.
func (m *model) room() *channel {
	if m.active < len(m.rooms) {
		return m.rooms[m.active]
	}
	return nil
}
