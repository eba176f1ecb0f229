package main

import (
	"bytes"
	"strings"
	"testing"

	"rosey/bus"
	"rosey/bus/room"
)

// Lines for programs are also read by people who grep them.
func TestJSONKeepsSignsAsTheyAre(t *testing.T) {
	var out bytes.Buffer
	said := &room.Message{User: "alice", Content: "a <b> & c", Time: 5}
	if err := printEvent(&out, bus.Update{Event: said, Seq: 7, Time: 5, Channel: "c"}, "main", true); err != nil {
		t.Fatal(err)
	}
	env, e, err := bus.DecodeEnvelope(out.Bytes())
	m, ok := e.(*room.Message)
	if err != nil || !ok || m.Content != said.Content || env.Seq != 7 || env.Room != "main" || env.Event != "message" {
		t.Errorf("%+v, %+v, %v", env, e, err)
	}
	if !strings.Contains(out.String(), said.Content) || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("printed %s", out.String())
	}
}
