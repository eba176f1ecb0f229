package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// pmWaiting is how many commands of one moderator may wait. What comes
	// beyond is dropped, and answered with one sentence.
	pmWaiting = 10
	// pmAskers is how many moderators may have commands waiting at once.
	pmAskers = 64
	// pmParts bounds one answer; longer ones say that they were cut.
	pmParts = 60
)

// A pmShell answers moderators' private messages as v0.5.0 did (COMPAT.md §4):
// who has rank 2 or above and is in the user list commands the bot, everyone
// else meets silence. Commands of one moderator run one after another, so their
// answers keep the order of the questions; those of two run at once.
type pmShell struct {
	board *switchboard

	mu      sync.Mutex
	askers  map[string]*asker // by folded name; only those with commands waiting
	closing bool
	running sync.WaitGroup
}

// An asker is a moderator whose commands wait.
type asker struct {
	name    string
	waiting []pmLine
	dropped bool // what comes beyond was answered already
}

// A pmLine is a command as it came.
type pmLine struct {
	text   string
	unseen bool // there was more in it than can be seen
}

func newPMShell(b *switchboard) *pmShell { return &pmShell{board: b, askers: map[string]*asker{}} }

// heard takes a private message to the bot. It runs on the desk's goroutine and
// does not wait.
func (p *pmShell) heard(s *room.State, e room.Event) {
	pm, ok := e.(*room.PM)
	if !ok || s.Self.Name == "" || room.Fold(pm.User) == room.Fold(s.Self.Name) || room.Fold(pm.Recipient) != room.Fold(s.Self.Name) {
		return
	}
	text := strings.TrimSpace(typedText(pm))
	if text == "" {
		return
	}
	log := p.board.desk.log.With("user", pm.User)
	switch u, here := s.User(pm.User); {
	case s.Connection.State != room.LinkUp:
		log.Info("private message from before the join: no command")
	case !here:
		log.Warn("private message from somebody who is not in the user list: no command")
	case u.Rank < room.RankModerator:
		log.Info("private message from somebody who is no moderator: no command", "rank", u.Rank)
	default:
		p.take(u.Name, pmLine{text: text, unseen: pm.Unseen})
	}
}

// take puts a command into its moderator's queue.
func (p *pmShell) take(name string, l pmLine) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.askers[room.Fold(name)]
	switch {
	case p.closing:
	case a == nil && len(p.askers) >= pmAskers:
		p.board.desk.log.Warn("a command by private message was dropped: too many moderators ask at once", "user", name)
	case a == nil:
		a = &asker{name: name, waiting: []pmLine{l}}
		p.askers[room.Fold(name)] = a
		p.running.Go(func() { p.serve(a) })
	case len(a.waiting) < pmWaiting:
		a.waiting = append(a.waiting, l)
	case !a.dropped:
		a.dropped = true
		p.board.desk.log.Warn("commands by private message were dropped: too many at once", "user", name)
		p.running.Go(func() {
			p.answer(name, fmt.Sprintf("Too many commands at once: %d wait, the ones after them were dropped", pmWaiting))
		})
	}
}

// serve answers one moderator until nothing waits.
func (p *pmShell) serve(a *asker) {
	for {
		p.mu.Lock()
		if len(a.waiting) == 0 || p.closing {
			delete(p.askers, room.Fold(a.name))
			p.mu.Unlock()
			return
		}
		l := a.waiting[0]
		a.waiting = a.waiting[1:]
		p.mu.Unlock()
		p.answer(a.name, p.command(a.name, l))
	}
}

// command carries out what was typed and gives the answer.
func (p *pmShell) command(name string, l pmLine) string {
	word, rest := l.text, ""
	if i := strings.IndexFunc(l.text, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }); i >= 0 {
		word, rest = l.text[:i], l.text[i:]
	}
	cmd := findCommand(word)
	if cmd == nil {
		return unknownCommand(shorten(word, 40)).Error()
	}
	if l.unseen && slices.ContainsFunc(cmd.Args, isPerson) {
		return "Error: there is a character in the message that cannot be seen: type the name by hand"
	}
	words, err := cmd.SplitCommand(rest)
	if err != nil {
		return "Error: " + err.Error()
	}
	a := p.board.begin(cmd, bus.Command{
		Operator: name, Args: words, Source: room.SourcePM, Deadline: time.Now().Add(commandLife).UnixMilli(),
	})
	<-a.done // a command has its own end
	return pmReply(cmd, a.outcome)
}

// pmReply is the outcome in v0.5.0's way: an error says that it is one.
func pmReply(cmd *command, o outcome) string {
	text := o.text
	switch {
	case o.status == bus.StatusPreview:
		lines := append([]string{"This " + o.text + ":"}, indented(o.targets)...)
		if o.confirm != "" {
			lines = append(lines, "To go ahead: confirm "+o.confirm)
		}
		text = strings.Join(lines, "\n")
	case o.status != bus.StatusDone && !o.plain:
		text = "Error: " + text
	}
	if o.warning != "" {
		text += "\nNote: " + o.warning
	}
	return text
}

func indented(lines []string) []string {
	list := make([]string, 0, len(lines))
	for _, l := range lines {
		list = append(list, "  "+l)
	}
	return list
}

// answer sends a reply in as many private messages as it takes.
func (p *pmShell) answer(to, text string) {
	parts := room.Split(text, lineLimit)
	if len(parts) > pmParts {
		parts = append(parts[:pmParts-1], fmt.Sprintf("(the answer is longer: %d more messages were left out)", len(parts)-pmParts+1))
	}
	sp := &speech{done: "answered", until: time.Now().Add(commandLife)}
	for _, part := range parts {
		sp.lines = append(sp.lines, line{kind: linePM, to: to, text: part, cost: 1})
	}
	if len(sp.lines) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(p.board.life, commandLife)
	defer cancel()
	if o := p.board.speak(ctx, sp); o.status != bus.StatusDone {
		p.board.desk.log.Warn("an answer by private message did not arrive", "user", to, "reason", o.text)
	}
}

// close waits until no command is under way; the switchboard ends them.
func (p *pmShell) close() {
	p.mu.Lock()
	p.closing = true
	p.mu.Unlock()
	p.running.Wait()
}

// marks are what CyTube's filters take out of a line for its style: a name with
// two underscores in it arrives with its middle emphasised (PROTOCOL.md §5).
var marks = map[room.SpanKind][2]string{
	room.SpanStrong: {"*", "*"}, room.SpanEm: {"_", "_"}, room.SpanStrike: {"~~", "~~"},
	room.SpanCode: {"`", "`"}, room.SpanSpoiler: {"[sp]", "[/sp]"},
}

// typedText is a message as it was typed.
func typedText(pm *room.PM) string {
	if len(pm.Spans) == 0 {
		return pm.Content
	}
	var b strings.Builder
	for _, s := range pm.Spans {
		m := marks[s.Kind]
		b.WriteString(m[0] + s.Text + m[1])
	}
	return b.String()
}
