package cytubetest

import (
	"strings"
	"testing"
)

func TestTwoClientsSeeEachOther(t *testing.T) {
	s := start(t, Options{Accounts: []Account{{Name: "rosey", Password: "secret", ChannelRank: 3}}})
	rosey := join(t, s, "10.0.0.1", "rosey", "secret", "TestRoom")
	bob := join(t, s, "10.0.0.2", "Bob", "", "testroom")
	if got := rosey.want(`42["addUser"`); !strings.Contains(got, `"name":"Bob"`) || !strings.Contains(got, `"aliases":["Bob"]`) {
		t.Errorf("a moderator sees %s", got)
	}
	rosey.want(`42["chatMsg",{"username":"[server]","msg":"Bob joined (aliases: Bob)"`)
	bob.emit("chatMsg", args{"msg": "hello <everyone>"})
	for _, c := range []*client{rosey, bob} {
		c.want(`42["chatMsg",{"username":"Bob","msg":"hello &lt;everyone&gt;"`)
	}
	rosey.emit("pm", args{"to": "bob", "msg": "psst"})
	for _, c := range []*client{rosey, bob} {
		if got := c.want(`42["pm"`); !strings.Contains(got, `"username":"rosey"`) || !strings.Contains(got, `"to":"Bob"`) {
			t.Errorf("got %s", got)
		}
	}
	bob.close()
	rosey.want(`42["userLeave",{"name":"Bob"}`)
}

func TestPuppetsFillARoom(t *testing.T) {
	s := start(t, Options{})
	room := s.Channel("testroom")
	mod := room.Puppet("Mod", 2)
	guest := room.Puppet("Guest", 0)
	if mod.Err() != nil || guest.Err() != nil {
		t.Fatal(mod.Err(), guest.Err())
	}
	if twice := room.Puppet("guest", 0); twice.Err() == nil {
		t.Error("a second puppet of the same name came in")
	}
	c := join(t, s, "", "", "", "testroom")
	guest.Say("*hi*")
	c.want(`42["chatMsg",{"username":"Guest","msg":"<strong>hi</strong>"`)
	mod.Kick("Guest", "go")
	c.want(`42["userLeave",{"name":"Guest"}]`)
	if guest.Err() == nil {
		t.Error("a kicked puppet thinks it is in the room")
	}
	if _, err := guest.Wait(testContext(t), "kick", nil); err != nil {
		t.Error(err)
	}
}
