package bot

import (
	"strings"

	"rosey/bus/room"
)

// mediaPages are where a medium of each of CyTube's types is to be seen: its
// id goes behind the address.
var mediaPages = map[string]string{
	"yt": "https://youtube.com/watch?v=",
	"vi": "https://vimeo.com/",
	"dm": "https://dailymotion.com/video/",
	"li": "https://livestream.com/",
	"tw": "https://twitch.tv/",
	"tv": "https://twitch.tv/videos/",
	"tc": "https://clips.twitch.tv/",
	"im": "https://imgur.com/a/",
	"us": "https://ustream.tv/channel/",
	"gd": "https://docs.google.com/file/d/",
	"hb": "https://www.smashcast.tv/",
	"sb": "https://streamable.com/",
}

// mediaURL is the address of m. Types whose id is an address already (files,
// SoundCloud, streams, manifests) give that; of others there is no page, and
// type:id names them as v0.5.0's short form did.
func mediaURL(m room.Media) string {
	switch m.Type {
	case "fi", "sc", "rt", "hl", "cm", "":
		return m.ID
	}
	if page, ok := mediaPages[m.Type]; ok {
		if m.Type == "tv" { // CyTube's id has a letter in front
			return page + strings.TrimPrefix(m.ID, "v")
		}
		return page + m.ID
	}
	return m.Type + ":" + m.ID
}
