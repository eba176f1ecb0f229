package cytubetest

import (
	"fmt"
	"maps"
	"strings"
	"time"
)

const (
	replayLines   = 15
	usercountGap  = 10 * time.Second
	channelLogMax = 100 << 10
	anyRank       = -1.0
)

// channel is a loaded channel: it exists while somebody is in it. It belongs
// to the loop.
type channel struct {
	s      *Server
	name   string // lower case
	record *record
	dead   bool

	visitors int     // in the channel or at its door
	users    []*user // in order of arrival
	room     []*user // those who hear broadcasts: also newcomers not yet in users
	counted  settle

	saved
	drinks int
	playlist
	player
	poll *poll
	skip *poll // the votes to skip
}

// saved is the part of a channel's state that outlives its unloading.
type saved struct {
	permissions map[string]float64
	unlocked    bool
	options     settings
	motd        string
	css, js     string
	emotes      []Emote
	filters     []filter
	replay      []*event
	muted       map[string]muting // by lower-case name
}

type muting int

const (
	muteOpen muting = iota + 1
	muteShadow
)

// load gives f the channel, which may take a query to the database.
func (s *Server) load(name string, f func(*channel)) {
	if c := s.channels[name]; c != nil {
		f(c)
		return
	}
	s.database(func() { f(s.channelNow(name)) })
}

// channelNow gives the channel, loading it if need be.
func (s *Server) channelNow(name string) *channel {
	if c := s.channels[name]; c != nil {
		return c
	}
	c := &channel{s: s, name: name, record: s.stored[name]}
	c.counted = settle{loop: s.loop, every: usercountGap, f: func() {
		c.broadcast("usercount", len(c.users))
	}}
	s.channels[name] = c
	if c.record == nil {
		c.saved = unregistered(name)
		return c
	}
	c.saved = c.record.saved
	c.poll = c.record.poll
	c.restorePlaylist()
	return c
}

// unload saves the channel and forgets it.
func (c *channel) unload() {
	if c.dead {
		return
	}
	c.save()
	c.stopPlayer()
	c.counted.timer.stop()
	if c.poll != nil {
		c.poll.timer.stop()
	}
	c.dead = true
	delete(c.s.channels, c.name)
}

// save keeps the channel's state in its record.
func (c *channel) save() {
	if c.record == nil {
		return
	}
	c.record.saved = c.saved
	c.record.poll = c.poll
	c.savePlaylist()
}

// user finds a user in the channel by name, in any case.
func (c *channel) user(name string) *user {
	for _, u := range c.users {
		if u.name != "" && strings.EqualFold(u.name, name) {
			return u
		}
	}
	return nil
}

// broadcast sends to everybody in the channel.
func (c *channel) broadcast(name string, arg any) { c.broadcastEvent(encode(name, arg)) }

func (c *channel) broadcastEvent(e *event) {
	for _, u := range c.room {
		u.deliver(e)
	}
}

// broadcastTo sends to those for whom want holds.
func (c *channel) broadcastTo(name string, arg any, want func(*user) bool) {
	e := encode(name, arg)
	for _, u := range c.users {
		if want(u) {
			u.deliver(e)
		}
	}
}

// logf writes a line into the channel's log.
func (c *channel) logf(format string, args ...any) {
	if c.record == nil {
		return
	}
	log := c.s.loop.now().UTC().AppendFormat(c.record.log, "[Mon Jan 02 2006 15:04:05] ")
	log = append(fmt.Appendf(log, format, args...), '\n')
	if extra := len(log) - channelLogMax; extra > channelLogMax { // seldom: a copy for each line costs more than the line
		log = append(log[:0], log[extra:]...)
	}
	c.record.log = log
}

// readLog handles readChanLog.
func (c *channel) readLog(u *user, _ request) {
	if u.rank < 3 {
		u.kick("Attempted readChanLog with insufficient permission")
		return
	}
	reply := chanLog{Data: "Channel log is only available to registered channels."}
	if c.record != nil {
		log := c.record.log
		reply = chanLog{Success: true, Data: string(log[max(0, len(log)-channelLogMax):])}
	}
	u.emit("readChanLog", reply)
}

type chanLog struct {
	Success bool   `json:"success"`
	Data    string `json:"data"`
}

// named is the payload of events that are about a name.
type named struct {
	Name string `json:"name"`
}

// userRank is the payload of setUserRank.
type userRank struct {
	Name     string   `json:"name"`
	Rank     float64  `json:"rank"`
	UserRank *float64 `json:"userrank,omitempty"`
}

// userData is a user as user lists show them. Moderators see more
// (PROTOCOL.md §7).
type userData struct {
	Name    string   `json:"name"`
	Rank    float64  `json:"rank"`
	Profile profile  `json:"profile"`
	Meta    userMeta `json:"meta"`
}

type profile struct {
	Image string `json:"image"`
	Text  string `json:"text"`
}

type userMeta struct {
	AFK   bool `json:"afk"`
	Muted bool `json:"muted"`
	*modMeta
}

type modMeta struct {
	ShadowMuted bool     `json:"smuted"`
	Aliases     []string `json:"aliases"`
	IP          string   `json:"ip"`
}

// form is one of the three ways to show a user.
type form int

const (
	formPlain form = iota
	formModerator
	formSite
	forms
)

// formFor is the form a user sees others in.
func formFor(u *user) form {
	switch {
	case u.globalRank >= 255:
		return formSite
	case u.rank >= 2:
		return formModerator
	}
	return formPlain
}

// data shows the user in a form.
func (u *user) data(f form) userData {
	d := userData{Name: u.name, Rank: u.rank, Meta: userMeta{AFK: u.afk, Muted: u.muted && !u.shadowMuted}}
	if f == formPlain {
		return d
	}
	d.Meta.Muted = u.muted
	d.Meta.modMeta = &modMeta{ShadowMuted: u.shadowMuted, Aliases: u.aliases, IP: cloak(u.ip)}
	if f == formSite {
		d.Meta.IP = u.ip
	}
	return d
}

// sendForms sends an event about a user to those of at least minRank, each in
// the form they may see.
func (c *channel) sendForms(name string, about *user, minRank float64) {
	var encoded [forms]*event
	for _, u := range c.users {
		if u.rank < minRank {
			continue
		}
		f := formFor(u)
		if encoded[f] == nil {
			var arg any = about.data(f)
			if name == "setUserMeta" {
				arg = metaNotice{about.name, about.data(f).Meta}
			}
			encoded[f] = encode(name, arg)
		}
		u.deliver(encoded[f])
	}
}

type metaNotice struct {
	Name string   `json:"name"`
	Meta userMeta `json:"meta"`
}

// sendMeta tells of a user's changed AFK or mute state.
func (c *channel) sendMeta(about *user, minRank float64) { c.sendForms("setUserMeta", about, minRank) }

// sendUserlist sends the list of named users.
func (c *channel) sendUserlist(to *user) {
	list := []userData{}
	for _, u := range c.users {
		if u.name != "" {
			list = append(list, u.data(formFor(to)))
		}
	}
	to.emit("userlist", list)
}

// may says whether the user has the permission. An unlocked playlist asks for
// less (PROTOCOL.md §4).
func (c *channel) may(u *user, key string) bool {
	if open, ok := c.permissions["o"+key]; ok && c.unlocked && u.rank >= open {
		return true
	}
	need, ok := c.permissions[key]
	return ok && u.rank >= need
}

// unregistered is the state of a channel that nobody has registered.
func unregistered(name string) saved {
	return saved{
		permissions: maps.Clone(unregisteredPermissions),
		unlocked:    true,
		options:     defaultSettings(name),
		emotes:      []Emote{},
		muted:       make(map[string]muting),
	}
}
