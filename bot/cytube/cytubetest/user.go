package cytubetest

import (
	"strings"
	"time"
)

// sink is where a user's frames go: a connection, or a puppet.
type sink interface {
	deliver(*event)
	disconnect() // calls the user's disconnected
}

// user is one session: from the namespace's acceptance to its end. It belongs
// to the loop.
type user struct {
	s    *Server
	sink sink
	ip   string

	account   *account // nil for guests and the anonymous
	guest     string
	loggedIn  bool
	loggingIn bool
	joinUsed  bool // joinChannel is heard once
	panel     bool // the site's control panel is open
	dead      bool

	name, lower string
	globalRank  float64
	channelRank float64
	rank        float64 // the effective one
	rankBefore  float64 // of a leader, before the lead
	aliases     []string

	channel     *channel // since the channel is ready for the user
	inChannel   bool     // accepted: channel events are heard
	rankKnown   bool     // the channel rank has been looked up
	passwordTry func(string)
	whenNamed   []func()
	whenRanked  []func()

	afk, muted, shadowMuted bool
	away                    *timer
	firstSeen               time.Time
	chat, queueing, asking  throttle
	events                  *bucket // nil for no limit
	puppet                  bool    // without a socket, and never throttled
}

func newUser(s *Server, to sink, ip string) *user {
	u := &user{s: s, sink: to, ip: ip, channelRank: -1, firstSeen: s.loop.now(), aliases: s.aliasesOf(ip)}
	if l := s.opts.EventLimit; l.Burst > 0 {
		u.events = newBucket(l.Burst, l.PerSecond, s.loop.now())
	}
	u.identify()
	return u
}

// welcome sends what a new session gets first.
func (u *user) welcome(cookie *account) {
	if cookie != nil {
		u.account, u.loggedIn = cookie, true
		u.identify()
		u.emit("login", loginReply{Success: true, Name: u.name, Guest: new(bool)})
		u.emit("rank", u.rank)
		u.s.recordVisit(u.ip, u.name)
	} else {
		u.emit("rank", u.rank)
	}
	if u.s.announcement != nil {
		u.emit("announcement", u.s.announcement)
	}
}

// identify works out name and rank from who the user is.
func (u *user) identify() {
	switch {
	case u.account != nil:
		u.name, u.globalRank = u.account.name, u.account.globalRank
	case u.guest != "":
		u.name, u.globalRank = u.guest, 0
	default:
		u.name, u.globalRank = "", -1
	}
	u.lower = strings.ToLower(u.name)
	u.rank = max(u.channelRank, u.globalRank)
}

func (u *user) deliver(e *event) {
	if !u.dead {
		u.sink.deliver(e)
	}
}

func (u *user) emit(name string, arg any) { u.deliver(encode(name, arg)) }

// complain sends an errorMsg.
func (u *user) complain(text string) { u.emit("errorMsg", errorMsg{Msg: text}) }

type errorMsg struct {
	Msg   string `json:"msg"`
	Alert bool   `json:"alert,omitempty"`
	Code  string `json:"code,omitempty"`
}

type kick struct {
	Reason string `json:"reason"`
}

// kick throws the user out. The websocket stays open (PROTOCOL.md §9).
func (u *user) kick(reason string) {
	u.emit("kick", kick{reason})
	u.sink.disconnect()
}

// disconnected ends the session.
func (u *user) disconnected() {
	if u.dead {
		return
	}
	u.dead = true
	u.away.stop()
	u.whenNamed, u.whenRanked, u.passwordTry = nil, nil, nil
	if !u.puppet {
		if u.s.open[u.ip]--; u.s.open[u.ip] <= 0 {
			delete(u.s.open, u.ip)
		}
	}
	if u.channel != nil {
		u.channel.forget(u)
	}
}

// onceNamed runs f when the user has a name, which may be now.
func (u *user) onceNamed(f func()) {
	if u.loggedIn {
		f()
		return
	}
	u.whenNamed = append(u.whenNamed, f)
}

// onceRanked runs f when the rank in the channel is known.
func (u *user) onceRanked(f func()) {
	if u.rankKnown {
		f()
		return
	}
	u.whenRanked = append(u.whenRanked, f)
}

// flush runs what waited, in the order in which it came to wait.
func (u *user) flush(waiting *[]func()) {
	all := *waiting
	*waiting = nil
	for _, f := range all {
		if !u.dead {
			f()
		}
	}
}

// setRank changes the effective rank and resends the user list if that shows
// it in another form (PROTOCOL.md §4).
func (u *user) setRank(rank float64) {
	before := u.rank
	u.rank = rank
	if u.inChannel && (crosses(before, rank, 2) || crosses(before, rank, 255)) {
		u.channel.sendUserlist(u)
	}
}

func crosses(from, to, line float64) bool { return (from >= line) != (to >= line) }

// setAFK marks the user as away or back.
func (u *user) setAFK(away bool) {
	if !u.inChannel {
		return
	}
	if u.afk == away {
		u.watchAFK()
		return
	}
	u.afk = away
	if away {
		u.channel.unskip(u.ip)
		u.emit("clearVoteskipVote", none{})
	} else {
		u.watchAFK()
	}
	u.channel.countSkips()
	u.channel.sendMeta(u, anyRank)
	u.channel.broadcast("setAFK", afkNotice{u.name, away})
}

type afkNotice struct {
	Name string `json:"name"`
	AFK  bool   `json:"afk"`
}

// watchAFK starts the time after which a silent user counts as away.
func (u *user) watchAFK() {
	u.away.stop()
	u.away = nil
	if !u.inChannel || u.channel.options.AFKTimeout <= 0 || u.puppet {
		return
	}
	timeout := time.Duration(u.channel.options.AFKTimeout * float64(time.Second))
	u.away = u.s.loop.after(timeout, func() { u.setAFK(true) })
}
