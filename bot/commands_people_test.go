package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bot/cytube"
	"rosey/bot/cytube/cytubetest"
	"rosey/bus"
	"rosey/bus/room"
)

func TestKickAndMute(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	r := f.want("mute alice too loud", bus.StatusDone, "Muted Alice: too loud")
	if r.Undo != "unmute Alice" {
		t.Errorf("undo %q", r.Undo)
	}
	f.got("Mod", "setUserMeta", `"muted":true`)
	f.want("unmute ALICE", bus.StatusDone, "Unmuted Alice")
	if r := f.want("unmute alice", bus.StatusRefused, "alice is not muted."); strings.Contains(r.Text, "did you mean") {
		t.Errorf("%q means the person it names", r.Text)
	}
	f.want("smute alice", bus.StatusDone, "Shadow-muted Alice")
	f.got("Mod", "setUserMeta", `"smuted":true`)
	f.want("unmute alice", bus.StatusDone, "")
	f.want("mute owner", bus.StatusRefused, "Owner has rank 5.0 and the bot only 3.0")
	f.want("mute rosey", bus.StatusRefused, "the bot itself")
	f.want("kick b0b-x", bus.StatusRefused, `no user with name "b0b-x": did you mean Bob_x?`)
	f.want("kick ali", bus.StatusRefused, `no user with name "ali": did you mean Alice?`)
	f.want("kick nobody", bus.StatusRefused, `no user with name "nobody"`)
	f.want("kick", bus.StatusRefused, "Usage: kick <user> [reason]")
	f.want(`kick "al ice"`, bus.StatusRefused, `"al ice" is not a user name`)
	frames := len(f.cytube.Frames())
	for _, name := range []string{"al\u200bice", "\u202ealice", "alice\u00ad", "alice\ufe0f"} {
		f.want("kick "+name, bus.StatusRefused, "there is a character in it that cannot be seen; type the name by hand")
		f.want("ban "+name, bus.StatusRefused, "there is a character in it that cannot be seen")
	}
	if sent := f.cytube.Frames()[frames:]; len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
	f.want("kick alice "+strings.Repeat("x", 320), bus.StatusRefused, "too long")
	f.want("kick bob_x being <b>rude</b> today", bus.StatusDone, "Kicked Bob_x: being <b>rude</b> today")
	f.got("Bob_x", "kick", "being <b>rude</b> today")
	a := f.action(func(a *room.Action) bool { return a.Verb == "kick" && a.Status == "done" })
	if a.Actor != "carol" || a.Target != "Bob_x" || a.Source != room.SourceShell || a.Line != "kick bob_x being <b>rude</b> today" {
		t.Errorf("action %+v", a)
	}
	f.action(func(p *room.Action) bool { return p.ID == a.ID && p.Status == "pending" })
	f.people["Mod"].Say("/mute Alice")
	a = f.action(func(a *room.Action) bool { return a.Source == room.SourceRoom })
	if a.Actor != "Mod" || a.Verb != "mute" || a.Target != "Alice" {
		t.Errorf("the moderator's action %+v", a)
	}
}

// Nobody whispers to the bot that it was kicked itself, or banned when it is no
// moderator; and yet it is written down, once.
func TestOwnKickAndBan(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line string
		rank int
		want room.Action
	}{
		{"/kick Rosey too chatty", 3, room.Action{Actor: "[server]", Verb: "kick", Target: "Rosey", Text: "the bot was kicked: too chatty"}},
		{"/ban Rosey too chatty", 1, room.Action{Actor: "[server]", Verb: "ban", Target: "Rosey", Text: "the bot was banned: You're banned!"}},
		{"/ban Rosey too chatty", 3, room.Action{Actor: "Owner", Verb: "ban", Target: "rosey", Text: "Owner namebanned rosey"}},
	} {
		f := newFloor(t)
		if tt.rank != 3 {
			f.people["Owner"].Emit("setChannelRank", map[string]any{"name": "Rosey", "rank": tt.rank})
			f.got("Alice", "setUserRank", "Rosey")
		}
		f.people["Owner"].Say(tt.line)
		eventually(t, "the bot is out", func() bool { return f.witness.link().State != room.LinkUp })
		var got []room.Action
		f.witness.mu.Lock()
		for _, e := range f.witness.events {
			if a, ok := e.(*room.Action); ok && a.Verb == tt.want.Verb {
				got = append(got, room.Action{Actor: a.Actor, Verb: a.Verb, Target: a.Target, Text: a.Text})
			}
		}
		f.witness.mu.Unlock()
		if !slices.Equal(got, []room.Action{tt.want}) {
			t.Errorf("%s of a bot of rank %d: %+v", tt.line, tt.rank, got)
		}
	}
}

// A parting that the server wants is no deed of anybody's.
func TestThrownOut(t *testing.T) {
	for reason, verb := range map[string]string{
		"": "kick", "be nice": "kick", "Attempted to open poll": "kick", "You are banned from this channel.": "ban",
		"Duplicate login": "", "Channel reloading": "", "Too many connections from your address": "", "Channel deleted": "",
	} {
		a, ok := thrownOut("Rosey", &room.Kicked{Reason: reason}, time.Now())
		if ok != (verb != "") || ok && a.Verb != verb {
			t.Errorf("%q: %+v, %v", reason, a, ok)
		}
	}
}

func TestKickAnons(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	f.channel.Emit("usercount", 5) // else it comes ten seconds late
	counted := func(more int) {
		eventually(t, "the count comes", func() bool {
			f.witness.mu.Lock()
			defer f.witness.mu.Unlock()
			return f.witness.state.Count == len(f.witness.state.Users)+more
		})
	}
	counted(0)
	f.want("kickanons", bus.StatusDone, "nobody watches without a name")
	anon, err := cytube.Dial(testContext(t), cytube.Options{Domain: f.cytube.URL(), Channel: testChannel})
	if err != nil {
		t.Fatal(err)
	}
	defer anon.Close()
	<-anon.Joined()
	f.channel.Emit("usercount", 6)
	counted(1)
	r := f.want("kickanons", bus.StatusPreview, "would kick")
	if !slices.Equal(r.Targets, []string{"1 who watch without a name"}) {
		t.Errorf("targets %q", r.Targets)
	}
	if r := f.ask("kickanons", bus.Command{Confirm: r.Confirm}); r.Status != bus.StatusDone {
		t.Errorf("%+v", r)
	}
	for range anon.Events() {
	}
	if end := anon.End(); !strings.Contains(end.Reason, "anonymous user") {
		t.Errorf("the anonymous one ended by %v", end)
	}
}

func TestBans(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	f.want("ban neverseen raids", bus.StatusDone, "Banned neverseen: raids")
	f.want("ban neverseen", bus.StatusRefused, "neverseen is already banned")
	f.want("ban owner", bus.StatusRefused, "Owner has rank 5.0")
	f.want("ban bad!name", bus.StatusRefused, `"bad!name" is not a user name`)
	f.want("ban bob_x spam", bus.StatusDone, "Banned Bob_x: spam")
	f.got("Bob_x", "kick", "banned")
	if got := f.channel.Bans(); !slices.Equal(got, []string{"neverseen", "bob_x"}) {
		t.Errorf("bans %q", got)
	}
	f.want("banlist", bus.StatusDone, "Bans (2):\n  #1 neverseen [name] by Rosey: raids\n  #2 bob_x [name] by Rosey: spam")
	f.want("banlist spam", bus.StatusDone, "Bans (1):\n  #2 bob_x")
	f.want("unban nevers33n", bus.StatusRefused, "nevers33n is not banned here")
	f.want("unban neverseem", bus.StatusRefused, "did you mean neverseen?")
	f.want("unban NEVERSEEN", bus.StatusDone, "Unbanned neverseen")
	f.want("unban #2", bus.StatusDone, "Unbanned bob_x")
	r := f.want("ipban Alice range evil", bus.StatusDone, "Banned Alice: evil\nAddresses: ")
	if r.Undo != "unban Alice" {
		t.Errorf("undo %q", r.Undo)
	}
	f.got("Alice", "kick", "banned")
	f.want("unban alice", bus.StatusDone, "Unbanned alice (2 bans)")
	if got := f.channel.Bans(); len(got) != 0 {
		t.Errorf("bans %q", got)
	}
}

func TestRanksAndLeader(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	r := f.want("rank alice 2", bus.StatusDone, "Alice has rank 2 now")
	if r.Undo != "rank Alice 1" {
		t.Errorf("undo %q", r.Undo)
	}
	f.got("Bob_x", "setUserRank", `"name":"Alice","rank":2`)
	f.want("rank alice 3", bus.StatusRefused, "the bot has rank 3.0 and can give 1 to less than that")
	f.want("rank alice high", bus.StatusRefused, "a rank is a number")
	f.want("rank owner 1", bus.StatusRefused, "Owner has rank 5.0")
	f.want("rank carol 2", bus.StatusDone, "carol has rank 2 now")
	f.channel.Puppet("Guest", 0)
	eventually(t, "the guest is there", func() bool { return strings.Contains(f.typed("users").Text, "Guest") })
	f.want("rank guest 2", bus.StatusDone, "Guest has rank 2 now\nCyTube says: The user you promoted is not a registered account.")
	f.want("ranks", bus.StatusDone, "[3.0] Rosey")
	f.want("leader bob_x", bus.StatusDone, "Bob_x leads now")
	f.got("Alice", "setLeader", "Bob_x")
	f.want("unleader alice", bus.StatusRefused, "alice does not lead; Bob_x does")
	f.want("unleader", bus.StatusDone, "Bob_x does not lead any more")
	f.want("unleader", bus.StatusRefused, "nobody leads")
	f.want("leader nobody", bus.StatusRefused, "no user with name")
	f.want("pause", bus.StatusRefused, "can not pause: not a leader")
}

// A bot without the rank is refused before anything is sent: CyTube would be
// silent, or throw it out.
func TestLackingRank(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	owner := f.people["Owner"]
	owner.Emit("setChannelRank", map[string]any{"name": "Rosey", "rank": 1})
	eventually(t, "the bot's rank falls", func() bool {
		f.witness.mu.Lock()
		defer f.witness.mu.Unlock()
		return f.witness.state.Self.Rank == 1
	})
	frames := len(f.cytube.Frames())
	for line, text := range map[string]string{
		"kick alice": "kick needs rank 1.5 here and the bot has 1.0", "mute alice": "needs rank 1.5", "ban alice": "ban needs rank 2.0",
		"ipban alice": "needs rank 2.0", "unban alice": "needs rank 2.0", "banlist": "needs rank 2.0", "unmute alice": "needs rank 1.5",
		"smute alice": "needs rank 1.5", "kickanons": "needs rank 1.5", "rank alice 1": "rank needs rank 3.0 and the bot has 1.0",
		"ranks": "needs rank 3.0", "leader alice": "needs rank 2.0", "unleader": "needs rank 2.0", "clear": "needs rank 2.0",
		"add yt:x": "needs rank 1.5", "addnext yt:x": "needs rank 1.5", "remove 1": "needs rank 2.0", "move 1 1": "needs rank 1.5",
		"jump 1": "needs rank 1.5", "next": "needs rank 1.5", "settemp 1": "needs rank 2.0", "shuffle": "needs rank 2.0",
		"lock": "needs rank 2.0", "unlock": "needs rank 2.0", "clean bob": "needs rank 2.0", "cleantitle x": "needs rank 2.0",
		"duplicates": "needs rank 2.0", "clearplaylist": "needs rank 2.0", "poll a,b": "needs rank 1.5", "hpoll a,b": "needs rank 1.5",
		"endpoll": "needs rank 1.5", "setmotd x": "needs rank 3.0", "chanlog": "needs rank 3.0", "voteskip": "needs rank 1.5",
	} {
		f.want(line, bus.StatusRefused, text)
	}
	if sent := f.cytube.Frames()[frames:]; len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
	if l := f.witness.link(); l.State != room.LinkUp {
		t.Errorf("the bot is %+v", l)
	}
}

// A bot that is made the leader has 1.5 for as long, and what that allows. It
// hears no whispers of kicks then: the leaving tells.
func TestLeaderOfRank1(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	f.channel.Inject(cytubetest.Media{ID: "a", Title: "Alien", Seconds: 600, Type: "yt"}, false, "Mod")
	f.people["Owner"].Emit("setChannelRank", map[string]any{"name": "Rosey", "rank": 1})
	f.people["Owner"].Emit("assignLeader", map[string]any{"name": "Rosey"})
	eventually(t, "the bot leads", func() bool {
		f.witness.mu.Lock()
		defer f.witness.mu.Unlock()
		return f.witness.state.Self.Rank == 1.5 && f.witness.state.Leader == "Rosey"
	})
	f.want("mute bob_x", bus.StatusDone, "Muted Bob_x")
	f.want("unmute bob_x", bus.StatusDone, "Unmuted Bob_x")
	f.want("smute bob_x", bus.StatusDone, "Shadow-muted Bob_x")
	f.want("unmute bob_x", bus.StatusDone, "Unmuted Bob_x")
	f.want("kick alice", bus.StatusDone, "Kicked Alice")
	f.want("ban bob_x", bus.StatusRefused, "ban needs rank 2.0 here and the bot has 1.5")
	f.want("pause", bus.StatusDone, "Paused")
	f.got("Mod", "mediaUpdate", `"paused":true`)
	f.want("resume", bus.StatusDone, "Resumed")
}
