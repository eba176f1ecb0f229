package bot

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rosey/bus/room"
)

// playlistShown is how many items playlist shows unless asked, playlistMost how
// many at most: an answer must fit into one message of NATS.
const (
	playlistShown = 10
	playlistMost  = 1000
)

func planPlaylist(r *request) (*plan, error) {
	n := playlistShown
	if word := r.args["number"]; word != "" {
		var err error
		if n, err = strconv.Atoi(word); err != nil || n < 1 {
			return nil, r.cmd.usage()
		}
	}
	n = min(n, playlistMost)
	items := r.state.Playlist
	lines := []string{fmt.Sprintf("Playlist (%d items):", len(items))}
	for i, item := range items[:min(n, len(items))] {
		mark := "  "
		if item.UID == r.state.Current {
			mark = "► "
		}
		lines = append(lines, fmt.Sprintf("%s%d. %s (%s)", mark, i+1, item.Media.Title, lengthOf(item.Media)))
	}
	if more := len(items) - n; more > 0 {
		lines = append(lines, fmt.Sprintf("  ... and %d more", more))
	}
	o := done(strings.Join(lines, "\n"))
	o.data = items[:min(n, len(items))]
	return answer(o), nil
}

func planCurrent(r *request) (*plan, error) {
	now, at, ok := r.state.NowPlaying(time.Now().UnixMilli())
	if !ok {
		return answer(done("Nothing is currently playing")), nil
	}
	item, _, queued := r.state.Item(r.state.Current)
	lines := []string{"Title: " + now.Media.Title, "Duration: " + lengthOf(now.Media)}
	if queued && item.QueueBy != "" {
		lines = append(lines, "Queued by: "+item.QueueBy)
	}
	lines = append(lines, "URL: "+mediaURL(now.Media))
	if queued {
		lines = append(lines, "Temporary: "+yesNo(item.Temp))
	}
	lines = append(lines, "Status: "+playback(now.Paused), "Position: "+showDuration(max(0, at)))
	o := done(strings.Join(lines, "\n"))
	o.data = struct {
		room.MediaChange
		Item *room.Item `json:"item,omitempty"`
	}{now, itemOf(item, queued)}
	return answer(o), nil
}

func itemOf(item room.Item, ok bool) *room.Item {
	if !ok {
		return nil
	}
	return &item
}
