package bot

import (
	"fmt"
	"slices"
	"strings"

	"rosey/bus"
	"rosey/bus/room"
)

func cleanCommands() []*command {
	return []*command{
		{CommandInfo: bus.CommandInfo{Name: "clean", Group: groupPlaylist, Help: "Removes all that a person has queued, after showing it.",
			Args: []bus.ArgInfo{nameArg}, Needs: "playlistdelete", Destructive: true, Bulk: true}, plan: planClean},
		{CommandInfo: bus.CommandInfo{Name: "cleantitle", Group: groupPlaylist, Help: "Removes every item with a text in its title, after showing it.",
			Args: []bus.ArgInfo{{Name: "text", Type: bus.ArgText, Rest: true}}, Needs: "playlistdelete", Destructive: true, Bulk: true}, plan: planCleanTitle},
		{CommandInfo: bus.CommandInfo{Name: "duplicates", Aliases: []string{"dupes"}, Group: groupPlaylist, Help: "Removes items that stand in the queue before, after showing them.",
			Needs: "playlistdelete", Destructive: true, Bulk: true}, plan: planDuplicates},
		{CommandInfo: bus.CommandInfo{Name: "clearplaylist", Group: groupPlaylist, Help: "Empties the queue, after showing it.",
			Needs: "playlistclear", Destructive: true, Bulk: true}, plan: planClearPlaylist},
	}
}

func planClean(r *request) (*plan, error) {
	name := r.args["user"]
	if !isName(name) {
		return nil, fmt.Errorf("%q is not a user name", shorten(name, 40))
	}
	return r.removal("queued by "+name, name, func(i room.Item) bool { return room.Fold(i.QueueBy) == room.Fold(name) }), nil
}

func planCleanTitle(r *request) (*plan, error) {
	text := r.args["text"]
	return r.removal(fmt.Sprintf("with %q in the title", shorten(text, 60)), "", func(i room.Item) bool {
		return strings.Contains(room.Fold(i.Media.Title), room.Fold(text))
	}), nil
}

// planDuplicates keeps the first of each, or the one that plays.
func planDuplicates(r *request) (*plan, error) {
	keep := map[string]int{}
	for _, i := range r.state.Playlist {
		key := i.Media.Type + ":" + i.Media.ID
		if _, seen := keep[key]; !seen || i.UID == r.state.Current {
			keep[key] = i.UID
		}
	}
	return r.removal("that stand in the queue before", "", func(i room.Item) bool {
		return keep[i.Media.Type+":"+i.Media.ID] != i.UID
	}), nil
}

// removal plans to remove the items that match, exactly those.
func (r *request) removal(which, target string, match func(room.Item) bool) *plan {
	p := &plan{target: target, none: "there is no item " + which}
	var items []room.Item
	for n, i := range r.state.Playlist {
		if match(i) {
			items = append(items, i)
			p.targets = append(p.targets, itemLine(n+1, i))
		}
	}
	p.does = fmt.Sprintf("remove %d item(s) %s", len(items), which)
	p.run = func(d *deed, chosen []int) outcome { return d.removeAll(items, chosen) }
	return p
}

// itemLine shows an item to choose from; its position makes it one of a kind.
func itemLine(position int, i room.Item) string {
	line := fmt.Sprintf("%d. %s (%s)", position, i.Media.Title, lengthOf(i.Media))
	if i.QueueBy != "" {
		line += " by " + i.QueueBy
	}
	return line
}

// removeAll removes one item after the other. One that went meanwhile is no
// trouble; any other refusal ends it.
func (d *deed) removeAll(items []room.Item, chosen []int) outcome {
	removed, gone := 0, 0
	for _, n := range chosen {
		if _, _, there := d.board.desk.now().state.Item(items[n].UID); !there {
			gone++
			continue
		}
		if o := d.remove(items[n]); o.status != bus.StatusDone {
			o.text = fmt.Sprintf("%d of %d items were removed, then: %s", removed, len(chosen), o.text)
			return o
		}
		removed++
	}
	text := fmt.Sprintf("Removed %d item(s)", removed)
	if gone > 0 {
		text += fmt.Sprintf("; %d had gone already", gone)
	}
	return done(text)
}

func planClearPlaylist(r *request) (*plan, error) {
	p := r.removal("in the queue", "", func(room.Item) bool { return true })
	p.does = fmt.Sprintf("clear the queue of %d item(s)", len(p.targets))
	items := slices.Clone(r.state.Playlist)
	p.run = func(d *deed, chosen []int) outcome {
		now := d.board.desk.now().state.Playlist
		added := slices.ContainsFunc(now, func(i room.Item) bool {
			return !slices.ContainsFunc(items, func(old room.Item) bool { return old.UID == i.UID })
		})
		if added || len(chosen) < len(items) { // not all that is there was shown and chosen
			if err := d.need("playlistdelete"); err != nil {
				return refusedBy(err)
			}
			return d.removeAll(items, chosen)
		}
		return d.emit(emission{name: "clearPlaylist", alone: "list", done: "Cleared the queue",
			seen: func(_ *room.State, e room.Event) (outcome, bool) {
				list, ok := e.(*room.Playlist)
				return done(""), ok && len(list.Items) == 0
			}})
	}
	return p, nil
}

// lengthOf is a medium's length as v0.5.0 showed it.
func lengthOf(m room.Media) string {
	if m.Seconds <= 0 {
		return "live"
	}
	return showDuration(m.Seconds)
}
