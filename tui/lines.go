package tui

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"rosey/bus/room"
)

// lineOf is the line that an event leaves in the chat, given the state before
// it and the Unix ms at which the bot saw it; nil when it leaves none.
func lineOf(before room.State, e room.Event, at int64) *line {
	var l *line
	switch e := e.(type) {
	case *room.Message:
		if isJoinWhisper(e) {
			return nil
		}
		l = messageLine(before, e)
	case *room.PM:
		l = pmLine(before, e)
	case *room.UserJoin:
		if _, here := before.User(e.User); here {
			return nil // CyTube repeats addUser (PROTOCOL.md §7)
		}
		l = said(lineJoin, e.User, joinText(e))
	case *room.UserLeave:
		l = said(lineLeave, e.User, "left")
	case *room.UserRank, *room.UserMeta, *room.Leader, *room.ChatCleared, *room.PlaylistLock, *room.Kicked:
		l = modLine(before, e)
	case *room.MediaChange:
		l = said(lineMedia, "", e.Media.Title+lengthNote(e.Media))
	case *room.PollOpened:
		l = said(lineMedia, e.Poll.Initiator, pollText(e.Poll))
	case *room.PollClosed:
		l = said(lineMedia, "", "the poll is closed")
	case *room.Motd:
		if e.Text == "" || e.Text == before.Motd.Text {
			return nil
		}
		l = said(lineNotice, "motd", e.Text)
	case *room.Notice:
		l = noticeLine(e)
	case *room.Connection:
		l = connectionLine(before, e)
	case *room.Login:
		if e.Success {
			return nil
		}
		l = said(lineNotice, "login", e.Error)
	case *room.PasswordNeeded:
		l = said(lineNotice, "", "the channel wants a password")
		if e.Wrong {
			l = said(lineNotice, "", "the channel's password in the config is wrong")
		}
	case *room.Handover:
		l = handover(*e)
	case *room.Gap:
		l = &line{kind: lineGap, spans: plain(gapText(e))}
	}
	if l != nil && l.at == 0 {
		l.at = at
	}
	if l != nil && official(before, e, l) {
		l.spans = veiledSpans(l.spans)
	}
	return l
}

// official tells lines in which the server or the bot itself speaks. Before it is
// known who the bot is any PM may be its own.
func official(before room.State, e room.Event, l *line) bool {
	if pm, ok := e.(*room.PM); ok {
		return before.Self.Name == "" || room.Fold(pm.User) == room.Fold(before.Self.Name)
	}
	return l.kind == lineServer || l.kind == lineMod || l.kind == lineNotice && l.name != "motd"
}

// said is a line with clean text.
func said(kind lineKind, name, text string) *line {
	return &line{kind: kind, name: cleanName(name), spans: cleanSpans(nil, text)}
}

func messageLine(before room.State, e *room.Message) *line {
	l := &line{
		kind: lineChat, at: cmp.Or(e.Time, e.Timestamp*1000),
		name: cleanName(e.User), spans: cleanSpans(e.Spans, e.Content),
		style: e.Style, shadow: e.Shadow,
	}
	switch {
	case e.Server:
		l.kind, l.name = lineServer, strings.Trim(l.name, "[]")
	case e.Style == room.StyleAction:
		l.kind = lineAction
	}
	if self := before.Self.Name; l.kind != lineServer && self != "" && room.Fold(e.User) != room.Fold(self) {
		l.mention = names(e.Content, self)
	}
	return l
}

// isJoinWhisper tells whether the server whispers to moderators what the join
// line says as well: NAME joined (aliases: …), PROTOCOL.md §6.
func isJoinWhisper(e *room.Message) bool {
	return e.Server && e.Style == room.StyleWhisper && strings.Contains(e.Content, " joined (aliases: ")
}

// names tells whether text has name in it as a word.
func names(text, name string) bool {
	text, name = room.Fold(text), room.Fold(name)
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 || name == "" {
			return false
		}
		start, end := from+i, from+i+len(name)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !inWord(before) && !inWord(after) {
			return true
		}
		from = end
	}
}

func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

func pmLine(before room.State, e *room.PM) *line {
	to := "you"
	if room.Fold(e.Recipient) != room.Fold(before.Self.Name) {
		to = cleanName(e.Recipient)
	}
	spans := append([]room.Span{{Text: "(to " + to + ") ", Kind: room.SpanEm}}, cleanSpans(e.Spans, e.Content)...)
	return &line{
		kind: linePM, at: cmp.Or(e.Time, e.Timestamp*1000),
		name: cleanName(e.User), spans: spans, mention: to == "you",
	}
}

// joinText names the aliases, among which CyTube lists the name itself.
func joinText(e *room.UserJoin) string {
	var others []string
	for _, a := range e.UserData.Meta.Aliases {
		if room.Fold(a) != room.Fold(e.User) {
			others = append(others, a)
		}
	}
	if len(others) > 0 {
		return "joined  · also known as " + strings.Join(others, ", ")
	}
	return "joined"
}

func modLine(before room.State, e room.Event) *line {
	switch e := e.(type) {
	case *room.UserRank:
		u, here := before.User(e.User)
		if !here || u.Rank == e.Rank || u.Rank == room.RankLeader || e.Rank == room.RankLeader {
			return nil // a leader's passing rank is told by Leader
		}
		return said(lineMod, e.User, "is now "+rankName(e.Rank))
	case *room.UserMeta:
		return muteLine(before, e)
	case *room.Leader:
		if e.User == "" || e.User == before.Leader {
			return nil
		}
		return said(lineMod, e.User, "leads playback")
	case *room.ChatCleared:
		return said(lineMod, e.User, "cleared the chat")
	case *room.PlaylistLock:
		if e.Locked == before.Locked {
			return nil
		}
		if e.Locked {
			return said(lineMod, "", "the playlist is locked")
		}
		return said(lineMod, "", "the playlist is open to all")
	case *room.Kicked:
		return said(lineMod, before.Self.Name, "was thrown out: "+e.Reason)
	}
	return nil
}

func muteLine(before room.State, e *room.UserMeta) *line {
	u, here := before.User(e.User)
	switch {
	case !here:
		return nil
	case e.Meta.ShadowMuted != u.Meta.ShadowMuted && e.Meta.ShadowMuted:
		return said(lineMod, e.User, "was shadow-muted")
	case e.Meta.Muted != u.Meta.Muted && e.Meta.Muted:
		return said(lineMod, e.User, "was muted")
	case (u.Meta.Muted || u.Meta.ShadowMuted) && !e.Meta.Muted && !e.Meta.ShadowMuted:
		return said(lineMod, e.User, "may speak again")
	}
	return nil
}

func rankName(r float64) string {
	switch {
	case r >= room.RankSiteAdmin:
		return "a site administrator"
	case r >= room.RankFounder:
		return "the founder"
	case r >= room.RankOwner:
		return "an owner"
	case r >= room.RankAdmin:
		return "an admin"
	case r >= room.RankModerator:
		return "a moderator"
	case r >= room.RankUser:
		return "a user"
	}
	return "a guest"
}

func noticeLine(e *room.Notice) *line {
	text := cmp.Or(e.Text, e.Code, string(e.Kind))
	if e.Kind == room.NoticeAnnouncement {
		return said(lineNotice, cmp.Or(e.From, "announcement"), text)
	}
	if e.Kind == room.NoticeCooldown && e.Wait > 0 {
		text = fmt.Sprintf("the server asks to wait %.1f s", float64(e.Wait)/1000)
	}
	if e.Link != "" {
		text += " · " + e.Link
	}
	return said(lineNotice, "", text)
}

// connectionLine tells when CyTube is lost and when it is back.
func connectionLine(before room.State, e *room.Connection) *line {
	was := before.Connection.State
	switch {
	case e.State == was:
		return nil
	case e.State == room.LinkUp:
		return said(lineNotice, "", "connected to CyTube")
	case e.State == room.LinkDown && was == room.LinkUp,
		e.State == room.LinkStandby, e.State == room.LinkStopped:
		return said(lineNotice, "", "CyTube: "+cmp.Or(e.Reason, string(e.State)))
	}
	return nil
}

func gapText(g *room.Gap) string {
	text := "the bot began anew: what was missed is not known"
	if n, known := g.Count(); known {
		text = count(n, "event") + " missed and gone"
	}
	if g.Since > 0 && g.Until > g.Since {
		text += " · " + spoken(g.Until-g.Since)
	}
	return text
}

func lengthNote(m room.Media) string {
	if m.Seconds <= 0 {
		return ""
	}
	return " (" + clockLength(m.Seconds) + ")"
}
