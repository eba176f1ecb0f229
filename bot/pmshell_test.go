package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"rosey/bot/cytube/cytubetest"
	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// newShell is a floor whose bot answers private messages.
func newShell(t *testing.T) *floor {
	t.Helper()
	w := newWorld(t)
	f := &floor{world: w, people: map[string]*cytubetest.Puppet{}}
	for name, rank := range map[string]float64{"Alice": 1, "Bob_x_y": 1, "Mod": 2, "Owner": 5} {
		f.people[name] = w.channel.Puppet(name, rank)
	}
	w.answerDatabase()
	b, err := Start(testContext(t), Options{
		Conn: w.connect(bus.RoleBot), Instance: "one", Version: "1.2.3", Logger: quiet(),
		Config: &config.Config{Platforms: []config.Platform{w.platform("main")}, Shell: config.Shell{Enabled: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = closeSoon(b) })
	f.op = w.connect(bus.RoleOperator)
	f.witness = w.watch("main")
	f.witness.until(room.LinkUp)
	return f
}

// answerDatabase plays the database service, as far as commands ask it.
func (w *world) answerDatabase() {
	w.tb.Helper()
	c := w.connect(bus.RoleDB)
	respond(w.tb, c, bus.SubjectChannelStats, func(struct{}) bus.ChannelStatsReply {
		return bus.ChannelStatsReply{MaxUsers: 35, MaxUsersTime: time.Date(2025, 11, 7, 14, 30, 0, 0, time.Local).Unix(), MaxConnected: 40, TotalUsers: 156}
	})
	respond(w.tb, c, bus.SubjectTopChatters, func(q bus.TopQuery) bus.TopReply {
		return bus.TopReply{Users: []bus.UserStats{{Username: "Alice", ChatLines: 1234}, {Username: "Bob", ChatLines: 7}}[:min(2, q.Limit)]}
	})
	respond(w.tb, c, bus.SubjectUserStats, func(q bus.UserStatsQuery) bus.UserStatsReply {
		if room.Fold(q.Username) != "alice" {
			return bus.UserStatsReply{}
		}
		return bus.UserStatsReply{User: &bus.UserStats{Username: "Alice", ChatLines: 1234, TimeConnected: 55845}}
	})
}

func respond[Req, Reply any](tb testing.TB, c *bus.Conn, subject string, fn func(Req) Reply) {
	tb.Helper()
	if _, err := bus.Respond(c, subject, func(_ context.Context, q Req) Reply { return fn(q) }); err != nil {
		tb.Fatal(err)
	}
	if err := c.NC.Flush(); err != nil {
		tb.Fatal(err)
	}
}

// answers are the private messages somebody got from the bot.
func (f *floor) answers(who string) []string {
	var list []string
	for _, e := range f.people[who].Received() {
		var pm struct{ Username, To, Msg string }
		if e.Name == "pm" && json.Unmarshal(e.Arg, &pm) == nil && pm.Username == "Rosey" {
			list = append(list, pm.Msg)
		}
	}
	return list
}

// typed undoes what the channel's filters and CyTube's escaping did to a
// message.
func typed(html string) string {
	html = regexp.MustCompile("<a [^>]*>|</a>").ReplaceAllString(html, "")
	return strings.NewReplacer("<em>", "_", "</em>", "_", "<strong>", "*", "</strong>", "*", "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(html)
}

// pm sends a command and gives what is answered until the last message ends
// with a text.
func (f *floor) pm(who, text, end string) []string {
	f.tb.Helper()
	before := len(f.answers(who))
	f.people[who].PM("Rosey", text)
	var got []string
	eventually(f.tb, fmt.Sprintf("an answer to %q that ends with %q", text, end), func() bool {
		got = f.answers(who)[before:]
		return len(got) > 0 && strings.HasSuffix(typed(got[len(got)-1]), end)
	})
	for i := range got {
		got[i] = typed(got[i])
	}
	return got
}

func TestPMShell(t *testing.T) {
	t.Parallel()
	f := newShell(t)
	f.films("Alien", "A_b_c")
	for _, tt := range []struct{ command, want string }{
		{"INFO", "Bot: Rosey\nRank: 3.0\nAFK: No\nChannel: testroom\nUsers: 5\nPlaylist: 0 items"},
		{"stats", "Peak (chat): 35 (2025-11-07 14:30)\nPeak (connected): 40\nTotal seen: 156\n\nTop chatters:\n  1. Alice: 1234 msg\n  2. Bob: 7 msg"},
		{"users", "Users in channel (5):\n  [5.0] Owner\n  [3.0] Rosey\n  [2.0] Mod\n  [1.0] Alice\n  [1.0] Bob_x_y"},
		{"user nobody", "User 'nobody' not found"},
		{"user", "Usage: user <username>"},
		{"afk", "Current AFK status: Off"},
		{"afk on", "AFK status: On"},
		{"afk maybe", "Usage: afk [on|off]"},
		{"say", "Usage: say <message>"},
		{"say a & <b>", "Sent: a & <b>"},
		{"pm alice it's  quiet", "PM sent to Alice: it's  quiet"},
		{"pm alice", "Usage: pm <user> <message>"},
		{"playlist", "Playlist (0 items):"},
		{"current", "Nothing is currently playing"},
		{"add", "Usage: add <url> [temp]  (temp: yes/no, default=yes)"},
		{"add https://youtu.be/alien-id", "Added: https://youtu.be/alien-id (temporary)"},
		{"add yt:a_b_c-id no", "Added: yt:a_b_c-id (permanent)"},
		{"add https://www.youtube.com/watch?v=none&t=1", "Failed to add media: The YouTube API now requires an API key.  Please see the documentation for youtube-v3-key in config.template.yaml"},
		{"playlist", "Playlist (2 items):\n► 1. Alien (10m)\n  2. A_b_c (10m)"},
		{"remove 9", "Position must be between 1 and 2"},
		{"remove", "Usage: remove <position>"},
		{"jump x", "Invalid position number"},
		{"move 1", "Usage: move <from_pos> <to_pos>"},
		{"move 2 1", "Moved A_b_c from position 2 to 1"},
		{"next", "Already at last item"},
		{"pause", "Error: can not pause: not a leader"},
		{"voteskip", "Voteskip: 0/0"},
		{"kick", "Usage: kick <user> [reason]"},
		{"kick nobody", `Error: no user with name "nobody"`},
		{`kick "alice`, "Error: a quote is left open: close it, or put a word with a quote in it into the other kind of quotes"},
		{"kick bob\u200b_x_y", "Error: there is a character in the message that cannot be seen: type the name by hand"},
		{"say it\u200bs late", "Sent: its late"},
		{"kick bob_x_y", "Kicked Bob_x_y"},
		{"kick alice too *loud*", "Kicked Alice: too *loud*"},
		{"foo", "Unknown command: foo\nType 'help' for available commands"},
		{"clear", "Chat cleared"},
		{"clean rosey", "go ahead: confirm "},
	} {
		got := strings.Join(f.pm("Owner", tt.command, lastLine(tt.want)), "\n")
		if !strings.HasSuffix(got, tt.want) && tt.command != "clean rosey" {
			t.Errorf("%s answers\n%s\nwant\n%s", tt.command, got, tt.want)
		}
	}
}

func lastLine(text string) string {
	if strings.HasSuffix(text, "confirm ") {
		return ""
	}
	return text[strings.LastIndexByte(text, '\n')+1:]
}

func TestPMShellUser(t *testing.T) {
	t.Parallel()
	f := newShell(t)
	got := strings.Join(f.pm("Mod", "user ALICE", "1970-01-01 00:00"), "\n")
	for _, want := range []string{"User: Alice\nRank: 1.0\nAFK: No\nMuted: No\nIP: ", "\nAliases: Alice", "\nChat msgs: 1234\nTime: 15h 30m 45s"} {
		if !strings.Contains(got, want) {
			t.Errorf("user answers\n%s\nwithout %q", got, want)
		}
	}
	status := f.pm("Mod", "status", "Channel: testroom")
	if len(status) != 1 || !strings.HasPrefix(status[0], "Uptime: ") || !strings.Contains(status[0], "\nConnected: Yes\nServer: ws") {
		t.Errorf("status answers %q", status)
	}
}

// Help comes whole, in parts that CyTube does not cut.
func TestPMShellHelp(t *testing.T) {
	t.Parallel()
	f := newShell(t)
	parts := f.pm("Mod", "help", " help mute\n"+helpRule)
	all := strings.Join(parts, "\n")
	for _, c := range tree() {
		line := c.brief
		if line == "" {
			line = c.Usage
		}
		if !strings.Contains(all, "\n "+line) {
			t.Errorf("help lacks %q", line)
		}
	}
	for _, part := range parts {
		if n := room.UTF16Len(part); n > lineLimit {
			t.Errorf("a part has %d units", n)
		}
	}
	if one := f.pm("Mod", "help kick", "Needs rank 1.5 here"); !strings.HasPrefix(one[0], "kick <user> [reason]\nThrows a person") {
		t.Errorf("help kick answers %q", one)
	}
}

// Who is no moderator meets silence, and no moderator can do through the bot
// what they could not do themselves.
func TestPMShellRights(t *testing.T) {
	t.Parallel()
	f := newShell(t)
	f.people["Alice"].PM("Rosey", "kick Mod")
	f.people["Alice"].PM("Rosey", "help")
	f.pm("Mod", "rank alice 2", "Error: rank needs rank 3.0 and you have 2.0")
	f.pm("Mod", "setmotd hello", "Error: setmotd needs rank 3.0 here and you have 2.0")
	f.channel.Puppet("Mod2", 2)
	f.pm("Mod", "users", "Bob_x_y")
	f.pm("Mod", "kick mod2", "Error: Mod2 has rank 2.0 and you only 2.0")
	f.pm("Owner", "kick mod2", "Kicked Mod2")
	if got := f.answers("Alice"); len(got) > 0 {
		t.Errorf("Alice was answered %q", got)
	}
	if f.people["Mod"].Err() != nil {
		t.Error("an ordinary user kicked a moderator")
	}
}

// A flood from a moderator is bounded, and answered once.
func TestPMShellFlood(t *testing.T) {
	t.Parallel()
	f := newShell(t)
	for i := range 60 {
		f.people["Mod"].PM("Rosey", fmt.Sprintf("say line %d", i))
	}
	eventually(t, "the flood is over", func() bool {
		for _, a := range f.answers("Mod") {
			if strings.HasPrefix(a, "Too many commands at once") {
				return true
			}
		}
		return false
	})
	f.pm("Owner", "afk", "Current AFK status: Off")
	n := 0
	for _, a := range f.answers("Mod") {
		if strings.HasPrefix(a, "Too many") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the flood was answered %d times", n)
	}
}
