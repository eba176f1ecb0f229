package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// confirmCommand does a command of the bot's tree, after asking where it harms. A
// text that says why it is not done comes back.
func (m *model) confirmCommand(v *channel, info bus.CommandInfo, words []string) (tea.Cmd, string) {
	return m.confirmErrand(v, newErrand(m, v, info, words))
}

// confirmErrand is confirmCommand for an errand that is made already. The person
// it is about is bound here, by the name as the room writes it.
func (m *model) confirmErrand(v *channel, e *errand) (tea.Cmd, string) {
	info, words := e.info, slices.Clone(e.words)
	if lack := missing(info, words); lack != "" {
		return nil, lack
	}
	if u, here := v.state.User(e.target); here && e.target != "" {
		words[0] = u.Name
		e.bind(words)
	}
	target := e.target
	if why := v.cannot(info, target); why != "" {
		if target != "" {
			return nil, fmt.Sprintf("cannot %s %s%s: %s", info.Name, cleanName(target), m.inRoom(v.name), why) + v.instead(info, target)
		}
		return nil, fmt.Sprintf("cannot %s: %s", info.Name, why)
	}
	if !info.Destructive || info.Bulk {
		return m.send(e), ""
	}
	return m.push(m.confirmQuestion(v, e)), ""
}

// confirmQuestion is the question before a command that harms: it names the person,
// the room and what will be, and its default leaves it be.
func (m *model) confirmQuestion(v *channel, e *errand) *question {
	info, words, target, sent := e.info, e.words, e.target, false
	q := &question{title: confirmTitle(info, target) + m.inRoom(v.name), danger: true, target: target}
	if _, has := argOf(info, bus.ArgReason); has {
		q.field = reasonField(v, info, words)
	}
	now := func() ([]string, error) {
		if q.field == nil {
			return words, nil
		}
		return info.SplitCommand(bus.QuoteWord(target) + " " + q.field.value())
	}
	q.body = func(m *model, w int) []string {
		words, err := now()
		rows := m.consequence(v, info, words, target, w)
		if err != nil {
			rows = append(rows, m.styles.warn.paint(fit(m.by, "! "+err.Error(), w)))
		}
		return rows
	}
	act := func(m *model) tea.Cmd {
		words, err := now()
		if err != nil {
			m.status = "nothing was done: " + err.Error()
			return nil
		}
		if target != "" {
			words[0] = target
		}
		if reason, has := argOf(info, bus.ArgReason); has {
			v.rememberReason(laid(info, words)[reason.Name])
		}
		e.bind(words)
		sent = true
		return m.send(e)
	}
	q.buttons = confirmButtons(info, target, act)
	q.closed = func(m *model) tea.Cmd {
		if !sent {
			e.leftAlone(m)
		}
		return nil
	}
	return q
}

// confirmButtons leave it be, which is the first, or do it.
func confirmButtons(info bus.CommandInfo, target string, act func(*model) tea.Cmd) []button {
	leave := "Leave it"
	if target != "" {
		leave = "Leave " + cleanName(target) + " alone"
	}
	return []button{{"n", leave, nil}, {"y", confirmTitle(info, target), act}}
}

// confirmTitle is what is asked about: kick bob, jump 3.
func confirmTitle(info bus.CommandInfo, target string) string {
	return strings.TrimSpace(title(info.Name) + " " + cleanName(target))
}

// reasonField is the line for a reason, with the time before it where there is
// one. A mute begins with a time, so that one that is forgotten ends.
func reasonField(v *channel, info bus.CommandInfo, words []string) *field {
	reason, _ := argOf(info, bus.ArgReason)
	_, timed := argOf(info, bus.ArgDuration)
	if !timed {
		return newField(reason.Name, strings.Join(words[min(1, len(words)):], " "), v.reasons)
	}
	text := strings.Join(words[min(1, len(words)):], " ")
	if text == "" && mutes(info.Name) {
		text = usualMute + " "
	}
	f := newField("time, "+reason.Name, text, v.reasons)
	f.stays = func(text string) string {
		first, _, _ := strings.Cut(text, " ")
		if _, ok := readTerm(first); ok {
			return first + " "
		}
		return ""
	}
	return f
}

// title is a verb at the start of a sentence.
func title(verb string) string {
	if verb == "" {
		return ""
	}
	return strings.ToUpper(verb[:1]) + verb[1:]
}

// consequence is what the person should know before answering.
func (m *model) consequence(v *channel, info bus.CommandInfo, words []string, target string, w int) []string {
	s := m.styles
	var rows []string
	say := func(k ink, text string) {
		wr := wrapper{by: m.by}
		rows = append(rows, wr.wrap([]piece{{text, k}}, max(1, w), "")...)
	}
	switch {
	case target != "":
		say(s.strong, m.whoIs(v, target)+m.inRoom(v.name))
		if _, reasoned := argOf(info, bus.ArgReason); !reasoned && len(words) > 1 {
			say(s.strong, info.Name+" "+strings.Join(words, " "))
		}
	case len(words) > 0:
		say(s.strong, info.Name+" "+strings.Join(words, " ")+m.inRoom(v.name))
	}
	for _, warning := range m.warnings(v, info, target) {
		say(s.warn, "! "+warning)
	}
	if item := v.itemAt(info, words); item != "" {
		say(s.strong, item)
	}
	say(s.text, room.Clean(info.Help))
	if stops := v.stops(info.Name); stops != "" {
		say(s.text, stops)
	}
	if _, timed := argOf(info, bus.ArgDuration); timed {
		say(s.text, m.termText(info, words))
	}
	if v.takenBackBy(info, words) == "" && info.Name != "kick" {
		say(s.muted, "It cannot be taken back.")
	}
	return rows
}

// itemAt is the item of the queue that a command is about; empty when none.
func (v *channel) itemAt(info bus.CommandInfo, words []string) string {
	if len(info.Args) == 0 || len(words) == 0 || info.Args[0].Type != bus.ArgPosition {
		return ""
	}
	if n, err := strconv.Atoi(words[0]); err == nil && n >= 1 && n <= len(v.state.Playlist) {
		return room.Clean(v.state.Playlist[n-1].Media.Title)
	}
	return ""
}

// stops says what a command ends that plays now; empty where it ends nothing.
func (v *channel) stops(verb string) string {
	if v.state.Media == nil || verb != "jump" && verb != "next" {
		return ""
	}
	return "What plays now stops for everybody: " + room.Clean(v.state.Media.Media.Title)
}

// whoIs is a person in a few words.
func (m *model) whoIs(v *channel, name string) string {
	u, here := v.state.User(name)
	if !here {
		return cleanName(name) + " · " + v.absence(name)
	}
	text := cleanName(u.Name) + " · " + rankName(u.Rank)
	if notes := userNotes(v.state, u); notes != "" {
		text += " · " + notes
	}
	if n := len(others(u)); n > 0 {
		text += " · also " + strings.Join(others(u), ", ")
	}
	return text
}

// others are a person's aliases, without the name itself.
func others(u room.User) []string {
	var out []string
	for _, a := range u.Meta.Aliases {
		if room.Fold(a) != room.Fold(u.Name) {
			out = append(out, cleanName(a))
		}
	}
	return out
}
