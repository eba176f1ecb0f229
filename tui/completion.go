package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rosey/bus"
	"rosey/bus/room"
)

// A completion under way: tab again gives the next candidate.
type completion struct {
	candidates []string
	at         int
	shown      int // characters that the present candidate put before the cursor
}

// complete completes what stands before the cursor in e, or goes to the next
// candidate. shell says that every line is a command.
func (m *model) complete(v *channel, e *editor, t *completion, shell bool) {
	if len(t.candidates) > 0 {
		t.at = (t.at + 1) % len(t.candidates)
		e.replaceBefore(t.shown, t.candidates[t.at])
		t.shown = len(clusters(t.candidates[t.at]))
		return
	}
	if !shell && e.empty() {
		m.status = "nothing to complete" // a name here would be said by one more key
		return
	}
	n, found := offers(v, e.before(), shell)
	if len(found) == 0 {
		m.status = "nothing to complete"
		return
	}
	t.candidates = found
	e.replaceBefore(n, t.candidates[0])
	t.at, t.shown = 0, len(clusters(t.candidates[0]))
}

// offers are what the text before the cursor may be completed to, best first,
// and how many of its characters each takes the place of.
func offers(v *channel, before string, shell bool) (n int, found []string) {
	before = strings.TrimLeft(before, " ")
	word := before[strings.LastIndex(before, " ")+1:]
	slash := ""
	if !shell {
		slash = "/"
	}
	if !strings.HasPrefix(before, slash) || strings.HasPrefix(before, "//") {
		return len(clusters(word)), anyone(v, word)
	}
	if word == before {
		return len(clusters(word)), v.commandNames(word, slash)
	}
	name, rest, _ := strings.Cut(before[len(slash):], " ")
	if arg, text, ok := v.argAt(name, rest); ok {
		return len(clusters(text)), v.offersFor(arg, text, shell)
	}
	return len(clusters(word)), anyone(v, word)
}

// An offer is what tab would make of the line, kept for as long as the line is
// the same.
type offer struct {
	before string
	rev    uint64
	next   string
}

// nextOffer is what tab would put in now; empty when nothing, or when there is
// nothing typed to go by.
func (v *channel) nextOffer() string {
	before := v.edit.before()
	word := before[strings.LastIndex(before, " ")+1:]
	if len(v.tab.candidates) > 1 {
		return strings.TrimSpace(v.tab.candidates[(v.tab.at+1)%len(v.tab.candidates)])
	}
	if word == "" && !strings.HasPrefix(before, "/") || len(v.tab.candidates) > 0 {
		return ""
	}
	if v.offer.before != before || v.offer.rev != v.rev {
		v.offer = offer{before: before, rev: v.rev}
		if _, found := offers(v, before, false); len(found) > 0 {
			v.offer.next = strings.TrimSpace(found[0])
		}
	}
	return v.offer.next
}

// argAt is the argument of a command that the end of rest belongs to, and what
// of it is typed.
func (v *channel) argAt(name, rest string) (arg bus.ArgInfo, text string, ok bool) {
	info, known := v.command(name)
	if !known {
		info.Args = localArgs(name)
	}
	starts := wordStarts(rest)
	at := len(starts) - 1
	last := rest[starts[at]:]
	for i, a := range info.Args {
		switch {
		case a.Rest && at >= i:
			return a, rest[starts[i]:], true
		case at == i && a.Type == bus.ArgDuration && i+1 < len(info.Args) && !startsWithDigit(last):
			// A duration may be left out: what is no number is of the next.
			return info.Args[i+1], last, true
		case at == i:
			return a, last, true
		}
	}
	return bus.ArgInfo{}, "", false
}

// wordStarts are where the words of text begin, however many blanks lie between
// them; the last is the one under the cursor, which may be yet to come.
func wordStarts(text string) []int {
	var starts []int
	for i := range len(text) {
		if text[i] != ' ' && (i == 0 || text[i-1] == ' ') {
			starts = append(starts, i)
		}
	}
	if text == "" || text[len(text)-1] == ' ' {
		starts = append(starts, len(text))
	}
	return starts
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// offersFor are what fits an argument. A person is offered by who spoke last,
// so that the one who is meant comes first.
func (v *channel) offersFor(a bus.ArgInfo, text string, shell bool) []string {
	var from []string
	switch a.Type {
	case bus.ArgUser:
		return v.people(text, false)
	case bus.ArgName, bus.ArgBanned:
		return v.people(text, true)
	case bus.ArgReason:
		from = v.reasons
	case bus.ArgChoice:
		from = a.Choices
	case bus.ArgDuration:
		from = []string{"10m", "1h", "1d", "7d"}
	case bus.ArgCommand:
		return v.commandNames(text, "")
	case bus.ArgPosition:
		for i := range v.state.Playlist {
			from = append(from, fmt.Sprint(i+1))
		}
	case bus.ArgText:
		if !shell {
			return anyone(v, text[strings.LastIndex(text, " ")+1:])
		}
	}
	var out []string
	for _, f := range from {
		if strings.HasPrefix(room.Fold(f), room.Fold(text)) {
			out = append(out, f+" ")
		}
	}
	return out
}

// localArgs are the arguments of our own commands that name a person.
func localArgs(name string) []bus.ArgInfo {
	switch name {
	case "pm", "who":
		return []bus.ArgInfo{{Name: "user", Type: bus.ArgUser}, {Name: "text", Type: bus.ArgText, Rest: true}}
	}
	return nil
}

// people are those whose names begin with text, who spoke last first; those who
// left come after those who are here.
func (v *channel) people(text string, gone bool) []string {
	want := room.Fold(text)
	var here, away []string
	for _, u := range v.state.Users {
		if strings.HasPrefix(room.Fold(u.Name), want) && room.Fold(u.Name) != room.Fold(v.state.Self.Name) {
			here = append(here, cleanName(u.Name))
		}
	}
	if gone {
		for _, name := range v.names {
			if _, present := v.state.User(name); !present && strings.HasPrefix(room.Fold(name), want) {
				away = append(away, name)
			}
		}
	}
	recent := func(a, b string) int { return cmp.Compare(v.spoke[room.Fold(b)], v.spoke[room.Fold(a)]) }
	slices.SortStableFunc(here, recent)
	slices.SortFunc(away, func(a, b string) int { return cmp.Or(recent(a, b), cmp.Compare(a, b)) })
	out := append(here, away...)
	for i := range out {
		out[i] = bus.QuoteWord(out[i]) + " "
	}
	return out
}

// anyone is what a word of chat may become: people, then emotes.
func anyone(v *channel, word string) []string {
	at := ""
	if strings.HasPrefix(word, "@") {
		at, word = "@", word[1:]
	}
	out := v.people(word, false)
	for i := range out {
		out[i] = at + out[i]
	}
	if word == "" || at != "" {
		return out
	}
	for _, e := range v.state.Emotes {
		if strings.HasPrefix(room.Fold(e.Name), room.Fold(word)) {
			out = append(out, room.Clean(e.Name)+" ")
		}
	}
	return out
}

// commandNames are the commands that begin with word, ours before the bot's.
func (v *channel) commandNames(word, slash string) []string {
	word = strings.ToLower(word)
	var out []string
	add := func(name string) {
		if name = slash + name; strings.HasPrefix(name, word) && !slices.Contains(out, name+" ") {
			out = append(out, name+" ")
		}
	}
	if slash != "" {
		for _, c := range commands() {
			add(c.name)
		}
	}
	for _, c := range v.tree.reply.Commands {
		add(c.Name)
	}
	return out
}
