package tui

import (
	"strings"

	"rosey/bus/room"
)

// playback is what plays, as it is shown.
type playback struct {
	title, by, next string
	position, total float64
	paused          bool
	asOf            string // what is told is of then; empty: of now
}

func (m *model) playback() (playback, bool) { return m.playbackOf(m.room()) }

func (m *model) playbackOf(v *channel) (playback, bool) {
	if v == nil {
		return playback{}, false
	}
	media, position, ok := v.state.NowPlaying(m.roomNow(v).UnixMilli())
	if !ok {
		return playback{}, false
	}
	p := playback{title: room.Clean(media.Media.Title), position: max(0, position), total: media.Media.Seconds, paused: media.Paused, asOf: m.asOf(v)}
	if it, ok := playing(v.state); ok {
		p.by = room.Clean(it.QueueBy)
	}
	if next := upNext(v.state); len(next) > 0 {
		p.next = room.Clean(next[0].Media.Title) + lengthNote(next[0].Media)
	}
	return p, true
}

func (p playback) sign() string {
	switch {
	case p.asOf != "":
		return "?"
	case p.paused:
		return "‖"
	}
	return "▶"
}

// mediaBar is a whole row on what plays: title, progress, who queued it, what
// comes next. On a narrower screen the end goes first.
func (m *model) mediaBar(w int) string {
	s, by := m.styles, m.by
	p, ok := m.playback()
	if !ok {
		if m.unplugged() {
			return blank(w)
		}
		if asOf := m.asOf(m.room()); asOf != "" {
			return fit(by, s.muted.paint(" ? what plays is not known"), w)
		}
		return fit(by, s.muted.paint(" ■ nothing plays"), w)
	}
	if p.asOf != "" {
		return s.fade(m.oldMedia(p, w))
	}
	title := truncate(by, p.title, max(12, w*3/10), ellipsis)
	left := " " + s.good.paint(p.sign()) + " " + s.strong.paint(title) + "   "
	queuer, next := "", ""
	if p.by != "" {
		queuer = "   " + s.muted.paint("queued by ") + s.name(p.by).paint(p.by)
	}
	if p.next != "" {
		next = "   " + s.muted.paint("next: "+truncate(by, p.next, w/4, ellipsis))
	}
	right := ""
	for _, r := range []string{queuer + next, queuer} {
		if w-by.StringWidth(left)-by.StringWidth(r)-1 >= leastProgress {
			right = r
			break
		}
	}
	right += " "
	return fit(by, left+m.progress(p, w-by.StringWidth(left)-by.StringWidth(right))+right, w)
}

// oldMedia is the media bar while nobody says what plays: with what played last,
// and when that was.
func (m *model) oldMedia(p playback, w int) string {
	by := m.by
	left := " " + p.sign() + " " + truncate(by, p.title, max(12, w*3/10), ellipsis) + "   "
	right := "   " + p.asOf + " "
	return fit(by, left+m.progress(p, w-by.StringWidth(left)-by.StringWidth(right))+right, w)
}

// leastProgress is how many cells times and bar keep in the media bar.
const leastProgress = 32

// foldedMedia is what plays in at most w cells; empty when nothing does.
func (m *model) foldedMedia(w int) string {
	s, by := m.styles, m.by
	p, ok := m.playback()
	if !ok {
		return ""
	}
	bar := m.progress(p, min(w/2, 36))
	if p.asOf != "" {
		bar = m.progress(p, min(w/3, 24)) + " " + p.asOf
	}
	title := truncate(by, p.title, max(4, w-by.StringWidth(bar)-4), ellipsis)
	row := truncate(by, s.good.paint(p.sign())+" "+s.strong.paint(title)+"  "+bar, w, "")
	if p.asOf != "" {
		return s.fade(row)
	}
	return row
}

// progress is times with a bar between them in w cells, or the times alone.
func (m *model) progress(p playback, w int) string {
	s := m.styles
	at := clockLength(p.position)
	if p.total <= 0 {
		return s.muted.paint("live · " + at)
	}
	total := clockLength(p.total)
	n := w - len(at) - len(total) - 2
	if n < 6 {
		return s.text.paint(at) + s.muted.paint("/"+total)
	}
	done := int(min(1, p.position/p.total) * float64(n))
	head, tail := strings.Repeat("━", done), strings.Repeat("─", n-done)
	if done < n {
		head, tail = head+"╸", tail[len("─"):]
	}
	return s.text.paint(at) + " " + s.accent.paint(head) + s.border.paint(tail) + " " + s.muted.paint(total)
}
