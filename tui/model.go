package tui

import (
	"crypto/rand"
	"fmt"
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
	sources // what F5 asks
	workshop
	wizardry
	request  func(room, verb string, cmd bus.Command) (bus.CommandReply, error)
	ask      func(subject string, req, reply any) error // reply comes cleaned
	entered  []string                                   // in earlier sessions
	memory   memory                                     // of earlier sessions
	themes   themes                                     // nil: the built-in ones
	problems []string                                   // what to tell the person at the start

	present func(bus.Presence) // tells the other consoles; nil: there are none
	rtt     func() (time.Duration, error)
}

// A model is the console. It is the only tea.Model; what it holds are plain
// structs that it asks to change and to draw themselves.
type model struct {
	opts Options
	deps deps
	keys keyMap
	loc  *time.Location

	now     time.Time // of the last tick or batch
	w, h    int
	layout  layout
	styles  *styles
	themes  themes
	by      ansi.Method
	profile colorprofile.Profile
	look    int    // changes with styles and measure
	worn    string // the theme that was chosen here; empty: the config's

	rooms    []*channel
	active   int
	beside   int    // the room that stands beside it, where split shows one
	split    bool   // two rooms side by side, where they have the room
	right    bool   // the active one stands to the right
	tabs     []rect // where the header has the rooms' names
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

	hideUsers  bool // beside the chat
	showUsers  bool // instead of the chat, on a narrow screen
	mouseOff   bool
	releases   bool      // the terminal says when a key is let go of; asked while it matters
	dragging   bool      // the divider between chat and users
	usersWidth int       // of the users' pane as it was dragged; 0: as the screen asks
	errands    []*errand // oldest first
	bulks      []*bulk   // oldest first
	recent     []string  // what the palette was used for, the last first

	console  string // this one, among the others
	consoles map[string]heard
	said     bus.Presence
	saidAt   time.Time

	pace   pace
	status string // a short word about the last thing done
	left   bool   // the person has left the console
}

func newModel(o Options, d deps) *model {
	m := &model{console: rand.Text(), consoles: map[string]heard{}, opts: o, deps: d, keys: defaultKeys(), views: makeViews(), loc: time.Local, by: ansi.WcWidth, profile: colorprofile.TrueColor}
	m.nats.State = room.LinkConnecting
	if m.unplugged() {
		m.shown = viewMigration
	}
	m.notify.by = notifyFor(o.Env)
	if m.themes = d.themes; m.themes == nil {
		m.themes = builtinThemes()
	}
	if _, ok := m.themes[d.memory.Theme]; ok && d.memory.ThemeOver == m.configTheme() {
		m.worn = d.memory.Theme
	}
	m.recent = d.memory.Recent
	m.obey(o.TUI)
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
	v.edit.remember(m.deps.entered)
	v.operator = m.opts.Operator
	v.log.setRules(m.rules)
	v.chat.restyle(m.lines())
	if _, ok := m.themes[m.theme()]; !ok {
		v.local(m.now, fmt.Sprintf("there is no theme %q: using default", m.theme()))
	}
	for _, p := range m.deps.problems {
		v.local(m.now, p)
	}
	m.rooms = append(m.rooms, v)
	m.arrange()
}

// theme is the one that is worn: what was chosen here, or what the config says.
func (m *model) theme() string {
	if m.worn != "" {
		return m.worn
	}
	return m.configTheme()
}

func (m *model) configTheme() string {
	if m.opts.TUI.Theme == "" {
		return "default"
	}
	return m.opts.TUI.Theme
}

// room is the room that is shown; nil while none is known.
func (m *model) room() *channel {
	if m.active < len(m.rooms) {
		return m.rooms[m.active]
	}
	return nil
}

// Init starts the clock.
func (m *model) Init() tea.Cmd {
	return func() tea.Msg { return tickMsg(time.Now()) }
}

// Update takes one message. It does no I/O; what must wait is in the command.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if cmd, ok := m.paced(msg); ok {
		return m, cmd
	}
	_, cmd := m.update(msg)
	say, keep, next := m.sayPresence(), m.keepEntered(), m.pace.next()
	if say != nil || keep != nil || next != nil {
		return m, tea.Batch(cmd, say, keep, next)
	}
	return m, cmd
}

func (m *model) update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		m.arrange()
	case tea.ColorProfileMsg:
		m.profile = msg.Profile
		m.restyle()
	case tea.ModeReportMsg:
		m.measure(msg)
	case tickMsg:
		return m, m.tick(time.Time(msg))
	case batchMsg:
		m.record(msg)
		m.take(msg)
		return m, tea.Batch(m.wantTrees(), m.ring())
	case bulkMsg:
		return m, m.told(msg)
	case screenMsg:
		msg.to <- m.snapshot()
	case savedMsg:
		m.saved(msg)
	case configMsg:
		m.reconfigure(msg)
	case linkMsg:
		m.link(msg.link, m.now)
	case roomsMsg:
		for _, name := range msg {
			m.addRoom(name)
		}
	case rttMsg:
		m.rttAsked = false
		if msg.err == nil {
			m.rtt = msg.rtt
			m.gauges.rtt.Add(msg.rtt)
		}
	case sentMsg:
		return m, m.sent(msg)
	case errandMsg:
		return m, m.carried(msg)
	case answer:
		return m, msg.apply(m)
	case rememberedMsg:
		if msg.err != nil {
			m.status = room.Clean(msg.err.Error())
		}
	case armMsg:
		msg.dialog.arm()
	case tea.KeyboardEnhancementsMsg:
		m.releases = msg.SupportsEventTypes()
	case tea.KeyReleaseMsg:
		m.released(msg)
	case tea.KeyPressMsg:
		return m, m.key(msg)
	case tea.PasteMsg:
		return m, m.paste(msg.Content)
	case tea.MouseMsg:
		return m, m.pointed(msg)
	}
	return m, nil
}

// interrupt drops a line half typed, as in a shell, and leaves the console where
// there is none.
func (m *model) interrupt() tea.Cmd {
	v := m.room()
	if v == nil || m.shown != viewRoom || m.opts.ReadOnly || v.edit.empty() {
		return m.quit()
	}
	v.edit.keep(v.edit.cut(0, len(v.edit.chars)))
	m.status = m.keys.Yank.Help().Key + " brings the line back, " + m.keys.Quit.Help().Key + " quits"
	return nil
}

// quit leaves the console, with an empty screen: tmux 3.3 mixes what is left on
// the alternate screen into the shell's when the window has grown meanwhile.
func (m *model) quit() tea.Cmd {
	m.left = true
	return m.pace.leave()
}

// measure follows what the terminal says about wide characters, just as the
// renderer does.
func (m *model) measure(msg tea.ModeReportMsg) {
	if msg.Mode != ansi.ModeUnicodeCore {
		return
	}
	switch msg.Value {
	case ansi.ModeReset, ansi.ModeSet, ansi.ModePermanentlySet:
		m.by = ansi.GraphemeWidth
		m.restyle()
	}
}

// rttEvery is how many seconds lie between two measured round trips.
const rttEvery = 5

func (m *model) tick(now time.Time) tea.Cmd {
	m.now = now
	m.gauges.tick(now)
	for _, v := range m.rooms {
		v.rate.advance(now)
	}
	next := []tea.Cmd{m.wantTrees(), tea.Tick(time.Second, func(t time.Time) tea.Msg { return tickMsg(t) }), m.view().want(m), m.sweep()}
	for _, v := range m.rooms {
		next = append(next, m.wantReasons(v))
	}
	m.rttIn--
	if m.rttIn > 0 || m.rttAsked || m.nats.State != room.LinkUp {
		return tea.Batch(next...)
	}
	m.rttIn, m.rttAsked = rttEvery, true
	ask := m.deps.rtt
	return tea.Batch(append(next, func() tea.Msg {
		rtt, err := ask()
		return rttMsg{rtt, err}
	})...)
}

// arrange lays the screen out anew and tells every chat its size.
func (m *model) arrange() {
	want := !m.hideUsers
	if m.w < narrowWidth {
		want = m.showUsers
	}
	m.pair()
	m.layout = arrange(m.w, m.h, wishes{users: want, width: m.usersWidth, split: m.split && len(m.rooms) > 1, right: m.right})
	m.view().size(m.layout.body.w, m.layout.body.h)
	for i, v := range m.rooms {
		c := m.layout.chat
		if i == m.beside && m.layout.other.w > 0 {
			c = m.layout.other
		}
		if c.w > 0 && c.h > 0 {
			v.log.resize(c.w, c.h)
			v.chat.resize(c.w, c.h)
		}
	}
}

// restyle makes the styles anew and has every line rendered again.
func (m *model) restyle() {
	m.styles, _ = newStyles(m.themes, m.theme(), m.profile)
	m.look++
	for _, v := range m.rooms {
		v.log.restyle(m.lines())
		v.chat.restyle(m.lines())
	}
}

func (m *model) lines() lineRenderer {
	return newLineRenderer(m.styles, m.by, m.loc, m.clock12(), m.look)
}
