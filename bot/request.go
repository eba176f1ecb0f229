package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// A request is a command as it was asked, read and looked at.
type request struct {
	bus.Command
	cmd      *command
	board    *switchboard
	operator string // cleaned
	state    *room.State
	args     args
	ctx      context.Context // its life

	alsoNeeds string
}

// plan reads the arguments and plans. Who may not do it at all is told so
// before the arguments are looked at.
func (r *request) plan() (*plan, error) {
	if r.late() {
		return nil, errors.New("it came after its deadline: nothing was done")
	}
	var err error
	if r.args, err = readArgs(r.cmd, r.Args); err != nil {
		return nil, err
	}
	if !r.cmd.offline {
		if err := mayAct(r.state); err != nil {
			return nil, err
		}
	}
	if err := r.mayDo(); err != nil {
		return nil, err
	}
	return r.cmd.plan(r)
}

func (r *request) late() bool { return r.Deadline > 0 && time.Now().UnixMilli() > r.Deadline }

// until is the deadline; zero for none.
func (r *request) until() time.Time {
	if r.Deadline == 0 {
		return time.Time{}
	}
	return time.UnixMilli(r.Deadline)
}

// line is the command as a person would type it, or, where the arguments do not
// fit, as it was typed.
func (r *request) line() string {
	words := []string{r.cmd.Name}
	if r.args == nil && !r.cmd.private {
		words = append(words, r.Args...)
	}
	for _, a := range r.cmd.Args {
		switch word := r.args[a.Name]; {
		case word == "", a.Rest && r.cmd.private:
		case a.Rest:
			words = append(words, word)
		default:
			words = append(words, bus.QuoteWord(word))
		}
	}
	return shorten(room.Clean(strings.Join(words, " ")), 400)
}
