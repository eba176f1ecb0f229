package tui

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"rosey/bus/room"
)

// lineKind says what a line in the chat is.
type lineKind int

const (
	lineChat lineKind = iota
	lineAction
	lineServer // the server's whispers
	linePM
	lineJoin
	lineLeave
	lineMod    // something was done to someone
	lineMedia  // what plays, polls
	lineNotice // the server, or the bot's link, tells the operator something
	lineLocal  // the console itself
	lineDay
	lineGap
)

// A line is one entry of the scrollback. Its text is clean. A line that
// changes after it was appended must bump rev.
type line struct {
	id       uint64 // grows along the scrollback
	at       int64  // Unix ms
	kind     lineKind
	name     string
	spans    []room.Span
	style    room.Style
	shadow   bool
	mention  bool
	seq      uint64            // of the event that it comes from; 0: it comes from none
	actionID string            // id of the action that it tells
	source   room.ActionSource // of that action
	about    string            // whom it is about, where that is not who it is by
	left     int64             // of a handover note: Unix ms at which it was left, told behind the first span
	hole     *hole             // of a gap made by pruning; nil of all else
	rev      int

	judged  int // by the rules as they were then; see chat.judge
	verdict verdict

	rows []string // as rendered for key
	key  rowKey
}

// A rowKey is everything a rendered line depends on besides itself.
type rowKey struct {
	width, look, rev int
	marks            *regexp.Regexp
}

// selectable tells lines that one can stop at.
func (l *line) selectable() bool { return l.kind != lineDay && l.kind != lineGap }

// counts tells lines that are news to someone who looks elsewhere.
func (l *line) counts() bool {
	switch l.kind {
	case lineChat, lineAction, linePM, lineServer, lineMod, lineNotice:
		return true
	}
	return false
}

// person is whom the line is by, or about where it tells what was done to
// someone; empty for the server's and the console's own.
func (l *line) person() string {
	switch {
	case l == nil || l.kind == lineServer || l.kind == lineNotice || l.kind == lineLocal || l.kind == lineMedia:
		return ""
	case l.about != "":
		return l.about
	}
	return l.name
}

// spoken tells lines that a person said.
func (l *line) spoken() bool { return l.kind == lineChat || l.kind == lineAction || l.kind == linePM }

func (l *line) text() string {
	var b strings.Builder
	for _, s := range l.spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// plain is the line as it is copied: time, name, text.
func (l *line) plain(loc *time.Location) string {
	if l == nil {
		return ""
	}
	out := l.name + ": "
	if l.kind == lineAction {
		out = "* " + l.name + " "
	}
	if l.name == "" {
		out = ""
	}
	if l.at != 0 {
		out = time.UnixMilli(l.at).In(loc).Format("2006-01-02 15:04:05 ") + out
	}
	return out + l.text()
}

func plain(text string) []room.Span { return []room.Span{{Text: text}} }

func localLine(at time.Time, text string) *line {
	return &line{at: at.UnixMilli(), kind: lineLocal, spans: cleanSpans(nil, text)}
}

// Bounds of what one line keeps, in bytes. CyTube's own limits are far below;
// a server that sends megabytes must not cost the console more than this.
const (
	maxLine = 4 << 10
	maxName = 128
)

// cleanName is a person's name, safe to show.
func cleanName(name string) string { return clip(room.Clean(clip(name, maxLine)), maxName) }

// cleanSpans passes a line's spans through the cleaner once more: the bot has
// cleaned them, but what is on the bus need not come from the bot. What is
// longer than maxLine is cut, and the line says so.
func cleanSpans(spans []room.Span, content string) []room.Span {
	if len(spans) == 0 {
		spans = plain(content)
	}
	out := make([]room.Span, 0, min(len(spans), 64))
	left, cut := maxLine, 0
	for _, s := range spans {
		if left <= 0 {
			cut += len(s.Text)
			continue
		}
		whole := len(s.Text)
		s.Text = clip(s.Text, left)
		cut += whole - len(s.Text)
		left -= max(1, len(s.Text))
		s.Text = room.CleanLines(s.Text)
		out = append(out, s)
	}
	if cut > 0 {
		out = append(out, room.Span{Text: fmt.Sprintf(" … %s bytes more", grouped(uint64(cut)))})
	}
	return out
}

// clip cuts s to at most n bytes, at a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// markOf is the sign before a name, so that no kind is told by colour alone.
func markOf(k lineKind) string {
	switch k {
	case lineAction:
		return "*"
	case linePM:
		return "✉"
	case lineJoin:
		return "→"
	case lineLeave:
		return "←"
	case lineMod:
		return "✂"
	case lineMedia:
		return "▶"
	case lineNotice:
		return "!"
	case lineLocal:
		return "·"
	}
	return ""
}
