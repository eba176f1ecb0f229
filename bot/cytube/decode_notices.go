package cytube

import "rosey/bus/room"

// wireNotice has the fields of all the events by which the server tells us
// something alone; each has some of them.
type wireNotice struct {
	Msg     string `json:"msg"`
	Message string `json:"message"` // validationError
	Reason  string `json:"reason"`  // spamFiltered
	Code    string `json:"code"`    // errorMsg
	Action  string `json:"action"`  // noflood
	Target  string `json:"target"`  // validation
	Link    string `json:"link"`    // queueFail, queueWarn
	ID      any    `json:"id"`      // a text, or false
}

func (v wireNotice) text() string { return firstOf(v.Msg, v.Message, v.Reason) }

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// notice is of the kind whose text is not HTML (PROTOCOL.md §5).
func notice(kind room.NoticeKind) func(*decoder, wireNotice) room.Event {
	return func(_ *decoder, v wireNotice) room.Event {
		return &room.Notice{
			Kind: kind,
			Text: line(v.text()),
			Code: line(firstOf(v.Code, v.Action, v.Target, v.Reason)),
			Link: line(v.Link),
		}
	}
}

// htmlNotice is of the kind whose text is HTML (PROTOCOL.md §5).
func htmlNotice(kind room.NoticeKind) func(*decoder, wireNotice) room.Event {
	return func(_ *decoder, v wireNotice) room.Event {
		id, _ := v.ID.(string)
		return &room.Notice{Kind: kind, Text: plain(cut(v.text(), maxLine)), Link: line(v.Link), ID: line(id)}
	}
}

// channelNotice is an event that says all by its name.
func channelNotice(text string) decodeFunc {
	return func(*decoder, []byte) (room.Event, error) {
		return &room.Notice{Kind: room.NoticeChannel, Text: text}, nil
	}
}

func (d *decoder) cooldown(ms number) room.Event {
	return &room.Notice{Kind: room.NoticeCooldown, Wait: int64(ms.int())}
}

func (d *decoder) announcement(v struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	From  string `json:"from"`
}) room.Event {
	text := plain(cut(v.Text, maxLine))
	if title := plain(cut(v.Title, maxLine)); title != "" {
		text = title + ": " + text
	}
	return &room.Notice{Kind: room.NoticeAnnouncement, Text: text, From: name(v.From)}
}

func (d *decoder) passwordNeeded(wrong bool) room.Event { return &room.PasswordNeeded{Wrong: wrong} }

// kicked takes a kick without a reason, or even without an object, too.
func (d *decoder) kicked(v *struct {
	Reason string `json:"reason"`
}) room.Event {
	if v == nil {
		return &room.Kicked{}
	}
	return &room.Kicked{Reason: line(v.Reason)}
}
