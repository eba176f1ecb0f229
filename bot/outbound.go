package bot

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// outboundEvery, outboundLimit and outboundTimeout are v0.5.0's
	// (COMPAT.md §2), outboundRetries the database's default.
	outboundEvery   = 2 * time.Second
	outboundLimit   = 20
	outboundTimeout = 2 * time.Second
	outboundRetries = 3
	// outboundDeadline is how long a line may wait for its turn to be said.
	outboundDeadline = time.Minute
	// outboundTell is when the database is told again what it does not seem to
	// know.
	outboundTell = 10 * time.Second
	// outboundKnown bounds the memory of messages tried.
	outboundKnown = 4096
	// outboundSkew is by how much the clock of who queued a message may differ
	// from ours, replaySkew by how much CyTube's may.
	outboundSkew = time.Minute
	replaySkew   = 5 * time.Minute
)

// A courier says what v0.5.0's web page, or a program, put into
// outbound_messages. Each message is said once: what was said is remembered, and
// a message of which that memory cannot know, because another process may have
// said it and died before the database knew, is looked for among the room's
// lines first. In doubt a message is not said again.
//
// What came of a message goes to the database the way of all writes, which
// delivers it as soon as it can; the database decides when one is due again.
type courier struct {
	conn  *bus.Conn
	log   *slog.Logger
	up    func() bool                                 // the bot is in the room
	say   func(lines []line, until time.Time) outcome // waits for the end
	heard func() (self string, events []bus.Envelope) // the room's newest events
	tell  func(write)

	began  time.Time
	known  map[int64]*errand
	order  []int64 // of known, oldest first
	silent bool    // the database does not answer, and that was logged
}

// An errand is a message that was tried, and what the database is to know.
type errand struct {
	subject string
	mark    bus.OutboundMark
	retries int // of the row that was tried
	told    time.Time
}

// newCourier is the tenure's. All that it needs of the speaker is in say.
func newCourier(t *tenure) *courier {
	return &courier{
		conn: t.s.bot.opts.Conn, log: t.s.log, began: time.Now(), known: map[int64]*errand{},
		up: func() bool { return t.state() == room.LinkUp },
		say: func(lines []line, until time.Time) outcome {
			if err := errors.Join(mayAct(&t.desk.now().state), mayChat(&t.desk.now().state)); err != nil {
				return refusedWith(err.Error())
			}
			said := make(chan outcome, 1)
			if !t.speaker.enqueue(&speech{lines: lines, until: until, finish: func(o outcome) { said <- o }}) {
				return refusedWith("too much waits to be said already")
			}
			return <-said // the speaker finishes whatever it took
		},
		heard: func() (string, []bus.Envelope) { return t.desk.now().state.Self.Name, t.desk.ring.all() },
		tell: func(w write) {
			// The desk takes writes until the courier has stopped.
			_ = t.desk.must(context.Background(), w)
		},
	}
}

// run looks for messages until ctx ends.
func (c *courier) run(ctx context.Context) {
	tick := time.NewTicker(outboundEvery)
	defer tick.Stop()
	for wasUp := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// In no room nothing is tried, so nothing fails. In a new one CyTube's
		// replay of the last lines may still be on its way.
		ready := wasUp && c.up()
		if wasUp = c.up(); !ready {
			continue
		}
		for _, row := range c.due(ctx) {
			if ctx.Err() != nil || !c.up() {
				break
			}
			c.carry(row)
		}
	}
}

func (c *courier) due(ctx context.Context) []bus.OutboundRow {
	ctx, cancel := context.WithTimeout(ctx, outboundTimeout)
	defer cancel()
	rows, err := bus.Request[[]bus.OutboundRow](ctx, c.conn, bus.SubjectOutboundGet,
		bus.OutboundQuery{Limit: outboundLimit, MaxRetries: outboundRetries})
	if err != nil && !c.silent && !errors.Is(err, context.Canceled) {
		c.log.Warn("the outbound queue cannot be read", "error", err)
	}
	if err == nil && c.silent {
		c.log.Info("the outbound queue is read again")
	}
	c.silent = err != nil
	return rows
}

// carry says one message, unless it was said already.
func (c *courier) carry(row bus.OutboundRow) {
	if e := c.known[row.ID]; e != nil && (e.subject == bus.SubjectOutboundSent || row.RetryCount <= e.retries) {
		if time.Since(e.told) >= outboundTell {
			c.report(e)
		}
		return
	}
	lines, err := sayLines(row.Message)
	if err != nil {
		c.failed(row, err.Error(), true)
		return
	}
	if c.known[row.ID] != nil || row.RetryCount > 0 || row.Timestamp <= c.began.Add(outboundSkew).Unix() {
		lines = c.unsaid(row, lines)
	}
	if len(lines) == 0 {
		c.sent(row)
		return
	}
	o := c.say(lines, time.Now().Add(outboundDeadline))
	switch {
	case o.status == bus.StatusDone:
		c.sent(row)
	case o.status == bus.StatusRefused && !c.up():
		// The room went away before it was said.
	default:
		c.failed(row, o.text, row.RetryCount+1 >= outboundRetries)
	}
}

func (c *courier) sent(row bus.OutboundRow) {
	c.remember(row, bus.SubjectOutboundSent, bus.OutboundMark{MessageID: row.ID})
}

// failed has the database count the try; at the last one the message is given
// up.
func (c *courier) failed(row bus.OutboundRow, reason string, last bool) {
	c.log.Warn("an outbound message was not said", "id", row.ID, "try", row.RetryCount+1, "given_up", last, "reason", reason)
	c.remember(row, bus.SubjectOutboundFailed, bus.OutboundMark{MessageID: row.ID, Error: room.Clean(reason), Permanent: last})
}

func (c *courier) remember(row bus.OutboundRow, subject string, mark bus.OutboundMark) {
	mark.Time = seconds(time.Now())
	if c.known[row.ID] == nil {
		c.order = append(c.order, row.ID)
	}
	e := &errand{subject: subject, mark: mark, retries: row.RetryCount}
	c.known[row.ID] = e
	if len(c.order) > outboundKnown {
		delete(c.known, c.order[0])
		c.order = c.order[1:]
	}
	c.report(e)
}

func (c *courier) report(e *errand) {
	e.told = time.Now()
	c.tell(write{subject: e.subject, payload: e.mark})
}

// unsaid leaves out those first lines of a message that the bot said in the
// room since it was queued.
func (c *courier) unsaid(row bus.OutboundRow, lines []line) []line {
	self, events := c.heard()
	since := time.Unix(row.Timestamp, 0).Add(-outboundSkew).UnixMilli()
	for _, env := range events {
		if env.Event != "message" || len(lines) == 0 {
			continue
		}
		e, err := room.Decode(env.Event, env.Data)
		if err != nil {
			continue
		}
		m := e.(*room.Message)
		at := env.Time
		if m.Replay {
			at = m.Time + replaySkew.Milliseconds()
		}
		if at >= since && room.Fold(m.User) == room.Fold(self) && lines[0].kind == lineChat && letters(m.Content) == letters(lines[0].text) {
			lines = lines[1:]
		}
	}
	return lines
}

// letters is what remains of a line when the room's chat filters have made
// something else of its signs: by it a line is known again.
func letters(text string) string {
	for _, command := range []string{"/me ", "/sp "} {
		text = strings.TrimPrefix(text, command)
	}
	kept := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
	if kept == "" {
		return strings.TrimSpace(room.Clean(text))
	}
	return kept
}
