package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// args are the arguments of a request by name, cleaned. One that was left out
// is empty.
type args map[string]string

// maxArgs bounds the bytes of a command's arguments: a line that is as long as
// it may be, in any script.
const maxArgs = 4 * bus.MaxLine

// readArgs lays words on a command's arguments. An optional duration or number
// that the word at its place cannot be counts as left out, so that "mute bob
// caps" and "mute bob 10m caps" both mean what they say. Only chat text keeps
// its line ends.
func readArgs(c *command, words []string) (args, error) {
	size := 0
	for _, w := range words {
		size += len(w)
	}
	if size > maxArgs {
		return nil, bus.ErrLineLong
	}
	read := args{}
	for _, a := range c.Args {
		switch {
		case len(words) > 0 && a.Rest:
			read[a.Name] = room.CleanLines(strings.TrimSpace(strings.Join(words, " ")))
			words = nil
		case len(words) > 0 && (!a.Optional || fits(a, words[0])):
			typed := strings.TrimSpace(words[0])
			read[a.Name] = room.Clean(typed)
			if isPerson(a) && read[a.Name] != typed {
				return nil, errUnseen(typed)
			}
			words = words[1:]
		}
		if !a.Optional && read[a.Name] == "" {
			return nil, c.usage()
		}
	}
	if len(words) > 0 {
		return nil, c.usage()
	}
	return read, nil
}

// errUnseen refuses a name that becomes another one when it is cleaned: nobody
// shall be acted on because a text only looks like their name.
func errUnseen(typed string) error {
	return fmt.Errorf("%s is not a user name: there is a character in it that cannot be seen; type the name by hand", shorten(strconv.QuoteToASCII(typed), 60))
}

// isPerson tells whether the argument says on whom the command acts.
func isPerson(a bus.ArgInfo) bool {
	return a.Type == bus.ArgUser || a.Type == bus.ArgName || a.Type == bus.ArgBanned
}

// fits tells whether a word can be an optional argument.
func fits(a bus.ArgInfo, word string) bool {
	switch a.Type {
	case bus.ArgDuration:
		_, ok := readDuration(word)
		return ok
	case bus.ArgNumber:
		return strings.Trim(word, "0123456789") == ""
	case bus.ArgChoice:
		return !a.Rest && (len(a.Choices) == 0 || slices.Contains(a.Choices, strings.ToLower(word)))
	}
	return true
}

// longestDuration bounds a sanction that has an end.
const longestDuration = 3650 * 24 * time.Hour

// readDuration reads the length of a sanction: a second at least.
func readDuration(word string) (time.Duration, bool) {
	d, err := config.ParseDuration(word)
	return d, err == nil && d >= time.Second && d <= longestDuration
}

// showDuration is v0.5.0's way: -1 is Unknown, parts that are zero are left out
// (COMPAT.md §4).
func showDuration(seconds float64) string {
	if seconds < 0 {
		return "Unknown"
	}
	n := int64(seconds)
	var parts []string
	for _, u := range []struct {
		seconds int64
		name    string
	}{{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}} {
		if n >= u.seconds {
			parts = append(parts, strconv.FormatInt(n/u.seconds, 10)+u.name)
			n %= u.seconds
		}
	}
	if len(parts) == 0 {
		return "0s"
	}
	return strings.Join(parts, " ")
}
