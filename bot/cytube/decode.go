package cytube

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"
	"unicode/utf8"

	"rosey/bus/room"
)

// Bounds on what is taken from one event. They lie far above what CyTube
// allows; what is beyond them is left out.
const (
	maxList  = 20_000    // members of any list
	maxName  = 128       // bytes of a user's, emote's or filter's name
	maxLine  = 4 << 10   // bytes of a title, a reason, an address
	maxChat  = 16 << 10  // bytes of a chat line's HTML; CyTube lets 1000 characters through
	maxMotd  = 64 << 10  // bytes of the MOTD's HTML; CyTube takes 20,000 characters
	maxLog   = 256 << 10 // bytes of the channel log
	maxSmall = 64 << 10  // bytes of an argument that is always small
)

var (
	errUnknown    = errors.New("the event is not known")
	errIncomplete = errors.New("the argument lacks what it must have")
)

// decoder turns events into room events. It remembers what decoding needs:
// the channel's emotes, and whether we are still before the join.
type decoder struct {
	replay bool
	emotes map[string]string // name to image
	at     time.Time         // when the frame at hand was read

	skipped int // entries of the event at hand that could not be read
	mended  int // times in it that cannot be, and were replaced
}

// A decodeFunc makes a room event of a JSON argument. A nil event without an
// error is one that says nothing about the room.
type decodeFunc func(d *decoder, arg []byte) (room.Event, error)

// decoders is every event of PROTOCOL.md §7. Those that are known but say
// nothing about the room are here with the reason.
var decoders = map[string]decodeFunc{
	"chatMsg":   from((*decoder).chat),
	"pm":        from((*decoder).pm),
	"clearchat": from((*decoder).clearChat),

	"rank":           from((*decoder).selfRank),
	"login":          from((*decoder).login),
	"userlist":       list((*decoder).userList),
	"addUser":        from((*decoder).addUser),
	"userLeave":      from((*decoder).userLeave),
	"usercount":      userCount,
	"setUserRank":    from((*decoder).userRank),
	"setUserMeta":    from((*decoder).userMeta),
	"setAFK":         from((*decoder).userAFK),
	"setUserProfile": from((*decoder).userProfile),
	"setLeader":      from((*decoder).leader),

	"playlist":          list((*decoder).playlist),
	"queue":             from((*decoder).queued),
	"delete":            from((*decoder).removed),
	"moveVideo":         from((*decoder).moved),
	"setTemp":           from((*decoder).tempSet),
	"setCurrent":        from((*decoder).current),
	"setPlaylistMeta":   from((*decoder).playlistMeta),
	"setPlaylistLocked": from((*decoder).playlistLock),
	"changeMedia":       from((*decoder).mediaChange),
	"mediaUpdate":       from((*decoder).mediaUpdate),
	"listPlaylists":     list((*decoder).savedPlaylists),
	"searchResults":     from((*decoder).searchResults),

	"newPoll":           from((*decoder).pollOpened),
	"updatePoll":        from((*decoder).pollUpdated),
	"closePoll":         bare[room.PollClosed](),
	"voteskip":          from((*decoder).voteskip),
	"clearVoteskipVote": bare[room.VoteskipCleared](),

	"setMotd":        from((*decoder).motd),
	"setPermissions": small(from((*decoder).permissions)),
	"channelOpts":    small(from((*decoder).options)),
	"emoteList":      list((*decoder).emoteList),
	"updateEmote":    from((*decoder).emoteSet),
	"renameEmote":    from((*decoder).emoteSet),
	"removeEmote":    from((*decoder).emoteRemoved),
	"channelCSSJS":   from((*decoder).styling),
	"drinkCount":     from((*decoder).drinks),

	"needPassword":       from((*decoder).passwordNeeded),
	"cancelNeedPassword": bare[room.PasswordAccepted](),
	"kick":               from((*decoder).kicked),

	"errorMsg":             from(notice(room.NoticeError)),
	"cooldown":             from((*decoder).cooldown),
	"spamFiltered":         from(notice(room.NoticeSpamFiltered)),
	"noflood":              from(notice(room.NoticeNoflood)),
	"costanza":             from(notice(room.NoticeCostanza)),
	"channelRankFail":      from(notice(room.NoticeRankFail)),
	"queueFail":            from(htmlNotice(room.NoticeQueueFail)),
	"queueWarn":            from(htmlNotice(room.NoticeQueueWarn)),
	"announcement":         from((*decoder).announcement),
	"validationError":      from(notice(room.NoticeValidation)),
	"validationPassed":     from(notice(room.NoticeValidation)),
	"channelNotRegistered": channelNotice("the channel is not registered: check its name in the config, or register it on the site"),
	"partitionChange":      channelNotice("the channel moves to another server"),
	"warnLargeChandump":    channelNotice("the channel's data is near the size limit of the site"),

	"banlist":          list((*decoder).banlist),
	"banlistRemove":    from((*decoder).banRemoved),
	"channelRanks":     list((*decoder).ranks),
	"readChanLog":      from((*decoder).channelLog),
	"chatFilters":      list((*decoder).filters),
	"updateChatFilter": from((*decoder).filterSet),
	"deleteChatFilter": from((*decoder).filterRemoved),
	"addFilterSuccess": bare[room.FilterAdded](),

	// The site administrator's panel, sent to rank 255 that asked for it.
	"acp-gbanlist":            ignored,
	"acp-list-users":          ignored,
	"acp-list-channels":       ignored,
	"acp-list-loaded":         ignored,
	"acp-list-activechannels": ignored,
	"acp-list-stats":          ignored,
	"acp-set-rank":            ignored,
	"acp-delete-channel":      ignored,
	"acp-announcement":        ignored,
	"acp-reset-password":      ignored,
	"acpSuccess":              ignored,
}

// decode makes a room event of one of CyTube's. errUnknown says that the name
// is not known; a nil event that it says nothing about the room.
func (d *decoder) decode(name string, arg []byte, at time.Time) (room.Event, error) {
	decode, known := decoders[name]
	if !known {
		return nil, errUnknown
	}
	d.at, d.skipped, d.mended = at, 0, 0
	if arg == nil {
		arg = []byte("null")
	}
	event, err := decode(d, arg)
	if err == nil && event != nil {
		err = room.Settle(event)
	}
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", name, err)
	}
	if event != nil {
		d.mended += room.Mend(event, at.UnixMilli())
	}
	return event, nil
}

// from decodes an argument of type T. Members of the wrong type are left at
// their zero, because a server's oddity in one place should not cost the rest;
// an argument that is no T at all is an error.
func from[T any](build func(*decoder, T) room.Event) decodeFunc {
	opening := byte(0)
	switch reflect.TypeFor[T]().Kind() {
	case reflect.Struct, reflect.Map:
		opening = '{'
	}
	return func(d *decoder, arg []byte) (room.Event, error) {
		if opening != 0 && arg[0] != opening {
			return nil, fmt.Errorf("argument begins with %q, not %q", arg[0], opening)
		}
		var v T
		if err := unmarshal(arg, &v); err != nil {
			return nil, err
		}
		return built(build(d, v))
	}
}

// list decodes an argument that is an array, of which it keeps maxList.
func list[T any](build func(*decoder, []T) room.Event) decodeFunc {
	return func(d *decoder, arg []byte) (room.Event, error) {
		var v bounded[T]
		if err := v.UnmarshalJSON(arg); err != nil {
			return nil, err
		}
		return built(build(d, v))
	}
}

// built takes a builder's nil for an argument that lacks what it must have.
func built(event room.Event) (room.Event, error) {
	if event == nil {
		return nil, errIncomplete
	}
	return event, nil
}

// small refuses arguments that are suspiciously large.
func small(decode decodeFunc) decodeFunc {
	return func(d *decoder, arg []byte) (room.Event, error) {
		if len(arg) > maxSmall {
			return nil, fmt.Errorf("argument of %d bytes is too large", len(arg))
		}
		return decode(d, arg)
	}
}

// bare is an event whose argument does not matter.
func bare[T any, P interface {
	*T
	room.Event
}]() decodeFunc {
	return func(*decoder, []byte) (room.Event, error) { return P(new(T)), nil }
}

func ignored(*decoder, []byte) (room.Event, error) { return nil, nil }

// unmarshal is json.Unmarshal that takes no offence at wrong types, nor at
// what follows the first value: CyTube's events have one argument at most.
func unmarshal(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		err = json.NewDecoder(bytes.NewReader(data)).Decode(v)
	}
	return forgiveTypes(err)
}

func forgiveTypes(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return nil
	}
	return err
}

// bounded is an array of which only the first maxList members are kept, and
// made room for.
type bounded[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (b *bounded[T]) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '[' {
		return errors.New("argument is no array")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() && len(*b) < maxList {
		var member T
		if err := forgiveTypes(decoder.Decode(&member)); err != nil {
			if errors.Is(err, io.EOF) {
				return io.ErrUnexpectedEOF
			}
			return err
		}
		*b = append(*b, member)
	}
	if len(*b) == maxList {
		return nil
	}
	_, err := decoder.Token() // the closing bracket
	return err
}

// cut keeps the first n bytes of s, less when that would halve a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// name and line make remote text safe and keep it short.
func name(s string) string { return room.Clean(cut(s, maxName)) }
func line(s string) string { return room.Clean(cut(s, maxLine)) }
