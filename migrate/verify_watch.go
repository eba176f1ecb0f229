package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// verifier holds what has been seen so far. One goroutine has it.
type verifier struct {
	opts  VerifyOptions
	began time.Time
	lists chan Checklist
	last  []Item // of the list that was given last

	link    bus.Link
	rtt     time.Duration
	beat    bus.Heartbeat
	beatAt  time.Time // zero: none yet, or they stopped
	noBot   string
	bot     string  // the account's name
	rank    float64 //
	people  int     // in the user list; -1 before it is known
	synced  bool    // what happened before we looked has been told
	lines   []chatLine
	stored  *bus.ChatHit // the line that was found again
	line    chatLine     // as it was heard
	command commandProof

	health   bus.DBHealth
	healthAt time.Time // zero: none yet, or they stopped
	channel  bus.ChannelStatsReply
	counted  bool
	countErr error // why not; nil: nobody asked yet

	backup   Item      // looked at once
	record   *Record   // of the migration; nil: none
	migrated time.Time // what is older is the work of what ran before
	soak     soakTimer
}

// chatLine is a line that was heard in the room.
type chatLine struct {
	At     int64 // Unix ms at which the bot saw it
	User   string
	Text   string
	Server bool
	heard  time.Time
}

// commandProof is what is known of the commands.
type commandProof struct {
	row   *bus.ActionRow   // of a command that a moderator gave by PM
	pms   []privateMessage // the last ones that the bot got or sent
	taken bool             // a dry run was
	err   error            // why it was not
	tried time.Time
}

// privateMessage is one that the bot got or sent. What it says is nobody's
// business here.
type privateMessage struct {
	at       int64
	from, to string
}

// answered finds a message to the bot that it answered, which it does for
// moderators alone.
func (c *commandProof) answered(bot string) (privateMessage, bool) {
	const soon = int64(time.Minute / time.Millisecond)
	for i, in := range c.pms {
		if bot == "" || !strings.EqualFold(in.to, bot) {
			continue
		}
		for _, out := range c.pms[i+1:] {
			if strings.EqualFold(out.from, bot) && strings.EqualFold(out.to, in.from) && out.at-in.at < soon {
				return in, true
			}
		}
	}
	return privateMessage{}, false
}

const (
	// backlog is how many past events are looked through for a chat line and
	// for what happened while nobody watched.
	backlog = 5000
	// keepLines bounds the lines that are looked for in the database, and keepPMs
	// the private messages among which an answer is looked for.
	keepLines = 20
	keepPMs   = 50
	// askEvery is the pause between two questions of the same kind.
	askEvery = 2 * time.Second
)

func (v *verifier) run(ctx context.Context) {
	defer close(v.lists)
	v.people = -1
	v.backup = v.checkBackup()
	if v.opts.ConfigFile != "" {
		if r, err := FindRecord(v.opts.StateDir, v.opts.ConfigFile); err == nil {
			v.migrated = r.At.Truncate(time.Second) // which rows are told in
			v.record = r
		}
	}
	v.soak = loadSoak(v.opts)
	since := v.began.Add(-10 * time.Minute)
	if seen := v.soak.Seen; !seen.IsZero() && seen.Before(since) {
		since = seen
	}
	w := bus.Watch(ctx, v.opts.Conn, bus.WatchOptions{Room: v.opts.Room, Backlog: backlog, Since: since})
	watching, stop := context.WithCancel(ctx)
	stored := bus.WatchStorage(watching, v.opts.Conn)
	defer func() {
		stop()
		for range stored { // its watcher uses the connection until it has ended
		}
	}()
	storage := stored
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	var asked time.Time
	for {
		select {
		case u, ok := <-w.Updates():
			if !ok {
				v.soak.save(v.opts, true)
				return
			}
			v.take(u)
		case u, ok := <-storage:
			if !ok {
				storage = nil
				continue
			}
			v.take(u)
		case now := <-tick.C:
			if now.Sub(asked) >= askEvery && v.up() {
				v.ask(ctx)
				asked = time.Now()
			}
			v.soak.observe(v.sight(time.Now()))
			v.soak.save(v.opts, false)
			v.publish()
		}
	}
}

func (v *verifier) up() bool { return v.link.State == room.LinkUp }

func (v *verifier) take(u bus.Update) {
	switch u.Kind {
	case bus.UpdateLink:
		v.link = u.Link
		if !v.up() {
			// What is not heard now says nothing about the services.
			v.beatAt, v.healthAt, v.synced = time.Time{}, time.Time{}, false
		}
	case bus.UpdateNoBot, bus.UpdateBotLost:
		v.noBot, v.beatAt = u.Text, time.Time{}
	case bus.UpdateHeartbeat:
		v.beat, v.beatAt, v.noBot = u.Heartbeat, time.Now(), ""
	case bus.UpdateState:
		v.synced = true
		v.bot, v.rank, v.people = u.State.Self.Name, u.State.Self.Rank, len(u.State.Users)
	case bus.UpdateDB:
		v.health, v.healthAt = u.Health, time.Now()
	case bus.UpdateDBLost:
		v.healthAt = time.Time{}
	case bus.UpdateBacklog, bus.UpdateEvent:
		v.event(u)
	}
}

// event keeps chat lines, and tells the soak timer of connections that were
// lost while nobody watched.
func (v *verifier) event(u bus.Update) {
	old := time.UnixMilli(u.Time).Before(v.migrated) // other services did that
	switch e := u.Event.(type) {
	case *room.Message:
		if !old && !e.Server && !e.Replay && e.User != "" && e.Content != "" && v.stored == nil {
			v.lines = append(v.lines, chatLine{At: u.Time, User: e.User, Text: e.Content, heard: time.Now()})
			v.lines = v.lines[max(0, len(v.lines)-keepLines):]
		}
	case *room.PM:
		if old {
			return
		}
		c := &v.command
		c.pms = append(c.pms, privateMessage{u.Time, e.User, e.Recipient})
		c.pms = c.pms[max(0, len(c.pms)-keepPMs):]
	case *room.Connection:
		v.soak.connection(time.UnixMilli(u.Time), e.State)
	}
}

// ask puts the questions whose answers are not said by themselves.
func (v *verifier) ask(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if d, err := v.opts.Conn.RTT(ctx); err == nil {
		v.rtt = d
	}
	if state, err := bus.Request[bus.StateReply](ctx, v.opts.Conn, bus.StateSubject(v.opts.Room), struct{}{}); err == nil && state.Error == "" {
		v.bot, v.rank, v.people = state.State.Self.Name, state.State.Self.Rank, len(state.State.Users)
	}
	if !v.healthAt.IsZero() {
		v.count(ctx)
		v.findLine(ctx)
	}
	v.tryCommands(ctx)
}

// count asks the database service how many rows it has.
func (v *verifier) count(ctx context.Context) {
	c, err := bus.Request[bus.ChannelStatsReply](ctx, v.opts.Conn, bus.SubjectChannelStats, struct{}{})
	if err == nil && c.Error != "" {
		err = errors.New(c.Error)
	}
	if v.countErr = err; err == nil {
		v.channel, v.counted = c, true
	}
}

// findLine looks in the database for the lines that were heard, the newest
// first.
func (v *verifier) findLine(ctx context.Context) {
	if v.stored != nil {
		return
	}
	for _, line := range slices.Backward(v.lines) {
		const window = int64(10 * time.Minute / time.Millisecond) // the database has the site's clock
		reply, err := bus.Request[bus.ChatSearchReply](ctx, v.opts.Conn, bus.SubjectChatSearch, bus.ChatSearchQuery{
			User: line.User, Room: v.opts.Room, Since: line.At - window, Before: line.At + window, Limit: 100,
		})
		if err != nil || reply.Error != "" {
			return // asked again soon
		}
		for _, hit := range reply.Hits {
			if hit.Text == line.Text {
				v.stored, v.line = &hit, line
				return
			}
		}
	}
}

// tryCommands looks for a command that a moderator gave by PM, and until there
// is one asks the bot what it would do with a command.
func (v *verifier) tryCommands(ctx context.Context) {
	c := &v.command
	if c.row != nil || !v.opts.Config.Shell.Enabled || time.Since(c.tried) < patience {
		return
	}
	c.tried = time.Now()
	actions, err := bus.Request[bus.ActionsReply](ctx, v.opts.Conn, bus.SubjectActions, bus.ActionsQuery{Limit: 500})
	if err == nil {
		for _, row := range actions.Rows {
			byPM := row.Action == "pm_command" || row.Source == room.SourcePM // v0.5.0's word for it, and ours
			if byPM && !time.Unix(row.Timestamp, 0).Before(v.migrated) {
				c.row = &row
				return
			}
		}
	}
	reply, err := bus.Request[bus.CommandReply](ctx, v.opts.Conn, bus.CommandSubject(v.opts.Room, "help"), bus.Command{
		ID: fmt.Sprintf("check-%d", c.tried.UnixNano()), Operator: v.opts.Operator, DryRun: true,
		Deadline: c.tried.Add(patience).UnixMilli(),
	})
	c.err = err
	c.taken = err == nil && (reply.Status == bus.StatusDone || reply.Status == bus.StatusPreview)
}

// publish gives the list if something in it changed.
func (v *verifier) publish() {
	items := v.items(time.Now())
	if slices.Equal(items, v.last) {
		return
	}
	v.last = items
	list := Checklist{Check: ChecklistVersion, At: time.Now(), Room: v.opts.Room, Status: worst(items), Items: items, Soak: v.soak.Soak}
	select {
	case <-v.lists: // an older one that nobody took
	default:
	}
	v.lists <- list
}

func worst(items []Item) Status {
	status := Passed
	for _, i := range items {
		if i.Status == Failed {
			return Failed
		}
		if i.Status == Pending {
			status = Pending
		}
	}
	return status
}
