package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// maxMotd is what CyTube takes (PROTOCOL.md §2).
	maxMotd = 20_000
	// logLines is how much of the channel's log is shown unless asked.
	logLines = 20
)

func roomCommands() []*command {
	return []*command{
		{CommandInfo: bus.CommandInfo{Name: "motd", Group: groupRoom, Help: "Shows the message of the day.", Asks: true}, offline: true, recalls: true, plan: planMotd},
		{CommandInfo: bus.CommandInfo{Name: "setmotd", Group: groupRoom, Help: "Replaces the message of the day; HTML is allowed, and clear empties it.",
			Args: []bus.ArgInfo{{Name: "html", Type: bus.ArgText, Rest: true}}, Needs: "motdedit", Destructive: true}, plan: planSetMotd},
		{CommandInfo: bus.CommandInfo{Name: "chanlog", Aliases: []string{"log"}, Group: groupRoom, Help: "Shows the last lines of the channel's log, or those with a text in them.",
			Args: []bus.ArgInfo{{Name: "number", Type: bus.ArgNumber, Optional: true}, {Name: "filter", Type: bus.ArgText, Optional: true, Rest: true}},
			Rank: room.RankAdmin, Asks: true}, plan: planChannelLog},
		{CommandInfo: bus.CommandInfo{Name: "confirm", Group: groupControl, Help: "Goes ahead with what was shown under that word.",
			Args: []bus.ArgInfo{{Name: "word", Type: bus.ArgText}}, Destructive: true}, offline: true, passing: true, plan: planConfirm},
	}
}

func planMotd(r *request) (*plan, error) {
	if strings.TrimSpace(r.state.Motd.Text) == "" {
		return answer(done("There is no message of the day")), nil
	}
	return answer(done("MOTD:\n" + r.state.Motd.Text)), nil
}

func planSetMotd(r *request) (*plan, error) {
	text := r.args["html"]
	if room.Fold(text) == "clear" {
		text = ""
	}
	if room.UTF16Len(text) > maxMotd {
		return nil, fmt.Errorf("the text is too long: at most %d characters", maxMotd)
	}
	return &plan{does: "replace the message of the day", run: func(d *deed, _ []int) outcome {
		return d.emit(emission{name: "setMotd", alone: "motd", done: "The message of the day is set", arg: struct {
			Motd string `json:"motd"`
		}{text}, seen: func(_ *room.State, e room.Event) (outcome, bool) {
			_, ok := e.(*room.Motd)
			return done(""), ok
		}})
	}}, nil
}

func planChannelLog(r *request) (*plan, error) {
	n, filter := logLines, room.Fold(r.args["filter"])
	if word := r.args["number"]; word != "" {
		n, _ = strconv.Atoi(word) // readArgs took digits alone
	}
	return &plan{does: "read the channel's log", run: func(d *deed, _ []int) outcome {
		var log *room.ChannelLog
		o := d.emit(emission{name: "readChanLog", alone: "log", seen: func(_ *room.State, e room.Event) (outcome, bool) {
			l, ok := e.(*room.ChannelLog)
			if ok {
				log = l
			}
			return done(""), ok
		}})
		switch {
		case o.status != bus.StatusDone:
			return o
		case !log.Success:
			return refusedWith("CyTube says: " + log.Text)
		}
		lines := slices.DeleteFunc(strings.Split(strings.TrimSpace(log.Text), "\n"), func(l string) bool {
			return !strings.Contains(room.Fold(l), filter)
		})
		lines = lines[max(0, len(lines)-n):]
		o = done(fmt.Sprintf("Channel log (%d lines):\n%s", len(lines), strings.Join(lines, "\n")))
		o.data = lines
		return o
	}}, nil
}

// planConfirm is for those who cannot send a CommandReply.Confirm back, such as
// moderators by PM: it asks again for what was shown, confirmed.
func planConfirm(r *request) (*plan, error) {
	v := r.board.previews.find(r.args["word"], room.Fold(r.operator))
	if v == nil {
		return nil, errors.New("nothing waits to be confirmed by that word any more: ask anew")
	}
	again := bus.Command{
		Operator: r.Operator, Source: r.Source, Deadline: r.Deadline, Args: v.words, Confirm: r.args["word"], Only: r.Only,
	}
	return &plan{does: v.plan.does, run: func(d *deed, _ []int) outcome {
		a := d.board.begin(v.cmd, again)
		select {
		case <-a.done:
			return a.outcome
		case <-d.ctx.Done():
			return outcome{status: bus.StatusNoEffect, text: "it was given up before its end was known"}
		}
	}}, nil
}
