package cytube

import (
	"encoding/json"

	"rosey/bus/room"
)

// maxPollOptions bounds a poll; CyTube takes 50 options.
const maxPollOptions = 200

type wirePoll struct {
	Title     string            `json:"title"`
	Options   []string          `json:"options"`
	Counts    []json.RawMessage `json:"counts"` // numbers, or "?" and "1?" in an obscured poll
	Initiator string            `json:"initiator"`
	Timestamp number            `json:"timestamp"`
}

// poll decodes titles and options, which are HTML (PROTOCOL.md §5).
func (d *decoder) poll(wire wirePoll) room.Poll {
	poll := room.Poll{
		Title:     plain(cut(wire.Title, maxLine)),
		Options:   []string{},
		Counts:    []string{},
		Initiator: name(wire.Initiator),
		Timestamp: d.time(wire.Timestamp),
	}
	for _, option := range wire.Options[:min(len(wire.Options), maxPollOptions)] {
		poll.Options = append(poll.Options, plain(cut(option, maxLine)))
	}
	for _, count := range wire.Counts[:min(len(wire.Counts), maxPollOptions)] {
		poll.Counts = append(poll.Counts, countText(count))
	}
	return poll
}

func countText(count json.RawMessage) string {
	var text string
	if json.Unmarshal(count, &text) == nil {
		return name(text)
	}
	return name(string(count))
}

func (d *decoder) pollOpened(wire wirePoll) room.Event { return &room.PollOpened{Poll: d.poll(wire)} }

func (d *decoder) pollUpdated(wire wirePoll) room.Event { return &room.PollUpdated{Poll: d.poll(wire)} }

func (d *decoder) voteskip(v struct {
	Count number `json:"count"`
	Need  number `json:"need"`
}) room.Event {
	return &room.Voteskip{Count: v.Count.int(), Need: v.Need.int()}
}

func (d *decoder) motd(html string) room.Event {
	spans := spansOf(cut(html, maxMotd), manyLines)
	return &room.Motd{Text: textOf(spans), Spans: spans}
}

func (d *decoder) permissions(table map[string]number) room.Event {
	needs := make(map[string]float64, len(table))
	for key, rank := range table {
		needs[name(key)] = float64(rank)
	}
	return &room.Permissions{Needs: needs}
}

// options leaves the channel's password behind: CyTube sends it in clear text
// to everyone inside (PROTOCOL.md §7), and it must go no further.
func (d *decoder) options(v struct {
	PageTitle      string          `json:"pagetitle"`
	Password       json.RawMessage `json:"password"`
	AllowVoteskip  bool            `json:"allow_voteskip"`
	VoteskipRatio  number          `json:"voteskip_ratio"`
	AFKTimeout     number          `json:"afk_timeout"`
	MaxLength      number          `json:"maxlength"`
	ChatAntiflood  bool            `json:"chat_antiflood"`
	AllowDupes     bool            `json:"allow_dupes"`
	ShowPublic     bool            `json:"show_public"`
	BlockAnonymous bool            `json:"block_anonymous_users"`
	TorBanned      bool            `json:"torbanned"`
}) room.Event {
	return &room.Options{
		PageTitle:      line(v.PageTitle),
		HasPassword:    len(v.Password) > 2 && v.Password[0] == '"',
		AllowVoteskip:  v.AllowVoteskip,
		VoteskipRatio:  float64(v.VoteskipRatio),
		AFKTimeout:     float64(v.AFKTimeout),
		MaxLength:      float64(v.MaxLength),
		ChatAntiflood:  v.ChatAntiflood,
		AllowDupes:     v.AllowDupes,
		ShowPublic:     v.ShowPublic,
		BlockAnonymous: v.BlockAnonymous,
		TorBanned:      v.TorBanned,
	}
}

// wireEmote is an emote; its image is HTML-escaped, its name is not.
type wireEmote struct {
	Old   string `json:"old"`
	Name  string `json:"name"`
	Image string `json:"image"`
}

func (e wireEmote) emote() room.Emote {
	return room.Emote{Name: name(e.Name), Image: webAddress(unescape(cut(e.Image, maxLine)))}
}

func (d *decoder) emoteList(list []wireEmote) room.Event {
	d.emotes = make(map[string]string, len(list))
	emotes := make([]room.Emote, 0, len(list))
	for _, wire := range list {
		if emote := wire.emote(); emote.Name != "" {
			emotes = append(emotes, emote)
			d.emotes[emote.Name] = emote.Image
		}
	}
	return &room.Emotes{Emotes: emotes}
}

func (d *decoder) emoteSet(wire wireEmote) room.Event {
	emote, old := wire.emote(), name(wire.Old)
	if emote.Name == "" {
		return nil
	}
	if d.emotes == nil {
		d.emotes = map[string]string{}
	}
	delete(d.emotes, old)
	if len(d.emotes) < maxList {
		d.emotes[emote.Name] = emote.Image
	}
	return &room.EmoteSet{Old: old, Emote: emote}
}

func (d *decoder) emoteRemoved(v struct {
	Name string `json:"name"`
}) room.Event {
	delete(d.emotes, name(v.Name))
	return &room.EmoteRemoved{Name: name(v.Name)}
}

func (d *decoder) styling(v struct {
	CSS     string `json:"css"`
	CSSHash string `json:"cssHash"`
	JS      string `json:"js"`
	JSHash  string `json:"jsHash"`
}) room.Event {
	return &room.Styling{CSSHash: name(v.CSSHash), JSHash: name(v.JSHash), CSSSize: len(v.CSS), JSSize: len(v.JS)}
}

func (d *decoder) drinks(count number) room.Event { return &room.Drinks{Count: count.int()} }
