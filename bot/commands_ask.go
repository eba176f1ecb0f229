package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// helpRule is the line above and below v0.5.0's help.
const helpRule = "───────────────────────────────"

func askCommands() []*command {
	return []*command{
		{CommandInfo: bus.CommandInfo{Name: "help", Aliases: []string{"h", "commands"}, Group: groupInfo, Help: "Lists the commands, or explains one.",
			Args: []bus.ArgInfo{{Name: "command", Type: bus.ArgCommand, Optional: true}}, Asks: true}, brief: "help - Show commands", offline: true, plan: planHelp},
		{CommandInfo: bus.CommandInfo{Name: "info", Group: groupInfo, Help: "Shows the bot and its channel.", Asks: true},
			brief: "info - Bot & channel", offline: true, recalls: true, plan: planInfo},
		{CommandInfo: bus.CommandInfo{Name: "status", Group: groupInfo, Help: "Shows the connection and the playback.", Asks: true},
			brief: "status - Connection", offline: true, plan: planStatus},
		{CommandInfo: bus.CommandInfo{Name: "stats", Group: groupInfo, Help: "Shows peaks, people seen and the most talkative.", Asks: true},
			brief: "stats - Database stats", offline: true, plan: planStats},
		{CommandInfo: bus.CommandInfo{Name: "users", Aliases: []string{"who"}, Group: groupUsers, Help: "Lists who is in the room.", Asks: true},
			brief: "users - List all", offline: true, recalls: true, plan: planUsers},
		{CommandInfo: bus.CommandInfo{Name: "user", Aliases: []string{"whois"}, Group: groupUsers, Help: "Shows a person, and what the database knows of them.",
			Args: []bus.ArgInfo{{Name: "username", Type: bus.ArgName}}, Asks: true}, brief: "user <name> - User info", offline: true, recalls: true, plan: planUser},
	}
}

func planHelp(r *request) (*plan, error) {
	if word := r.args["command"]; word != "" {
		c := findCommand(word)
		if c == nil {
			return nil, unknownCommand(word)
		}
		return answer(done(c.explain(r.state))), nil
	}
	lines := []string{"Bot Commands:", helpRule}
	for _, g := range groups {
		lines = append(lines, g+":")
		for _, c := range tree() {
			if c.Group == g {
				lines = append(lines, " "+cmp.Or(c.brief, c.Usage))
			}
		}
		lines = append(lines, "")
	}
	lines = append(lines, "Examples:", " say Hello everyone!", " add youtu.be/xyz yes", " playlist 5", " kick Bob Spamming",
		" mute Bob 10m caps", " help mute", helpRule)
	return answer(done(strings.Join(lines, "\n"))), nil
}

// explain is one command's own help.
func (c *command) explain(s *room.State) string {
	lines := []string{c.Usage, c.Help}
	if len(c.Aliases) > 0 {
		lines = append(lines, "Also: "+strings.Join(c.Aliases, ", "))
	}
	if need, ok := s.Needs(c.Needs); ok && c.Needs != "" {
		lines = append(lines, fmt.Sprintf("Needs rank %.1f here", need))
	} else if c.Rank > 0 {
		lines = append(lines, fmt.Sprintf("Needs rank %.1f", c.Rank))
	}
	if c.Inverse != "" {
		lines = append(lines, "Taken back by: "+c.Inverse)
	}
	return strings.Join(lines, "\n")
}

func yesNo(yes bool) string {
	if yes {
		return "Yes"
	}
	return "No"
}

func planInfo(r *request) (*plan, error) {
	s := r.state
	me, _ := s.User(s.Self.Name)
	lines := []string{
		"Bot: " + s.Self.Name, fmt.Sprintf("Rank: %.1f", s.Self.Rank), "AFK: " + yesNo(me.Meta.AFK),
		"Channel: " + r.board.desk.channel,
	}
	if s.Count > 0 && s.Count != len(s.Users) {
		lines = append(lines, fmt.Sprintf("Users: %d in chat, %d connected", len(s.Users), s.Count))
	} else {
		lines = append(lines, fmt.Sprintf("Users: %d", len(s.Users)))
	}
	lines = append(lines, fmt.Sprintf("Playlist: %d items", len(s.Playlist)))
	total := 0.0
	for _, i := range s.Playlist {
		total += max(0, i.Media.Seconds)
	}
	if total > 0 {
		lines = append(lines, "Duration: "+showDuration(total))
	}
	if s.Media != nil {
		lines = append(lines, "Now playing: "+s.Media.Media.Title)
	}
	return answer(done(strings.Join(lines, "\n"))), nil
}

func planStatus(r *request) (*plan, error) {
	s, up := r.state, r.state.Connection.State == room.LinkUp
	lines := []string{
		"Uptime: " + showDuration(time.Since(r.board.facts.started).Seconds()),
		"Connected: " + yesNo(up),
	}
	if s.Connection.Server != "" {
		lines = append(lines, "Server: "+s.Connection.Server)
	}
	if up {
		lines = append(lines, "Conn time: "+showDuration(time.Since(time.UnixMilli(s.Connection.Since)).Seconds()))
	}
	lines = append(lines, "Channel: "+r.board.desk.channel)
	if s.Leader != "" {
		lines = append(lines, "Leader: "+s.Leader)
	}
	if s.Media != nil {
		lines = append(lines, "Playback: "+playback(s.Media.Paused))
	}
	return answer(done(strings.Join(lines, "\n"))), nil
}

func playback(paused bool) string {
	if paused {
		return "Paused"
	}
	return "Playing"
}

// planStats gives what v0.5.0 documented and had lost (COMPAT.md §4).
func planStats(r *request) (*plan, error) {
	return &plan{does: "ask the database", run: func(d *deed, _ []int) outcome {
		stats, err := query[bus.ChannelStatsReply](d.ctx, d.board.conn, bus.SubjectChannelStats, struct{}{})
		if err != nil || stats.Error != "" {
			return refusedWith("the database does not answer: is rosey run with the database service?")
		}
		top, err := query[bus.TopReply](d.ctx, d.board.conn, bus.SubjectTopChatters, bus.TopQuery{Limit: 5})
		if err != nil || top.Error != "" {
			return refusedWith("the database does not answer: is rosey run with the database service?")
		}
		s := d.state
		lines := []string{
			fmt.Sprintf("Current: %d in chat, %d connected", len(s.Users), s.Count),
			"Peak (chat): " + peak(stats.MaxUsers, stats.MaxUsersTime),
			"Peak (connected): " + peak(stats.MaxConnected, stats.MaxConnectedTime),
			fmt.Sprintf("Total seen: %d", stats.TotalUsers),
		}
		if len(top.Users) > 0 {
			lines = append(lines, "", "Top chatters:")
		}
		for i, u := range top.Users {
			lines = append(lines, fmt.Sprintf("  %d. %s: %d msg", i+1, u.Username, u.ChatLines))
		}
		o := done(strings.Join(lines, "\n"))
		o.data = struct {
			bus.ChannelStatsReply
			Top []bus.UserStats `json:"top"`
		}{stats, top.Users}
		return o
	}}, nil
}

func peak(n, at int64) string {
	if at == 0 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d (%s)", n, stamp(at))
}

func planUsers(r *request) (*plan, error) {
	users := slices.Clone(r.state.Users)
	slices.SortStableFunc(users, func(a, b room.User) int { return cmp.Compare(b.Rank, a.Rank) })
	lines := []string{fmt.Sprintf("Users in channel (%d):", len(users))}
	for _, u := range users {
		line := fmt.Sprintf("  [%.1f] %s", u.Rank, u.Name)
		var flags []string
		if u.Meta.AFK {
			flags = append(flags, "AFK")
		}
		if u.Meta.Muted || u.Meta.ShadowMuted {
			flags = append(flags, "MUTED")
		}
		if room.Fold(u.Name) == room.Fold(r.state.Leader) {
			flags = append(flags, "LEADER")
		}
		if len(flags) > 0 {
			line += " [" + strings.Join(flags, ", ") + "]"
		}
		lines = append(lines, line)
	}
	o := done(strings.Join(lines, "\n"))
	o.data = users
	return answer(o), nil
}

func planUser(r *request) (*plan, error) {
	name := r.args["username"]
	u, here := r.state.User(name)
	return &plan{does: "show " + name, target: name, run: func(d *deed, _ []int) outcome {
		reply, err := query[bus.UserStatsReply](d.ctx, d.board.conn, bus.SubjectUserStats, bus.UserStatsQuery{Username: name})
		known := err == nil && reply.User != nil
		if !here && !known {
			o := refusedWith(fmt.Sprintf("User '%s' not found%s", shorten(name, 40), d.meant(name)))
			o.plain = true
			return o
		}
		lines := presentLines(u, d.state.Leader)
		if !here {
			lines = []string{"User: " + reply.User.Username, "Not in the room"}
		}
		if known {
			lines = append(lines, fmt.Sprintf("Chat msgs: %d", reply.User.ChatLines),
				"Time: "+showDuration(float64(reply.User.TimeConnected)), "Last seen: "+stamp(reply.User.LastSeen))
		}
		o := done(strings.Join(lines, "\n"))
		o.data = userData{User: u, Present: here, Stats: reply.User}
		return o
	}}, nil
}

// userData is what user tells programs.
type userData struct {
	User    room.User      `json:"user"`
	Present bool           `json:"present"`
	Stats   *bus.UserStats `json:"stats,omitempty"`
}

func presentLines(u room.User, leader string) []string {
	lines := []string{
		"User: " + u.Name, fmt.Sprintf("Rank: %.1f", u.Rank), "AFK: " + yesNo(u.Meta.AFK),
		"Muted: " + yesNo(u.Meta.Muted || u.Meta.ShadowMuted),
	}
	if u.Meta.IP != "" {
		lines = append(lines, "IP: "+u.Meta.IP)
		if list := uncloak(u.Meta.IP); len(list) > 0 {
			lines = append(lines, "Uncloaked: "+strings.Join(list, ", "))
		}
	}
	if len(u.Meta.Aliases) > 0 {
		lines = append(lines, "Aliases: "+strings.Join(u.Meta.Aliases, ", "))
	}
	if leader != "" && room.Fold(u.Name) == room.Fold(leader) {
		lines = append(lines, "Status: LEADER")
	}
	return lines
}
