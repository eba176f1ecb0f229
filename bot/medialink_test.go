package bot

import (
	"strings"
	"testing"

	"rosey/bus/room"
)

func TestParseMedia(t *testing.T) {
	for text, want := range map[string]string{
		"https://www.youtube.com/watch?v=dQw4w9WgXcQ":                 "yt:dQw4w9WgXcQ",
		"https://www.youtube.com/watch?list=PLabc&v=dQw4w9WgXcQ&t=1":  "yt:dQw4w9WgXcQ",
		"https://m.youtube.com/watch?feature=player_embedded&v=a_b-c": "yt:a_b-c",
		"https://www.youtube.com/watch?list=PLabc":                    "yp:PLabc",
		"https://www.youtube.com/playlist?list=PLabc&si=x":            "yp:PLabc",
		"youtu.be/dQw4w9WgXcQ?t=3":                                    "yt:dQw4w9WgXcQ",
		"https://youtube.com/shorts/Y0xUnfMt-yY?feature=share":        "yt:Y0xUnfMt-yY",
		"https://www.youtube.com/live/Y0xUnfMt-yY":                    "yt:Y0xUnfMt-yY",
		"https://www.youtube-nocookie.com/embed/Y0xUnfMt-yY":          "yt:Y0xUnfMt-yY",
		"https://music.youtube.com/watch?v=x1":                        "yt:x1",
		"https://clips.twitch.tv/FunnyClip":                           "tc:FunnyClip",
		"https://www.twitch.tv/some_one/v/123":                        "tv:v123",
		"https://www.twitch.tv/some_one/c/123":                        "tv:c123",
		"https://www.twitch.tv/videos/456":                            "tv:v456",
		"twitch.tv/some-one":                                          "tw:some-one",
		"https://livestream.com/accounts/1/events/2":                  "li:accounts/1/events/2",
		"http://www.ustream.tv/channel/x":                             "us:channel/x",
		"https://www.smashcast.tv/x":                                  "hb:x",
		"http://hitbox.tv/x":                                          "hb:x",
		"https://vimeo.com/123456":                                    "vi:123456",
		"https://player.vimeo.com/video/123456":                       "vi:123456",
		"https://www.dailymotion.com/video/x2abc_some-title":          "dm:x2abc",
		"https://imgur.com/a/AbC":                                     "im:AbC",
		"https://soundcloud.com/a/b":                                  "sc:https://soundcloud.com/a/b",
		"https://docs.google.com/file/d/0B_x-y/edit":                  "gd:0B_x-y",
		"https://drive.google.com/file/d/0B_x-y/view":                 "gd:0B_x-y",
		"https://drive.google.com/open?id=0B_x-y":                     "gd:0B_x-y",
		"https://vid.me/embedded/AbC":                                 "vm:AbC",
		"https://vid.me/AbC":                                          "vm:AbC",
		"https://streamable.com/abc":                                  "sb:abc",
		"https://example.com/live/index.m3u8?token=1":                 "hl:https://example.com/live/index.m3u8?token=1",
		"rtmp://example.com/live":                                     "rt:rtmp://example.com/live",
		"https://example.com/a%20film.MP4?x=1":                        "fi:https://example.com/a%20film.MP4?x=1",
		"https://example.com/a.webm":                                  "fi:https://example.com/a.webm",
		"https://example.com/manifest.json":                           "cm:https://example.com/manifest.json",
		"yt:dQw4w9WgXcQ":                                              "yt:dQw4w9WgXcQ",
		"yt:dQw4w9WgXcQ?x":                                            "yt:dQw4w9WgXcQ",
		"dm:x2abc_title":                                              "dm:x2abc",
		"fi:https://example.com/a.mp4?x=1#y":                          "fi:https://example.com/a.mp4?x=1#y",
		"cm:https://example.com/a.json":                               "cm:https://example.com/a.json",
		"rt:rtmp://example.com/live":                                  "rt:rtmp://example.com/live",
		"sb:abc":                                                      "sb:abc",
	} {
		got, err := parseMedia(text)
		if err != nil || got.kind+":"+got.id != want {
			t.Errorf("%s: %s:%s, %v; want %s", text, got.kind, got.id, err, want)
		}
	}
	for _, text := range []string{
		"", "x y", "hello", "https://", "http://example.com/a.mp4", "ftp://example.com/a.mp4", "https://example.com/", "https://example.com/a.exe",
		"https://notyoutube.com/watch?v=x", "https://evil.example/youtube.com/watch?v=x", "https://www.youtube.com/watch", "javascript:alert(1)",
		strings.Repeat("x", 10_000),
	} {
		if got, err := parseMedia(text); err == nil {
			t.Errorf("%.60q: %+v", text, got)
		}
	}
}

// What a link means is shown again as a link that means the same.
func TestMediaURLComesBack(t *testing.T) {
	for _, text := range []string{"yt:abc", "vi:123", "tw:someone", "tv:v12", "gd:x", "sb:x", "dm:x2", "im:x", "tc:Clip", "fi:https://e.com/a.mp4", "hl:https://e.com/a.m3u8"} {
		link, err := parseMedia(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseMedia(mediaURL(room.Media{Type: link.kind, ID: link.id}))
		if err != nil || again != link {
			t.Errorf("%s: %+v, %v", text, again, err)
		}
	}
}
