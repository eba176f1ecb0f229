package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// pollText is the argument of poll and hpoll.
const pollText = "title, option, …"

// CyTube's bounds on polls (PROTOCOL.md §6).
const (
	maxPollText    = 255
	maxPollOptions = 50
)

func pollCommands() []*command {
	poll := []bus.ArgInfo{{Name: pollText, Type: bus.ArgText, Rest: true}}
	return []*command{
		{CommandInfo: bus.CommandInfo{Name: "poll", Group: groupPolls, Help: "Opens a poll: title and options parted by commas, or each in quotes.",
			Args: poll, Needs: "pollctl", Inverse: "endpoll"}, brief: "poll <t>, <a>, <b> - Open poll", plan: planPoll(false)},
		{CommandInfo: bus.CommandInfo{Name: "hpoll", Group: groupPolls, Help: "Opens a poll whose counts are hidden until it is closed.",
			Args: poll, Needs: "pollctl", Inverse: "endpoll"}, brief: "hpoll <t>, <a>, <b> - Hidden poll", plan: planPoll(true)},
		{CommandInfo: bus.CommandInfo{Name: "endpoll", Aliases: []string{"closepoll"}, Group: groupPolls, Help: "Closes the open poll.",
			Needs: "pollctl"}, plan: planEndPoll},
		{CommandInfo: bus.CommandInfo{Name: "votes", Group: groupPolls, Help: "Shows the open poll and its votes.",
			Asks: true}, offline: true, recalls: true, plan: planVotes},
	}
}

type pollArg struct {
	Title    string   `json:"title"`
	Opts     []string `json:"opts"`
	Obscured bool     `json:"obscured"`
}

// pollParts are a title and options: what was in quotes where the text begins
// with one, else parted by commas, or words that a shell has parted already.
func pollParts(text string, words []string) ([]string, error) {
	switch {
	case len(words) > 1 && !strings.Contains(text, ","):
		parts := make([]string, len(words))
		for i, word := range words {
			parts[i] = room.Clean(word)
		}
		return parts, nil
	case strings.HasPrefix(text, `"`), strings.HasPrefix(text, "'"):
		return bus.SplitLine(text)
	}
	return strings.Split(text, ","), nil
}

func readPoll(parts []string) (pollArg, error) {
	var p pollArg
	for i, part := range parts {
		part = strings.Join(strings.Fields(part), " ")
		switch {
		case room.UTF16Len(part) > maxPollText:
			return p, fmt.Errorf("%q is too long: a poll's title and options have at most %d characters", shorten(part, 30), maxPollText)
		case i == 0:
			p.Title = part
		case part != "":
			p.Opts = append(p.Opts, part)
		}
	}
	if p.Title == "" || len(p.Opts) == 0 {
		return p, errors.New("a poll needs a title and an option, parted by commas: poll What next?, Alien, Brazil")
	}
	if len(p.Opts) > maxPollOptions {
		return p, fmt.Errorf("a poll has at most %d options", maxPollOptions)
	}
	return p, nil
}

func planPoll(obscured bool) func(*request) (*plan, error) {
	return func(r *request) (*plan, error) {
		parts, err := pollParts(r.args[pollText], r.Args)
		if err != nil {
			return nil, err
		}
		arg, err := readPoll(parts)
		if err != nil {
			return nil, err
		}
		arg.Obscured = obscured
		what := fmt.Sprintf("%s (%s)", arg.Title, strings.Join(arg.Opts, ", "))
		does := "open the poll " + what
		if r.state.Poll != nil {
			does += ", which closes " + r.state.Poll.Title
		}
		return &plan{does: does, target: arg.Title, undo: "endpoll", run: func(d *deed, _ []int) outcome {
			return d.openPoll(arg, "Opened poll: "+what)
		}}, nil
	}
}

// openPoll sends the one event that CyTube acknowledges (PROTOCOL.md §2). It is
// done when the room has the poll, so that what comes next finds it open.
func (d *deed) openPoll(arg pollArg, text string) outcome {
	var ack []struct {
		Error *struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	seen := func(s *room.State, e room.Event) (outcome, bool) {
		opened, ok := e.(*room.PollOpened)
		return done(""), ok && room.Fold(opened.Poll.Initiator) == room.Fold(s.Self.Name)
	}
	o := d.emit(emission{name: "newPoll", arg: arg, done: text, seen: seen, ack: func(answer json.RawMessage) outcome {
		if err := json.Unmarshal(answer, &ack); err != nil {
			return outcome{status: bus.StatusNoEffect, text: "CyTube's acknowledgement cannot be read"}
		}
		if len(ack) > 0 && ack[0].Error != nil {
			return refusedWith("CyTube says: " + room.Clean(ack[0].Error.Message))
		}
		return done("")
	}})
	return o
}

func planEndPoll(r *request) (*plan, error) {
	if r.state.Poll == nil {
		return nil, errors.New("no poll is open")
	}
	title := r.state.Poll.Title
	return &plan{does: "close the poll " + title, target: title, run: func(d *deed, _ []int) outcome {
		counts := votesText(r.state.Poll)
		o := d.emit(emission{name: "closePoll", alone: "poll", seen: func(_ *room.State, e room.Event) (outcome, bool) {
			switch e := e.(type) {
			case *room.PollUpdated: // an obscured one shows its counts before it goes
				counts = votesText(&e.Poll)
			case *room.PollClosed:
				return done(""), true
			}
			return outcome{}, false
		}})
		if o.status == bus.StatusDone {
			o.text = "Closed poll: " + counts
		}
		return o
	}}, nil
}

func planVotes(r *request) (*plan, error) {
	if r.state.Poll == nil {
		return answer(done("No poll is open")), nil
	}
	o := done("Poll: " + votesText(r.state.Poll))
	o.data = r.state.Poll
	return answer(o), nil
}

func votesText(p *room.Poll) string {
	lines := []string{p.Title}
	for i, option := range p.Options {
		count := "?"
		if i < len(p.Counts) {
			count = p.Counts[i]
		}
		lines = append(lines, fmt.Sprintf("  %s: %s", option, count))
	}
	if p.Initiator != "" {
		lines = append(lines, "by "+p.Initiator+", "+showDuration(time.Since(time.UnixMilli(p.Timestamp)).Seconds())+" ago")
	}
	return strings.Join(lines, "\n")
}
