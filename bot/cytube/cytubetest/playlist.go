package cytubetest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	maxItems = 4000 // of a playlist
	maxTitle = 100
)

// askPace is the limit for requestPlaylist.
var askPace = pace{burst: 1, pause: 60 * time.Second}

// playlist is the list and the number the next item gets. Numbers begin at 0
// and do so again when the channel is loaded again.
type playlist struct {
	items   []*item
	nextUID int
}

// storedPlaylist is what the record keeps of it.
type storedPlaylist struct {
	items []*item
	index int
	at    float64
}

type item struct {
	media  media
	uid    int
	temp   bool
	by     string
	at     float64 // the position played to, in seconds; negative in the lead-in
	paused bool
}

// media is what an item plays, as it goes over the wire.
type media struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Seconds  int            `json:"seconds"`
	Duration string         `json:"duration"`
	Type     string         `json:"type"`
	Meta     map[string]any `json:"meta"`
}

type packedItem struct {
	Media media  `json:"media"`
	UID   int    `json:"uid"`
	Temp  bool   `json:"temp"`
	By    string `json:"queueby"`
}

type listMeta struct {
	Count   int    `json:"count"`
	RawTime int    `json:"rawTime"`
	Time    string `json:"time"`
}

// newMedia makes media of known length; of no length they are live.
func newMedia(id, title, kind string, seconds int) media {
	m := media{ID: id, Type: kind, Seconds: seconds, Duration: formatTime(seconds), Meta: map[string]any{}}
	if seconds == 0 {
		m.Duration = "--:--"
	}
	m.setTitle(title)
	return m
}

func (m *media) setTitle(title string) {
	if cut := cut16(title, maxTitle); cut != title {
		title = cut16(title, maxTitle-3) + "..."
	}
	m.Title = title
}

func formatTime(seconds int) string {
	if seconds >= 3600 {
		return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds%3600/60, seconds%60)
	}
	return fmt.Sprintf("%02d:%02d", seconds/60, seconds%60)
}

func (i *item) pack() packedItem { return packedItem{i.media, i.uid, i.temp, i.by} }

// list is the playlist as the event of that name carries it.
func (c *channel) list() []packedItem {
	packed := make([]packedItem, len(c.items))
	for i, it := range c.items {
		packed[i] = it.pack()
	}
	return packed
}

func (c *channel) listMeta() listMeta {
	total := 0
	for _, it := range c.items {
		total += it.media.Seconds
	}
	return listMeta{len(c.items), total, formatTime(total)}
}

// index finds an item by its number; -1 if there is none.
func (c *channel) index(uid float64) int {
	return slices.IndexFunc(c.items, func(i *item) bool { return float64(i.uid) == uid })
}

// following is the item after another; after the last comes the first.
func (c *channel) following(it *item) *item {
	if len(c.items) == 0 {
		return nil
	}
	return c.items[(slices.Index(c.items, it)+1)%len(c.items)]
}

// sendPlaylist sends the list to one who may see it.
func (c *channel) sendPlaylist(u *user) {
	u.emit("setPlaylistMeta", c.listMeta())
	if !c.may(u, "seeplaylist") {
		return
	}
	u.emit("playlist", c.list())
	if c.current != nil {
		u.emit("setCurrent", c.current.uid)
	}
}

// tellList sends a change of the list, and what the list amounts to now.
func (c *channel) tellList(name string, arg any) {
	change, meta := encode(name, arg), encode("setPlaylistMeta", c.listMeta())
	for _, u := range c.users {
		if c.may(u, "seeplaylist") {
			u.deliver(change)
		}
		u.deliver(meta)
	}
}

type deleted struct {
	UID int `json:"uid"`
}

// remove takes an item out. If it was playing, the next one starts.
func (c *channel) remove(it *item) {
	next := c.following(it)
	c.items = withoutItem(c.items, it)
	c.tellList("delete", deleted{it.uid})
	if c.current != it {
		return
	}
	c.current = next
	if next == it {
		c.current = nil
		return
	}
	c.play(0)
}

func withoutItem(items []*item, gone *item) []*item {
	return slices.DeleteFunc(slices.Clone(items), func(i *item) bool { return i == gone })
}

func (c *channel) deleteEvent(u *user, r request) {
	uid, ok := decode(r.arg).(float64)
	if !ok || !c.may(u, "playlistdelete") {
		return
	}
	if i := c.index(uid); i >= 0 {
		c.logf("[playlist] %s deleted %s", u.name, c.items[i].media.Title)
		c.remove(c.items[i])
	}
}

func (c *channel) setTemp(u *user, r request) {
	v := r.object()
	i := c.index(v["uid"].(float64))
	if i < 0 || !c.may(u, "settemp") {
		return
	}
	c.items[i].temp = v["temp"].(bool)
	c.broadcast("setTemp", v)
}

// moveMedia moves an item; the answer is called moveVideo.
func (c *channel) moveMedia(u *user, r request) {
	v := r.object()
	i := c.index(v["from"].(float64))
	if i < 0 || !c.may(u, "playlistmove") {
		return
	}
	it := c.items[i]
	rest := withoutItem(c.items, it)
	to := len(rest)
	switch after := v["after"].(type) {
	case float64:
		j := slices.IndexFunc(rest, func(i *item) bool { return float64(i.uid) == after })
		if j < 0 {
			return
		}
		to = j + 1
	case string:
		if after == "prepend" {
			to = 0
		} else if after != "append" {
			return
		}
	}
	c.items = slices.Insert(rest, to, it)
	c.broadcast("moveVideo", v)
	c.logf("[playlist] %s moved %s", u.name, it.media.Title)
}

func (c *channel) clearPlaylist(u *user, _ request) {
	if !c.may(u, "playlistclear") {
		return
	}
	c.logf("[playlist] %s cleared the playlist", u.name)
	c.current, c.items = nil, nil
	c.broadcast("playlist", c.list())
	c.broadcast("setPlaylistMeta", c.listMeta())
}

// shufflePlaylist puts the items in another order, the one playing first, and
// gives them new numbers.
func (c *channel) shufflePlaylist(u *user, _ request) {
	if !c.may(u, "playlistshuffle") {
		return
	}
	c.logf("[playlist] %s shuffled the playlist", u.name)
	at := 0.0
	shuffled := make([]*item, 0, len(c.items))
	for _, i := range c.s.shuffle(len(c.items)) {
		it := *c.items[i]
		it.uid = c.nextUID
		c.nextUID++
		if c.items[i] == c.current {
			at = it.at
			shuffled = slices.Insert(shuffled, 0, &it)
			continue
		}
		shuffled = append(shuffled, &it)
	}
	c.items, c.current = shuffled, nil
	if len(shuffled) > 0 {
		c.current = shuffled[0]
	}
	c.broadcastTo("playlist", c.list(), func(u *user) bool { return c.may(u, "seeplaylist") })
	c.play(at)
}

// requestPlaylist sends the list anew, once a minute.
func (c *channel) requestPlaylist(u *user, _ request) {
	if u.asking.exceeded(askPace, c.s.loop.now()) {
		u.emit("errorMsg", errorMsg{
			Msg:  "Get Playlist URLs is limited to 1 usage every 60 seconds.  Please try again later.",
			Code: "REQ_PLAYLIST_LIMIT_REACHED",
		})
		return
	}
	c.sendPlaylist(u)
}

// cmdClean removes items by who queued them or, as /cleantitle, by title; the
// target is a regular expression with flags before it.
func (c *channel) cmdClean(u *user, text string, _ lineMeta) {
	if !c.may(u, "playlistdelete") {
		return
	}
	command, target, given := strings.Cut(text, " ")
	if !given {
		u.complain("No target given for " + command + ".  Usage: /clean <username> or /cleantitle <title>")
		return
	}
	expression := target
	if m := cleanFlags.FindStringSubmatch(target); m != nil {
		expression = strings.TrimPrefix(target, m[0])
		if flags := strings.ReplaceAll(strings.ToLower(m[1]), "g", ""); flags != "" {
			expression = "(?" + flags + ")" + expression
		}
	}
	re, err := regexp.Compile(expression)
	if err != nil {
		u.complain("Invalid target: " + target)
		return
	}
	c.logf("[playlist] %s used %s with target regex: %s", u.name, command, re)
	for _, it := range slices.Clone(c.items) {
		subject := it.by
		if command == "/cleantitle" {
			subject = it.media.Title
		}
		if re.MatchString(subject) {
			c.remove(it)
		}
	}
}

var cleanFlags = regexp.MustCompile(`(?i)^-([img]+)\s+`)

// savePlaylist keeps the list and where it was playing.
func (c *channel) savePlaylist() {
	kept := storedPlaylist{items: c.items}
	if c.current != nil {
		kept.index, kept.at = max(0, slices.Index(c.items, c.current)), c.current.at
	}
	c.record.list = kept
}

// restorePlaylist numbers the kept items anew and plays on.
func (c *channel) restorePlaylist() {
	for i, it := range c.record.list.items {
		fresh := *it
		fresh.uid = i
		fresh.media.Duration = formatTime(it.media.Seconds) // also of live ones
		c.items = append(c.items, &fresh)
	}
	c.nextUID = len(c.items)
	if len(c.items) > 0 {
		c.current = c.items[c.record.list.index]
		c.play(c.record.list.at)
	}
}
