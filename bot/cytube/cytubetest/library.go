package cytubetest

import (
	"slices"
	"strings"
)

// userPlaylist is a playlist that a registered user has saved.
type userPlaylist struct {
	name  string
	items []media
}

type playlistRow struct {
	Name     string `json:"name"`
	Count    int    `json:"count"`
	Duration int    `json:"duration"`
}

const onlyRegistered = "Only registered users can use the user playlist function."

func (c *channel) listPlaylistsEvent(u *user, _ request) {
	if u.account == nil {
		u.complain(onlyRegistered)
		return
	}
	c.s.database(func() { c.listPlaylists(u) })
}

func (c *channel) listPlaylists(u *user) {
	rows := []playlistRow{}
	for _, p := range c.s.playlists[u.lower] {
		row := playlistRow{Name: p.name, Count: len(p.items)}
		for _, m := range p.items {
			row.Duration += m.Seconds
		}
		rows = append(rows, row)
	}
	u.emit("listPlaylists", rows)
}

// clonePlaylist saves the channel's playlist under a name.
func (c *channel) clonePlaylist(u *user, r request) {
	switch {
	case u.account == nil:
		u.complain(onlyRegistered)
		return
	case !c.may(u, "seeplaylist"):
		u.complain("You are not allowed to save this playlist")
		return
	}
	saved := userPlaylist{name: r.object()["name"].(string)}
	for _, it := range c.items {
		saved.items = append(saved.items, it.media)
	}
	c.s.dropPlaylist(u.lower, saved.name)
	c.s.playlists[u.lower] = append(c.s.playlists[u.lower], saved)
	c.listPlaylistsEvent(u, r)
}

func (c *channel) deletePlaylist(u *user, r request) {
	if u.account != nil {
		c.s.dropPlaylist(u.lower, r.object()["name"].(string))
	}
	c.listPlaylistsEvent(u, r)
}

func (s *Server) dropPlaylist(of, name string) {
	s.playlists[of] = slices.DeleteFunc(s.playlists[of], func(p userPlaylist) bool { return p.name == name })
}

// queuePlaylist queues all of a saved playlist. Live media come back from the
// database with the length "00:00".
func (c *channel) queuePlaylist(u *user, r request) {
	v := r.object()
	pos := v["pos"].(string)
	if !c.may(u, "playlistaddlist") || pos != "next" && pos != "end" || pos == "next" && !c.may(u, "playlistnext") {
		return
	}
	temp, _ := v["temp"].(bool)
	o := order{next: pos == "next", temp: temp || !c.may(u, "addnontemp")}
	saved := slices.IndexFunc(c.s.playlists[u.lower], func(p userPlaylist) bool { return p.name == v["name"] })
	if saved < 0 {
		u.complain("Playlist load failed: Playlist not found")
		return
	}
	items := slices.Clone(c.s.playlists[u.lower][saved].items)
	if o.next {
		slices.Reverse(items)
		if len(c.items) == 0 && len(items) > 0 {
			items = slices.Insert(items[:len(items)-1], 0, items[len(items)-1])
		}
	}
	for _, m := range items {
		m.Duration = formatTime(m.Seconds)
		c.add(u, o, m, func(why string) { u.emit("queueFail", bareFail{why}) })
	}
}

// bareFail is a queueFail about media of which no link is known.
type bareFail struct {
	Msg string `json:"msg"`
}

type searchResults struct {
	Source  string  `json:"source"`
	Results []media `json:"results"`
}

// searchMedia searches what is on the playlist, which stands for the
// channel's library. Searches on YouTube need a key and get no answer.
func (c *channel) searchMedia(u *user, r request) {
	v := r.object()
	if v["source"] == "yt" || c.record == nil || !c.may(u, "seeplaylist") {
		return
	}
	query := strings.ToLower(v["query"].(string))
	found := searchResults{Source: "library", Results: []media{}}
	for _, it := range c.items {
		if !liveType(it.media.Type) && !it.temp && strings.Contains(strings.ToLower(it.media.Title), query) {
			found.Results = append(found.Results, it.media)
		}
	}
	slices.SortFunc(found.Results, func(a, b media) int {
		return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	})
	u.emit("searchResults", found)
}

// uncache removes from the library, which has no answer.
func (c *channel) uncache(*user, request) {}
