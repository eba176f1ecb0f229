package bot

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

var (
	userArg     = bus.ArgInfo{Name: "user", Type: bus.ArgUser}
	nameArg     = bus.ArgInfo{Name: "user", Type: bus.ArgName}
	durationArg = bus.ArgInfo{Name: "duration", Type: bus.ArgDuration, Optional: true}
	reasonArg   = bus.ArgInfo{Name: "reason", Type: bus.ArgReason, Optional: true, Rest: true}
)

func peopleCommands() []*command {
	return []*command{
		{CommandInfo: bus.CommandInfo{Name: "kick", Group: groupControl, Help: "Throws a person out of the room; they can come back.",
			Args: []bus.ArgInfo{userArg, reasonArg}, Needs: "kick", Destructive: true},
			brief: "kick <u> [r] - Kick user", plan: planKick},
		{CommandInfo: bus.CommandInfo{Name: "kickanons", Group: groupControl, Help: "Throws out everyone who watches without a name.",
			Needs: "kick", Destructive: true, Bulk: true}, plan: planKickAnons},
		{CommandInfo: bus.CommandInfo{Name: "mute", Group: groupControl, Help: "Silences a person, for a while or until unmuted; it outlasts their leaving.",
			Args: []bus.ArgInfo{userArg, durationArg, reasonArg}, Needs: "mute", Destructive: true, Inverse: "unmute"},
			plan: planMute("mute", bus.SanctionMute, "Muted")},
		{CommandInfo: bus.CommandInfo{Name: "smute", Aliases: []string{"shadowmute"}, Group: groupControl, Help: "Mutes a person in secret: they alone, and moderators, still see what they say.",
			Args: []bus.ArgInfo{userArg, durationArg, reasonArg}, Needs: "mute", Destructive: true, Inverse: "unmute"},
			plan: planMute("smute", bus.SanctionShadowMute, "Shadow-muted")},
		{CommandInfo: bus.CommandInfo{Name: "unmute", Aliases: []string{"unsmute"}, Group: groupControl, Help: "Lets a muted or shadow-muted person speak again.",
			Args: []bus.ArgInfo{nameArg}, Needs: "mute", Inverse: "mute"}, plan: planUnmute},
	}
}

// chatCommand is a slash command for CyTube: a line that is followed by its own
// watcher. Line ends in it would become blanks; so they are made here.
func (r *request) chatCommand(words []string, seen watcher, silent func() string) (line, error) {
	if err := mayChat(r.state); err != nil {
		return line{}, err
	}
	text := strings.TrimSpace(strings.Join(strings.Fields(strings.Join(words, " ")), " "))
	if room.UTF16Len(text) > lineLimit {
		return line{}, errors.New("the reason is too long: CyTube would cut it")
	}
	return line{kind: lineDeed, text: text, cost: 1, seen: seen, silent: silent}, nil
}

// because puts a reason behind a sentence, as v0.5.0 did.
func because(text, reason string) string {
	if reason == "" {
		return text
	}
	return text + ": " + reason
}

func planKick(r *request) (*plan, error) {
	u, err := r.person(r.args["user"])
	if err != nil {
		return nil, err
	}
	reason := r.args["reason"]
	// The whisper follows the leaving at once (PROTOCOL.md §6); without it they
	// left by themselves.
	var gone atomic.Bool
	soon := make(chan struct{}, 1)
	seen := func(s *room.State, e room.Event) (outcome, bool) {
		if left, ok := e.(*room.UserLeave); ok && room.Fold(left.User) == room.Fold(u.Name) {
			if !gone.Swap(true) {
				soon <- struct{}{}
			}
			return done(""), s.Self.Rank < room.RankModerator // nobody whispers to us
		}
		w, ok := readWhisper(e)
		return done(""), ok && w.by(s.Self.Name, "kick", u.Name)
	}
	l, err := r.chatCommand([]string{"/kick", u.Name, reason}, seen, func() string {
		if gone.Load() {
			return u.Name + " left before the kick came to them"
		}
		return "CyTube did not kick " + u.Name + ", and did not say why"
	})
	if err != nil {
		return nil, err
	}
	l.soon = soon
	return &plan{does: because("kick "+u.Name, reason), target: u.Name, reason: reason, run: func(d *deed, _ []int) outcome {
		return d.say(because("Kicked "+u.Name, reason), l)
	}}, nil
}

func planKickAnons(r *request) (*plan, error) {
	p := &plan{does: "kick everyone without a name", none: "nobody watches without a name"}
	switch n := r.state.Count - len(r.state.Users); {
	case r.state.Count == 0: // CyTube tells the count up to ten seconds late
		p.targets = []string{"those who watch without a name; how many is not known yet"}
	case n > 0:
		p.targets = []string{fmt.Sprintf("%d who watch without a name", n)}
	}
	l, err := r.chatCommand([]string{"/kickanons"}, func(s *room.State, e room.Event) (outcome, bool) {
		if w, ok := readWhisper(e); ok && w.by(s.Self.Name, "kickanons", "") {
			return done(""), true
		}
		count, ok := e.(*room.UserCount)
		return done(""), ok && s.Self.Rank < room.RankModerator && count.Count <= len(s.Users)
	}, nil)
	p.run = func(d *deed, _ []int) outcome { return d.say("Kicked everyone without a name", l) }
	return p, err
}

// planMute plans a mute of either kind. With a duration the keeper lifts it.
func planMute(verb string, kind bus.SanctionKind, did string) func(*request) (*plan, error) {
	return func(r *request) (*plan, error) {
		u, err := r.person(r.args["user"])
		if err != nil {
			return nil, err
		}
		reason := r.args["reason"]
		// CyTube whispers to whoever may mute, and does so last.
		seen := func(s *room.State, e room.Event) (outcome, bool) {
			w, ok := readWhisper(e)
			return done(""), ok && w.by(s.Self.Name, verb, u.Name)
		}
		l, err := r.chatCommand([]string{"/" + verb, u.Name}, seen, nil)
		if err != nil {
			return nil, err
		}
		for_ := forHowLong(r.args["duration"])
		p := &plan{does: because(verb+" "+u.Name+for_, reason), target: u.Name, reason: reason, undo: "unmute " + u.Name}
		p.run = func(d *deed, _ []int) outcome {
			o := d.say(because(did+" "+u.Name+for_, reason), l)
			if o.status == bus.StatusDone {
				o = d.timed(o, kind, u.Name, reason)
			}
			return o
		}
		return p, nil
	}
}

// forHowLong is the duration for a sentence.
func forHowLong(word string) string {
	if length, ok := readDuration(word); ok {
		return " for " + showDuration(length.Seconds())
	}
	return ""
}

// timed has the keeper lift a sanction after the duration that was asked for,
// or forget an earlier end when there is none.
func (d *deed) timed(o outcome, kind bus.SanctionKind, name, reason string) outcome {
	length, ok := readDuration(d.args["duration"])
	if !ok {
		if err := d.board.keeper.forget(d.ctx, name, kind); err != nil {
			o.text += "\n(an earlier end of it may still stand: " + err.Error() + ")"
		}
		return o
	}
	err := d.board.keeper.keep(d.ctx, bus.SanctionWrite{
		Username: name, Kind: kind, Until: time.Now().Add(length).UnixMilli(), By: d.operator, Reason: reason,
	})
	if err != nil {
		o.text += "\n(its end is kept by the bot alone so far: lift it by hand should the bot stop before NATS answers)"
	}
	return o
}

func planUnmute(r *request) (*plan, error) {
	name, err := r.named(r.args["user"])
	if err != nil {
		return nil, err
	}
	// The whisper comes first, and then the new state of one who is here. A
	// later command must not take that for its own.
	whispered := false
	seen := func(s *room.State, e room.Event) (outcome, bool) {
		if w, ok := readWhisper(e); ok && w.by(s.Self.Name, "unmute", name) {
			_, here := s.User(name)
			whispered = true
			return done(""), !here
		}
		switch e := e.(type) {
		case *room.UserMeta:
			return done(""), whispered && room.Fold(e.User) == room.Fold(name)
		case *room.UserLeave:
			return done(""), whispered && room.Fold(e.User) == room.Fold(name)
		}
		if n, ok := e.(*room.Notice); ok && n.Kind == room.NoticeError && room.Fold(n.Text) == room.Fold(name)+" is not muted." {
			o := refusedWith("CyTube says: " + n.Text + r.meant(name))
			o.void = true
			return o, true
		}
		return outcome{}, false
	}
	l, err := r.chatCommand([]string{"/unmute", name}, seen, nil)
	if err != nil {
		return nil, err
	}
	return &plan{does: "unmute " + name, target: name, undo: r.muteAgain(name), run: func(d *deed, _ []int) outcome {
		o := d.say("Unmuted "+name, l)
		if o.status == bus.StatusDone || o.void {
			_ = d.board.keeper.forget(d.ctx, name, bus.SanctionMute, bus.SanctionShadowMute) // it fails with ctx alone; the keeper then finds nothing to lift
		}
		return o
	}}, nil
}
