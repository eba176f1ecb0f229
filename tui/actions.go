package tui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// What was done in the room, by whom, and what came of it: bus events that say
// so become lines, one for each action however often it is told.

// keptActions bounds the actions that a room remembers.
const keptActions = 500

// takeAction takes what was done, told by the bus.
func (v *channel) takeAction(a room.Action, at int64) {
	kept := false
	for i := range v.actions {
		if v.actions[i].ID == a.ID && a.ID != "" {
			v.actions[i], kept = a, true
		}
	}
	if !kept {
		v.actions = append(v.actions, a)
		if len(v.actions) > keptActions {
			v.actions = v.actions[1:]
		}
	}
	v.rememberReason(a.Reason)
	if v.shownAsChat(a) {
		return
	}
	repeats := v.repeatsOf(a)
	if l := v.actionLine(a.ID); l != nil {
		v.log.remove(repeats...)
		if a.Status != string(bus.StatusPending) {
			v.log.amendSpans(l, v.outcomeSpans(actionText(a), a))
		}
		return
	}
	l := &line{at: at, kind: lineMod, name: cleanName(a.Actor), actionID: a.ID, about: cleanName(a.Target), source: a.Source}
	l.spans = v.outcomeSpans(actionText(a), a)
	if len(repeats) > 0 {
		first := repeats[0]
		first.kind, first.name, first.actionID, first.about, first.source = l.kind, l.name, l.actionID, l.about, l.source
		v.log.amendSpans(first, l.spans)
		v.log.remove(repeats[1:]...)
		return
	}
	v.log.append(l)
}

// shownAsChat tells of words that this console's operator said: the bot's line in
// the chat shows them, and only when they do not get there a line must say so.
func (v *channel) shownAsChat(a room.Action) bool {
	switch bus.CommandStatus(a.Status) {
	case bus.StatusPending, bus.StatusDone, "":
		return (a.Verb == "say" || a.Verb == "pm") && a.Source == room.SourceConsole && a.Actor == v.operator
	}
	return false
}

// lookBack is how many lines an action's own line is looked for.
const lookBack = 400

// actionLine is the line of an action.
func (v *channel) actionLine(id string) *line {
	lines := v.log.lines
	for i := len(lines) - 1; i >= max(0, len(lines)-lookBack) && id != ""; i-- {
		if lines[i].actionID == id {
			return lines[i]
		}
	}
	return nil
}

// nearby is how many lines CyTube's own word of an action is looked for in.
const nearby = 8

// repeatsOf are the lines just before in which CyTube told of the same action:
// its whisper to moderators, and the mute that it set.
func (v *channel) repeatsOf(a room.Action) (same []*line) {
	lines := v.log.lines
	for i := max(0, len(lines)-nearby); i < len(lines); i++ {
		if l := lines[i]; l.actionID == "" && v.tellsOf(l, a) {
			same = append(same, l)
		}
	}
	return same
}

// tellsOf tells whether a line of CyTube's says what an action's line says.
func (v *channel) tellsOf(l *line, a room.Action) bool {
	target := room.Fold(a.Target)
	if target == "" {
		return false
	}
	switch l.kind {
	case lineServer:
		text, actor := room.Fold(l.text()), room.Fold(a.Actor)
		if a.Source != room.SourceRoom {
			actor = room.Fold(cmp.Or(v.state.Self.Name, v.past.Self.Name))
		}
		who, did, _ := strings.Cut(text, " ")
		// In a backlog the bot's own name may not have come yet.
		return (who == actor || actor == "") && strings.Contains(did, target)
	case lineMod:
		return room.Fold(l.name) == target && strings.HasSuffix(a.Verb, "mute")
	}
	return false
}

// alreadyShown tells whether an action's line says already what CyTube says now.
func (v *channel) alreadyShown(l *line) bool {
	lines := v.log.lines
	for i := max(0, len(lines)-nearby); i < len(lines); i++ {
		if o := lines[i]; o.actionID != "" && l.actionID == "" {
			verb, _, _ := strings.Cut(o.text(), " ")
			if v.tellsOf(l, room.Action{Verb: verb, Target: o.about, Actor: o.name, Source: o.source}) {
				return true
			}
		}
	}
	return false
}

// actionText is an action as a person would type it.
func actionText(a room.Action) string {
	text := a.Line
	if text == "" {
		text = strings.TrimSpace(a.Verb + " " + a.Target)
		if a.Reason != "" {
			text += " · " + a.Reason
		}
	}
	return room.Clean(text)
}

// outcomeSpans is what was done and what came of it, told by a sign, by words
// and only then by colour.
func (v *channel) outcomeSpans(did string, a room.Action) []room.Span {
	return veiledSpans(v.toldSpans(did, a))
}

func (v *channel) toldSpans(did string, a room.Action) []room.Span {
	if a.Source == room.SourceRoom && (a.Status == "" || a.Status == string(bus.StatusDone)) {
		return cleanSpans(nil, did)
	}
	text := strings.ReplaceAll(a.Text, "\n", " · ")
	switch bus.CommandStatus(a.Status) {
	case bus.StatusDone:
		return cleanSpans([]room.Span{{Text: did}, {Text: " … ✓ " + doneText(a, text) + orEmpty(" · ", v.until(a))}}, "")
	case bus.StatusRefused:
		return cleanSpans([]room.Span{{Text: did}, {Text: " … ✗ refused: " + text, Kind: room.SpanStrong}}, "")
	case bus.StatusNoEffect:
		return cleanSpans([]room.Span{{Text: did}, {Text: " … – no effect" + after(a.Took, " in ") + ": " + text, Kind: room.SpanStrong}}, "")
	case bus.StatusPending, "":
		return cleanSpans([]room.Span{{Text: did + " …"}}, "")
	case statusUnknown:
		return cleanSpans([]room.Span{{Text: did}, {Text: " … " + text, Kind: room.SpanStrong}}, "")
	}
	return cleanSpans([]room.Span{{Text: did}, {Text: " … ✗ " + text, Kind: room.SpanStrong}}, "")
}

// doneText leaves out what the command itself says already.
func doneText(a room.Action, text string) string {
	word := text
	if a.Verb == "say" {
		word = "said"
	}
	if a.Target != "" && strings.Contains(room.Fold(text), room.Fold(a.Target)) && !strings.Contains(text, " · ") {
		word = "done"
		if a.Verb == "kick" {
			word = "left"
		}
	}
	return word + after(a.Took, " after ")
}

func after(ms int64, lead string) string {
	if ms < 50 {
		return ""
	}
	if ms < 10_000 {
		return fmt.Sprintf("%s%.1f s", lead, float64(ms)/1000)
	}
	return lead + spoken(ms)
}

// maxReasons bounds the reasons that are offered.
const maxReasons = 30

// rememberReason puts a reason in front of those that are offered.
func (v *channel) rememberReason(reason string) {
	reason = room.Clean(reason)
	if reason == "" {
		return
	}
	kept := []string{reason}
	for _, r := range v.reasons {
		if r != reason && len(kept) < maxReasons {
			kept = append(kept, r)
		}
	}
	v.reasons = kept
}

// recentActionOn is what somebody else did to a person within d before now.
func (v *channel) recentActionOn(target, self string, now time.Time, d time.Duration) (room.Action, bool) {
	for i := len(v.actions) - 1; i >= 0; i-- {
		a := v.actions[i]
		if room.Fold(a.Target) == room.Fold(target) && a.Actor != self && now.Sub(time.UnixMilli(a.Time)) < d {
			return a, true
		}
	}
	return room.Action{}, false
}
