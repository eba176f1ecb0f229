package cytube

import (
	"strings"

	"rosey/bus/room"
)

// wireLine is a chatMsg or pm. Its msg is HTML (PROTOCOL.md §5).
type wireLine struct {
	Username string `json:"username"`
	To       string `json:"to"`
	Msg      string `json:"msg"`
	Time     number `json:"time"`
	Meta     struct {
		AddClass string `json:"addClass"`
		Action   bool   `json:"action"`
		Shadow   bool   `json:"shadow"`
		ModFlair number `json:"modflair"`
	} `json:"meta"`
}

// styles are the classes that mean something; others are left plain.
var styles = map[string]room.Style{
	"action":         room.StyleAction,
	"greentext":      room.StyleGreentext,
	"shout":          room.StyleShout,
	"drink":          room.StyleDrink,
	"spoiler":        room.StyleSpoiler,
	"server-whisper": room.StyleWhisper,
}

func (d *decoder) chat(wire wireLine) room.Event {
	html := cut(wire.Msg, maxChat)
	spans := d.markEmotes(spansOf(html, oneLine))
	ms := d.time(wire.Time)
	style := styles[wire.Meta.AddClass]
	if wire.Meta.Action {
		style = room.StyleAction
	}
	return &room.Message{
		User:      name(wire.Username),
		Content:   textOf(spans),
		Timestamp: ms / 1000,
		Time:      ms,
		Spans:     spans,
		Style:     style,
		Server:    strings.HasPrefix(wire.Username, "["), // no user's name holds a bracket (PROTOCOL.md §6)
		Shadow:    wire.Meta.Shadow,
		Replay:    d.replay,
		Flair:     float64(wire.Meta.ModFlair),
		HTML:      html,
	}
}

// pm keeps the line breaks that a PM, unlike a chat line, may have.
func (d *decoder) pm(wire wireLine) room.Event {
	html := cut(wire.Msg, maxChat)
	spans := d.markEmotes(spansOf(html, manyLines))
	ms := d.time(wire.Time)
	return &room.PM{
		User:      name(wire.Username),
		Recipient: name(wire.To),
		Content:   textOf(spans),
		Timestamp: ms / 1000,
		Time:      ms,
		Spans:     spans,
		Unseen:    unseen(html),
	}
}

// unseen tells whether there is more in a text than the blanks and the visible
// characters that cleaning leaves of it.
func unseen(html string) bool {
	text := strings.Join(strings.Fields(unescape(html)), " ")
	return room.Clean(text) != text
}

func (d *decoder) clearChat(v struct {
	ClearedBy string `json:"clearedBy"`
}) room.Event {
	return &room.ChatCleared{User: name(v.ClearedBy)}
}

// time is the server's time in Unix milliseconds, or ours when it has none or
// one that cannot be.
func (d *decoder) time(ms number) int64 {
	now := d.at.UnixMilli()
	if at := int64(ms.int()); room.Plausible(at, now) {
		return at
	}
	if ms != 0 {
		d.mended++
	}
	return now
}

// markEmotes makes emotes of the words that are names of one: CyTube leaves
// that to its clients (PROTOCOL.md §5).
func (d *decoder) markEmotes(spans []room.Span) []room.Span {
	if len(d.emotes) == 0 {
		return spans
	}
	marked := make([]room.Span, 0, len(spans))
	for _, span := range spans {
		if span.Kind != room.SpanText {
			marked = append(marked, span)
			continue
		}
		marked = d.splitEmotes(marked, span.Text)
	}
	return marked
}

// splitEmotes appends text to spans, its emotes apart.
func (d *decoder) splitEmotes(spans []room.Span, text string) []room.Span {
	plain := 0 // where the text not yet appended begins
	for start := 0; start < len(text); {
		length := strings.IndexAny(text[start:], " \n")
		if length < 0 {
			length = len(text) - start
		}
		word := text[start : start+length]
		if image, ok := d.emotes[word]; ok {
			if plain < start {
				spans = append(spans, room.Span{Text: text[plain:start]})
			}
			spans = append(spans, room.Span{Kind: room.SpanEmote, Text: word, Link: image})
			plain = start + length
		}
		start += length + 1
	}
	if plain < len(text) {
		spans = append(spans, room.Span{Text: text[plain:]})
	}
	return spans
}
