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

// The sign of a line takes nothing from the name where the text has room to give.
func TestASignDoesNotCutTheName(t *testing.T) {
	const long = "popcorn_pete_the_2nd" // as long as CyTube lets names be
	for _, w := range []int{66, 80, 120, 160, 240} {
		m, _ := testModel(t, testOptions(), w, 30)
		m.Update(scene())
		m.Update(updates("movienight",
			event(&room.UserJoin{User: long, UserData: user(long, 1)}),
			event(styled(message("21:04", long, "waves to everyone who is there, and to those who are not, and to you"), room.StyleAction)),
			event(&room.UserJoin{User: "thirteen_long", UserData: user("thirteen_long", 1)}),
			event(&room.UserLeave{User: long})))
		shows(t, m, "→ "+long+"  joined")
		shows(t, m, "* "+long+"  waves to")
		shows(t, m, "← "+long+"  left")
		shows(t, m, "→ thirteen_long  joined")
		requireShape(t, m, w, 30)
	}
	// Where there is none it is cut.
	m, _ := testModel(t, testOptions(), 44, 30)
	m.Update(scene())
	m.Update(updates("movienight", event(&room.UserJoin{User: long, UserData: user(long, 1)})))
	hides(t, m, long)
	requireShape(t, m, 44, 30)
}

// The rank that comes with a login is nobody's promotion; one that is given
// later is.
func TestALoginIsNoPromotion(t *testing.T) {
	at := func(kind bus.UpdateKind, ms int64, e room.Event) bus.Update {
		return bus.Update{Kind: kind, Event: e, Time: clockAt("21:04") + ms}
	}
	for _, kind := range []bus.UpdateKind{bus.UpdateBacklog, bus.UpdateEvent} {
		m, _ := testModel(t, testOptions(), 100, 30)
		m.Update(updates("movienight", linkUp(), bus.Update{Kind: bus.UpdateState, State: movieNight()},
			at(kind, 0, &room.UserJoin{User: "zed", UserData: user("zed", 1)}),
			at(kind, 300, &room.UserRank{User: "Zed", Rank: 5})))
		hides(t, m, "is now the founder")
		m.Update(updates("movienight", at(kind, 900, &room.UserJoin{User: "amy", UserData: user("amy", 1)}),
			at(kind, 3500, &room.UserRank{User: "amy", Rank: 2})))
		shows(t, m, "is now a moderator")
	}
}
