package tui

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
)

// queueRows is what comes next, and the poll where one is open, for wide
// screens.
func queueRows(s *styles, by ansi.Method, st room.State, r rect) []string {
	var rows []string
	if p := st.Poll; p != nil {
		rows = append(rows, s.muted.paint(fit(by, " POLL", r.w)), fit(by, "  "+room.Clean(p.Title), r.w))
		for i, o := range p.Options {
			votes := ""
			if i < len(p.Counts) {
				votes = room.Clean(p.Counts[i])
			}
			rows = append(rows, spread(by, "  "+fitRight(by, s.accent.paint(votes), 3)+"  "+room.Clean(o), " ", r.w))
		}
		rows = append(rows, blank(r.w))
	}
	rows = append(rows, queueTitle(s, by, st, r.w))
	next := upNext(st)
	for i, it := range next {
		if len(rows) == r.h-1 && i < len(next)-1 {
			rows = append(rows, s.muted.paint(fit(by, fmt.Sprintf("     ↓ %d more", len(next)-i), r.w)))
			break
		}
		if len(rows) >= r.h {
			break
		}
		rows = append(rows, queueRow(s, by, i+1, it, r.w))
	}
	if len(next) == 0 {
		rows = append(rows, s.muted.paint(fit(by, "     nothing queued", r.w)))
	}
	for len(rows) < r.h {
		rows = append(rows, blank(r.w))
	}
	return rows[:r.h]
}

func queueTitle(s *styles, by ansi.Method, st room.State, w int) string {
	note := st.Length.Length
	if st.Locked {
		note = "locked · " + note
	}
	return s.muted.paint(spread(by, " UP NEXT", room.Clean(note)+" ", w))
}

func queueRow(s *styles, by ansi.Method, n int, it room.Item, w int) string {
	queuer := room.Clean(it.QueueBy)
	length := "live"
	if it.Media.Seconds > 0 {
		length = clockLength(it.Media.Seconds)
	}
	who := truncate(by, queuer, 10, ellipsis)
	left := s.muted.paint(fmt.Sprintf(" %3d ", n)) + " " + room.Clean(it.Media.Title)
	return spread(by, left, "  "+s.name(queuer).paint(fit(by, who, 10))+s.muted.paint(fitRight(by, length, 8))+" ", w)
}

// upNext are the items after the one that plays; all of them when none does.
func upNext(st room.State) []room.Item {
	for i, it := range st.Playlist {
		if it.UID == st.Current {
			return st.Playlist[i+1:]
		}
	}
	return st.Playlist
}

// playing is the queue's item that plays.
func playing(st room.State) (room.Item, bool) {
	for _, it := range st.Playlist {
		if it.UID == st.Current {
			return it, true
		}
	}
	return room.Item{}, false
}
