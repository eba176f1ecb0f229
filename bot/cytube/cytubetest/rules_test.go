package cytubetest

import (
	"testing"
	"time"
)

func TestSanitize(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                              "plain",
		"a &lt;b&gt; &amp; &quot;c&quot;":    `a &lt;b&gt; &amp; "c"`,
		"<b>bold <i>both</b> tail":           "<b>bold <i>both</i></b> tail",
		"<b>open":                            "<b>open</b>",
		"</i>stray":                          "stray",
		"<blink>text stays</blink>":          "text stays",
		"<style>gone</style>after":           "after",
		`<img src="x.png" onerror="evil()">`: `<img src="x.png" />`,
		`<a href="javascript:evil()">x</a>`:  "<a>x</a>",
		`<a href='https://e.x/?a="b"'>x</a>`: `<a href="https://e.x/?a=&quot;b&quot;">x</a>`,
	} {
		if got := sanitize(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func FuzzSanitize(f *testing.F) {
	for _, s := range []string{"<b>x", "<a href='&#x6a;avascript:'>", "<script><b></script>", "\x00<", "&lt;script&gt;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := sanitize(s)
		if twice := sanitize(once); twice != once {
			t.Errorf("%q: %q, then %q", s, once, twice)
		}
	})
}

func FuzzClientFrame(f *testing.F) {
	for _, s := range []string{`42["chatMsg",{"msg":"x"}]`, `42["queue",{}]`, `420["newPoll",[]]`, "40", "41", "42[", `42["setOptions",null]`} {
		f.Add(s)
	}
	s := start(f, Options{Accounts: []Account{{Name: "Mod", Password: "x", ChannelRank: 5}}, NoConnectionBucket: true})
	f.Fuzz(func(t *testing.T, frame string) {
		p := s.Channel("testroom").Puppet("Fuzz", 5)
		if _, r, ok := parseEvent(frame); ok {
			p.do(func() { p.u.handle(r) })
		}
		p.Leave()
	})
}

func TestCut16(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"a😀b", 3, "a😀"}, {"a😀b", 2, "a\uFFFD"}, {"éé", 1, "é"}} {
		if got := cut16(c.in, c.n); got != c.want {
			t.Errorf("cut16(%q, %d) = %q", c.in, c.n, got)
		}
	}
}

func TestCloakKeepsRanges(t *testing.T) {
	// As recorded: PROTOCOL.md's server masked 10.9.216.6 so.
	if got := cloak("10.9.216.6"); got != "+Jk.dU3.0Sh.FRQ" {
		t.Errorf("got %s", got)
	}
	if got := cloak("10.9.216"); got != "+Jk.dU3.0Sh.*" {
		t.Errorf("got %s", got)
	}
	if got := cloak("2001:db8::1"); len(got) != 19 {
		t.Errorf("got %s", got)
	}
}

func TestThrottle(t *testing.T) {
	var limit throttle
	now := time.Unix(1e9, 0)
	passed := 0
	for range 30 {
		if !limit.exceeded(chatPace, now) {
			passed++
		}
		now = now.Add(time.Millisecond)
	}
	if passed != 20 {
		t.Errorf("%d of a burst passed", passed)
	}
	if limit.exceeded(chatPace, now.Add(100*time.Millisecond)) {
		t.Error("the steady rate is not let through")
	}
	if limit.exceeded(chatPace, now.Add(3*time.Second)) {
		t.Error("a pause does not end it")
	}
}

// TestNextTempItem plays a temporary item to its end: it vanishes, and the
// next one begins with its lead-in.
func TestNextTempItem(t *testing.T) {
	s := start(t, Options{FrozenAt: time.Unix(1e9, 0)})
	room := s.Channel("testroom")
	c := join(t, s, "", "", "", "testroom")
	room.Inject(Media{ID: "a", Title: "Short", Seconds: 10, Type: "yt"}, true, "bob")
	room.Inject(Media{ID: "b", Title: "Long", Seconds: 100, Type: "yt"}, false, "bob")
	c.want(`42["changeMedia",{"id":"a","title":"Short","seconds":10,"duration":"00:10","type":"yt","meta":{},"currentTime":-3,"paused":true}]`)
	s.Advance(20 * time.Second)
	c.want(`42["mediaUpdate",{"currentTime":0,"paused":false}]`)
	c.want(`42["mediaUpdate",{"currentTime":5,"paused":false}]`)
	c.want(`42["delete",{"uid":0}]`)
	c.want(`42["setCurrent",1]`)
	c.want(`42["changeMedia",{"id":"b"`)
}

// TestAutoAFK marks a silent client as away, but no puppet.
func TestAutoAFK(t *testing.T) {
	s := start(t, Options{FrozenAt: time.Unix(1e9, 0), PingInterval: time.Hour})
	s.Channel("testroom").Puppet("Doll", 1)
	c := join(t, s, "", "Bob", "", "testroom")
	s.Advance(10*time.Minute + time.Second)
	c.want(`42["setUserMeta",{"name":"Bob","meta":{"afk":true,"muted":false}}]`)
	c.emit("chatMsg", args{"msg": "back"})
	if frame, skipped := c.next(`42["chatMsg"`); frame == "" || len(skipped) == 0 {
		t.Errorf("talking did not end it: %q", skipped)
	}
}
