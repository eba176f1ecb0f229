package migrate

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// What each item is ticked by. Everything that came over the bus is clean by
// then, except where it is cleaned here.

// items judges what has been seen.
func (v *verifier) items(now time.Time) []Item {
	items := []Item{
		v.backup, v.checkNATS(), v.checkConfig(), v.checkStarted(), v.checkBot(now), v.checkCyTube(now),
		v.checkUsers(), v.checkChat(now), v.checkCommands(), v.checkDatabase(now), v.checkSoak(),
	}
	return append(items, complete(items))
}

// item leaves out what to do about what is done.
func item(id, title string, status Status, evidence, do string) Item {
	if status == Passed {
		do = ""
	}
	return Item{ID: id, Title: title, Status: status, Evidence: evidence, Do: do}
}

// startCommand is how to start the services with this configuration.
func (v *verifier) startCommand() string {
	if v.opts.ConfigFile == "" {
		return "rosey run"
	}
	return "rosey run -c " + v.opts.ConfigFile
}

func (v *verifier) checkBackup() Item {
	tick := func(status Status, evidence, do string) Item {
		return item(ItemBackup, "Config is backed up", status, evidence, do)
	}
	if v.opts.ConfigFile == "" {
		return tick(Pending, "no config file here to look for", "run it where the services' config is, or name it with --config").waiting(waitsForPerson)
	}
	r, err := FindRecord(v.opts.StateDir, v.opts.ConfigFile)
	switch {
	case errors.Is(err, ErrNoRecord) && errors.Is(v.opts.ConfigError, config.ErrV1):
		return tick(Pending, v.opts.ConfigFile+" is not migrated yet", "rosey migrate "+v.opts.ConfigFile).waiting(waitsForPerson)
	case errors.Is(err, ErrNoRecord):
		return tick(Passed, "nothing to back up: "+v.opts.ConfigFile+" was not migrated here", "")
	case err != nil:
		return tick(Failed, err.Error(), "see that the state folder can be read")
	case !r.RolledBack.IsZero():
		return tick(Failed, "the migration was taken back on "+r.RolledBack.Local().Format(time.DateTime), "rosey migrate "+v.opts.ConfigFile)
	case r.File != r.Source:
		return tick(Passed, "the source was left as it was: "+r.Source, "")
	case r.Backup == "":
		return tick(Failed, "it was migrated without a backup", "nothing brings the old file back; keep a copy of "+v.opts.ConfigFile)
	}
	hash, err := hashFile(r.Backup)
	switch {
	case err != nil && errors.Is(err, os.ErrNotExist):
		return tick(Failed, "the backup "+r.Backup+" is gone", "restore it from a copy of your own, if you may want to go back")
	case err != nil:
		return tick(Failed, "the backup cannot be read: "+config.Cause(err).Error(), "see that this user may read "+r.Backup)
	case hash != r.SourceHash:
		return tick(Failed, "the backup "+r.Backup+" was changed since it was made", "do not edit it: rosey migrate rollback refuses it so")
	}
	return tick(Passed, fmt.Sprintf("%s, made %s, SHA-256 %s…", r.Backup, r.At.Local().Format(time.DateTime), hash[:12]), "")
}

func (v *verifier) checkNATS() Item {
	const title = "NATS is there"
	if !v.up() {
		return v.linkItem(ItemNATS, title)
	}
	evidence := fmt.Sprintf("nats-server %s at %s", v.opts.Conn.NC.ConnectedServerVersion(), v.link.URL)
	if !strings.Contains(v.link.URL, "://") { // "in process"
		evidence = fmt.Sprintf("nats-server %s %s", v.opts.Conn.NC.ConnectedServerVersion(), v.link.URL)
	}
	if v.rtt > 0 {
		evidence += ", round trip under " + roundTrip(v.rtt)
	}
	if has, _ := v.opts.Conn.NC.ConnectedServerJetStream(); has {
		evidence += ", with JetStream"
	} else {
		evidence += ", without JetStream: a crash of the database service loses what is in flight"
	}
	return item(ItemNATS, title, Passed, evidence, "")
}

// roundTrip is coarse, so that the list does not change with each measurement.
func roundTrip(d time.Duration) string {
	for _, ms := range []time.Duration{1, 5, 20, 100, 500} {
		if d < ms*time.Millisecond {
			return (ms * time.Millisecond).String()
		}
	}
	return d.Round(time.Second).String()
}

// linkItem is an item that waits for our own link to NATS.
func (v *verifier) linkItem(id, title string) Item {
	if v.link.Reason == "" {
		return item(id, title, Pending, "connecting to "+v.link.URL, "start the services: "+v.startCommand())
	}
	return item(id, title, Failed, v.link.Reason, "start the services: "+v.startCommand())
}

func (v *verifier) checkConfig() Item {
	const title = "Config is version 2"
	var bad *config.Error
	switch err := v.opts.ConfigError; {
	case errors.Is(err, config.ErrV1):
		return item(ItemConfig, title, Failed, v.opts.ConfigFile+" is version 1", "rosey migrate "+v.opts.ConfigFile)
	case errors.As(err, &bad) && len(bad.Problems) > 0:
		return item(ItemConfig, title, Failed, bad.Problems[0].String(), "rosey config validate -c "+v.opts.ConfigFile)
	case err != nil:
		return item(ItemConfig, title, Failed, err.Error(), "rosey config validate -c "+v.opts.ConfigFile)
	case v.opts.ConfigFile == "":
		return item(ItemConfig, title, Pending, "no config file here to look at", "run it where the services' config is, or name it with --config").waiting(waitsForPerson)
	}
	var rooms []string
	for _, p := range v.opts.Config.Platforms {
		if p.Enabled {
			rooms = append(rooms, p.Name+" ("+p.Channel+")")
		}
	}
	return item(ItemConfig, title, Passed, fmt.Sprintf("%s loads: version %s, rooms: %s", v.opts.ConfigFile, v.opts.Config.Version, strings.Join(rooms, ", ")), "")
}

func (v *verifier) checkStarted() Item {
	const title = "NATS is started"
	if !v.up() {
		return v.linkItem(ItemNATSStarted, title)
	}
	return item(ItemNATSStarted, title, Passed, "connected since "+v.link.Since.Local().Format(time.TimeOnly), "")
}

// waited says that what ought to answer at once has had its time.
func (v *verifier) waited(now time.Time) bool {
	since := v.began
	if v.link.Since.After(since) {
		since = v.link.Since
	}
	return v.up() && now.Sub(since) > patience
}

// absent is an item that waits for something that is not heard: pending at
// first, failed when it ought to have been heard.
func (v *verifier) absent(now time.Time, id, title, what, do string) Item {
	status := Pending
	if v.waited(now) {
		status = Failed
	}
	return item(id, title, status, what, do)
}

func (v *verifier) checkBot(now time.Time) Item {
	const title = "Bot starts"
	if v.beatAt.IsZero() {
		what := v.noBot
		if what == "" {
			what = "no heartbeat of the bot yet"
		}
		return v.absent(now, ItemBot, title, what, "start it: "+v.startCommand()+"; what it says there tells why it does not start")
	}
	return item(ItemBot, title, Passed, "it runs as "+v.beat.Instance+" and says so every second", "")
}

func (v *verifier) checkCyTube(now time.Time) Item {
	const title = "Bot is connected to CyTube"
	link := v.beat.Link
	switch {
	case v.beatAt.IsZero():
		return v.absent(now, ItemCyTube, title, "the bot is not heard", "start it: "+v.startCommand())
	case link.State == room.LinkUp:
		name := fmt.Sprintf("as %s, rank %g", v.bot, v.rank)
		if v.bot == "" {
			name = "without a name: it sees the room and cannot speak"
		}
		return item(ItemCyTube, title, Passed, fmt.Sprintf("in the room %s since %s", name, time.UnixMilli(link.Since).Format(time.TimeOnly)), "")
	case link.State == room.LinkStopped:
		return item(ItemCyTube, title, Failed, "it gave up: "+link.Reason, "correct platforms[].domain, channel, user or password in the config, and start it again")
	}
	return item(ItemCyTube, title, Pending, fmt.Sprintf("%s: %s", link.State, link.Reason), "wait; it tries again by itself. If it stays so: platforms[].domain, proxy and the site's own state")
}

func (v *verifier) checkUsers() Item {
	const title = "Users appear"
	switch {
	case v.people > 0:
		return item(ItemUsers, title, Passed, fmt.Sprintf("%d in the user list", v.people), "")
	case v.people == 0:
		return item(ItemUsers, title, Pending, "the user list is empty", "somebody must be in the room: join it with your browser").waiting(waitsForPerson)
	}
	return item(ItemUsers, title, Pending, "no user list yet", "it comes with the connection to CyTube")
}

func (v *verifier) checkChat(now time.Time) Item {
	const title = "Chat is stored"
	switch {
	case v.stored != nil:
		return item(ItemChat, title, Passed, fmt.Sprintf("%q of %s, said at %s, was found in the database", shorten(v.line.Text), v.line.User, time.UnixMilli(v.line.At).Format(time.TimeOnly)), "")
	case len(v.lines) == 0:
		return item(ItemChat, title, Pending, "nobody has said anything yet", "say something in the room").waiting(v.heard())
	}
	last := v.lines[len(v.lines)-1]
	evidence := fmt.Sprintf("%q of %s was said, and is not in the database", shorten(last.Text), last.User)
	if now.Sub(v.lines[0].heard) < 2*patience {
		return item(ItemChat, title, Pending, evidence+" yet", "wait")
	}
	return item(ItemChat, title, Failed, evidence, "see that the database service runs, that database.path is the file you think, and what its log says")
}

// heard says what silence waits for: nothing, until the room's history is told.
func (v *verifier) heard() string {
	if v.synced {
		return waitsForPerson
	}
	return ""
}

func (v *verifier) checkCommands() Item {
	const title = "PM commands work"
	c := &v.command
	answered, pm := c.answered(v.bot)
	const proof = "send the bot the private message help, as a moderator"
	switch {
	case !v.opts.Config.Shell.Enabled:
		return item(ItemCommands, title, Passed, "they are switched off in the config (shell.enabled)", "")
	case pm:
		return item(ItemCommands, title, Passed, fmt.Sprintf("the bot answered a private message of %s, %s", answered.from, time.UnixMilli(answered.at).Format(time.DateTime)), "")
	case c.row != nil:
		return item(ItemCommands, title, Passed, "a moderator gave one by PM, "+time.Unix(c.row.Timestamp, 0).Format(time.DateTime), "")
	case c.taken:
		taken := item(ItemCommands, title, Passed, "the bot takes the command help (a dry run over NATS); this does not prove that a PM reaches it: "+proof+" to see that, too", "")
		taken.Unproven = "that a PM reaches the bot (a dry run over NATS alone)"
		return taken
	case errors.Is(c.err, bus.ErrNotAllowed):
		return item(ItemCommands, title, Pending, "a viewer may not try commands, and no moderator has given one by PM yet", proof).waiting(waitsForPerson)
	case errors.Is(c.err, bus.ErrNobody):
		return item(ItemCommands, title, Pending, "the bot does not answer the command help over NATS, and no moderator has given one by PM yet", proof).waiting(waitsForPerson)
	}
	waits := waitsForPerson
	if c.tried.IsZero() {
		waits = ""
	}
	return item(ItemCommands, title, Pending, "no moderator has given a command by PM yet", proof).waiting(waits)
}

func (v *verifier) checkDatabase(now time.Time) Item {
	const title = "Database is updated"
	h := v.health
	switch {
	case v.healthAt.IsZero():
		return v.absent(now, ItemDatabase, title, "the database service is not heard", "start it: "+v.startCommand()+" (or --only db, where database.run_as_service is false)")
	case h.Error != "":
		return item(ItemDatabase, title, Failed, h.Error, "the service tries again by itself once that is mended; nothing is lost until then")
	case h.Lost > 0:
		return item(ItemDatabase, title, Failed, fmt.Sprintf("%d writes were lost before they could be stored", h.Lost), "raise events.write_bytes, and keep the service running")
	case v.countErr != nil && !v.counted:
		return item(ItemDatabase, title, Pending, "the service runs, and does not say how many rows it has: "+v.countErr.Error(), "wait; it is asked again")
	case !v.counted:
		return item(ItemDatabase, title, Pending, "the service runs, and has not told yet how many rows it has", "wait")
	case v.fewer():
		return item(ItemDatabase, title, Failed, fmt.Sprintf("the service has fewer rows than were migrated: it opened another file than %s (its user_stats has %d, that one had %d)", v.record.Database, v.channel.TotalUsers, v.record.rowsOf("user_stats")),
			"stop the services, set database.path to "+v.record.Database+", and start them again; a relative path counts from the folder that rosey is started in")
	case h.Rows == 0:
		return item(ItemDatabase, title, Pending, "the service runs and has stored nothing yet", "wait; the bot's state is stored every ten seconds").waiting(waitsForTime)
	}
	return item(ItemDatabase, title, Passed, fmt.Sprintf("rows are being written (%s); user_stats has %d, with %d chat lines", behind(h), v.channel.TotalUsers, v.channel.TotalLines), "")
}

// fewer says that the service's database is not the one that was migrated, from
// which no user goes. A tenth is for names that a person cleared away.
func (v *verifier) fewer() bool {
	if v.record == nil || !v.record.RolledBack.IsZero() {
		return false
	}
	had := v.record.rowsOf("user_stats")
	return had-v.channel.TotalUsers > had/10
}

func behind(h bus.DBHealth) string {
	if h.Behind == 0 {
		return "none waits"
	}
	return fmt.Sprintf("%d wait", h.Behind)
}

func complete(items []Item) Item {
	left := 0
	for _, i := range items {
		if i.Status != Passed {
			left++
		}
	}
	if left == 0 {
		done := Item{ID: ItemComplete, Title: "Migration is complete", Status: Passed, Evidence: "everything above was seen"}
		for _, i := range items {
			if i.Unproven != "" {
				done.Evidence += ", but not " + i.Unproven
				done.Unproven = i.Unproven
			}
		}
		return done
	}
	are := "are"
	if left == 1 {
		are = "is"
	}
	return item(ItemComplete, "Migration is complete", Pending, fmt.Sprintf("%d of %d items %s left", left, len(items), are), "see above").waiting(waitsForTime)
}

// shorten bounds how much of somebody's text the list repeats.
func shorten(text string) string {
	const most = 60
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
