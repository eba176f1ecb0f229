package room

import "slices"

func applyQueue(s State, e Event) State {
	switch e := e.(type) {
	case *Playlist:
		s.Playlist, s.Full = bounded(lastOfEach(e.Items, itemUID), s.Full)
		// An emptied queue is not followed by a setCurrent: nothing plays.
		if len(s.Playlist) == 0 {
			s.Current, s.Media = -1, nil
		}
	case *Queued:
		return queued(s, e)
	case *Removed:
		return removed(s, e.UID)
	case *Moved:
		return moved(s, e)
	case *TempSet:
		if i := indexOf(s.Playlist, e.UID); i >= 0 && s.Playlist[i].Temp != e.Temp {
			items := slices.Clone(s.Playlist)
			items[i].Temp = e.Temp
			s.Playlist = items
		}
	case *Current:
		// It may name an item that comes only with the next event.
		s.Current = e.UID
	case *MediaChange:
		media := *e
		s.Media = &media
		s.Voteskip = Voteskip{} // CyTube begins the vote anew, and tells only those who may see it
	case *MediaUpdate:
		if s.Media == nil {
			return s
		}
		media := *s.Media
		media.Position, media.Paused, media.Time = e.Position, e.Paused, e.Time
		s.Media = &media
	}
	return s
}

func itemUID(it Item) int { return it.UID }

func indexOf(items []Item, uid int) int {
	return slices.IndexFunc(items, func(it Item) bool { return it.UID == uid })
}

// queued puts an item in, at the end when its neighbour is not known. An item
// that is told again takes its place again.
func queued(s State, e *Queued) State {
	items := s.Playlist
	if i := indexOf(items, e.Item.UID); i >= 0 {
		items = removedAt(items, i)
	} else if len(items) >= MaxEntries {
		s.Full = true
		return s
	}
	at, ok := place(items, e.After)
	if !ok {
		at = len(items)
	}
	s.Playlist = inserted(items, at, e.Item)
	return s
}

// moved moves an item. Where the item or its new neighbour is not known, the
// queue stays as it is.
func moved(s State, e *Moved) State {
	from := indexOf(s.Playlist, e.UID)
	if from < 0 {
		return s
	}
	rest := removedAt(s.Playlist, from)
	at, ok := place(rest, e.After)
	if !ok {
		return s
	}
	s.Playlist = slices.Insert(rest, at, s.Playlist[from])
	return s
}

// place is the index in items that After means.
func place(items []Item, after After) (int, bool) {
	switch after.Where {
	case AtStart:
		return 0, true
	case AtEnd:
		return len(items), true
	case AfterUID:
		if i := indexOf(items, after.UID); i >= 0 {
			return i + 1, true
		}
	}
	return 0, false
}

// removed takes an item out. When it was the one that plays, the server names
// the next at once, if there is one; until then its media stays on the screen,
// as in the players.
func removed(s State, uid int) State {
	if s.Current == uid {
		s.Current = -1
	}
	i := indexOf(s.Playlist, uid)
	if i < 0 {
		return s
	}
	s.Playlist = removedAt(s.Playlist, i)
	if len(s.Playlist) == 0 {
		s.Current, s.Media = -1, nil
	}
	return s
}
