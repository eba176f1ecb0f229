package bot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// patience is how long an asker is kept waiting for the outcome; after
	// that the reply says pending, and asking again with the same id gives
	// the outcome.
	patience = 8 * time.Second

	// rememberCommands and rememberFor bound the memory of commands by id.
	rememberCommands = 1024
	rememberFor      = 10 * time.Minute
)

// A verb is one thing that can be asked of a room. It says why it cannot be
// done, or plans how it is.
type verb struct {
	name  string
	usage string
	plan  func(s *snapshot, args []string) (*speech, error)
	// audit is what user_actions keeps of the arguments.
	audit func(args []string) string
}

// verbs are all of them; each is asked for on a subject of its own.
var verbs = []verb{
	{name: "say", usage: "say <message>", plan: planSay, audit: joinArgs},
	{name: "pm", usage: "pm <user> <message>", plan: planPM, audit: func(args []string) string { return "to " + args[0] }},
}

func joinArgs(args []string) string { return strings.Join(args, " ") }

func planSay(s *snapshot, args []string) (*speech, error) {
	lines, err := sayLines(joinArgs(args))
	if err != nil {
		return nil, err
	}
	if lines[0].kind == lineChat {
		if err := mayChat(&s.state); err != nil {
			return nil, err
		}
	}
	return &speech{lines: lines, done: saidSentence("Sent", lines)}, nil
}

func planPM(s *snapshot, args []string) (*speech, error) {
	if len(args) < 2 {
		return nil, fmt.Errorf("usage: pm <user> <message>")
	}
	to := room.Clean(args[0])
	if room.Fold(to) == room.Fold(s.state.Self.Name) {
		return nil, fmt.Errorf("that is the bot itself")
	}
	user, here := s.state.User(to)
	if !here {
		return nil, fmt.Errorf("%s is not in the room", to)
	}
	lines, err := pmLines(user.Name, joinArgs(args[1:]))
	if err != nil {
		return nil, err
	}
	return &speech{lines: lines, done: saidSentence("PM sent to "+user.Name, lines)}, nil
}

// saidSentence is v0.5.0's answer for one line (COMPAT.md §4).
func saidSentence(what string, lines []line) string {
	if len(lines) > 1 {
		return fmt.Sprintf("%s: %d lines", what, len(lines))
	}
	return what + ": " + room.Clean(lines[0].text)
}

// joined tells why nothing can be said in the room at all.
func mayAct(s *room.State) error {
	if c := s.Connection; c.State != room.LinkUp {
		if c.Reason != "" {
			return fmt.Errorf("the bot is not in the room (%s): %s", c.State, c.Reason)
		}
		return fmt.Errorf("the bot is not in the room (%s)", c.State)
	}
	if s.Self.Name == "" {
		return fmt.Errorf("the bot is in the room without a name, so it cannot speak: set platforms[].user in the config")
	}
	return nil
}

// mayChat tells why a chat line would be dropped. A missing permission or a
// mute draws little or no answer from CyTube (PROTOCOL.md §6).
func mayChat(s *room.State) error {
	if need, known := s.Needs("chat"); known && s.Self.Rank < need {
		return fmt.Errorf("chatting needs rank %.1f here and the bot has %.1f", need, s.Self.Rank)
	}
	if me, ok := s.User(s.Self.Name); ok && me.Meta.Muted {
		return fmt.Errorf("the bot is muted in this room: a moderator must unmute it")
	}
	return nil
}

// A switchboard carries out commands for one room.
type switchboard struct {
	desk    *desk
	speaker *speaker

	mu     sync.Mutex
	asked  map[string]*asked
	recent []*asked // oldest first
}

// asked is a command under way or done.
type asked struct {
	id    string
	at    time.Time
	done  chan struct{} // closed when reply stands
	reply bus.CommandReply
}

func newSwitchboard(d *desk, s *speaker) *switchboard {
	return &switchboard{desk: d, speaker: s, asked: map[string]*asked{}}
}

// handle answers one command. A repeated id gives the reply of the first.
func (b *switchboard) handle(ctx context.Context, v verb, c bus.Command) bus.CommandReply {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a, first := b.remember(c)
	if first {
		b.begin(a, v, c)
	}
	select {
	case <-a.done:
		return a.reply
	case <-ctx.Done():
		return bus.CommandReply{ID: c.ID, Status: bus.StatusPending,
			Text: "it waits its turn under the server's throttle: ask again with the same id for the outcome"}
	}
}

// remember finds the command by its id, or writes it down.
func (b *switchboard) remember(c bus.Command) (a *asked, first bool) {
	a = &asked{id: c.ID, at: time.Now(), done: make(chan struct{})}
	if c.ID == "" || c.DryRun {
		return a, true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if known := b.asked[c.ID]; known != nil {
		return known, false
	}
	for len(b.recent) > 0 && (len(b.recent) >= rememberCommands || time.Since(b.recent[0].at) > rememberFor) {
		delete(b.asked, b.recent[0].id)
		b.recent = b.recent[1:]
	}
	b.asked[c.ID] = a
	b.recent = append(b.recent, a)
	return a, true
}

// begin plans the command and hands its speech over; a.done is closed when it
// has come to its end.
func (b *switchboard) begin(a *asked, v verb, c bus.Command) {
	finish := func(r bus.CommandReply) {
		r.ID = c.ID
		a.reply = r
		close(a.done)
	}
	sp, err := b.plan(v, c)
	switch {
	case err != nil:
		finish(refused(err.Error()))
	case c.DryRun:
		finish(bus.CommandReply{Status: bus.StatusDone, Text: fmt.Sprintf("would say %d line(s); nothing was sent", len(sp.lines))})
	default:
		sp.finish = func(r bus.CommandReply) {
			b.audit(v, c, r.Status)
			finish(r)
		}
		if !b.speaker.enqueue(sp) {
			finish(refused(fmt.Sprintf("%d commands wait to be said already: try again later", speakQueue)))
		}
	}
}

func (b *switchboard) plan(v verb, c bus.Command) (*speech, error) {
	s := b.desk.now()
	if c.Deadline > 0 && time.Now().UnixMilli() > c.Deadline {
		return nil, fmt.Errorf("it came after its deadline: nothing was done")
	}
	if err := mayAct(&s.state); err != nil {
		return nil, err
	}
	if len(c.Args) == 0 {
		return nil, fmt.Errorf("usage: %s", v.usage)
	}
	sp, err := v.plan(s, c.Args)
	if err == nil && c.Deadline > 0 {
		sp.until = time.UnixMilli(c.Deadline)
	}
	return sp, err
}

// audit writes down who did what, and what came of it. It never waits: when
// the desk is that busy the line is lost to user_actions, not to the log.
func (b *switchboard) audit(v verb, c bus.Command, status bus.CommandStatus) {
	operator := room.Clean(c.Operator)
	if operator == "" {
		operator = "unknown"
	}
	details := fmt.Sprintf("%s (%s)", room.Clean(v.audit(c.Args)), status)
	b.desk.log.Info("command", "operator", operator, "verb", v.name, "details", details)
	b.desk.extra(b.desk.ledger.action(operator, v.name, details, time.Now()))
}
