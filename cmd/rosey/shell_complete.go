package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// completeWait bounds how long a Tab may hold up the typing.
	completeWait = 300 * time.Millisecond
	// completeShown is how many candidates are listed.
	completeShown = 40
)

// completer is what the line editor calls for each key.
func (s *shell) completer(ctx context.Context, screen io.Writer) func(string, int, rune) (string, int, bool) {
	return func(line string, pos int, key rune) (string, int, bool) {
		if key != '\t' {
			return "", 0, false
		}
		head, tail := line[:pos], line[pos:]
		start := strings.LastIndexByte(head, ' ') + 1
		word := head[start:]
		found := matching(s.candidates(ctx, head[:start]), word)
		switch len(found) {
		case 0:
			return line, pos, true
		case 1:
			head = head[:start] + bus.QuoteWord(found[0]) + " "
		default:
			common := room.CommonStart(found, strings.EqualFold)
			if len(common) > len(word) {
				head = head[:start] + common
				break
			}
			list(screen, found)
		}
		return head + strings.TrimLeft(tail, " "), len(head), true
	}
}

// candidates is what may stand behind what was typed.
func (s *shell) candidates(ctx context.Context, before string) []string {
	words, err := bus.SplitLine(before)
	if err != nil {
		return nil
	}
	if len(words) == 0 {
		return append(s.names(), "help", "exit")
	}
	if strings.EqualFold(words[0], "help") {
		return s.names()
	}
	info, known := s.tree.Find(words[0])
	if !known || len(words) > len(info.Args) {
		return nil
	}
	switch arg := info.Args[len(words)-1]; arg.Type {
	case bus.ArgUser, bus.ArgName:
		return s.people(ctx)
	case bus.ArgChoice:
		return arg.Choices
	case bus.ArgCommand:
		return s.names()
	}
	return nil
}

// names are those of the commands.
func (s *shell) names() []string {
	names := make([]string, len(s.tree.Commands))
	for i, c := range s.tree.Commands {
		names[i] = c.Name
	}
	return names
}

// people are those in the room.
func (s *shell) people(ctx context.Context) []string {
	if s.conn == nil && s.attach(s) != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, completeWait)
	defer cancel()
	reply, err := bus.Request[bus.StateReply](ctx, s.conn, bus.StateSubject(s.room), struct{}{})
	if err != nil {
		return nil // no candidates: typing goes on
	}
	state := room.Restore(reply.State)
	names := make([]string, len(state.Users))
	for i, u := range state.Users {
		names[i] = u.Name
	}
	return names
}

// matching are those that begin with word in any case, sorted.
func matching(names []string, word string) []string {
	var found []string
	for _, n := range names {
		if len(n) >= len(word) && strings.EqualFold(n[:len(word)], word) {
			found = append(found, n)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func list(screen io.Writer, names []string) {
	rest := ""
	if len(names) > completeShown {
		rest = fmt.Sprintf(" … and %d more", len(names)-completeShown)
		names = names[:completeShown]
	}
	fmt.Fprintf(screen, "%s%s\n", strings.Join(names, "  "), rest)
}
