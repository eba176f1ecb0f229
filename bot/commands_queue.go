package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// lookupWait is how long CyTube may take to look a medium up.
const lookupWait = 30 * time.Second

var positionArg = bus.ArgInfo{Name: "position", Type: bus.ArgPosition}

// tempHint is v0.5.0's.
const tempHint = "  (temp: yes/no, default=yes)"

func queueCommands() []*command {
	url := bus.ArgInfo{Name: "url", Type: bus.ArgURL}
	temp := bus.ArgInfo{Name: "temp", Type: bus.ArgText, Optional: true}
	return []*command{
		{CommandInfo: bus.CommandInfo{Name: "playlist", Aliases: []string{"queue"}, Group: groupPlaylist, Help: "Shows the beginning of the queue; a number says how much of it.",
			Args: []bus.ArgInfo{{Name: "number", Type: bus.ArgNumber, Optional: true}}, Asks: true}, brief: "playlist [n] - Show queue", offline: true, recalls: true, plan: planPlaylist},
		{CommandInfo: bus.CommandInfo{Name: "current", Aliases: []string{"np"}, Group: groupPlaylist, Help: "Shows what plays.",
			Asks: true}, brief: "current - Now playing", offline: true, recalls: true, plan: planCurrent},
		{CommandInfo: bus.CommandInfo{Name: "add", Group: groupPlaylist, Help: "Queues a medium at the end; temporary unless the second word is no.",
			Args: []bus.ArgInfo{url, temp}, Needs: "playlistadd"}, brief: "add <url> [t] - Add video", hint: tempHint, plan: planAdd("end")},
		{CommandInfo: bus.CommandInfo{Name: "addnext", Group: groupPlaylist, Help: "Queues a medium right behind what plays.",
			Args: []bus.ArgInfo{url, temp}, Needs: "playlistnext"}, brief: "addnext <url> [t] - Add as next", hint: tempHint, plan: planAdd("next")},
		{CommandInfo: bus.CommandInfo{Name: "remove", Aliases: []string{"rm"}, Group: groupPlaylist, Help: "Takes the item at a position out of the queue.",
			Args: []bus.ArgInfo{positionArg}, Needs: "playlistdelete", Destructive: true}, brief: "remove <#> - Delete item", plan: planRemove},
		{CommandInfo: bus.CommandInfo{Name: "move", Group: groupPlaylist, Help: "Moves the item at one position to another.",
			Args: []bus.ArgInfo{{Name: "from_pos", Type: bus.ArgPosition}, {Name: "to_pos", Type: bus.ArgPosition}}, Needs: "playlistmove"},
			brief: "move <#> <#> - Reorder", plan: planMove},
		{CommandInfo: bus.CommandInfo{Name: "jump", Group: groupPlaylist, Help: "Plays the item at a position now.",
			Args: []bus.ArgInfo{positionArg}, Needs: "playlistjump", Destructive: true}, brief: "jump <#> - Jump to", plan: planJump},
		{CommandInfo: bus.CommandInfo{Name: "next", Aliases: []string{"skip"}, Group: groupPlaylist, Help: "Plays the next item now.",
			Needs: "playlistjump", Destructive: true}, brief: "next - Skip video", plan: planNext},
		{CommandInfo: bus.CommandInfo{Name: "settemp", Aliases: []string{"temp"}, Group: groupPlaylist, Help: "Marks the item at a position temporary, or not.",
			Args: []bus.ArgInfo{positionArg, {Name: "temp", Type: bus.ArgChoice, Optional: true, Choices: []string{"yes", "no"}}}, Needs: "settemp"}, plan: planSetTemp},
		{CommandInfo: bus.CommandInfo{Name: "shuffle", Group: groupPlaylist, Help: "Puts the queue into another order, what plays first.",
			Needs: "playlistshuffle", Destructive: true}, plan: planShuffle},
		{CommandInfo: bus.CommandInfo{Name: "lock", Group: groupPlaylist, Help: "Locks the queue: only those with the right may add.",
			Needs: "playlistlock", Inverse: "unlock"}, plan: planLock(true)},
		{CommandInfo: bus.CommandInfo{Name: "unlock", Group: groupPlaylist, Help: "Unlocks the queue: the rights of an open queue hold.",
			Needs: "playlistlock", Inverse: "lock"}, plan: planLock(false)},
		{CommandInfo: bus.CommandInfo{Name: "pause", Group: groupControl, Help: "Pauses the playback; the bot must be the leader.",
			Destructive: true, Inverse: "resume"}, brief: "pause - Pause vid", plan: planPause(true)},
		{CommandInfo: bus.CommandInfo{Name: "resume", Group: groupControl, Help: "Lets the playback go on; the bot must be the leader.",
			Inverse: "pause"}, plan: planPause(false)},
		{CommandInfo: bus.CommandInfo{Name: "voteskip", Group: groupControl, Help: "Shows the vote to skip; voteskip vote votes.",
			Args: []bus.ArgInfo{{Name: "vote", Type: bus.ArgChoice, Optional: true, Choices: []string{"vote"}}}}, brief: "voteskip - Skip vote", plan: planVoteskip},
	}
}

// position reads a place in the queue, in v0.5.0's words (COMPAT.md §4).
func position(s *room.State, word, name, invalid string) (room.Item, int, error) {
	n, err := strconv.Atoi(word)
	if err != nil {
		return room.Item{}, 0, sentence(invalid)
	}
	if n < 1 || n > len(s.Playlist) {
		return room.Item{}, 0, sentence(fmt.Sprintf("%s must be between 1 and %d", name, len(s.Playlist)))
	}
	return s.Playlist[n-1], n, nil
}

func (r *request) item() (room.Item, error) {
	item, _, err := position(r.state, r.args["position"], "Position", "Invalid position number")
	return item, err
}

type queueArg struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Pos      string `json:"pos"`
	Duration int    `json:"duration,omitempty"`
	Temp     bool   `json:"temp"`
}

// queueNeeds are the rights that some types need beside playlistadd
// (PROTOCOL.md §4); CyTube's refusal would say less.
var queueNeeds = map[string]string{
	"yp": "playlistaddlist", "cu": "playlistaddcustom", "fi": "playlistaddrawfile", "cm": "playlistaddrawfile",
	"li": "playlistaddlive", "tw": "playlistaddlive", "rt": "playlistaddlive", "hl": "playlistaddlive",
}

func planAdd(pos string) func(*request) (*plan, error) {
	return func(r *request) (*plan, error) {
		link, err := parseMedia(r.args["url"])
		if err != nil {
			return nil, err
		}
		if err := r.need(queueNeeds[link.kind]); err != nil {
			return nil, err
		}
		temp := !slices.Contains([]string{"no", "false", "0", "perm", "permanent"}, strings.ToLower(r.args["temp"]))
		how := "temporary"
		if !temp {
			how = "permanent"
		}
		text := fmt.Sprintf("%s (%s)", r.args["url"], how)
		return &plan{does: "add " + text, target: r.args["url"], run: func(d *deed, _ []int) outcome {
			return d.emit(emission{name: "queue", arg: queueArg{ID: link.id, Type: link.kind, Pos: pos, Temp: temp},
				mine: true, wait: lookupWait, seen: link.queued, done: "Added: " + text,
				silent: "CyTube did not say what became of " + r.args["url"]})
		}}, nil
	}
}

// queued tells whether an event is what became of this medium. Embeds and
// playlists come under other ids than they were given.
func (m mediaLink) queued(s *room.State, e room.Event) (outcome, bool) {
	switch e := e.(type) {
	case *room.Queued:
		same := e.Item.Media.ID == m.id || m.kind == "cu" && e.Item.Media.Type == "cu" || m.kind == "yp" && e.Item.Media.Type == "yt"
		return done(""), same && room.Fold(e.Item.QueueBy) == room.Fold(s.Self.Name)
	case *room.Notice:
		if e.Kind == room.NoticeQueueFail && (e.ID == m.id || e.ID == "" && strings.Contains(e.Link, m.id)) {
			o := refusedWith("Failed to add media: " + e.Text)
			o.plain = true
			return o, true
		}
	}
	return outcome{}, false
}

func planRemove(r *request) (*plan, error) {
	item, err := r.item()
	if err != nil {
		return nil, err
	}
	keep := "yes"
	if !item.Temp {
		keep = "no"
	}
	return &plan{does: "remove " + item.Media.Title, target: item.Media.Title,
		undo: "add " + item.Media.Type + ":" + item.Media.ID + " " + keep,
		run:  func(d *deed, _ []int) outcome { return d.remove(item) }}, nil
}

// remove takes one item out.
func (d *deed) remove(item room.Item) outcome {
	if _, _, there := d.board.desk.now().state.Item(item.UID); !there {
		return refusedWith(item.Media.Title + " is not in the queue any more")
	}
	return d.emit(emission{name: "delete", arg: item.UID, done: "Removed: " + item.Media.Title,
		seen: func(_ *room.State, e room.Event) (outcome, bool) {
			gone, ok := e.(*room.Removed)
			return done(""), ok && gone.UID == item.UID
		}})
}

type moveArg struct {
	From  int `json:"from"`
	After any `json:"after"` // a uid, "prepend" or "append"
}

func planMove(r *request) (*plan, error) {
	item, from, err := position(r.state, r.args["from_pos"], "From position", "Invalid position numbers")
	if err != nil {
		return nil, err
	}
	_, to, err := position(r.state, r.args["to_pos"], "To position", "Invalid position numbers")
	if err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(slices.Clone(r.state.Playlist), func(i room.Item) bool { return i.UID == item.UID })
	arg := moveArg{From: item.UID, After: "prepend"}
	if to > 1 {
		arg.After = rest[to-2].UID
	}
	p := &plan{does: fmt.Sprintf("move %s from position %d to %d", item.Media.Title, from, to), target: item.Media.Title,
		undo: fmt.Sprintf("move %d %d", to, from)}
	p.run = func(d *deed, _ []int) outcome {
		text := fmt.Sprintf("Moved %s from position %d to %d", item.Media.Title, from, to)
		if from == to {
			return done(text)
		}
		return d.emit(emission{name: "moveMedia", arg: arg, done: text,
			seen: func(_ *room.State, e room.Event) (outcome, bool) {
				moved, ok := e.(*room.Moved)
				return done(""), ok && moved.UID == item.UID
			}})
	}
	return p, nil
}

func planJump(r *request) (*plan, error) {
	item, err := r.item()
	if err != nil {
		return nil, err
	}
	return jumpTo(item, "Jumped to: "), nil
}

func jumpTo(item room.Item, did string) *plan {
	return &plan{does: "play " + item.Media.Title, target: item.Media.Title, run: func(d *deed, _ []int) outcome {
		return d.emit(emission{name: "jumpTo", arg: item.UID, done: did + item.Media.Title,
			seen: func(_ *room.State, e room.Event) (outcome, bool) {
				c, ok := e.(*room.Current)
				return done(""), ok && c.UID == item.UID
			}})
	}}
}

func planNext(r *request) (*plan, error) {
	if r.state.Media == nil {
		return nil, sentence("Nothing is currently playing")
	}
	_, at, ok := r.state.Item(r.state.Current)
	switch {
	case !ok:
		return nil, sentence("Current item not in queue")
	case at+1 >= len(r.state.Playlist):
		return nil, sentence("Already at last item")
	}
	return jumpTo(r.state.Playlist[at+1], "Skipped to: "), nil
}

type tempArg struct {
	UID  int  `json:"uid"`
	Temp bool `json:"temp"`
}

func planSetTemp(r *request) (*plan, error) {
	item, err := r.item()
	if err != nil {
		return nil, err
	}
	temp, what, back := true, "temporary", "no"
	if strings.ToLower(r.args["temp"]) == "no" {
		temp, what, back = false, "permanent", "yes"
	}
	return &plan{does: "make " + item.Media.Title + " " + what, target: item.Media.Title,
		undo: "settemp " + r.args["position"] + " " + back, run: func(d *deed, _ []int) outcome {
			return d.emit(emission{name: "setTemp", arg: tempArg{item.UID, temp}, done: item.Media.Title + " is " + what + " now",
				seen: func(_ *room.State, e room.Event) (outcome, bool) {
					set, ok := e.(*room.TempSet)
					return done(""), ok && set.UID == item.UID && set.Temp == temp
				}})
		}}, nil
}

func planShuffle(r *request) (*plan, error) {
	if len(r.state.Playlist) < 2 {
		return nil, errors.New("there is nothing to shuffle")
	}
	return &plan{does: fmt.Sprintf("shuffle %d items", len(r.state.Playlist)), run: func(d *deed, _ []int) outcome {
		return d.emit(emission{name: "shufflePlaylist", alone: "list", done: "Shuffled the queue",
			seen: func(_ *room.State, e room.Event) (outcome, bool) {
				_, ok := e.(*room.Playlist)
				return done(""), ok
			}})
	}}, nil
}
