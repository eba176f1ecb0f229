package bot

import (
	"errors"
	"fmt"
	"strings"

	"rosey/bus"
	"rosey/bus/room"
)

func chatCommandList() []*command {
	message := bus.ArgInfo{Name: "message", Type: bus.ArgText, Rest: true}
	return []*command{
		{CommandInfo: bus.CommandInfo{Name: "say", Group: groupChat, Help: "Says a message in the room as the bot; /me, /sp and /afk go through.",
			Args: []bus.ArgInfo{message}}, brief: "say <msg> - Chat msg", ordered: true, plan: planSay},
		{CommandInfo: bus.CommandInfo{Name: "me", Group: groupChat, Help: "Says what the bot does, as /me.",
			Args: []bus.ArgInfo{message}}, brief: "me <msg> - Action", ordered: true, plan: planMe},
		{CommandInfo: bus.CommandInfo{Name: "pm", Aliases: []string{"msg"}, Group: groupChat, Help: "Sends a private message as the bot.",
			Args: []bus.ArgInfo{userArg, message}}, brief: "pm <u> <msg> - Private msg", private: true, ordered: true, plan: planPM},
		{CommandInfo: bus.CommandInfo{Name: "clear", Group: groupChat, Help: "Clears the chat for everyone in the room.",
			Needs: "chatclear", Destructive: true}, brief: "clear - Clear chat", plan: planClear},
		{CommandInfo: bus.CommandInfo{Name: "afk", Usage: "afk [on|off]", Group: groupUsers, Help: "Shows or sets whether the bot is marked as away.",
			Args: []bus.ArgInfo{{Name: "state", Type: bus.ArgText, Optional: true}}}, brief: "afk [on|off] - Set AFK", plan: planAFK},
	}
}

func planSay(r *request) (*plan, error) { return planSpeech(r, r.args["message"], "") }

func planMe(r *request) (*plan, error) { return planSpeech(r, "/me "+r.args["message"], "/me ") }

func planSpeech(r *request, text, hide string) (*plan, error) {
	sp, err := sayText(r.state, text)
	if err != nil {
		return nil, err
	}
	sp.done = strings.Replace(sp.done, "Sent: "+hide, "Sent: ", 1)
	return &plan{does: fmt.Sprintf("say %d line(s)", len(sp.lines)), run: func(d *deed, _ []int) outcome {
		return d.say(sp.done, sp.lines...)
	}}, nil
}

// sayText makes the speech that says a text in the room.
func sayText(s *room.State, text string) (*speech, error) {
	lines, err := sayLines(text)
	if err != nil {
		return nil, err
	}
	if lines[0].kind == lineChat {
		if err := mayChat(s); err != nil {
			return nil, err
		}
	}
	return &speech{lines: lines, done: saidSentence("Sent", lines)}, nil
}

// saidSentence is v0.5.0's answer for one line (COMPAT.md §4).
func saidSentence(what string, lines []line) string {
	if len(lines) > 1 {
		return fmt.Sprintf("%s: %d lines", what, len(lines))
	}
	return what + ": " + room.Clean(lines[0].text)
}

func planPM(r *request) (*plan, error) {
	u, err := r.present(r.args["user"])
	if err != nil {
		return nil, err
	}
	if room.Fold(u.Name) == room.Fold(r.state.Self.Name) {
		return nil, errors.New("that is the bot itself")
	}
	lines, err := pmLines(u.Name, r.args["message"])
	if err != nil {
		return nil, err
	}
	return &plan{does: fmt.Sprintf("send %s %d private line(s)", u.Name, len(lines)), target: u.Name,
		run: func(d *deed, _ []int) outcome { return d.say(saidSentence("PM sent to "+u.Name, lines), lines...) }}, nil
}

func planClear(r *request) (*plan, error) {
	l, err := r.chatCommand([]string{"/clear"}, func(s *room.State, e room.Event) (outcome, bool) {
		c, ok := e.(*room.ChatCleared)
		return done(""), ok && room.Fold(c.User) == room.Fold(s.Self.Name)
	}, nil)
	return &plan{does: "clear the chat", run: func(d *deed, _ []int) outcome { return d.say("Chat cleared", l) }}, err
}

func planAFK(r *request) (*plan, error) {
	me, _ := r.state.User(r.state.Self.Name)
	var want bool
	switch word := strings.ToLower(r.args["state"]); word {
	case "":
		return answer(done("Current AFK status: " + onOff(me.Meta.AFK))), nil
	case "on", "yes", "true", "1":
		want = true
	case "off", "no", "false", "0":
	default:
		return nil, r.cmd.usage()
	}
	p := &plan{does: "set the bot's AFK status: " + onOff(want), undo: "afk " + strings.ToLower(onOff(!want))}
	p.run = func(d *deed, _ []int) outcome {
		text := "AFK status: " + onOff(want)
		if me.Meta.AFK == want { // /afk only toggles
			return done(text)
		}
		return d.say(text, line{kind: lineDeed, text: "/afk", cost: 1, seen: func(s *room.State, e room.Event) (outcome, bool) {
			switch e := e.(type) {
			case *room.UserMeta:
				return done(""), room.Fold(e.User) == room.Fold(s.Self.Name) && e.Meta.AFK == want
			case *room.UserAFK:
				return done(""), room.Fold(e.User) == room.Fold(s.Self.Name) && e.AFK == want
			}
			return outcome{}, false
		}})
	}
	return p, nil
}

// answer is the plan of a command that knows its answer already.
func answer(o outcome) *plan {
	return &plan{does: "answer", run: func(*deed, []int) outcome { return o }}
}

func onOff(on bool) string {
	if on {
		return "On"
	}
	return "Off"
}
