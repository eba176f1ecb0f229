package cytube

import (
	"bytes"
	"encoding/json"

	"rosey/bus/room"
)

type wireMedia struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Seconds  number `json:"seconds"`
	Duration string `json:"duration"`
	Type     string `json:"type"`
}

// media keeps titles as they are: they are not HTML (PROTOCOL.md §5).
func (m wireMedia) media() room.Media {
	return room.Media{
		ID:       line(m.ID),
		Type:     name(m.Type),
		Title:    line(m.Title),
		Seconds:  float64(m.Seconds),
		Duration: name(m.Duration),
	}
}

type wireItem struct {
	Media   wireMedia `json:"media"`
	UID     number    `json:"uid"`
	Temp    bool      `json:"temp"`
	QueueBy string    `json:"queueby"`
}

func (i wireItem) item() room.Item {
	return room.Item{UID: i.UID.int(), Media: i.Media.media(), Temp: i.Temp, QueueBy: name(i.QueueBy)}
}

// wireAfter is a UID, "prepend" or "append".
type wireAfter room.After

// UnmarshalJSON never fails; what is neither a place nor a number is the end.
func (a *wireAfter) UnmarshalJSON(data []byte) error {
	switch word := string(bytes.Trim(data, `"`)); word {
	case string(room.AtStart):
		*a = wireAfter{Where: room.AtStart}
	case string(room.AtEnd):
		*a = wireAfter{Where: room.AtEnd}
	default:
		if !json.Valid(data) || word == "" || word[0] < '0' || word[0] > '9' {
			*a = wireAfter{Where: room.AtEnd}
			return nil
		}
		var uid number
		_ = uid.UnmarshalJSON(data)
		*a = wireAfter{Where: room.AfterUID, UID: uid.int()}
	}
	return nil
}

// after is the place; a frame without one means the end.
func (a wireAfter) after() room.After {
	if a.Where == "" {
		return room.After{Where: room.AtEnd}
	}
	return room.After(a)
}

func (d *decoder) playlist(list []wireItem) room.Event {
	items := make([]room.Item, len(list))
	for i, wire := range list {
		items[i] = wire.item()
	}
	return &room.Playlist{Items: items}
}

func (d *decoder) queued(v struct {
	Item  *wireItem `json:"item"`
	After wireAfter `json:"after"`
}) room.Event {
	if v.Item == nil {
		return nil
	}
	return &room.Queued{Item: v.Item.item(), After: v.After.after()}
}

func (d *decoder) removed(v struct {
	UID *number `json:"uid"`
}) room.Event {
	if v.UID == nil {
		return nil
	}
	return &room.Removed{UID: v.UID.int()}
}

func (d *decoder) moved(v struct {
	From  *number   `json:"from"`
	After wireAfter `json:"after"`
}) room.Event {
	if v.From == nil {
		return nil
	}
	return &room.Moved{UID: v.From.int(), After: v.After.after()}
}

func (d *decoder) tempSet(v struct {
	UID  *number `json:"uid"`
	Temp bool    `json:"temp"`
}) room.Event {
	if v.UID == nil {
		return nil
	}
	return &room.TempSet{UID: v.UID.int(), Temp: v.Temp}
}

func (d *decoder) current(uid *number) room.Event {
	if uid == nil {
		return &room.Current{UID: -1}
	}
	return &room.Current{UID: uid.int()}
}

func (d *decoder) playlistMeta(v struct {
	Count number `json:"count"`
	Raw   number `json:"rawTime"`
	Time  string `json:"time"`
}) room.Event {
	return &room.PlaylistMeta{Count: v.Count.int(), Seconds: float64(v.Raw), Length: name(v.Time)}
}

func (d *decoder) playlistLock(locked bool) room.Event { return &room.PlaylistLock{Locked: locked} }

func (d *decoder) mediaChange(v struct {
	wireMedia
	CurrentTime number `json:"currentTime"`
	Paused      bool   `json:"paused"`
}) room.Event {
	return &room.MediaChange{
		Media: v.media(), Position: float64(v.CurrentTime), Paused: v.Paused, Time: d.at.UnixMilli(),
	}
}

func (d *decoder) mediaUpdate(v struct {
	CurrentTime number `json:"currentTime"`
	Paused      bool   `json:"paused"`
}) room.Event {
	return &room.MediaUpdate{Position: float64(v.CurrentTime), Paused: v.Paused, Time: d.at.UnixMilli()}
}

func (d *decoder) savedPlaylists(list []struct {
	Name     string `json:"name"`
	Count    number `json:"count"`
	Duration number `json:"duration"`
}) room.Event {
	saved := make([]room.SavedPlaylist, len(list))
	for i, v := range list {
		saved[i] = room.SavedPlaylist{Name: line(v.Name), Count: v.Count.int(), Seconds: float64(v.Duration)}
	}
	return &room.SavedPlaylists{Playlists: saved}
}

func (d *decoder) searchResults(v struct {
	Source  string             `json:"source"`
	Results bounded[wireMedia] `json:"results"`
}) room.Event {
	results := make([]room.Media, len(v.Results))
	for i, m := range v.Results {
		results[i] = m.media()
	}
	return &room.SearchResults{Source: name(v.Source), Results: results}
}
