package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bot/cytube/cytubetest"
)

// mutes is how often a person was told that somebody is muted, or is not.
func mutes(p *cytubetest.Puppet, name string, muted bool) int {
	n := 0
	for _, e := range p.Received() {
		var m struct {
			Name string
			Meta struct{ Muted bool }
		}
		if e.Name == "setUserMeta" && json.Unmarshal(e.Arg, &m) == nil && m.Name == name && m.Meta.Muted == muted {
			n++
		}
	}
	return n
}

// TestShellFromAPipe is how scripts moderate: a line is a command, a line of
// JSON its outcome, and the audit trail has them with the operator's name.
func TestShellFromAPipe(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	bob := site.puppet("bob")
	h.start(t, "run").waitFor("[*] Starting bot...")
	h.waitForPeople(t, "bob")
	cmd := h.command(t, "shell", "--json")
	cmd.Stdin = strings.NewReader("mute bob\nusers\nunmute bob\n")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var texts []string
	for line := range strings.Lines(string(out)) {
		var o struct{ Status, Text string }
		if err := json.Unmarshal([]byte(line), &o); err != nil || o.Status != "done" {
			t.Errorf("%s: %v", line, err)
		}
		texts = append(texts, o.Text)
	}
	if len(texts) != 3 || texts[0] != "Muted bob" || !strings.Contains(texts[1], "[MUTED]") || texts[2] != "Unmuted bob" {
		t.Errorf("%q", texts)
	}
	if mutes(bob, "bob", true) != 1 {
		t.Error("bob was not muted")
	}
	waitUntil(t, "the actions", func() bool {
		actions := h.run(t, "actions", "--json").out
		return strings.Contains(actions, `"action_type":"mute"`) && strings.Contains(actions, `"action_type":"unmute"`) && strings.Contains(actions, `"action_type":"users"`)
	})
}

// TestTimedMuteSurvivesAKill: all services are killed after a mute with an end
// was set, and started again; it ends at its time.
func TestTimedMuteSurvivesAKill(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	bob := site.puppet("bob")
	var until time.Time
	ended := 0
	for length := 4; ; length *= 2 { // on a slow machine the mute may end before the kill
		services := h.start(t, "run")
		services.waitFor("[*] Starting bot...")
		h.waitForPeople(t, "bob")
		until = time.Now().Add(time.Duration(length) * time.Second)
		if r := h.run(t, "shell", "mute", "bob", fmt.Sprintf("%ds", length), "caps"); r.code != 0 || r.out != fmt.Sprintf("Muted bob for %ds: caps\n", length) {
			t.Fatalf("%+v", r)
		}
		services.kill()
		waitUntil(t, "the bot has gone", func() bool { return !slices.Contains(site.server.Channel(siteChannel).Users(), "Rosey") })
		now := mutes(bob, "bob", false)
		if now == ended {
			break
		}
		ended = now
	}
	h.start(t, "run").waitFor("[*] Starting bot...")
	waitUntil(t, "the end of the mute", func() bool { return mutes(bob, "bob", false) > ended })
	if early := time.Until(until); early > 0 {
		t.Errorf("bob was unmuted %v early", early)
	}
	waitUntil(t, "nothing stands any more", func() bool { return strings.HasPrefix(h.run(t, "shell", "timed").out, "Timed (0)") })
}
