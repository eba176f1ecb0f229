package cytubetest

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf16"
)

// maxMessage is how many UTF-16 units of a line or a PM get through; the rest
// is cut (PROTOCOL.md §5).
const maxMessage = 320

// chatPace is the limit for chat and PMs together. /me and its like pass it
// twice (PROTOCOL.md §8).
var chatPace = perSecond(20, 10)

// line is the payload of chatMsg and pm.
type line struct {
	Username string   `json:"username"`
	Msg      string   `json:"msg"`
	Meta     lineMeta `json:"meta"`
	Time     int64    `json:"time"`
	To       string   `json:"to,omitempty"`
}

type lineMeta struct {
	AddClass   string   `json:"addClass,omitempty"`
	Everywhere bool     `json:"addClassToNameAndTimestamp,omitempty"`
	Action     bool     `json:"action,omitempty"`
	ShowName   bool     `json:"forceShowName,omitempty"`
	ModFlair   *float64 `json:"modflair,omitempty"`
	Shadow     bool     `json:"shadow,omitempty"`
	AdminFlair *flair   `json:"superadminflair,omitempty"`
}

type flair struct {
	LabelClass string `json:"labelclass"`
	Icon       string `json:"icon"`
}

var controls = regexp.MustCompile(`[\x00-\x1f]+`)

// chatMsg handles a line of chat.
func (c *channel) chatMsg(u *user, r request) {
	if !c.may(u, "chat") {
		return
	}
	v := r.object()
	text := cut16(v["msg"].(string), maxMessage)
	if c.tooNew(u, text) {
		return
	}
	if !c.options.AllowControl {
		text = controls.ReplaceAllString(text, " ")
	}
	if strings.TrimSpace(text) == "" || !u.loggedIn {
		return
	}
	var meta lineMeta
	given, _ := v["meta"].(map[string]any)
	if own, ok := given["modflair"].(float64); ok && u.rank >= 2 && own == u.rank {
		meta.ModFlair = &own
	}
	if text, ok := c.callDrink(u, text, &meta); ok {
		// The channel's modules are asked one after the other, each on its
		// own turn of the server.
		c.s.loop.after(0, func() { c.processLine(u, text, meta) })
	}
}

// processLine applies the rules for lines that were allowed.
func (c *channel) processLine(u *user, text string, meta lineMeta) {
	if u.dead || !u.inChannel {
		return
	}
	if c.s.blacklisted(text) {
		c.kickForLink(u, "chat")
		return
	}
	if !strings.Contains(text, "/afk") {
		u.setAFK(false)
	}
	if c.flooding(u) {
		return
	}
	if strings.HasPrefix(text, ">") {
		meta.AddClass = "greentext"
	}
	if c.command(u, text, meta) {
		return
	}
	said := line{Username: u.name, Msg: c.format(text), Meta: meta, Time: c.s.loop.now().UnixMilli()}
	switch {
	case u.shadowMuted:
		c.sayInShadow(said)
	case u.muted:
		u.emit("noflood", noflood{"chat", "You have been muted on this channel."})
	default:
		c.say(said)
	}
}

type noflood struct {
	Action string `json:"action"`
	Msg    string `json:"msg"`
}

// say sends a line to all and keeps it for those who come later.
func (c *channel) say(said line) {
	e := encode("chatMsg", said)
	c.broadcastEvent(e)
	c.replay = append(c.replay, e)
	if extra := len(c.replay) - replayLines; extra > 0 {
		c.replay = append([]*event(nil), c.replay[extra:]...)
	}
	class := ""
	if said.Meta.AddClass != "" {
		class = "." + said.Meta.AddClass
	}
	c.logf("<%s%s> %s", said.Username, class, decodeText(said.Msg))
}

// sayInShadow shows a line to those who must not notice that its speaker is
// shadow-muted, and marked to moderators (PROTOCOL.md §8).
func (c *channel) sayInShadow(said line) {
	c.broadcastTo("chatMsg", said, func(u *user) bool { return u.name == "" || c.muted[u.lower] == muteShadow })
	said.Meta.Shadow = true
	c.broadcastTo("chatMsg", said, func(u *user) bool { return u.rank >= 2 })
}

// whisper tells those of at least that rank something as [server].
func (c *channel) whisper(text string, minRank float64) {
	c.broadcastTo("chatMsg", line{
		Username: "[server]",
		Msg:      text,
		Meta:     lineMeta{AddClass: "server-whisper", Everywhere: true},
		Time:     c.s.loop.now().UnixMilli(),
	}, func(u *user) bool { return u.rank >= minRank })
}

// flooding counts a line or a PM and says whether it is one too many.
func (c *channel) flooding(u *user) bool {
	limit := chatPace
	if o := c.options; o.Antiflood && u.rank < 2 {
		limit = pace{o.AntifloodParams.Burst, o.AntifloodParams.Sustained,
			time.Duration(o.AntifloodParams.Cooldown * float64(time.Second))}
	}
	if u.puppet || !u.chat.exceeded(limit, c.s.loop.now()) {
		return false
	}
	u.emit("cooldown", 1000/limit.rate)
	return true
}

// tooNew keeps users from talking, or from linking, who came just now.
func (c *channel) tooNew(u *user, text string) bool {
	if u.rank >= 2 {
		return false
	}
	age := c.s.loop.now().Sub(u.firstSeen).Seconds()
	switch {
	case age < c.options.NewUserDelay:
		u.emit("spamFiltered", spamFiltered{"NEW_USER_CHAT"})
	case age < c.options.NewUserLinkDelay && links.MatchString(text):
		u.emit("spamFiltered", spamFiltered{"NEW_USER_CHAT_LINK"})
	default:
		return false
	}
	return true
}

type spamFiltered struct {
	Reason string `json:"reason"`
}

// privateMessage handles pm. Nothing in it is a command or cleaned, and the
// sender gets a copy (PROTOCOL.md §5, §6).
func (c *channel) privateMessage(u *user, r request) {
	v := r.object()
	text, to := v["msg"].(string), strings.ToLower(v["to"].(string))
	switch {
	case !u.loggedIn:
		u.complain("You must be signed in to send PMs")
		return
	case c.tooNew(u, text):
		return
	case c.s.blacklisted(text):
		c.kickForLink(u, "private")
		return
	case to == u.lower:
		u.complain("You can't PM yourself!")
		return
	case !userName.MatchString(to):
		u.complain("PM failed: " + to + " isn't a valid username.")
		return
	}
	if !u.puppet && u.chat.exceeded(chatPace, c.s.loop.now()) {
		u.emit("cooldown", 1000/chatPace.rate)
		return
	}
	target := c.user(to)
	if target == nil {
		u.complain("PM failed: " + to + " isn't connected to this channel.")
		return
	}
	text = cut16(text, maxMessage)
	said := line{Username: u.name, Msg: c.format(text), Time: c.s.loop.now().UnixMilli(), To: target.name}
	if strings.HasPrefix(text, ">") {
		said.Meta.AddClass = "greentext"
	}
	e := encode("pm", said)
	target.deliver(e)
	u.deliver(e)
}

// blacklisted says whether a text mentions a domain of the site's blacklist.
func (s *Server) blacklisted(text string) bool {
	for _, domain := range s.opts.LinkBlacklist {
		if strings.Contains(strings.ToLower(text), strings.ToLower(domain)) {
			return true
		}
	}
	return false
}

// kickForLink throws somebody out who named such a domain, without a reason.
func (c *channel) kickForLink(u *user, where string) {
	c.logf("%s (%s) was kicked for blacklisted domain", cloak(u.ip), u.name)
	u.emit("kick", struct{}{})
	u.sink.disconnect()
	c.whisper(fmt.Sprintf("%s was kicked: blacklisted domain in %s message", u.name, where), 2)
}

// cut16 cuts a text to n UTF-16 units. A surrogate pair that is cut in half
// leaves U+FFFD.
func cut16(text string, n int) string {
	if len(text) <= n {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= n {
		return text
	}
	return string(utf16.Decode(units[:n]))
}
