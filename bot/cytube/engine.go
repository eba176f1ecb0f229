package cytube

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// frameKind is a frame's Engine.IO type and, for messages, its Socket.IO type
// (the table of PROTOCOL.md §2).
type frameKind string

const (
	frameOpen    frameKind = "0"
	frameClose   frameKind = "1"
	framePing    frameKind = "2"
	framePong    frameKind = "3"
	frameNoop    frameKind = "6"
	frameEntered frameKind = "40"
	frameLeft    frameKind = "41"
	frameEvent   frameKind = "42"
	frameAck     frameKind = "43"
	frameRefused frameKind = "44"
)

// frame is one text frame taken apart. Its slices alias the bytes read.
type frame struct {
	kind frameKind
	name string // of an event
	arg  []byte // JSON: the event's argument (nil for none), the ack's array, or the packet's payload
	id   uint64 // of an ack
}

var errNoFrame = errors.New("no Engine.IO frame")

// parseFrame takes a frame apart. It looks no further into the argument than
// it must; decoding that is where bad JSON shows.
func parseFrame(data []byte) (frame, error) {
	if len(data) == 0 {
		return frame{}, errNoFrame
	}
	switch kind := frameKind(data[:1]); kind {
	case frameOpen, frameClose, framePing, framePong, frameNoop:
		return frame{kind: kind, arg: data[1:]}, nil
	}
	if data[0] != '4' || len(data) < 2 {
		return frame{}, errNoFrame
	}
	f := frame{kind: frameKind(data[:2])}
	rest := skipNamespace(data[2:])
	switch f.kind {
	case frameEntered, frameLeft, frameRefused:
		f.arg = rest
		return f, nil
	case frameEvent, frameAck:
		var err error
		if f.id, rest, err = cutID(rest); err != nil {
			return frame{}, err
		}
		if f.kind == frameAck {
			f.arg = rest
			return f, nil
		}
		f.name, f.arg, err = parseEvent(rest)
		return f, err
	}
	return frame{}, errNoFrame
}

// skipNamespace drops "/name," before a payload.
func skipNamespace(data []byte) []byte {
	if len(data) > 0 && data[0] == '/' {
		if _, rest, found := bytes.Cut(data, []byte{','}); found {
			return rest
		}
		return nil
	}
	return data
}

// cutID takes the number off that asks for or gives an acknowledgement.
func cutID(data []byte) (id uint64, rest []byte, err error) {
	n := 0
	for n < len(data) && data[n] >= '0' && data[n] <= '9' {
		n++
	}
	if n == 0 {
		return 0, data, nil
	}
	id, err = strconv.ParseUint(string(data[:n]), 10, 64)
	return id, data[n:], err
}

// parseEvent takes ["name",arg] apart without reading the argument, which may
// be megabytes. Events without an argument have arrays of length 1.
func parseEvent(data []byte) (name string, arg []byte, err error) {
	data = bytes.TrimSpace(data)
	if len(data) < 2 || data[0] != '[' || data[len(data)-1] != ']' {
		return "", nil, errors.New("event is no array")
	}
	inner := bytes.TrimSpace(data[1 : len(data)-1])
	end := stringEnd(inner)
	if end < 0 {
		return "", nil, errors.New("event has no name")
	}
	if err := json.Unmarshal(inner[:end], &name); err != nil {
		return "", nil, fmt.Errorf("read event name: %w", err)
	}
	rest := bytes.TrimSpace(inner[end:])
	if len(rest) == 0 {
		return name, nil, nil
	}
	if rest[0] != ',' {
		return "", nil, errors.New("event name is not followed by a comma")
	}
	return name, bytes.TrimSpace(rest[1:]), nil
}

// stringEnd is the index after the JSON string that data begins with, or -1.
func stringEnd(data []byte) int {
	if len(data) == 0 || data[0] != '"' {
		return -1
	}
	for i := 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// encodeEvent is the frame that sends an event; id 0 asks for no ack.
func encodeEvent(name string, arg any, id uint64) ([]byte, error) {
	parts := []any{name}
	if arg != nil {
		parts = append(parts, arg)
	}
	body, err := json.Marshal(parts)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", name, err)
	}
	head := []byte(frameEvent)
	if id != 0 {
		head = strconv.AppendUint(head, id, 10)
	}
	return append(head, body...), nil
}

// number reads a JSON number, or one in a string, and takes everything else
// for 0: a server's odd value costs that value, not the frame.
type number float64

// UnmarshalJSON never fails.
func (n *number) UnmarshalJSON(data []byte) error {
	f, err := strconv.ParseFloat(string(bytes.Trim(data, `" `)), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	*n = number(f)
	return nil
}

// int is n rounded toward zero and kept within what JSON can carry exactly.
func (n number) int() int {
	const exact = 1 << 53
	return int(max(-exact, min(exact, float64(n))))
}
