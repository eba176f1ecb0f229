package bot

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A mediaLink is what CyTube's queue takes: a type and an id.
type mediaLink struct {
	kind, id string
}

// mediaForms are the addresses that v0.5.0 knew, and YouTube's newer ones: what
// matches gives the id as its first group, or the whole address where there is
// no group. They are tried in order, on the address without scheme and www.
var mediaForms = []struct {
	kind string
	form *regexp.Regexp
}{
	{"yt", regexp.MustCompile(`^(?:youtube(?:-nocookie)?\.com)/(?:shorts|live|embed|v)/([\w-]+)`)},
	{"yt", regexp.MustCompile(`^youtu\.be/([\w-]+)`)},
	{"tc", regexp.MustCompile(`^clips\.twitch\.tv/([\w-]+)`)},
	{"tc", regexp.MustCompile(`^twitch\.tv/[\w-]+/clip/([\w-]+)`)},
	{"tv", regexp.MustCompile(`^twitch\.tv/(?:.*?)/([cv]/\d+)`)},
	{"tv", regexp.MustCompile(`^twitch\.tv/videos/(\d+)`)},
	{"tw", regexp.MustCompile(`^twitch\.tv/([\w-]+)`)},
	{"li", regexp.MustCompile(`^livestream\.com/([^?&#]+)`)},
	{"us", regexp.MustCompile(`^ustream\.tv/([^?&#]+)`)},
	{"hb", regexp.MustCompile(`^(?:hitbox|smashcast)\.tv/([^?&#]+)`)},
	{"vi", regexp.MustCompile(`^(?:player\.)?vimeo\.com/(?:video/)?([^?&#]+)`)},
	{"dm", regexp.MustCompile(`^dailymotion\.com/video/([^?&#_]+)`)},
	{"dm", regexp.MustCompile(`^dai\.ly/([^?&#_]+)`)},
	{"im", regexp.MustCompile(`^imgur\.com/a/([^?&#]+)`)},
	{"sc", regexp.MustCompile(`^soundcloud\.com/[^?&#]+`)},
	{"gd", regexp.MustCompile(`^(?:docs|drive)\.google\.com/file/d/([\w-]+)`)},
	{"gd", regexp.MustCompile(`^drive\.google\.com/open\?(?:.*&)?id=([\w-]+)`)},
	{"vm", regexp.MustCompile(`^vid\.me/(?:embedded/)?([\w-]+)`)},
	{"sb", regexp.MustCompile(`^streamable\.com/([\w-]+)`)},
	{"hl", regexp.MustCompile(`^[^?#]*\.m3u8(?:$|[?#])`)},
}

// shortForm is v0.5.0's own: a type of two letters and an id. An address is
// none: http: has no such type, and nothing else begins with two letters.
var shortForm = regexp.MustCompile(`^([a-z]{2}):(.+)$`)

// rawFiles are the extensions that CyTube plays by themselves.
var rawFiles = []string{".mp4", ".flv", ".webm", ".ogg", ".ogv", ".mp3", ".mov", ".m4a"}

var schemed = regexp.MustCompile(`^(?i)([a-z][a-z0-9+.-]*)://`)

// parseMedia reads what a person gives to be queued: an address as a browser
// shows it or as people shorten it, or the short form type:id.
func parseMedia(text string) (mediaLink, error) {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' }) {
		return mediaLink{}, fmt.Errorf("%q is not an address", shorten(text, 60))
	}
	if m := shortForm.FindStringSubmatch(text); m != nil {
		return shortLink(m[1], m[2]), nil
	}
	scheme := ""
	if m := schemed.FindStringSubmatch(text); m != nil {
		scheme = strings.ToLower(m[1])
	}
	if scheme == "rtmp" || scheme == "rtmps" {
		return mediaLink{"rt", text}, nil
	}
	full := text
	if scheme == "" {
		full = "https://" + text
	}
	u, err := url.Parse(full)
	if err != nil || u.Host == "" {
		return mediaLink{}, fmt.Errorf("%q is not an address", shorten(text, 60))
	}
	if link, ok := knownPage(u, full); ok {
		return link, nil
	}
	return fileLink(u, full, scheme)
}

// shortLink reads type:id. The ids of some types end where a query begins.
func shortLink(kind, id string) mediaLink {
	switch kind {
	case "fi", "cm", "hl", "rt", "sc", "cu":
		return mediaLink{kind, id}
	case "dm":
		id, _, _ = strings.Cut(id, "_")
	}
	if i := strings.IndexAny(id, "?&#"); i >= 0 {
		id = id[:i]
	}
	return mediaLink{kind, id}
}

// knownPage knows the page by its address.
func knownPage(u *url.URL, full string) (mediaLink, bool) {
	host := strings.ToLower(u.Hostname())
	for _, prefix := range []string{"www.", "m.", "music.", "mobile."} {
		host = strings.TrimPrefix(host, prefix)
	}
	if host == "youtube.com" && (u.Path == "/watch" || u.Path == "/playlist") {
		// A list without a video is the list; a video in a list is the video.
		if v := u.Query().Get("v"); v != "" {
			return mediaLink{"yt", v}, true
		}
		list := u.Query().Get("list")
		return mediaLink{"yp", list}, list != ""
	}
	rest := strings.TrimPrefix(full[strings.Index(full, "://")+3:], u.Host)
	for _, f := range mediaForms {
		m := f.form.FindStringSubmatch(host + rest)
		switch {
		case m == nil:
		case len(m) == 1:
			return mediaLink{f.kind, full}, true
		case f.kind == "tv":
			return mediaLink{"tv", twitchVideo(m[1])}, true
		default:
			return mediaLink{f.kind, strings.TrimSuffix(m[1], "/")}, true
		}
	}
	return mediaLink{}, false
}

// twitchVideo is CyTube's id of a recording: its number with a v or c in front.
func twitchVideo(id string) string {
	if id[0] >= '0' && id[0] <= '9' {
		return "v" + id
	}
	return strings.Replace(id, "/", "", 1)
}

// fileLink takes the address for a file. v0.5.0's words stay: people know them.
func fileLink(u *url.URL, full, scheme string) (mediaLink, error) {
	switch ext := strings.ToLower(path.Ext(u.Path)); {
	case scheme == "http":
		return mediaLink{}, sentence(`Failed to add media: Raw files must begin with "https". Plain http is not supported.`)
	case scheme != "https" && scheme != "":
		return mediaLink{}, sentence("Failed to add media: " + scheme + " addresses cannot be played")
	case ext == ".json":
		return mediaLink{"cm", full}, nil
	case slices.Contains(rawFiles, ext):
		return mediaLink{"fi", full}, nil
	}
	return mediaLink{}, sentence("Failed to add media: the address is none of a known site, and its file is none of " + strings.Join(rawFiles, ", ") + " or .json")
}
