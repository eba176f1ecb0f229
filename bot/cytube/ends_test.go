package cytube

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rosey/bus/room"
)

// TestEnds plays what ends a session, and what may look like it.
func TestEnds(t *testing.T) {
	kick := func(reason string) func(*peer) {
		return func(p *peer) {
			p.join()
			p.send(`42["kick",{"reason":`+quote(reason)+`}]`, "41")
			p.hold()
		}
	}
	login := func(words string) func(*peer) {
		return func(p *peer) {
			p.enter()
			p.expect(`42["login"`)
			p.send(`42["login",{"success":false,"error":` + quote(words) + `}]`)
			p.hold()
		}
	}
	joinAnswer := func(frames ...string) func(*peer) {
		return func(p *peer) {
			p.enter()
			p.expect(`42["joinChannel"`)
			p.send(frames...)
			p.hold()
		}
	}
	tests := []struct {
		name      string
		script    func(*peer)
		user      string
		cause     Cause
		permanent bool
		wait      time.Duration // at least
		says      string
	}{
		{"duplicate login", kick("Duplicate login"), "", CauseDuplicate, true, 0, "elsewhere"},
		{"banned", kick("You are banned from this channel."), "", CauseBanned, true, 0, "lift the ban"},
		{"banned while in", kick("You're banned!"), "", CauseBanned, true, 0, "lift the ban"},
		{"site ban of the channel", kick("Channel was banned: spam"), "", CauseBanned, true, 0, "spam"},
		{"shutdown", kick("Channel shutting down"), "", CauseUnloaded, false, time.Second, "again"},
		{"reload", kick("Channel reloading"), "", CauseUnloaded, false, time.Second, "again"},
		{"deleted", kick("Channel deleted"), "", CauseUnloaded, true, 0, "gone"},
		{"not loaded", kick("Channel could not be loaded: x"), "", CauseUnloaded, false, time.Minute, "operators"},
		{"connections", kick("Too many connections from your IP address"), "", CauseRefused, false, time.Minute, "close other"},
		{"inbound limit", kick("Rate limit exceeded"), "", CauseRefused, false, 10 * time.Second, "again"},
		{"moderator", kick("being <b>rude</b> \x1b[31mtoday"), "", CauseKicked, false, time.Minute, "<b>rude</b>"},
		{"moderator, no words", kick(""), "", CauseKicked, false, time.Minute, "without a reason"},
		{"lacking rank", kick("Attempted setMotd with insufficient permission"), "", CauseKicked, false, time.Minute, "rank"},
		{"kick without reason key", joinAnswer(`42["kick",{}]`), "", CauseKicked, false, time.Minute, "without a reason"},
		{"kick without argument", joinAnswer(`42["kick"]`), "", CauseKicked, false, time.Minute, "without a reason"},
		{"41 alone", joinAnswer("41"), "", CauseRefused, false, 0, "ended"},
		{"engine close", joinAnswer("1"), "", CauseNetwork, false, 0, "closed"},
		{"partition change", joinAnswer(`42["partitionChange"]`), "", CauseMoved, false, 0, "moved"},
		{"wrong partition", joinAnswer(`42["errorMsg",{"msg":"Channel 'x' is hosted on another server."}]`), "", CauseMoved, false, 0, "moved"},
		{"no anonymous", joinAnswer(`42["errorMsg",{"msg":"This channel has blocked anonymous users. Please provide a user name to join."}]`),
			"", CauseLogin, true, 0, "set user"},
		{"password missing", joinAnswer(`42["needPassword",false]`), "", CausePassword, true, 0, "set channel_password"},
		{"password wrong", joinAnswer(`42["needPassword",true]`), "", CausePassword, true, 0, "wrong"},
		{"wrong account password", login("Invalid username/password combination"), "rosey", CauseLogin, true, 0, "password"},
		{"no such user", login("User does not exist"), "rosey", CauseLogin, true, 0, "register"},
		{"registered name", login("That username is registered."), "rosey", CauseLogin, true, 0, "password"},
		{"reserved name", login("That username is reserved."), "rosey", CauseLogin, true, 0, "another name"},
		{"bad name", login("Invalid username.  Usernames must be 1-20 characters long."), "rosey", CauseLogin, true, 0, "1 to 20"},
		{"name in use", login("That name is already in use on this channel."), "rosey", CauseLogin, false, time.Second, "again"},
		{"guest delay", login("Guest logins are restricted to one per IP address per 60 seconds."), "rosey", CauseLogin, false, time.Minute, "60 s"},
		{"login trouble", login("Internal error"), "rosey", CauseLogin, false, time.Second, "Internal error"},
		{"44 later", joinAnswer(`44{"message":"Rate limit exceeded"}`), "", CauseRefused, false, 10 * time.Second, "again"},
		{"connection lost", func(p *peer) { p.join() }, "", CauseNetwork, false, 0, "lost"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			opts := serve(t, false, test.script).options()
			opts.User = test.user
			_, end := all(t, dial(t, opts))
			if end == nil {
				t.Fatal("no end")
			}
			if end.Cause != test.cause || end.Permanent != test.permanent || end.Wait < test.wait {
				t.Errorf("end %+v, want cause %s, permanent %t, wait of %s", end, test.cause, test.permanent, test.wait)
			}
			if !strings.Contains(end.Reason, test.says) || end.Reason != room.Clean(end.Reason) {
				t.Errorf("reason %q, want it clean and to say %q", end.Reason, test.says)
			}
		})
	}
}

func TestDialRefused(t *testing.T) {
	tests := []struct {
		name      string
		script    func(*peer)
		cause     Cause
		permanent bool
	}{
		{"rate", func(p *peer) {
			p.send(helloNow)
			p.expect("40")
			p.send(`44{"message":"Rate limit exceeded"}`)
			p.hold()
		}, CauseRefused, false},
		{"banned", func(p *peer) {
			p.send(helloNow)
			p.expect("40")
			p.send(`44{"message":"You are banned from the server"}`)
			p.hold()
		}, CauseBanned, true},
		{"hangs up", func(p *peer) {}, CauseNetwork, false},
		{"garbage", func(p *peer) { p.send("<html>"); p.hold() }, CauseProtocol, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			end := refusedDial(t, serve(t, false, test.script).options())
			if end.Cause != test.cause || end.Permanent != test.permanent {
				t.Errorf("end %+v, want cause %s, permanent %t", end, test.cause, test.permanent)
			}
		})
	}
}

func TestDialGivesUpWithItsContext(t *testing.T) {
	for name, script := range map[string]func(*peer){
		"silent": (*peer).idle,
		"open":   func(p *peer) { p.send(helloNow); p.hold() },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, false, script)
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			_, err := Dial(ctx, s.options())
			var end *End
			if !errors.As(err, &end) || end.Cause != CauseClosed {
				t.Errorf("dial gave %v", err)
			}
		})
	}
}

func TestRegisteredUserWithoutChannelPassword(t *testing.T) {
	s := serve(t, false, func(p *peer) {
		p.enter()
		p.expect(`42["login"`)
		p.send(`42["login",{"success":true,"name":"rosey"}]`)
		p.expect(`42["joinChannel"`)
		p.send(`42["needPassword",true]`)
		p.hold()
	})
	opts := s.options()
	opts.User, opts.Password, opts.Timeout = "rosey", "secret", 300*time.Millisecond
	if _, end := all(t, dial(t, opts)); end.Cause != CausePassword || !end.Permanent {
		t.Errorf("end %+v", end)
	}
}

func TestLostJoin(t *testing.T) {
	for name, test := range map[string]struct {
		frames []string
		says   string
	}{
		"silence":   {nil, "did not answer the join"},
		"an error":  {[]string{`42["errorMsg",{"msg":"Something odd"}]`}, "Something odd"},
		"usercount": {[]string{`42["usercount",3]`}, "did not answer the join"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, false, func(p *peer) {
				p.enter()
				p.send(test.frames...)
				p.hold()
			})
			opts := s.options()
			opts.Timeout = 300 * time.Millisecond
			_, end := all(t, dial(t, opts))
			if end.Cause != CauseJoin || end.Permanent || !strings.Contains(end.Reason, test.says) {
				t.Errorf("end %+v", end)
			}
		})
	}
}

func TestSilenceEndsTheSession(t *testing.T) {
	s := serve(t, false, func(p *peer) {
		p.send(`0{"sid":"s","pingInterval":100,"pingTimeout":"100"}`)
		p.expect("40")
		p.send(entered, someone)
		p.hold() // pongs go on, which must not count for CyTube's own life
	})
	opts := s.options()
	opts.pingEvery = 20 * time.Millisecond
	if _, end := all(t, dial(t, opts)); end.Cause != CauseSilent || end.Permanent {
		t.Errorf("end %+v", end)
	}
}

func TestPongsThatStopEndTheSession(t *testing.T) {
	s := serve(t, false, func(p *peer) {
		p.join()
		pinged := 0
		p.SetPingHandler(func(payload string) error {
			if pinged++; pinged == 3 {
				<-p.done // reads, and so answers, no more
			}
			return p.WriteControl(websocket.PongMessage, []byte(payload), time.Now().Add(patience))
		})
		p.hold()
	})
	opts := s.options()
	opts.pingEvery = 50 * time.Millisecond
	session := dial(t, opts)
	_, end := all(t, session)
	if end.Cause != CauseSilent {
		t.Errorf("end %+v", end)
	}
	if session.RTT() <= 0 {
		t.Error("no round trip was measured")
	}
}

func TestPongsThatNeverCameDoNotMatter(t *testing.T) {
	s := serve(t, false, func(p *peer) {
		pings := 0
		p.SetPingHandler(func(string) error {
			if pings++; pings == 20*pongSilence {
				p.send(`42["kick",{"reason":"done"}]`)
			}
			return nil
		})
		p.join()
		p.hold()
	})
	opts := s.options()
	opts.pingEvery = time.Millisecond
	if _, end := all(t, dial(t, opts)); end.Cause != CauseKicked {
		t.Errorf("end %+v", end)
	}
}
