package cytubetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// fillPlaylist queues the programme and goes to the last minutes of its first
// film, so that an end is seen soon.
func (d *director) fillPlaylist() {
	if len(d.room.Titles()) > 0 {
		return
	}
	by := demoCast[1].name
	for i, f := range demoFilms {
		d.room.Inject(f, false, demoCast[i%len(demoCast)].name)
		if i%2 == 0 {
			d.room.Inject(demoClips[i/2%len(demoClips)], true, by)
		}
	}
	d.room.Seek(float64(demoFilms[0].Seconds) - 140)
}

// pollBeat opens a poll, has some vote, and closes it.
func (d *director) pollBeat() []step {
	p := demoPolls[d.beats/110%len(demoPolls)]
	steps := []step{{1, func() { d.actor(d.cast[1].name).open(d, p) }}}
	for range 7 {
		steps = append(steps, step{0.4, func() { d.someone(d.plan).puppet.Vote(d.plan.IntN(len(p) - 1)) }}, d.remark()[0])
	}
	return append(steps, step{1, func() { d.cast[1].puppet.ClosePoll() }})
}

func (a *actor) open(d *director, poll []string) {
	d.enter(a)
	a.puppet.Poll(poll[0], poll[1:]...)
}

// skipBeat has people vote to skip what is playing until it is.
func (d *director) skipBeat() []step {
	first, _, _ := d.room.Playing()
	steps := []step{{1, func() { d.say(d.someone(d.plan), d.draw(d.plan, "skip", skipLines)) }}}
	for range 9 {
		steps = append(steps, step{0.5, func() {
			if now, _, _ := d.room.Playing(); now.ID == first.ID {
				d.someone(d.plan).puppet.Voteskip()
			}
		}})
	}
	return steps
}

// raid is a dozen look-alikes of a regular who flood the room, until a
// moderator has dealt with them.
func (d *director) raid() []step {
	d.raids++
	names := lookAlikes(d.raids)
	raiders := make([]*Puppet, len(names))
	var steps []step
	for i, name := range names {
		steps = append(steps, step{0.15, func() { raiders[i] = d.room.Puppet(name, 0) }})
	}
	for i := range names {
		steps = append(steps, step{0.2, func() { raiders[i].Say(d.draw(d.plan, "raid", raidLines)) }})
		if i%3 == 2 {
			steps = append(steps, step{0.2, func() { raiders[i].Say(d.draw(d.plan, "raid", raidLines)) }})
		}
	}
	mod := d.cast[1+d.raids%2]
	steps = append(steps, step{0.5, func() { d.say(d.someone(d.plan), d.draw(d.plan, "groan", groanLines)) }},
		step{0.5, func() { d.say(mod, d.draw(d.plan, "stern", sternLines)) }})
	for i, name := range names {
		steps = append(steps, step{0.25, func() {
			if i%4 == 0 {
				mod.puppet.Ban(name, "raid")
				return
			}
			mod.puppet.Kick(name, "raid")
		}})
	}
	return append(steps, step{1, func() { d.say(d.someone(d.plan, mod.name), d.draw(d.plan, "thanks", thanksLines)) }})
}

// lookAlikes are names that look like the regulars', others in every raid.
func lookAlikes(raid int) []string {
	var names []string
	for i := range 12 {
		n := demoCast[3+(raid*5+i)%8].name
		n = strings.NewReplacer("o", "0", "l", "1", "e", "3").Replace(n)
		names = append(names, fmt.Sprintf("%.15s_%d%d", n, raid%100, i))
	}
	return names
}

// listen looks at what has happened since the last look: the cast answers the
// bot's operator and other guests when they speak.
func (d *director) listen() {
	events, seen := d.eye.since(d.seen)
	d.seen = seen
	for _, e := range events {
		var said line
		if e.Name == "chatMsg" && json.Unmarshal(e.Arg, &said) == nil && d.outsider(said.Username) {
			d.answer(said)
		}
	}
	for _, a := range d.cast {
		d.answerPMs(a)
	}
}

// outsider says whether a line is from a person who is not of the cast.
func (d *director) outsider(name string) bool {
	if strings.HasPrefix(name, "[") {
		return false
	}
	for _, a := range d.cast {
		if a.name == name {
			return false
		}
	}
	for _, raider := range lookAlikes(d.raids) {
		if raider == name {
			return false
		}
	}
	return true
}

// answer has whoever was spoken to answer in a few seconds, and otherwise
// mostly somebody.
func (d *director) answer(said line) {
	text := strings.ToLower(decodeText(said.Msg))
	who := d.someone(d.wits)
	named := false
	for _, a := range d.cast {
		if a.here() && strings.Contains(text, strings.ToLower(a.name)) {
			who, named = a, true
		}
	}
	if !named && d.wits.IntN(10) < 2 {
		return
	}
	kind, from := "nod", nodLines
	switch {
	case strings.Contains(text, "?"):
		kind, from = "reply", replyLines
	case greets(text):
		kind, from = "greet", greetLines
	}
	reply := strings.ReplaceAll(d.draw(d.wits, kind, from), "{you}", said.Username)
	d.later(time.Second+time.Duration(d.wits.IntN(2500))*time.Millisecond, func() { d.say(who, reply) })
}

func greets(text string) bool {
	first, _, _ := strings.Cut(strings.TrimRight(text, "!. "), " ")
	switch strings.Trim(first, ",!.") {
	case "hi", "hello", "hey", "evening", "morning", "greetings", "welcome":
		return true
	}
	return false
}

// answerPMs has a member answer private messages of outsiders, but not the
// bot's answers to what the member has just asked it.
func (d *director) answerPMs(a *actor) {
	if a.puppet == nil {
		return
	}
	events, seen := a.puppet.since(a.puppet.read)
	a.puppet.read = seen
	for _, e := range events {
		var said line
		if e.Name != "pm" || json.Unmarshal(e.Arg, &said) != nil || !d.outsider(said.Username) {
			continue
		}
		if time.Since(d.asked[a.name]) < 10*time.Second {
			continue
		}
		reply, to, from := d.draw(d.wits, "pm", pmLines), said.Username, a.puppet
		d.later(time.Second+time.Duration(d.wits.IntN(3000))*time.Millisecond, func() { from.PM(to, reply) })
	}
}
