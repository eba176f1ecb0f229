package cytubetest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

type queueFail struct {
	Msg  string `json:"msg"`
	Link string `json:"link"`
	ID   any    `json:"id"` // text, or false
}

type queued struct {
	Item  packedItem `json:"item"`
	After any        `json:"after"` // a uid or "prepend"
}

// Offer makes media known to the server, so that clients can queue it. All
// else that CyTube would look up on the internet fails as it does on a server
// without keys for it.
func (s *Server) Offer(m Media) {
	s.loop.call(func() { s.offers[m.Type+":"+m.ID] = m })
}

// order is one request to queue, after the checks of permissions.
type order struct {
	id       any
	kind     string
	next     bool
	temp     bool
	title    string
	duration int
	link     string
}

// queue handles the event of that name. Silence is the answer to some
// requests that are not allowed, queueFail to others (PROTOCOL.md §6).
func (c *channel) queue(u *user, r request) {
	v := r.object()
	pos := v["pos"].(string)
	if v["id"] == true || pos != "next" && pos != "end" || !c.may(u, "playlistadd") ||
		pos == "next" && !c.may(u, "playlistnext") {
		return
	}
	o := order{id: v["id"], kind: v["type"].(string), next: pos == "next"}
	id, _ := o.id.(string)
	o.link = mediaLink(id, o.kind)
	temp, _ := v["temp"].(bool)
	o.temp = temp || !c.may(u, "addnontemp")
	if o.kind == "cu" || o.kind == "fi" {
		o.title, _ = v["title"].(string)
	}
	if seconds, ok := v["duration"].(float64); ok && liveType(o.kind) {
		o.duration = int(seconds)
	}
	fail := c.queueFailer(u, o)
	if why := c.mayQueueType(u, o.kind); why != "" {
		fail(why)
		return
	}
	limit := perSecond(3, 1)
	if u.rank >= 2 {
		limit = perSecond(10, 2)
	}
	if !u.puppet && u.queueing.exceeded(limit, c.s.loop.now()) {
		fail("You are adding videos too quickly")
		return
	}
	m, problem := c.s.lookup(id, o.kind)
	if problem != "" {
		fail(escapeText(problem))
		return
	}
	c.add(u, o, m, fail)
}

func (c *channel) queueFailer(u *user, o order) func(string) {
	return func(why string) { u.emit("queueFail", queueFail{why, o.link, o.id}) }
}

// mayQueueType says why media of that type may not be added.
func (c *channel) mayQueueType(u *user, kind string) string {
	switch {
	case kind == "yp" && !c.may(u, "playlistaddlist"):
		return "You don't have permission to add playlists"
	case liveType(kind) && !c.may(u, "playlistaddlive"):
		return "You don't have permission to add live media"
	case kind == "cu" && !c.may(u, "playlistaddcustom"):
		return "You don't have permission to add custom embeds"
	case (kind == "fi" || kind == "cm") && !c.may(u, "playlistaddrawfile"):
		return "You don't have permission to add raw video files"
	}
	return ""
}

// add puts media on the list, if the channel's limits allow it.
func (c *channel) add(u *user, o order, m media, fail func(string)) {
	if o.duration > 0 {
		m.Seconds, m.Duration = o.duration, formatTime(o.duration)
	} else if m.Seconds == 0 && !c.may(u, "playlistaddlive") {
		fail("You don't have permission to add livestreams")
		return
	}
	existing := slices.IndexFunc(c.items, func(i *item) bool { return i.media.ID == m.ID })
	duplicate := existing >= 0 && !c.options.AllowDupes
	if why := c.overLimit(u, m); why != "" {
		fail(why)
		return
	}
	if duplicate && (!o.next || c.items[existing] == c.current) {
		fail("This item is already on the playlist")
		return
	}
	if o.title != "" {
		m.setTitle(o.title)
	}
	it := &item{media: m, uid: c.nextUID, temp: o.temp, by: u.name}
	c.nextUID++
	if o.next && c.current != nil && duplicate {
		it.temp = c.items[existing].temp
	}
	c.insert(it, o.next)
	if o.next && duplicate {
		c.remove(c.items[c.indexOfID(m.ID, it)])
	}
	c.tellQueued(it)
}

// indexOfID finds the other item that has the same media.
func (c *channel) indexOfID(id string, but *item) int {
	return slices.IndexFunc(c.items, func(i *item) bool { return i != but && i.media.ID == id })
}

// overLimit says which of the channel's limits the media would exceed.
func (c *channel) overLimit(u *user, m media) string {
	o, mine, seconds := c.options, 0, m.Seconds
	for _, it := range c.items {
		if strings.EqualFold(it.by, u.name) {
			mine++
			seconds += it.media.Seconds
		}
	}
	switch {
	case o.MaxLength > 0 && float64(m.Seconds) > o.MaxLength && !c.may(u, "exceedmaxlength"):
		return fmt.Sprintf("Video exceeds the maximum length set by the channel admin: %v seconds", o.MaxLength)
	case len(c.items) >= maxItems:
		return fmt.Sprintf("Playlist limit reached (%d)", maxItems)
	case o.MaxPerUser > 0 && float64(mine) >= o.MaxPerUser && !c.may(u, "exceedmaxitems"):
		return "Channel limit exceeded: maximum number of videos per user"
	case o.MaxDurationUser > 0 && float64(seconds) >= o.MaxDurationUser && !c.may(u, "exceedmaxdurationperuser"):
		return "Channel limit exceeded: maximum total playlist time per user"
	}
	return ""
}

// insert puts an item at the end, or after the one playing.
func (c *channel) insert(it *item, next bool) {
	at := len(c.items)
	if next && c.current != nil {
		at = slices.Index(c.items, c.current) + 1
	}
	c.items = slices.Insert(slices.Clone(c.items), at, it)
}

// tellQueued announces a new item; the first one starts to play.
func (c *channel) tellQueued(it *item) {
	by := it.by
	if by == "" {
		by = "(anonymous)"
	}
	c.logf("[playlist] %s added %s (%s:%s)", by, it.media.Title, it.media.Type, it.media.ID)
	q := queued{Item: it.pack(), After: "prepend"}
	if i := slices.Index(c.items, it); i > 0 {
		q.After = c.items[i-1].uid
	}
	c.tellList("queue", q)
	if len(c.items) == 1 {
		c.current = it
		c.play(0)
	}
}

// liveType says whether CyTube takes media of that type for live.
func liveType(kind string) bool {
	switch kind {
	case "li", "tw", "rt", "cu", "hl":
		return true
	}
	return false
}

// mediaLink is the address at which media can be seen.
func mediaLink(id, kind string) string {
	switch kind {
	case "yt":
		return "https://youtu.be/" + id
	case "vi":
		return "https://vimeo.com/" + id
	case "dm":
		return "https://dailymotion.com/video/" + id
	case "li":
		return "https://livestream.com/" + id
	case "tw":
		return "https://twitch.tv/" + id
	case "gd":
		return "https://docs.google.com/file/d/" + id
	case "sb":
		return "https://streamable.com/" + id
	case "tc":
		return "https://clips.twitch.tv/" + id
	case "bc":
		return "https://www.bitchute.com/video/" + id + "/"
	case "nv":
		return "https://www.nicovideo.jp/watch/" + id
	case "sc", "rt", "fi", "hl", "cm":
		return id
	}
	return ""
}

var (
	livestreamID = regexp.MustCompile(`^\d+;\d+$`)
	twitchName   = regexp.MustCompile(`[\w-]+`)
)

// lookup finds media, or says in CyTube's words why not. It never goes to the
// internet.
func (s *Server) lookup(id, kind string) (m media, problem string) {
	if o, ok := s.offers[kind+":"+id]; ok {
		return newMedia(o.ID, o.Title, o.Type, o.Seconds), ""
	}
	switch kind {
	case "tw":
		name := twitchName.FindString(id)
		if name == "" {
			return m, "Invalid ID"
		}
		return newMedia(name, "Twitch.tv - "+name, kind, 0), ""
	case "li":
		if !livestreamID.MatchString(id) {
			return m, "Invalid ID"
		}
		return newMedia(id, "Livestream.com", kind, 0), ""
	case "rt":
		return newMedia(id, "Livestream", kind, 0), ""
	case "hl":
		if !strings.HasPrefix(id, "https") {
			return m, "HLS links must start with HTTPS due to browser security policy.  See https://git.io/vpDLK for details."
		}
		return newMedia(id, "Livestream", kind, 0), ""
	case "cu":
		return customEmbed(id)
	case "fi":
		return m, "Raw file playback is not enabled on this server"
	case "yt", "yp":
		return m, "The YouTube API now requires an API key.  Please see the documentation for youtube-v3-key in config.template.yaml"
	case "vi", "dm", "sc", "tv", "tc", "gd", "sb", "pt", "cm", "bc", "od", "bn", "nv":
		return m, "Video not found"
	}
	return m, "Unknown media type '" + kind + "'"
}

// customEmbed makes media of an <iframe>.
func customEmbed(source string) (m media, problem string) {
	t := html.NewTokenizer(strings.NewReader(source))
	for t.Next() != html.ErrorToken {
		tag := t.Token()
		if tag.Data != "iframe" || tag.Type == html.EndTagToken {
			continue
		}
		src := ""
		for _, a := range tag.Attr {
			if a.Key == "src" {
				src = a.Val
			}
		}
		if !strings.HasPrefix(src, "https:") {
			return m, "Invalid embed. Embed source must be HTTPS, plain HTTP is not supported."
		}
		sum := sha256.Sum256([]byte(source))
		m = newMedia("cu:"+base64.StdEncoding.EncodeToString(sum[:]), "Custom Media", "cu", 0)
		m.Meta["embed"] = map[string]string{"tag": "iframe", "src": src}
		return m, ""
	}
	return m, "Invalid embed.  Input must be an <iframe> tag"
}
