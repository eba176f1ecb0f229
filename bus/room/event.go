package room

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// An Event is one thing that happened in a room. Events are plain values with
// stable JSON: they travel on rosey.events.<room>.<name> inside a bus
// envelope, and Apply folds them into a State.
//
// All text in an event is plain and has passed Clean. The shapes of message,
// user_join, user_leave, user_list and pm carry the fields that v0.5.0's
// normalised events had, and more.
type Event interface {
	// EventName is the last token of the event's subject, such as "user_join".
	EventName() string
}

// names maps each event to its subject token. It is the only list of them:
// Decode, the docs and the tests read it.
var names = map[string]func() Event{
	"message":           func() Event { return new(Message) },
	"pm":                func() Event { return new(PM) },
	"user_join":         func() Event { return new(UserJoin) },
	"user_leave":        func() Event { return new(UserLeave) },
	"user_list":         func() Event { return new(UserList) },
	"user_rank":         func() Event { return new(UserRank) },
	"user_meta":         func() Event { return new(UserMeta) },
	"user_afk":          func() Event { return new(UserAFK) },
	"user_profile":      func() Event { return new(UserProfile) },
	"user_count":        func() Event { return new(UserCount) },
	"leader":            func() Event { return new(Leader) },
	"self_rank":         func() Event { return new(SelfRank) },
	"login":             func() Event { return new(Login) },
	"connection":        func() Event { return new(Connection) },
	"gap":               func() Event { return new(Gap) },
	"chat_cleared":      func() Event { return new(ChatCleared) },
	"motd":              func() Event { return new(Motd) },
	"permissions":       func() Event { return new(Permissions) },
	"options":           func() Event { return new(Options) },
	"emotes":            func() Event { return new(Emotes) },
	"emote_set":         func() Event { return new(EmoteSet) },
	"emote_removed":     func() Event { return new(EmoteRemoved) },
	"styling":           func() Event { return new(Styling) },
	"drinks":            func() Event { return new(Drinks) },
	"playlist":          func() Event { return new(Playlist) },
	"playlist_meta":     func() Event { return new(PlaylistMeta) },
	"playlist_lock":     func() Event { return new(PlaylistLock) },
	"queued":            func() Event { return new(Queued) },
	"removed":           func() Event { return new(Removed) },
	"moved":             func() Event { return new(Moved) },
	"temp_set":          func() Event { return new(TempSet) },
	"current":           func() Event { return new(Current) },
	"media_change":      func() Event { return new(MediaChange) },
	"media_update":      func() Event { return new(MediaUpdate) },
	"poll_opened":       func() Event { return new(PollOpened) },
	"poll_updated":      func() Event { return new(PollUpdated) },
	"poll_closed":       func() Event { return new(PollClosed) },
	"voteskip":          func() Event { return new(Voteskip) },
	"voteskip_cleared":  func() Event { return new(VoteskipCleared) },
	"notice":            func() Event { return new(Notice) },
	"password_needed":   func() Event { return new(PasswordNeeded) },
	"password_accepted": func() Event { return new(PasswordAccepted) },
	"kicked":            func() Event { return new(Kicked) },
	"banlist":           func() Event { return new(Banlist) },
	"ban_removed":       func() Event { return new(BanRemoved) },
	"ranks":             func() Event { return new(Ranks) },
	"channel_log":       func() Event { return new(ChannelLog) },
	"filters":           func() Event { return new(Filters) },
	"filter_set":        func() Event { return new(FilterSet) },
	"filter_removed":    func() Event { return new(FilterRemoved) },
	"filter_added":      func() Event { return new(FilterAdded) },
	"saved_playlists":   func() Event { return new(SavedPlaylists) },
	"search_results":    func() Event { return new(SearchResults) },
	"action":            func() Event { return new(Action) },
	"handover":          func() Event { return new(Handover) },
}

// EventNames lists every event name, sorted.
func EventNames() []string { return slices.Sorted(maps.Keys(names)) }

// Decode reads an event's JSON data, cleans its texts and settles it: whoever
// can publish can put anything there. An event of a newer program is an error
// that names it, and one about nobody is an error; callers count both and go
// on. Its times are to be mended by who knows what time it is.
func Decode(name string, data []byte) (Event, error) {
	fresh, ok := names[name]
	if !ok {
		return nil, fmt.Errorf("decode event: unknown event %q", Clean(name))
	}
	e := fresh()
	if err := json.Unmarshal(data, e); err != nil {
		return nil, fmt.Errorf("decode event %s: %w", name, err)
	}
	CleanAll(e)
	if err := Settle(e); err != nil {
		return nil, fmt.Errorf("decode event %s: %w", name, err)
	}
	return e, nil
}
