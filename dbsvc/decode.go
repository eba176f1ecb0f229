package dbsvc

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/dbsvc/store"
)

// Bounds on what a payload may hold. CyTube's names have twenty characters and
// its lines a thousand; what is far beyond is not chat.
const (
	maxName    = 200          // bytes
	maxText    = 64 << 10     // bytes
	maxSeconds = 253402300799 // the end of the year 9999
)

// aheadMS is how far a sender's clock may be ahead of NATS's before its time
// is not believed.
const aheadMS = 5 * 60 * 1000

// writes lists the subjects that change the database and how their payloads
// are read. arrived is Unix ms; a payload without a time has that one.
var writes = map[string]func(data []byte, arrived int64) (store.Write, error){
	bus.SubjectUserJoined: readJoin,
	bus.SubjectUserLeft:   readLeave,
	bus.SubjectMessageLog: readLine,
	bus.SubjectUserCount: func(data []byte, arrived int64) (store.Write, error) {
		w, at, err := readCount(data, arrived)
		c := store.Count{Chat: int64(w.ChatCount), Time: at}
		if w.ConnectedCount != nil {
			c.Connected = int64(*w.ConnectedCount)
		}
		return c, err
	},
	bus.SubjectHighWater: func(data []byte, arrived int64) (store.Write, error) {
		w, at, err := readCount(data, arrived)
		h := store.HighWater{Chat: int64(w.ChatCount), Time: at}
		if w.ConnectedCount != nil {
			n := int64(*w.ConnectedCount)
			h.Connected = &n
		}
		return h, err
	},
	bus.SubjectStatusUpdate:   readStatus,
	bus.SubjectOutboundSent:   readSent,
	bus.SubjectOutboundFailed: readFailed,
	bus.SubjectActionLog:      readAction,
	bus.SubjectSanctionSet:    readSanction,
	bus.SubjectSanctionEnd:    readSanctionEnd,
	bus.SubjectNoteSet:        readNote,
}

func decode(subject string, data []byte, arrived int64) (store.Write, error) {
	read, ok := writes[subject]
	if !ok {
		return nil, errors.New("not a subject of writes")
	}
	return read(data, arrived)
}

func readJoin(data []byte, arrived int64) (store.Write, error) {
	var w bus.UserWrite
	at, err := read(data, &w, &w.Time, arrived)
	if err == nil {
		w.Username, err = name(w.Username)
	}
	return store.Join{Room: room.Clean(w.Room), User: w.Username, Time: at}, err
}

func readLeave(data []byte, arrived int64) (store.Write, error) {
	join, err := readJoin(data, arrived)
	if err != nil {
		return nil, err
	}
	return store.Leave(join.(store.Join)), nil
}

func readLine(data []byte, arrived int64) (store.Write, error) {
	var w bus.MessageWrite
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, fmt.Errorf("unreadable payload: %w", err)
	}
	at, own, err := clock(w.Time, arrived)
	switch {
	case err != nil:
		return nil, err
	case w.Message == "":
		return nil, errors.New("message is missing")
	case len(w.Message) > maxText || len(w.Text) > maxText:
		return nil, fmt.Errorf("message has %d bytes, more than a chat line can have", max(len(w.Message), len(w.Text)))
	}
	if w.Username, err = name(w.Username); err != nil {
		return nil, err
	}
	text := w.Text
	if text == "" {
		text = plain(w.Message)
	}
	return store.Line{
		Room: room.Clean(w.Room), User: w.Username,
		HTML: w.Message, Text: room.Clean(text),
		Time: at, Once: own,
	}, nil
}

func readCount(data []byte, arrived int64) (bus.CountWrite, int64, error) {
	var w bus.CountWrite
	at, err := read(data, &w, &w.Time, arrived)
	if err == nil && (w.ChatCount < 0 || w.ConnectedCount != nil && *w.ConnectedCount < 0) {
		err = errors.New("a count is negative")
	}
	return w, at, err
}

func readStatus(data []byte, arrived int64) (store.Write, error) {
	var w bus.StatusWrite
	at, err := read(data, &w, &w.Time, arrived)
	if err == nil && len(w.StatusData) == 0 {
		err = errors.New("status_data is missing")
	}
	for key, value := range w.StatusData {
		if text, ok := value.(string); ok {
			w.StatusData[key] = room.Clean(text[:min(len(text), maxText)])
		}
	}
	return store.Status{Room: room.Clean(w.Room), Fields: w.StatusData, Time: at}, err
}

func readMark(data []byte, arrived int64) (bus.OutboundMark, int64, error) {
	var w bus.OutboundMark
	at, err := read(data, &w, &w.Time, arrived)
	if err == nil && w.MessageID <= 0 {
		err = errors.New("message_id is missing")
	}
	return w, at, err
}

func readSent(data []byte, arrived int64) (store.Write, error) {
	w, at, err := readMark(data, arrived)
	return store.Sent{MessageID: w.MessageID, Time: at}, err
}

func readFailed(data []byte, arrived int64) (store.Write, error) {
	w, at, err := readMark(data, arrived)
	reason := room.Clean(w.Error[:min(len(w.Error), maxText)])
	if reason == "" {
		reason = "not sent"
	}
	return store.Failed{MessageID: w.MessageID, Error: reason, Permanent: w.Permanent, Time: at}, err
}

// read decodes data into w and gives the time that the field seconds of it
// then says, in ms: arrived where it says none.
func read(data []byte, w any, seconds *float64, arrived int64) (int64, error) {
	if err := json.Unmarshal(data, w); err != nil {
		return 0, fmt.Errorf("unreadable payload: %w", err)
	}
	at, _, err := clock(*seconds, arrived)
	return at, err
}

// clock gives a sender's time in ms. own is false where it is ours instead,
// because the sender told none or one that cannot be.
func clock(seconds float64, arrived int64) (at int64, own bool, err error) {
	switch {
	case seconds == 0:
		return arrived, false, nil
	case seconds < 0 || seconds > maxSeconds:
		return 0, false, fmt.Errorf("time %g is not in Unix seconds", seconds)
	}
	if at = int64(math.Round(seconds * 1000)); at > arrived+aheadMS {
		return arrived, false, nil
	}
	return at, true, nil
}

// name is a user's name as it is stored.
func name(raw string) (string, error) {
	clean := strings.TrimSpace(room.Clean(raw))
	if clean == "" {
		return "", errors.New("username is missing")
	}
	if len(clean) > maxName {
		return "", fmt.Errorf("username has %d bytes", len(clean))
	}
	return clean, nil
}
