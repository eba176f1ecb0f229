package tui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// confirmCommand does a command of the bot's tree, after asking where it harms. The
// person it is about is bound here, by the name as the room writes it. A text
// that says why it is not done comes back.
func (m *model) confirmCommand(v *channel, info bus.CommandInfo, words []string) (tea.Cmd, string) {
	if lack := missing(info, words); lack != "" {
		return nil, lack
	}
	target := ""
	if onPerson(info) && len(words) > 0 {
		if u, here := v.state.User(words[0]); here {
			words[0] = u.Name
		}
		target = words[0]
	}
	if why := v.cannot(info, target); why != "" {
		if target != "" {
			return nil, fmt.Sprintf("cannot %s %s: %s", info.Name, cleanName(target), why)
		}
		return nil, fmt.Sprintf("cannot %s: %s", info.Name, why)
	}
	if !info.Destructive || info.Bulk {
		return m.send(newErrand(m, v, info, words)), ""
	}
	return m.push(m.confirmQuestion(v, info, words, target)), ""
}

// confirmQuestion is the question before a command that harms: it names the person
// and what will be, and its default leaves it be.
func (m *model) confirmQuestion(v *channel, info bus.CommandInfo, words []string, target string) *question {
	who := cleanName(target)
	if who == "" {
		who = "it"
	}
	q := &question{title: strings.TrimSpace(title(info.Name) + " " + cleanName(target)), danger: true, target: target}
	reason, has := argOf(info, bus.ArgReason)
	if has {
		label := reason.Name
		if _, timed := argOf(info, bus.ArgDuration); timed {
			label = "[10m] " + label
		}
		q.field = newField(label, strings.Join(words[min(1, len(words)):], " "), v.reasons)
	}
	q.body = func(m *model, w int) []string { return m.consequence(v, info, words, target, w) }
	act := func(m *model) tea.Cmd {
		if q.field != nil {
			rest, err := info.SplitCommand(bus.QuoteWord(target) + " " + q.field.value())
			if err != nil {
				m.status = err.Error()
				return nil
			}
			words = rest
			words[0] = target
			v.rememberReason(q.field.value())
		}
		return m.send(newErrand(m, v, info, words))
	}
	q.buttons = []button{{"n", "Leave " + who + " alone", nil}, {"y", title(info.Name) + " " + who, act}}
	return q
}

// title is a verb at the start of a sentence.
func title(verb string) string {
	if verb == "" {
		return ""
	}
	return strings.ToUpper(verb[:1]) + verb[1:]
}

// busy is how long ago another operator's action is still worth a warning.
const busy = 30 * time.Second

// consequence is what the person should know before answering.
func (m *model) consequence(v *channel, info bus.CommandInfo, words []string, target string, w int) []string {
	s := m.styles
	var rows []string
	say := func(k ink, text string) {
		wr := wrapper{by: m.by}
		rows = append(rows, wr.wrap([]piece{{text, k}}, max(1, w), "")...)
	}
	if target != "" {
		say(s.strong, m.whoIs(v, target))
	} else if len(words) > 0 {
		say(s.strong, info.Name+" "+strings.Join(words, " "))
	}
	say(s.text, room.Clean(info.Help))
	if info.Inverse == "" && info.Name != "kick" {
		say(s.muted, "It cannot be taken back.")
	}
	if names := v.lookAlikes(target); len(names) > 0 {
		say(s.warn, "! looks like "+strings.Join(names, ", ")+", who is here too")
	}
	for _, p := range m.others() {
		if p.Acting != "" && room.Fold(p.Acting) == room.Fold(target) {
			say(s.warn, "! "+p.Operator+" is about to act on "+cleanName(target)+" as well")
		}
	}
	if a, ok := v.recentActionOn(target, m.opts.Operator, m.now, busy); ok && target != "" {
		say(s.warn, fmt.Sprintf("! %s did this %s ago: %s", room.Clean(a.Actor), spoken(m.now.UnixMilli()-a.Time), actionText(a)))
	}
	return rows
}

// whoIs is a person in a few words.
func (m *model) whoIs(v *channel, name string) string {
	u, here := v.state.User(name)
	if !here {
		return cleanName(name) + " · not in the room"
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

// lookAlikes are people here whose names one could take for name.
func (v *channel) lookAlikes(name string) []string {
	var out []string
	if name == "" {
		return nil
	}
	for _, u := range v.state.Users {
		if room.Alike(u.Name, name) {
			out = append(out, cleanName(u.Name))
		}
	}
	return out
}
