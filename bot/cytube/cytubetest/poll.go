package cytubetest

import (
	"fmt"
	"strings"
	"time"
)

// Limits of polls (PROTOCOL.md §6).
const (
	maxPollText    = 255
	maxPollOptions = 50
	maxPollTimeout = 86400
)

// poll is a question with votes by address.
type poll struct {
	by       string
	title    string
	options  []string
	at       time.Time
	votes    map[string]int
	obscured bool
	retain   bool // votes of those who leave count on
	timer    *timer
}

type pollFrame struct {
	Title     string   `json:"title"`
	Options   []string `json:"options"`
	Counts    []any    `json:"counts"`
	Initiator string   `json:"initiator"`
	Timestamp int64    `json:"timestamp"`
}

func newPollOf(by, title string, options []string, now time.Time) *poll {
	p := &poll{by: by, title: formatPoll(title), at: now, votes: make(map[string]int), options: []string{}}
	for _, o := range options {
		p.options = append(p.options, formatPoll(o))
	}
	return p
}

// frame shows the poll. Counts of an obscured one are strings: "3?" to those
// who may see them, "?" to all others.
func (p *poll) frame(mayView bool) pollFrame {
	f := pollFrame{p.title, p.options, make([]any, len(p.options)), p.by, p.at.UnixMilli()}
	for i := range f.Counts {
		switch {
		case !p.obscured:
			f.Counts[i] = p.count(i)
		case mayView:
			f.Counts[i] = fmt.Sprintf("%d?", p.count(i))
		default:
			f.Counts[i] = "?"
		}
	}
	return f
}

func (p *poll) count(option int) int {
	n := 0
	for _, voted := range p.votes {
		if voted == option {
			n++
		}
	}
	return n
}

// cast counts a vote and says whether it changed anything.
func (p *poll) cast(ip string, option int) bool {
	if option < 0 || option >= len(p.options) {
		return false
	}
	before, voted := p.votes[ip]
	p.votes[ip] = option
	return !voted || before != option
}

func (p *poll) uncast(ip string) bool {
	_, voted := p.votes[ip]
	delete(p.votes, ip)
	return voted
}

// tellPoll sends the poll to each as they may see it.
func (c *channel) tellPoll(name string) {
	may := func(u *user) bool { return c.may(u, "viewhiddenpoll") }
	c.broadcastTo(name, c.poll.frame(true), may)
	c.broadcastTo(name, c.poll.frame(false), func(u *user) bool { return !may(u) })
}

// newPoll opens a poll and closes the one before. It is the one event that is
// acknowledged (PROTOCOL.md §2).
func (c *channel) newPoll(u *user, r request) {
	if !c.may(u, "pollctl") {
		return
	}
	c.closePoll(u.name)
	o := r.object()
	fail := func(why string) {
		if r.ack != nil {
			r.ack(map[string]any{"error": map[string]string{"message": why}})
			return
		}
		u.complain(why)
	}
	options, problem := pollOptions(o["title"].(string), o["opts"].([]any))
	if problem != "" {
		fail(problem)
		return
	}
	timeout, timed := o["timeout"].(float64)
	if timed && (timeout < 1 || timeout > maxPollTimeout) {
		fail("Poll timeout must be between 1 and 86400 seconds")
		return
	}
	p := newPollOf(u.name, o["title"].(string), options, c.s.loop.now())
	p.obscured, _ = o["obscured"].(bool)
	p.retain, _ = o["retainVotes"].(bool)
	if timed {
		p.timer = c.s.loop.after(time.Duration(timeout*float64(time.Second)), func() {
			if c.poll == p {
				c.closePoll("[poll timer]")
			}
		})
	}
	c.openPoll(u, p)
	if r.ack != nil {
		r.ack(struct{}{})
	}
}

func (c *channel) openPoll(u *user, p *poll) {
	c.poll = p
	c.tellPoll("newPoll")
	c.logf("[poll] %s opened poll: '%s'", u.name, p.title)
}

// pollOptions checks a poll's texts.
func pollOptions(title string, given []any) (options []string, problem string) {
	switch {
	case len(title) > maxPollText && len([]rune(title)) > maxPollText:
		return nil, "Poll title must be no more than 255 characters long."
	case len(given) > maxPollOptions:
		return nil, fmt.Sprintf("Polls are limited to a maximum of %d options.", maxPollOptions)
	}
	for _, v := range given {
		text, ok := v.(string)
		if !ok {
			return nil, "Poll options must be strings."
		}
		if text == "" || len([]rune(text)) > maxPollText {
			return nil, "Poll options must be 1-255 characters long."
		}
		options = append(options, text)
	}
	return options, ""
}

func (c *channel) closePollEvent(u *user, _ request) {
	if c.may(u, "pollctl") {
		c.closePoll(u.name)
	}
}

// closePoll ends the open poll, if there is one, and shows its counts.
func (c *channel) closePoll(by string) {
	if c.poll == nil {
		return
	}
	if c.poll.obscured {
		c.poll.obscured = false
		c.broadcast("updatePoll", c.poll.frame(true))
	}
	c.poll.timer.stop()
	c.broadcast("closePoll", nil)
	c.logf("[poll] %s closed the active poll", by)
	c.poll = nil
}

func (c *channel) vote(u *user, r request) {
	option := r.object()["option"].(float64)
	if c.may(u, "pollvote") && c.poll != nil && option == float64(int(option)) && c.poll.cast(u.ip, int(option)) {
		c.tellPoll("updatePoll")
	}
}

// voterLeft takes back the vote of somebody who has left.
func (c *channel) voterLeft(u *user) {
	if c.poll != nil && !c.poll.retain && c.poll.uncast(u.ip) {
		c.tellPoll("updatePoll")
	}
}

func (c *channel) cmdPoll(u *user, text string, _ lineMeta) { c.pollCommand(u, text, false) }

func (c *channel) cmdHiddenPoll(u *user, text string, _ lineMeta) { c.pollCommand(u, text, true) }

// pollCommand handles "/poll Title,option,…". The title keeps the blank after
// the command.
func (c *channel) pollCommand(u *user, text string, obscured bool) {
	if !c.may(u, "pollctl") {
		return
	}
	c.closePoll(u.name)
	text = strings.TrimPrefix(strings.TrimPrefix(text, "/hpoll"), "/poll")
	title, rest, more := strings.Cut(text, ",")
	var given []any
	if more {
		for o := range strings.SplitSeq(rest, ",") {
			given = append(given, o)
		}
	}
	options, problem := pollOptions(title, given)
	if problem != "" {
		u.complain("Error creating poll: " + problem)
		return
	}
	p := newPollOf(u.name, title, options, c.s.loop.now())
	p.obscured = obscured
	c.openPoll(u, p)
}
