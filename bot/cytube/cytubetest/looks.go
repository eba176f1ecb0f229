package cytubetest

import (
	"crypto/md5"
	"encoding/base64"
	"regexp"
	"slices"
)

// maxCustom is how much of a MOTD, of CSS and of JS is kept.
const maxCustom = 20000

type styling struct {
	CSS     string `json:"css"`
	CSSHash string `json:"cssHash"`
	JS      string `json:"js"`
	JSHash  string `json:"jsHash"`
}

func (c *channel) styling() styling {
	return styling{c.css, hash(c.css), c.js, hash(c.js)}
}

func hash(text string) string {
	sum := md5.Sum([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (c *channel) setMotd(u *user, r request) {
	if !c.may(u, "motdedit") {
		u.kick("Attempted setMotd with insufficient permission")
		return
	}
	c.motd = sanitize(cut16(r.object()["motd"].(string), maxCustom))
	c.broadcast("setMotd", c.motd)
	c.logf("[mod] %s updated the MOTD", u.name)
}

func (c *channel) setCSS(u *user, r request) {
	if u.rank < 3 {
		u.kick("Attempted setChannelCSS as non-admin")
		return
	}
	c.restyle(u, &c.css, cut16(r.object()["css"].(string), maxCustom), "CSS")
}

func (c *channel) setJS(u *user, r request) {
	if u.rank < 3 {
		u.kick("Attempted setChannelJS as non-admin")
		return
	}
	c.restyle(u, &c.js, cut16(r.object()["js"].(string), maxCustom), "JS")
}

func (c *channel) restyle(u *user, to *string, text, what string) {
	if *to == text {
		return
	}
	*to = text
	c.broadcast("channelCSSJS", c.styling())
	c.logf("[mod] %s updated the channel %s", u.name, what)
}

var special = regexp.MustCompile(`([\\.?+*$^|()[\]{}])`)

// completeEmote fills in what CyTube works out: the escaped image and the
// expression that finds the name in escaped text.
func completeEmote(e Emote) Emote {
	e.Image = escapeText(cut16(e.Image, 1000))
	e.Source = `(^|\s)` + special.ReplaceAllString(looseEscaper.Replace(e.Name), `\$1`) + `(?!\S)`
	return e
}

// renamed is the payload of renameEmote.
type renamed struct {
	Old string `json:"old"`
	Emote
}

// emoteFrom reads an emote that a client sent; a blank one is complained of.
func (u *user) emoteFrom(o map[string]any) (Emote, bool) {
	name, _ := o["name"].(string)
	image, _ := o["image"].(string)
	if name == "" || image == "" {
		u.emit("errorMsg", errorMsg{Msg: "Emote names and images must not be blank.", Alert: true})
		return Emote{}, false
	}
	return completeEmote(Emote{Name: name, Image: image}), true
}

func (c *channel) emoteNamed(name string) int {
	return slices.IndexFunc(c.emotes, func(e Emote) bool { return e.Name == name })
}

// putEmote replaces the emote at i, or adds it if i is negative.
func (c *channel) putEmote(i int, e Emote) {
	c.emotes = slices.Clone(c.emotes)
	if i < 0 {
		c.emotes = append(c.emotes, e)
		return
	}
	c.emotes[i] = e
}

func (c *channel) updateEmote(u *user, r request) {
	o, ok := decode(r.arg).(map[string]any)
	if !ok || !c.may(u, "emoteedit") {
		return
	}
	if e, ok := u.emoteFrom(o); ok {
		c.putEmote(c.emoteNamed(e.Name), e)
		c.broadcast("updateEmote", e)
		c.logf("[mod] %s updated emote: %s -> %s", u.name, e.Name, e.Image)
	}
}

func (c *channel) renameEmote(u *user, r request) {
	o, _ := decode(r.arg).(map[string]any)
	old, ok := o["old"].(string)
	if !ok || !c.may(u, "emoteedit") {
		return
	}
	e, ok := u.emoteFrom(o)
	if !ok {
		return
	}
	if c.emoteNamed(e.Name) >= 0 {
		u.emit("errorMsg", errorMsg{Msg: "Emote already exists.", Alert: true})
		return
	}
	if i := c.emoteNamed(old); i >= 0 {
		c.putEmote(i, e)
		c.broadcast("renameEmote", renamed{old, e})
		c.logf("[mod] %s renamed emote: %s -> %s", u.name, old, e.Name)
	}
}

func (c *channel) removeEmote(u *user, r request) {
	o, _ := decode(r.arg).(map[string]any)
	name, ok := o["name"].(string)
	if !ok || !c.may(u, "emoteedit") {
		return
	}
	if i := c.emoteNamed(name); i >= 0 {
		c.emotes = slices.Delete(slices.Clone(c.emotes), i, i+1)
	}
	c.logf("[mod] %s removed emote: %s", u.name, name)
	c.broadcast("removeEmote", o)
}

func (c *channel) importEmotes(u *user, r request) {
	list, ok := decode(r.arg).([]any)
	if !ok || !c.may(u, "emoteimport") {
		return
	}
	c.emotes = []Emote{}
	for _, v := range list {
		o, _ := v.(map[string]any)
		name, _ := o["name"].(string)
		image, _ := o["image"].(string)
		if name != "" && image != "" {
			c.emotes = append(c.emotes, completeEmote(Emote{Name: name, Image: image}))
		}
	}
	c.broadcast("emoteList", c.emotes)
}

// moveEmote changes the order, of which nobody is told.
func (c *channel) moveEmote(u *user, r request) {
	if from, to, ok := fromTo(r, len(c.emotes)); ok && c.may(u, "emoteedit") {
		c.emotes = moved(c.emotes, from, to)
	}
}
