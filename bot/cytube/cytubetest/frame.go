package cytubetest

import (
	"bytes"
	"encoding/json"
	"strings"
)

// event is one event on its way to clients: encoded once, sent to many.
type event struct {
	name string
	arg  json.RawMessage // nil for none
	text []byte          // the whole frame
}

// none is the argument of an event that has none.
type none struct{}

// encode makes an event. An argument that cannot be JSON becomes null, which
// the server's own types never are.
func encode(name string, arg any) *event {
	e := &event{name: name}
	if _, empty := arg.(none); !empty {
		e.arg = marshal(arg)
	}
	var text bytes.Buffer
	text.WriteString("42[")
	text.Write(marshal(name))
	if e.arg != nil {
		text.WriteByte(',')
		text.Write(e.arg)
	}
	text.WriteByte(']')
	e.text = text.Bytes()
	return e
}

// marshal is JSON as JavaScript writes it: without escapes for HTML.
func marshal(v any) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return json.RawMessage("null")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// request is one event from a client.
type request struct {
	name string
	arg  json.RawMessage // nil for none
	ack  func(any)       // nil if the client asked for none
}

// parseEvent reads the text after "42": an optional number of an
// acknowledgement, then an array. A frame that socket.io would drop the
// connection for is not ok; an event without a usable name has an empty one.
func parseEvent(text string) (id string, r request, ok bool) {
	id = text[:len(text)-len(strings.TrimLeft(text, "0123456789"))]
	var args []json.RawMessage
	if json.Unmarshal([]byte(text[len(id):]), &args) != nil || len(args) == 0 {
		return "", request{}, false
	}
	if json.Unmarshal(args[0], &r.name) != nil || r.name == "disconnect" {
		r.name = ""
	}
	if len(args) > 1 {
		r.arg = args[1]
	}
	return id, r, true
}
