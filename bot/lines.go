package bot

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"rosey/bus/room"
)

const (
	// lineLimit is where CyTube cuts a line, in UTF-16 units; the command
	// before it counts (PROTOCOL.md §5).
	lineLimit = 320
	// maxLines is how many lines one command may say.
	maxLines = 20
)

// A line is one message to CyTube.
type line struct {
	kind lineKind
	to   string // of a PM
	text string
	cost int // how often it counts for the throttle

	seen   watcher       // of a slash command: its success, or a refusal of its own
	silent func() string // what is said when nothing came of it
	soon   chan struct{} // its watcher says here, once, that the end comes at once or not at all
}

// lineKind says by what a line's success shows.
type lineKind int

const (
	lineChat lineKind = iota // our own line comes back
	linePM                   // the server's copy of our PM comes back
	lineAFK                  // our AFK state changes
	lineDeed                 // its own watcher tells
)

// chatCommands are CyTube's own (PROTOCOL.md §6). What is not among them is
// shown to the whole room as it was typed, slash and all.
var chatCommands = map[string]bool{
	"me": true, "sp": true, "say": true, "shout": true, "rcv": true, "afk": true, "d": true, "a": true,
	"poll": true, "hpoll": true, "kick": true, "kickanons": true, "ban": true, "ipban": true, "banip": true,
	"mute": true, "smute": true, "unmute": true, "unsmute": true, "clear": true, "rank": true,
	"clean": true, "cleantitle": true,
}

// sayLines turns a text into the lines that say it, or into the sentence that
// tells why it is not said. A text that starts with a slash is a mistake or a
// command in disguise, so only /me, /sp and /afk go through, and //x says "/x"
// where CyTube has no command x.
func sayLines(text string) ([]line, error) {
	text = tidy(text)
	word, rest := text, ""
	if i := strings.IndexFunc(text, unicode.IsSpace); i >= 0 {
		word, rest = text[:i], text[i:]
	}
	switch word = strings.ToLower(word); {
	case text == "":
		return nil, errors.New("there is nothing to say")
	case word == "/afk":
		return []line{{kind: lineAFK, text: "/afk", cost: 1}}, nil
	case word == "/me" || word == "/sp":
		if trim(rest) == "" {
			return nil, fmt.Errorf("%s needs a text behind it", word)
		}
		return chatLines(trim(rest), word+" ", 2)
	case strings.HasPrefix(word, "//"):
		if name := word[2:]; chatCommands[name] {
			return nil, fmt.Errorf("CyTube would take /%s as a command: it cannot be said", room.Clean(name))
		}
		return chatLines(text[1:], "", 1)
	case strings.HasPrefix(word, "/"):
		return nil, fmt.Errorf("%s is not said: only /me, /sp and /afk go through, and //%s says it with one slash", room.Clean(word), room.Clean(word[1:]))
	}
	return chatLines(text, "", 1)
}

// pmLines turns a text into private messages, in which nothing is a command.
func pmLines(to, text string) ([]line, error) {
	parts := room.Split(tidy(text), lineLimit)
	switch {
	case len(parts) == 0:
		return nil, errors.New("there is nothing to say")
	case len(parts) > maxLines:
		return nil, tooLong(len(parts))
	}
	lines := make([]line, 0, len(parts))
	for _, p := range parts {
		lines = append(lines, line{kind: linePM, to: to, text: p, cost: 1})
	}
	return lines, nil
}

// chatLines splits text and puts prefix before each part. No part may begin
// with a slash by accident of where it was cut: CyTube would obey it. A cut
// elsewhere avoids that; a slash at the start of a line of the text does not
// go away and is refused.
func chatLines(text, prefix string, cost int) ([]line, error) {
	limit := lineLimit - room.UTF16Len(prefix)
	parts := splitLines(text, limit)
	for shorter := limit - 1; slashed(parts, prefix) >= 0 && shorter > limit/2; shorter-- {
		parts = splitLines(text, shorter)
	}
	if i := slashed(parts, prefix); i >= 0 {
		return nil, fmt.Errorf("line %d would begin with a slash, and CyTube might take it as a command: nothing was said", i+1)
	}
	switch {
	case len(parts) == 0:
		return nil, errors.New("there is nothing to say")
	case len(parts) > maxLines:
		return nil, tooLong(len(parts))
	}
	lines := make([]line, 0, len(parts))
	for _, p := range parts {
		lines = append(lines, line{kind: lineChat, text: prefix + p, cost: cost})
	}
	return lines, nil
}

// splitLines makes each line of text a part of its own, since CyTube turns a
// line end into a blank, and splits those that are too long.
func splitLines(text string, limit int) []string {
	var parts []string
	for l := range strings.SplitSeq(text, "\n") {
		for _, p := range room.Split(l, limit) {
			if p = trim(p); p != "" {
				parts = append(parts, p)
			}
		}
	}
	return parts
}

// slashed finds the first part behind the first one that begins with a slash
// and has no prefix before it; -1 for none. The first one was looked at when
// the command was read.
func slashed(parts []string, prefix string) int {
	for i, p := range parts {
		if i > 0 && prefix == "" && strings.HasPrefix(p, "/") {
			return i
		}
	}
	return -1
}

func tooLong(n int) error {
	return fmt.Errorf("the text makes %d lines and %d is the most at once: shorten it", n, maxLines)
}

// tidy writes line ends one way, makes blanks of other control characters, as
// CyTube does, and drops white space around the text. What is left begins for
// us as it begins for the server: a slash cannot hide.
func tidy(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	text = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' {
			return ' '
		}
		return r
	}, text)
	return trim(text)
}

// trim drops white space at both ends, in the sense of JavaScript, for which
// the byte order mark is some.
func trim(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
}
