package cytube

import (
	"strings"
	"testing"

	"rosey/bus/room"
)

func TestJoinOrderAndReplay(t *testing.T) {
	frames := make(chan string, 2)
	s := serve(t, false, func(p *peer) {
		p.enter()
		p.send(`42["rank",-1]`)
		frames <- p.next()
		p.send(`42["rank",1]`, `42["login",{"success":true,"name":"Rosey"}]`)
		frames <- p.next()
		p.send(
			`42["chatMsg",{"username":"bob","msg":"old","meta":{},"time":1795470419824}]`,
			someone,
			`42["chatMsg",{"username":"bob","msg":"new","meta":{},"time":1795470455236}]`,
		)
		p.hold()
	})
	opts := s.options()
	opts.User, opts.Password, opts.ChannelPassword = "rosey", "secret", "sesame"
	session := dial(t, opts)

	if got, want := <-frames, `42["login",{"name":"rosey","pw":"secret"}]`; got != want {
		t.Errorf("first frame %s, want %s", got, want)
	}
	if got, want := <-frames, `42["joinChannel",{"name":"testroom","pw":"sesame"}]`; got != want {
		t.Errorf("second frame %s, want %s", got, want)
	}
	old := until(t, session, "chatMsg").Event.(*room.Message)
	fresh := until(t, session, "chatMsg").Event.(*room.Message)
	if !old.Replay || fresh.Replay {
		t.Errorf("replay marks are %t and %t, want true and false", old.Replay, fresh.Replay)
	}
	joined(t, session)
	if fresh.Time != 1795470455236 || fresh.Timestamp != 1795470455 {
		t.Errorf("times %d and %d", fresh.Time, fresh.Timestamp)
	}
}

func TestAnonymousJoinsWithoutLogin(t *testing.T) {
	first := make(chan string, 1)
	s := serve(t, false, func(p *peer) {
		p.enter()
		first <- p.next()
		p.send(someone)
		p.hold()
	})
	joined(t, dial(t, s.options()))
	if got, want := <-first, `42["joinChannel",{"name":"testroom"}]`; got != want {
		t.Errorf("first frame %s, want %s", got, want)
	}
}

func TestChannelPasswordIsOffered(t *testing.T) {
	s := serve(t, false, func(p *peer) {
		p.enter()
		p.expect(`42["joinChannel"`)
		p.send(`42["needPassword",false]`)
		p.expect(`42["channelPassword","sesame"]`)
		p.send(`42["cancelNeedPassword"]`, someone)
		p.hold()
	})
	opts := s.options()
	opts.ChannelPassword = "sesame"
	joined(t, dial(t, opts))
}

func TestModeratorIsLetInLater(t *testing.T) {
	s := serve(t, false, func(p *peer) {
		p.enter()
		p.expect(`42["login"`)
		p.send(`42["login",{"success":true,"name":"rosey"}]`)
		p.expect(`42["joinChannel"`)
		p.send(`42["needPassword",false]`, `42["cancelNeedPassword"]`, someone)
		p.hold()
	})
	opts := s.options()
	opts.User, opts.Password = "rosey", "secret"
	joined(t, dial(t, opts))
}

func TestPingIsAnswered(t *testing.T) {
	answers := make(chan string, 1)
	s := serve(t, false, func(p *peer) {
		p.join()
		p.send("2")
		answers <- p.next()
		p.hold()
	})
	session := dial(t, s.options())
	if got := <-answers; got != "3" {
		t.Errorf("ping answered with %q", got)
	}
	if session.End() != nil {
		t.Errorf("ended: %v", session.End())
	}
}

func TestLargeFrames(t *testing.T) {
	huge := `42["chatMsg",{"username":"bob","msg":"` + strings.Repeat("x", 2<<20) + `","meta":{},"time":1}]`
	s := serve(t, false, func(p *peer) {
		p.join()
		p.send(huge, `42["usercount",7]`, `42["setMotd","`+strings.Repeat("y", maxFrame)+`"]`)
		p.hold()
	})
	session := dial(t, s.options())
	line := until(t, session, "chatMsg").Event.(*room.Message)
	if len(line.Content) != maxChat || len(line.HTML) != maxChat {
		t.Errorf("a 2 MiB line became %d bytes of text and %d of HTML, want %d", len(line.Content), len(line.HTML), maxChat)
	}
	until(t, session, "usercount")
	if _, end := all(t, session); end.Cause != CauseProtocol || !strings.Contains(end.Reason, "16 MiB") {
		t.Errorf("end %+v", end)
	}
}

func TestGarbageIsCounted(t *testing.T) {
	deep := `42["userlist",` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `]`
	s := serve(t, false, func(p *peer) {
		p.join()
		p.send("9", "", "4", "42", "42[", `42[1]`, `42["chatMsg"]`, `42["chatMsg",{"msg":`, `42["queue",{}]`, deep,
			"\xff\xfe", `42["nosuchevent",1]`, `42["nosuchevent\u001b[31m"]`, `42["acp-list-stats",[]]`,
			`42["chatMsg",{"username":"bob","msg":"still here","meta":[],"time":"1795470419824"}]`)
		p.hold()
	})
	session := dial(t, s.options())
	line := until(t, session, "chatMsg").Event.(*room.Message)
	if line.Content != "still here" || line.Time != 1795470419824 {
		t.Errorf("line %+v", line)
	}
	stats := session.Stats()
	if stats.Unknown != 2 || stats.UnknownNames["nosuchevent"] == 0 || stats.Ignored != 1 {
		t.Errorf("stats %+v", stats)
	}
	if stats.Malformed < 9 {
		t.Errorf("%d malformed", stats.Malformed)
	}
	for name := range stats.UnknownNames {
		if name != room.Clean(name) {
			t.Errorf("unclean name %q", name)
		}
	}
}

// A list of users that cannot be read does not empty the room, and what of a
// list can be read is taken.
func TestGarbageAmongUsers(t *testing.T) {
	s := serve(t, false, func(p *peer) {
		p.join()
		p.send(`42["userlist",{"0":{"name":"bob"}}]`, `42["userlist",[1,2,{}]]`, `42["userlist"]`, `42["usercount",-3]`,
			`42["userlist",[{"name":"bob","rank":1},7,{"rank":2}]]`)
		p.hold()
	})
	session := dial(t, s.options())
	until(t, session, "userlist") // the join's
	list := until(t, session, "userlist").Event.(*room.UserList)
	if len(list.Users) != 1 || list.Users[0].Name != "bob" {
		t.Errorf("list %+v", list)
	}
	if n := session.Stats().Malformed; n != 6 {
		t.Errorf("%d malformed, want four events and two entries", n)
	}
}

func TestUnknownNamesAreBounded(t *testing.T) {
	var c counters
	for i := range 1000 {
		c.unknown(strings.Repeat("x", i))
	}
	if stats := c.stats(); stats.Unknown != 1000 || len(stats.UnknownNames) > maxUnknownNames {
		t.Errorf("%d counted under %d names", stats.Unknown, len(stats.UnknownNames))
	}
}

func TestCloseWithEventsWaiting(t *testing.T) {
	s := serve(t, false, func(p *peer) {
		p.join()
		for p.send(`42["usercount",1]`) {
		}
	})
	session := dial(t, s.options())
	joined(t, session)
	session.Close()
	session.Close()
	if _, open := <-session.Events(); open {
		t.Error("events are still open")
	}
	if end := session.End(); end.Cause != CauseClosed {
		t.Errorf("end %+v", end)
	}
}
