package tui

import (
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

func TestJoinLines(t *testing.T) {
	tests := []struct {
		name  string
		event room.Event
		want  string // "" is no line
	}{
		{"alone", &room.UserJoin{User: "bob"}, "joined"},
		{"under its own name", &room.UserJoin{User: "bob", UserData: room.User{Meta: room.Meta{Aliases: []string{"Bob"}}}}, "joined"},
		{"under others", &room.UserJoin{User: "bob", UserData: room.User{Meta: room.Meta{Aliases: []string{"bob", "b0b"}}}}, "joined  · also known as b0b"},
		{"whispered as well", &room.Message{User: "[server]", Server: true, Style: room.StyleWhisper, Content: "bob joined (aliases: bob,b0b)"}, ""},
		{"said by a person", &room.Message{User: "eve", Content: "bob joined (aliases: eve)"}, "bob joined (aliases: eve)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := lineOf(room.New(), tt.event, 1)
			got := ""
			if l != nil {
				for _, s := range l.spans {
					got += s.Text
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestAHeartbeatDoesNotHideATransition: the heartbeat that tells of an outage
// often comes before its event, which must still leave its line.
func TestAHeartbeatDoesNotHideATransition(t *testing.T) {
	state := room.New()
	state.Connection = room.Connection{State: room.LinkUp}
	v := newChannel("movienight", 100, time.UTC)
	v.known, v.state = true, state
	v.take(bus.Update{Kind: bus.UpdateHeartbeat, Heartbeat: bus.Heartbeat{Link: room.Connection{State: room.LinkDown}}}, time.Now(), true)
	if lineOf(v.state, &room.Connection{State: room.LinkDown, Reason: "kicked"}, 1) == nil {
		t.Error("the outage leaves no line")
	}
}

func TestMentions(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"Rosey hello", true}, {"hi @rosey!", true}, {"ROSEY", true}, {"hello", false},
		{"roseys", false}, {"proseyx", false}, {"roseys rosey", true}, {"日rosey本", false}, {"", false},
	} {
		if got := names(c.text, "Rosey"); got != c.want {
			t.Errorf("%q: %v", c.text, got)
		}
	}
}
