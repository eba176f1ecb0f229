package cytubetest

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestConnectionBucket(t *testing.T) {
	s := start(t, Options{FrozenAt: time.Unix(1e9, 0)})
	for range 5 {
		dial(t, s, "10.1.1.1")
	}
	refused := dialEngine(t, s, "10.1.1.1")
	refused.send("40")
	refused.want(`44{"message":"Rate limit exceeded"}`)
	dial(t, s, "10.1.1.2")
	s.Advance(11 * time.Second)
	refused.send("40")
	refused.want("40{")
}

func TestPingTimeoutDropsTheSilent(t *testing.T) {
	s := start(t, Options{FrozenAt: time.Unix(1e9, 0)})
	c := dial(t, s, "")
	s.Advance(25 * time.Second)
	c.want("2")
	s.Advance(120 * time.Second)
	if code := c.wantEnd(); code != websocket.CloseNoStatusReceived {
		t.Errorf("closed with %d", code)
	}
}

func TestDropEndsWithoutAWord(t *testing.T) {
	s := start(t, Options{})
	c := join(t, s, "", "Bob", "", "testroom")
	if n := s.Drop("bob"); n != 1 {
		t.Fatalf("dropped %d", n)
	}
	if code := c.wantEnd(); code != websocket.CloseAbnormalClosure {
		t.Errorf("closed with %d", code)
	}
}

func TestLostJoinIsSilent(t *testing.T) {
	s := start(t, Options{})
	s.LoseJoins(1)
	lost, found := dial(t, s, ""), dial(t, s, "")
	lost.emit("joinChannel", args{"name": "testroom"})
	if _, err := s.WaitFrame(testContext(t), 0, func(f Frame) bool { return f.Event == "joinChannel" }); err != nil {
		t.Fatal(err)
	}
	found.emit("joinChannel", args{"name": "testroom"})
	found.want(`42["userlist"`)
	lost.emit("joinChannel", args{"name": "testroom"}) // a second one is not heard
	lost.emit("login", args{"name": "Lost"})
	if _, skipped := lost.next(`42["login"`); strings.Contains(strings.Join(skipped, ""), "userlist") {
		t.Errorf("a lost join was answered: %q", skipped)
	}
}

func TestGarbageAndHugeFrames(t *testing.T) {
	s := start(t, Options{})
	c := join(t, s, "", "Bob", "", "testroom")
	s.SendRaw("Bob", "42[not json")
	c.want("42[not json")
	s.SendBinary("", []byte{1, 2})
	c.want("\x01\x02")
	s.SendHuge("Bob", 3<<20)
	if got := c.want(`42["chatMsg"`); len(got) < 3<<20 {
		t.Errorf("got %d bytes", len(got))
	}
}

func TestStopAndRestart(t *testing.T) {
	for _, keep := range []bool{true, false} {
		s := start(t, Options{})
		room := s.Channel("testroom")
		resident := room.Puppet("Resident", 1)
		c := join(t, s, "", "Bob", "", "testroom")
		resident.Say("last words")
		c.want(`42["chatMsg"`)
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
		c.wantEnd()
		if conn, err := net.Dial("tcp", s.Addr()); err == nil {
			_ = conn.Close()
			t.Fatal("a stopped server listens")
		}
		if err := s.Restart(keep); err != nil {
			t.Fatal(err)
		}
		again := dial(t, s, "")
		again.emit("joinChannel", args{"name": "testroom"})
		_, burst := again.next(`42["userlist"`)
		if got := strings.Contains(strings.Join(burst, "\n"), "last words"); got != keep {
			t.Errorf("replayed %v, want %v", got, keep)
		}
	}
}

func TestPartitionHoldsEverythingBack(t *testing.T) {
	s := start(t, Options{})
	c := join(t, s, "", "Bob", "", "testroom")
	s.Partition(true)
	c.emit("chatMsg", args{"msg": "held back"})
	s.Channel("testroom").Emit("setMotd", "changed")
	select {
	case f := <-c.in:
		if strings.Contains(f, "setMotd") || strings.Contains(f, "held back") {
			t.Errorf("came through: %s", f)
		}
	case <-time.After(50 * time.Millisecond):
	}
	s.Partition(false)
	c.want(`42["setMotd","changed"]`)
	c.want(`42["chatMsg",{"username":"Bob","msg":"held back"`)
}

func TestRefuseStallAndMove(t *testing.T) {
	s := start(t, Options{NoConnectionBucket: true})
	s.Refuse(1, "You are banned from the server")
	c := dialEngine(t, s, "")
	c.send("40")
	c.want(`44{"message":"You are banned from the server"}`)

	inside := join(t, s, "", "Bob", "", "testroom")
	s.Channel("TestRoom").Move(true)
	inside.want(`42["partitionChange"`)
	inside.want("41")
	late := dial(t, s, "")
	late.emit("joinChannel", args{"name": "testroom"})
	late.want(`42["errorMsg",{"msg":"Channel 'testroom' is hosted on another server.`)

	s.Stall(StallJoin)
	silent := dial(t, s, "")
	silent.emit("joinChannel", args{"name": "other"})
	silent.emit("login", args{"name": "Quiet"})
	if _, skipped := silent.next(`42["login"`); strings.Contains(strings.Join(skipped, ""), "setPermissions") {
		t.Errorf("a stalled join was answered: %q", skipped)
	}
}

func TestSlowWritesAndReadersThatStop(t *testing.T) {
	s := start(t, Options{})
	slow := join(t, s, "", "Slow", "", "testroom")
	s.SlowWrites(time.Hour)
	for i := range sendQueue + 10 {
		s.Channel("testroom").Emit("drinkCount", i)
	}
	s.SlowWrites(0)
	if code := slow.wantEnd(); code != websocket.CloseAbnormalClosure {
		t.Errorf("closed with %d", code)
	}
}
