package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"rosey/bus/room"
)

// eventLine is an event as a person reads it, on one line. Lists are told by
// their length: who wants what is in them takes --json.
func eventLine(e room.Event) string {
	for _, lineOf := range []func(room.Event) string{peopleLine, chatLine, queueLine, linkLine, adminLine} {
		if text := lineOf(e); text != "" {
			return text
		}
	}
	return strings.ReplaceAll(e.EventName(), "_", " ")
}

func peopleLine(e room.Event) string {
	switch e := e.(type) {
	case *room.UserJoin:
		return fmt.Sprintf("--> %s joined", e.User)
	case *room.UserLeave:
		return fmt.Sprintf("<-- %s left", e.User)
	case *room.UserList:
		return fmt.Sprintf("users: %d here", len(e.Users))
	case *room.UserRank:
		return fmt.Sprintf("rank of %s: %g", e.User, e.Rank)
	case *room.UserMeta:
		return fmt.Sprintf("%s is %s", e.User, metaWords(e.Meta))
	case *room.UserAFK:
		return fmt.Sprintf("%s is %s", e.User, metaWords(room.Meta{AFK: e.AFK}))
	case *room.UserProfile:
		return fmt.Sprintf("%s has a new profile", e.User)
	case *room.UserCount:
		return fmt.Sprintf("connected: %d", e.Count)
	case *room.Leader:
		return "leader: " + cmp.Or(e.User, "nobody")
	case *room.SelfRank:
		return fmt.Sprintf("the bot's rank: %g", e.Rank)
	}
	return ""
}

func metaWords(m room.Meta) string {
	words := []string{"here"}
	if m.AFK {
		words[0] = "away"
	}
	if m.ShadowMuted {
		words = append(words, "shadow-muted")
	} else if m.Muted {
		words = append(words, "muted")
	}
	return strings.Join(words, ", ")
}

func chatLine(e room.Event) string {
	switch e := e.(type) {
	case *room.Message:
		if e.Style == room.StyleAction {
			return fmt.Sprintf("* %s %s", e.User, e.Content)
		}
		return fmt.Sprintf("<%s> %s", e.User, e.Content)
	case *room.PM:
		return fmt.Sprintf("[PM] %s -> %s: %s", e.User, e.Recipient, room.Clean(e.Content))
	case *room.ChatCleared:
		return "chat was cleared by " + cmp.Or(e.User, "a moderator")
	case *room.Motd:
		return "motd: " + cmp.Or(room.Clean(e.Text), "none")
	case *room.Emotes:
		return fmt.Sprintf("emotes: %d", len(e.Emotes))
	case *room.EmoteSet:
		if e.Old != "" {
			return fmt.Sprintf("emote %s is now %s", e.Old, e.Emote.Name)
		}
		return "emote set: " + e.Emote.Name
	case *room.EmoteRemoved:
		return "emote removed: " + e.Name
	case *room.Styling:
		return fmt.Sprintf("styling: %d bytes of CSS, %d of JS", e.CSSSize, e.JSSize)
	case *room.Drinks:
		return fmt.Sprintf("drinks: %d", e.Count)
	case *room.PollOpened:
		return fmt.Sprintf("poll of %s: %s", e.Poll.Initiator, pollWords(e.Poll))
	case *room.PollUpdated:
		return "poll: " + pollWords(e.Poll)
	case *room.PollClosed:
		return "the poll is closed"
	}
	return ""
}

func pollWords(p room.Poll) string {
	options := make([]string, len(p.Options))
	for i, option := range p.Options {
		options[i] = option
		if i < len(p.Counts) {
			options[i] += " (" + p.Counts[i] + ")"
		}
	}
	return p.Title + " — " + strings.Join(options, " / ")
}

func queueLine(e room.Event) string {
	switch e := e.(type) {
	case *room.Playlist:
		return fmt.Sprintf("queue: %d items", len(e.Items))
	case *room.PlaylistMeta:
		return fmt.Sprintf("queue: %d items, %s", e.Count, cmp.Or(e.Length, clockOf(e.Seconds)))
	case *room.PlaylistLock:
		if e.Locked {
			return "queue is locked"
		}
		return "queue is open to all"
	case *room.Queued:
		return fmt.Sprintf("queued by %s: %s (%s) %s", cmp.Or(e.Item.QueueBy, "nobody"), e.Item.Media.Title, e.Item.Media.Duration, afterWords(e.After))
	case *room.Removed:
		return fmt.Sprintf("removed: item %d", e.UID)
	case *room.Moved:
		return fmt.Sprintf("moved: item %d %s", e.UID, afterWords(e.After))
	case *room.TempSet:
		if e.Temp {
			return fmt.Sprintf("item %d is temporary", e.UID)
		}
		return fmt.Sprintf("item %d stays", e.UID)
	case *room.Current:
		return fmt.Sprintf("current: item %d", e.UID)
	case *room.MediaChange:
		return fmt.Sprintf("now playing: %s (%s)", e.Media.Title, e.Media.Duration)
	case *room.MediaUpdate:
		if e.Paused {
			return "player at " + clockOf(e.Position) + ", paused"
		}
		return "player at " + clockOf(e.Position)
	case *room.Voteskip:
		return fmt.Sprintf("skip votes: %d of %d", e.Count, e.Need)
	case *room.VoteskipCleared:
		return "the bot's skip vote was taken back"
	}
	return ""
}

func afterWords(a room.After) string {
	switch a.Where {
	case room.AtStart:
		return "to the start"
	case room.AfterUID:
		return fmt.Sprintf("behind item %d", a.UID)
	}
	return "to the end"
}

// clockOf is a time of the player; the lead-in counts from -3 s.
func clockOf(seconds float64) string {
	sign := ""
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	s := int64(min(seconds, 1e9))
	if s >= 3600 {
		return fmt.Sprintf("%s%d:%02d:%02d", sign, s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%s%d:%02d", sign, s/60, s%60)
}

func linkLine(e room.Event) string {
	switch e := e.(type) {
	case *room.Login:
		if e.Success {
			return "logged in as " + e.Name
		}
		return "login failed: " + e.Error
	case *room.Connection:
		return connectionWords(e)
	case *room.Gap:
		if _, known := e.Count(); !known {
			return "gap: the bot began anew, what was missed is not known"
		}
		return fmt.Sprintf("gap: events %d to %d cannot be had any more", e.From, e.To)
	case *room.Notice:
		text := room.Clean(cmp.Or(e.Text, e.Code))
		if e.Wait > 0 {
			text = strings.TrimSpace(text + " wait " + (time.Duration(e.Wait) * time.Millisecond).String())
		}
		return strings.Join(strings.Fields("notice "+string(e.Kind)+": "+e.From+" "+e.Head+" "+text+" "+e.Link), " ")
	case *room.PasswordNeeded:
		if e.Wrong {
			return "the channel's password is wrong"
		}
		return "the channel wants a password"
	case *room.PasswordAccepted:
		return "the channel's password was accepted"
	case *room.Kicked:
		return "the bot was kicked: " + e.Reason
	}
	return ""
}

func connectionWords(c *room.Connection) string {
	text := "connection " + string(c.State)
	if c.Reason != "" {
		text += ": " + c.Reason
	}
	return text
}

func adminLine(e room.Event) string {
	switch e := e.(type) {
	case *room.Permissions:
		return fmt.Sprintf("permissions: %d", len(e.Needs))
	case *room.Options:
		return "channel options" + titled(e.PageTitle)
	case *room.Banlist:
		return fmt.Sprintf("bans: %d", len(e.Bans))
	case *room.BanRemoved:
		return "ban removed: " + e.Name
	case *room.Ranks:
		return fmt.Sprintf("ranks: %d", len(e.Ranks))
	case *room.ChannelLog:
		if !e.Success {
			return "the channel log cannot be read"
		}
		return fmt.Sprintf("channel log: %d lines", strings.Count(e.Text, "\n")+1)
	case *room.Filters:
		return fmt.Sprintf("chat filters: %d", len(e.Filters))
	case *room.FilterSet:
		return "chat filter set: " + e.Filter.Name
	case *room.FilterRemoved:
		return "chat filter removed: " + e.Name
	case *room.FilterAdded:
		return "chat filter added"
	case *room.SavedPlaylists:
		return fmt.Sprintf("saved playlists: %d", len(e.Playlists))
	case *room.Action:
		return actionLine(e)
	case *room.Handover:
		if e.Text == "" {
			return "handover: none"
		}
		return "handover by " + e.By + ": " + strings.ReplaceAll(e.Text, "\n", " ")
	case *room.SearchResults:
		return fmt.Sprintf("search results: %d from %s", len(e.Results), cmp.Or(e.Source, "the library"))
	}
	return ""
}

func titled(title string) string {
	if title == "" {
		return ""
	}
	return ": " + title
}

// actionLine says who did what, and what came of it.
func actionLine(e *room.Action) string {
	text := strings.TrimSpace("action: " + e.Actor + " " + cmp.Or(e.Line, strings.TrimSpace(e.Verb+" "+e.Target)))
	if e.Line == "" && e.Reason != "" {
		text += ": " + e.Reason
	}
	if e.Status != "" {
		text += " (" + strings.ReplaceAll(e.Status, "_", " ") + ")"
	}
	return text
}
