package room

// Playlist replaces the queue.
type Playlist struct {
	Items []Item `json:"items"`
}

// PlaylistMeta is the queue's length as the server counts it.
type PlaylistMeta struct {
	Count   int     `json:"count"`
	Seconds float64 `json:"seconds"`
	Length  string  `json:"length"`
}

// PlaylistLock says whether the queue is locked.
type PlaylistLock struct {
	Locked bool `json:"locked"`
}

// Queued puts an item behind another.
type Queued struct {
	Item  Item  `json:"item"`
	After After `json:"after"`
}

// Removed takes an item out of the queue.
type Removed struct {
	UID int `json:"uid"`
}

// Moved puts an item behind another.
type Moved struct {
	UID   int   `json:"uid"`
	After After `json:"after"`
}

// TempSet marks an item temporary or not.
type TempSet struct {
	UID  int  `json:"uid"`
	Temp bool `json:"temp"`
}

// Current names the item that plays.
type Current struct {
	UID int `json:"uid"`
}

// MediaChange is a new item on the screen.
type MediaChange struct {
	Media    Media   `json:"media"`
	Position float64 `json:"position"` // seconds; -3 in the lead-in
	Paused   bool    `json:"paused"`
	Time     int64   `json:"time"` // Unix ms at which Position held
}

// MediaUpdate is a tick of the player, about every five seconds.
type MediaUpdate struct {
	Position float64 `json:"position"`
	Paused   bool    `json:"paused"`
	Time     int64   `json:"time"`
}

// Voteskip is the state of the skip vote.
type Voteskip struct {
	Count int `json:"count"`
	Need  int `json:"need"`
}

// VoteskipCleared says that our own vote was taken back, as on going AFK.
type VoteskipCleared struct{}

// SavedPlaylists lists the account's saved playlists.
type SavedPlaylists struct {
	Playlists []SavedPlaylist `json:"playlists"`
}

// SearchResults answers searchMedia.
type SearchResults struct {
	Source  string  `json:"source"`
	Results []Media `json:"results"`
}

func (*Playlist) EventName() string        { return "playlist" }
func (*PlaylistMeta) EventName() string    { return "playlist_meta" }
func (*PlaylistLock) EventName() string    { return "playlist_lock" }
func (*Queued) EventName() string          { return "queued" }
func (*Removed) EventName() string         { return "removed" }
func (*Moved) EventName() string           { return "moved" }
func (*TempSet) EventName() string         { return "temp_set" }
func (*Current) EventName() string         { return "current" }
func (*MediaChange) EventName() string     { return "media_change" }
func (*MediaUpdate) EventName() string     { return "media_update" }
func (*Voteskip) EventName() string        { return "voteskip" }
func (*VoteskipCleared) EventName() string { return "voteskip_cleared" }
func (*SavedPlaylists) EventName() string  { return "saved_playlists" }
func (*SearchResults) EventName() string   { return "search_results" }
