package tui

import (
	"strings"
	"unicode/utf8"

	"rosey/bus/room"
)

// format is a line as a screen reader says it well: when, who, what, and no
// sign that has to be seen.
func (c *plainConsole) format(v *channel, l *line) string {
	text := strings.ReplaceAll(plainText(l), "\n", " / ")
	switch l.kind {
	case lineDay, lineGap:
		return "-- " + text
	}
	var b strings.Builder
	if l.at != 0 {
		b.WriteString(c.m.lines().clock(l.at) + " ")
	}
	if len(c.m.rooms) > 1 {
		b.WriteString("[" + room.Clean(v.name) + "] ")
	}
	switch {
	case l.mention && l.kind != linePM:
		b.WriteString("mention, ")
	case l.verdict.mark != nil:
		b.WriteString("highlight, ")
	}
	if l.shadow {
		b.WriteString("shadow-muted, ")
	}
	b.WriteString(plainLead(l))
	return b.String() + text
}

// plainLead is what stands before a line's text.
func plainLead(l *line) string {
	name := func(otherwise string) string {
		if l.name == "" {
			return otherwise
		}
		return l.name
	}
	switch l.kind {
	case lineAction:
		return "* " + l.name + " "
	case linePM:
		return "private, " + l.name + ": "
	case lineJoin, lineLeave:
		return l.name + " "
	case lineMod:
		return strings.TrimSpace("moderation, "+l.name) + " "
	case lineMedia:
		if l.name == "" {
			return "playing, "
		}
		return l.name + " "
	case lineNotice:
		return "notice, " + name("server") + ": "
	case lineServer:
		return name("server") + " says: "
	case lineLocal:
		return "console: "
	}
	return l.name + ": "
}

// plainText is a line's text with its spoilers said to be some.
func plainText(l *line) string {
	var b strings.Builder
	for _, s := range l.spans {
		if s.Kind == room.SpanSpoiler {
			b.WriteString("[spoiler: " + s.Text + "]")
			continue
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

var asciiSigns = strings.NewReplacer("…", "...", "·", "-", "—", "-", "–", "-", "✓", "ok", "✗", "failed", "▸", ">", "→", "->", "←", "<-",
	"‘", "'", "’", "'", "“", `"`, "”", `"`, "é", "e", "ß", "ss")

// toASCII writes what has a likeness in ASCII by it, and ? for the rest.
func toASCII(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= utf8.RuneSelf {
			return '?'
		}
		return c
	}, asciiSigns.Replace(text))
}
