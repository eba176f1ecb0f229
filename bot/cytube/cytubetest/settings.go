package cytubetest

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// settings are a channel's options as channelOpts shows them. Password is
// false, or the password itself: everybody inside sees it.
type settings struct {
	AllowVoteskip    bool            `json:"allow_voteskip"`
	VoteskipRatio    float64         `json:"voteskip_ratio"`
	AFKTimeout       float64         `json:"afk_timeout"`
	PageTitle        string          `json:"pagetitle"`
	MaxLength        float64         `json:"maxlength"`
	ExternalCSS      string          `json:"externalcss"`
	ExternalJS       string          `json:"externaljs"`
	Antiflood        bool            `json:"chat_antiflood"`
	AntifloodParams  antifloodParams `json:"chat_antiflood_params"`
	ShowPublic       bool            `json:"show_public"`
	LinkRegex        bool            `json:"enable_link_regex"`
	Password         any             `json:"password"`
	AllowDupes       bool            `json:"allow_dupes"`
	TorBanned        bool            `json:"torbanned"`
	BlockAnonymous   bool            `json:"block_anonymous_users"`
	AllowControl     bool            `json:"allow_ascii_control"`
	MaxPerUser       float64         `json:"playlist_max_per_user"`
	NewUserDelay     float64         `json:"new_user_chat_delay"`
	NewUserLinkDelay float64         `json:"new_user_chat_link_delay"`
	MaxDurationUser  float64         `json:"playlist_max_duration_per_user"`
}

type antifloodParams struct {
	Burst     int     `json:"burst"`
	Sustained float64 `json:"sustained"`
	Cooldown  float64 `json:"cooldown"`
}

func defaultSettings(name string) settings {
	return settings{
		AllowVoteskip:   true,
		VoteskipRatio:   0.5,
		AFKTimeout:      600,
		PageTitle:       name,
		AntifloodParams: antifloodParams{4, 1, 4},
		LinkRegex:       true,
		Password:        false,
	}
}

// change is one setOptions: it knows who makes it and whether it changed
// anything worth telling.
type change struct {
	c       *channel
	u       *user
	o       map[string]any
	changed bool
}

// setOptions changes single options; each has its own rules for values, and
// some need rank 3.
func (c *channel) setOptions(u *user, r request) {
	o, ok := decode(r.arg).(map[string]any)
	if !ok {
		return
	}
	if u.rank < 2 {
		u.kick("Attempted setOptions as a non-moderator")
		return
	}
	ch := &change{c: c, u: u, o: o}
	s := &c.options
	ch.flag("allow_voteskip", &s.AllowVoteskip, 2)
	ch.voteskipRatio()
	ch.afkTimeout()
	ch.text("pagetitle", &s.PageTitle)
	ch.maxLength()
	ch.durationPerUser()
	ch.external("externalcss", "CSS", &s.ExternalCSS)
	ch.external("externaljs", "JS", &s.ExternalJS)
	ch.flag("chat_antiflood", &s.Antiflood, 2)
	ch.antiflood()
	ch.flag("show_public", &s.ShowPublic, 3)
	ch.flag("enable_link_regex", &s.LinkRegex, 2)
	ch.password()
	ch.flag("allow_dupes", &s.AllowDupes, 2)
	ch.flag("torbanned", &s.TorBanned, 3)
	ch.flag("block_anonymous_users", &s.BlockAnonymous, 3)
	ch.flag("allow_ascii_control", &s.AllowControl, 3)
	ch.amount("playlist_max_per_user", &s.MaxPerUser, 3)
	ch.amount("new_user_chat_delay", &s.NewUserDelay, 2)
	ch.amount("new_user_chat_link_delay", &s.NewUserLinkDelay, 2)
	c.logf("[mod] %s updated channel options", u.name)
	if ch.changed {
		c.broadcast("channelOpts", c.options)
	}
}

// given is the value of a key that was sent by somebody of enough rank.
func (ch *change) given(key string, rank float64) (any, bool) {
	v, ok := ch.o[key]
	return v, ok && ch.u.rank >= rank
}

func (ch *change) flag(key string, to *bool, rank float64) {
	if v, ok := ch.given(key, rank); ok {
		*to, ch.changed = truthy(v), true
	}
}

func (ch *change) amount(key string, to *float64, rank float64) {
	v, ok := ch.given(key, rank)
	if n, isNumber := number(v); ok && isNumber && n >= 0 {
		*to, ch.changed = n, true
	}
}

func (ch *change) text(key string, to *string) {
	if v, ok := ch.given(key, 3); ok {
		*to, ch.changed = cut16(fmt.Sprint(v), 100), true
	}
}

func (ch *change) password() {
	v, ok := ch.given("password", 3)
	if !ok {
		return
	}
	ch.changed = true
	if text := cut16(fmt.Sprint(v), 100); text != "" {
		ch.c.options.Password = text
		return
	}
	ch.c.options.Password = false
}

type validation struct {
	Target  string `json:"target"`
	Message string `json:"message,omitempty"`
}

// valid tells the form what became of a field: passed if problem is empty.
func (ch *change) valid(key, problem string) bool {
	v := validation{"#cs-" + key, problem}
	if problem != "" {
		ch.u.emit("validationError", v)
		return false
	}
	ch.u.emit("validationPassed", v)
	return true
}

func (ch *change) voteskipRatio() {
	v, ok := ch.given("voteskip_ratio", 2)
	if !ok {
		return
	}
	ratio, isNumber := number(v)
	problem := ""
	if !isNumber || ratio < 0 {
		problem = fmt.Sprintf("Input must be a number 0 or greater, not \"%v\"", v)
	}
	if ch.valid("voteskip_ratio", problem) {
		ch.c.options.VoteskipRatio, ch.changed = ratio, true
	}
}

func (ch *change) afkTimeout() {
	v, ok := ch.given("afk_timeout", 2)
	if !ok {
		return
	}
	seconds, isNumber := number(v)
	problem := ""
	if !isNumber || seconds < 0 || seconds > 86400 {
		problem = "AFK timeout must be between 1 and 86400 seconds (or 0 to disable)"
	}
	if !ch.valid("afk_timeout", problem) {
		return
	}
	if seconds != ch.c.options.AFKTimeout {
		ch.c.options.AFKTimeout = seconds
		for _, u := range ch.c.users {
			u.watchAFK()
		}
	}
	ch.changed = true
}

func (ch *change) maxLength() {
	v, ok := ch.given("maxlength", 2)
	if !ok {
		return
	}
	seconds, isNumber := v.(float64)
	if text, isText := v.(string); isText {
		seconds, isNumber = clockSeconds(text), true
	}
	if !isNumber || seconds < 0 {
		seconds = 0
	}
	ch.c.options.MaxLength, ch.changed = seconds, true
}

// clockSeconds reads "1:02:03".
func clockSeconds(text string) float64 {
	seconds := 0
	for part := range strings.SplitSeq(text, ":") {
		n, _ := strconv.Atoi(part)
		seconds = seconds*60 + n
	}
	return float64(seconds)
}

func (ch *change) durationPerUser() {
	v, ok := ch.given("playlist_max_duration_per_user", 2)
	if !ok {
		return
	}
	if n, isNumber := v.(float64); isNumber && n >= 0 {
		ch.c.options.MaxDurationUser, ch.changed = n, true
		return
	}
	ch.u.complain(fmt.Sprintf("Expected number for playlist_max_duration_per_user, not \"%v\"", v))
}

func (ch *change) external(key, what string, to *string) {
	v, ok := ch.given(key, 3)
	if !ok {
		return
	}
	prefix := "Invalid URL for external " + what + ": "
	text, isText := v.(string)
	if !isText {
		ch.valid(key, prefix+"URL must be a string, not "+typeOf(v))
		return
	}
	link := strings.TrimSpace(cut16(text, 255))
	if link == "" {
		ch.changed = *to != ""
		*to = ""
		ch.valid(key, "")
		return
	}
	u, err := url.Parse(link)
	problem := ""
	switch {
	case err != nil || u.Scheme != "https":
		problem = prefix + " URL must begin with 'https://'"
	case u.Host == "":
		problem = prefix + "missing hostname"
	}
	if ch.valid(key, problem) {
		*to, ch.changed = u.String(), true
	}
}

func (ch *change) antiflood() {
	v, ok := ch.given("chat_antiflood_params", 2)
	if !ok {
		return
	}
	o, _ := v.(map[string]any)
	burst, ok1 := number(o["burst"])
	sustained, ok2 := number(o["sustained"])
	if !ok1 || burst < 0 {
		burst = 1
	}
	if !ok2 || sustained <= 0 {
		sustained = 1
	}
	p := antifloodParams{Burst: int(min(20, burst)), Sustained: min(10, sustained)}
	p.Cooldown = float64(p.Burst) / p.Sustained
	ch.c.options.AntifloodParams, ch.changed = p, true
}
