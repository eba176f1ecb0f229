package tui

import (
	"fmt"
	"strings"
	"time"

	"rosey/bus/room"
)

// header is the first row: rooms to the left, counts, links and clock to the
// right. Where it does not fit, words go before signs and signs before links.
func (m *model) header() string {
	left, right, _ := m.headerParts()
	return spread(m.by, left, right, m.w)
}

// headerLevels is how often the header leaves something out.
const headerLevels = 6

// headerParts are the two ends of the header, and where the first has the
// rooms' names.
func (m *model) headerParts() (left, right string, tabs []rect) {
	for level := range headerLevels {
		left, tabs = m.headerLeft(level)
		right = m.headerRight(level)
		if m.by.StringWidth(left)+m.by.StringWidth(right)+1 <= m.w {
			return left, right, tabs
		}
	}
	return left, " " + right, tabs
}

func (m *model) headerLeft(level int) (left string, tabs []rect) {
	s := m.styles
	var b strings.Builder
	b.WriteString(" ")
	if level < 3 {
		b.WriteString(s.title.paint("rosey"))
		b.WriteString(s.border.paint(" │ "))
	}
	switch {
	case m.opts.Demo && level < 3:
		b.WriteString(s.warn.paint("DEMO") + s.border.paint(" │ "))
	case m.opts.Demo:
		b.WriteString(s.warn.paint("DEMO "))
	}
	if m.opts.ReadOnly && level < 2 {
		b.WriteString(s.warn.paint("READ ONLY") + s.border.paint(" │ "))
	}
	if len(m.rooms) == 0 {
		b.WriteString(s.muted.paint("no room"))
	}
	x := m.by.StringWidth(b.String())
	for i, v := range m.rooms {
		if i > 0 {
			b.WriteString("  ")
			x += 2
		}
		tab := m.tab(i, v, level)
		tabs = append(tabs, rect{x: x, w: m.by.StringWidth(tab), h: 1})
		x += tabs[i].w
		b.WriteString(tab)
	}
	if with := m.company(level); with != "" {
		b.WriteString(s.border.paint(" │ ") + s.muted.paint(truncate(m.by, with, 40, ellipsis)))
	}
	return b.String(), tabs
}

// tab is one room's name with its number and what is new in it.
func (m *model) tab(i int, v *channel, level int) string {
	s := m.styles
	name := room.Clean(v.name)
	if level >= 2 {
		name = truncate(m.by, name, 12, ellipsis)
	}
	number := ""
	if len(m.rooms) > 1 {
		number = fmt.Sprintf("%d ", i+1)
	}
	if i == m.active {
		return s.muted.paint(number) + s.tab.paint(name)
	}
	news := ""
	switch {
	case v.reading.level == alarmRaid:
		news = s.danger.paint("·◬")
	case v.mentions > 0:
		news = s.accent.paint(fmt.Sprintf("·%d!", v.unread))
	case v.unread > 0:
		news = s.text.paint("·" + grouped(uint64(v.unread)))
	}
	if level >= 4 {
		return s.muted.paint(strings.TrimSpace(number)) + news
	}
	return s.muted.paint(number+name) + news
}

// headerRight is counts, links and clock; each level leaves out more.
func (m *model) headerRight(level int) string {
	s := m.styles
	var parts []string
	if sign := m.radarSign(m.room(), level); sign != "" {
		parts = append(parts, sign)
	}
	if v := m.room(); v != nil && v.known {
		here := grouped(uint64(len(v.state.Users)))
		asOf := m.asOf(v)
		switch {
		case asOf != "" && level < 3:
			parts = append(parts, s.muted.paint(here+" here "+asOf))
		case asOf != "":
		case level == 0 && v.state.Count > 0: // CyTube tells it up to ten seconds late
			parts = append(parts, s.muted.paint(grouped(uint64(v.state.Count))+" watching  ")+here+s.muted.paint(" here"))
		case level < 3:
			parts = append(parts, here+s.muted.paint(" here"))
		}
	}
	for _, l := range m.links() {
		parts = append(parts, m.linkSign(l, level))
	}
	gap := "  "
	if level < 2 {
		gap = "   "
	}
	if !m.now.IsZero() && level < 5 {
		parts = append(parts, s.muted.paint(clockText(m.now.In(m.loc), m.clock12())))
	}
	return strings.Join(parts, gap) + " "
}

// A linkInfo is one of the three links as it is to be shown.
type linkInfo struct {
	name, short string
	state       linkSign
	detail      string    // while up: how well
	slot        int       // cells that detail is given, so that a digit more moves nothing
	reason      string    // while not up: why, for people
	since       time.Time // of not being up
	retry       time.Time // of the next try, where it is known
}

// tripSlot is how wide a round trip gets.
const tripSlot = len("999ms")

// A linkSign is what the header tells of a link.
type linkSign int

const (
	signUp linkSign = iota
	signTrying
	signDown
	signUnknown
	signStopped
)

func (s linkSign) word() string {
	return [...]string{"up", "connecting", "down", "unknown", "stopped"}[s]
}

// links are CyTube, NATS and the database, as far as can be known.
func (m *model) links() []linkInfo {
	if m.unplugged() {
		return nil
	}
	nats := linkInfo{name: "NATS", short: "N", slot: tripSlot, state: signOf(m.nats.State), reason: m.nats.Reason, since: m.nats.Since, retry: m.nats.RetryAt}
	if m.rtt > 0 {
		nats.detail = milliseconds(float64(m.rtt) / float64(time.Millisecond))
	}
	return []linkInfo{m.cytubeLink(), nats, m.dbLink()}
}

func signOf(s room.LinkState) linkSign {
	switch s {
	case room.LinkUp:
		return signUp
	case room.LinkConnecting, room.LinkStandby:
		return signTrying
	case room.LinkStopped:
		return signStopped
	}
	return signDown
}

func (m *model) cytubeLink() linkInfo {
	l := linkInfo{name: "CyTube", short: "C", slot: tripSlot, state: signUnknown}
	v := m.room()
	switch {
	case v == nil || m.nats.State != room.LinkUp:
		return l
	case v.noBot != "":
		l.reason = v.noBot + ": start one with `rosey run`"
		return l
	case v.botLost:
		l.reason, l.since = "the bot of "+room.Clean(v.name)+" is silent", v.lostAt
		return l
	case !v.known:
		return l
	}
	c := v.state.Connection
	l.state, l.reason = signOf(c.State), room.Clean(c.Reason)
	if c.State == room.LinkStandby && l.reason == "" {
		l.reason = "another bot holds the room"
	}
	if c.Since > 0 {
		l.since = time.UnixMilli(c.Since)
	}
	if c.RetryAt > 0 {
		l.retry = time.UnixMilli(c.RetryAt)
	}
	if v.beat.RTT > 0 {
		l.detail = milliseconds(v.beat.RTT)
	}
	return l
}

func (m *model) dbLink() linkInfo {
	l := linkInfo{name: "DB", short: "D", slot: len("99 behind"), state: signUnknown}
	switch {
	case m.nats.State != room.LinkUp || !m.dbKnown && !m.dbLost:
		return l
	case m.dbLost:
		l.state, l.reason = signDown, "the database service is silent: nothing is stored until `rosey run` is back"
		return l
	case m.db.Error != "":
		l.state, l.reason = signTrying, room.Clean(m.db.Error)
		return l
	}
	l.state, l.detail = signUp, grouped(m.db.Behind)+" behind"
	if !m.db.JetStream {
		l.detail = "no JetStream"
	}
	return l
}

// linkSign shows a link: its name, a sign whose shape tells the state, and how
// well it is or when it is tried again.
func (m *model) linkSign(l linkInfo, level int) string {
	s := m.styles
	sign, k := "●", s.good
	switch l.state {
	case signTrying:
		sign, k = "◐", s.warn
	case signDown:
		sign, k = "○", s.bad
	case signUnknown:
		sign, k = "?", s.muted
	case signStopped:
		sign, k = "■", s.bad
	}
	name := l.name
	if level >= 3 {
		name = l.short
	}
	out := s.muted.paint(name+" ") + k.paint(sign)
	switch {
	case l.state == signUp && level == 0 && l.detail != "":
		out += s.muted.paint(fmt.Sprintf(" %-*s", l.slot, l.detail))
	case l.state != signUp && level < 2 && l.retry.After(m.now):
		out += k.paint(fmt.Sprintf(" %d s", secondsUntil(m.now, l.retry)))
	}
	return out
}

// trouble is the worst that is wrong, in sentences of which each is shorter
// than the one before; empty when nothing is. What to do about it goes last.
func (m *model) trouble() []string {
	links := m.links()
	if len(links) == 0 {
		return nil
	}
	for _, l := range []linkInfo{links[1], links[0], links[2]} { // NATS hides what is behind it
		if l.state == signUp || l.state == signUnknown && l.reason == "" {
			continue
		}
		return m.sentences(l)
	}
	return nil
}

func (m *model) sentences(l linkInfo) []string {
	name := l.name + " " + l.state.word()
	reason := ""
	switch {
	case l.reason == "":
	case l.state == signUnknown && l.since.IsZero():
		name = l.reason // says it all
	default:
		reason = " · " + l.reason
	}
	long, retry := "", ""
	if !l.since.IsZero() && !m.now.IsZero() {
		long = " for " + spoken(m.now.Sub(l.since).Milliseconds())
	}
	if l.retry.After(m.now) {
		retry = fmt.Sprintf(" · next try in %d s", secondsUntil(m.now, l.retry))
	}
	out := []string{name + long + retry + reason, name + long + reason, name + reason}
	if what, advice, ok := strings.Cut(l.reason, ": "); ok {
		advice, _, _ = strings.Cut(advice, ": ") // what the system said comes last, and goes first
		out = append(out, name+" · "+what+": "+advice, name+" · "+advice)
	}
	return out
}
