package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bot/cytube/cytubetest"
)

// considers is longer than the console swallows keys after a question.
const considers = 1500 * time.Millisecond

// confirm answers the question that is open: from the safe button to the other.
func (x *terminal) confirm(question string) {
	x.t.Helper()
	x.waitFor(question)
	time.Sleep(considers) // as a person does who reads it
	x.send("\t\r")
	x.waitUntil("the question gone", func(screen string) bool { return !strings.Contains(screen, "‹ Leave") })
}

// TestAnEvening is a moderator's evening at the console, from the first look to
// the last key.
func TestAnEvening(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	services := h.start(t, "run")
	services.waitFor("[*] Starting bot...")
	site.waitForBot()
	alice, bob := site.puppet("Alice"), site.puppet("bob")

	x := h.terminal(t, 140, 45, "tui", "--attach", "--operator", "mia")
	x.waitFor("CyTube ●", "DB ●", "Alice", "bob", "USERS")

	// Read, be mentioned, look at the card.
	alice.Say("what a fine evening for zeppelins")
	bob.Say("@Rosey can you add a video?")
	x.waitFor("zeppelins", "can you add a video?")
	x.send("\x1b")
	x.waitFor("standing still")
	x.send("m\r")
	x.waitFor("first seen", "Last lines", "Done to them", "kick")
	x.send("\x1b")
	x.waitUntil("the card closed", func(screen string) bool { return !strings.Contains(screen, "Done to them") })

	// Search.
	x.send("/zeppelins\r")
	x.waitFor("standing still")
	x.send("G")
	x.waitUntil("live again", func(screen string) bool { return !strings.Contains(screen, "standing still") })

	// Kick, with its outcome.
	x.send("/kick bob caps\r")
	x.confirm("Kick bob")
	x.waitFor("kick bob", "✓")
	if users := site.server.Channel(siteChannel).Users(); slices.Contains(users, "bob") {
		t.Errorf("bob is still among %v", users)
	}

	// Mute, and take it back.
	x.send("/mute Alice\r")
	x.confirm("Mute Alice")
	x.waitFor("esc u unmute Alice", "muted")
	x.send("\x1b")
	x.waitFor("standing still")
	x.send("u")
	x.waitFor("unmute Alice … ✓")

	// The playlist, a poll.
	site.server.Channel(siteChannel).Inject(cytubetest.Media{ID: "https://example.com/a.mp4", Type: "fi", Title: "Plan 9", Seconds: 60}, false, "Alice")
	site.server.Channel(siteChannel).Inject(cytubetest.Media{ID: "https://example.com/b.mp4", Type: "fi", Title: "Metropolis", Seconds: 60}, false, "Alice")
	x.send("\x1b[13~") // F3
	x.waitFor("Playlist", "Plan 9", "Metropolis")
	x.send("\x1bOQ") // F2
	x.send("i/poll What next?, Alien, Brazil\r")
	x.waitFor("What next?", "✓")

	// A film evening without services: the loss shows, all comes back.
	services.kill()
	x.waitUntil("the loss of NATS", func(screen string) bool { return !strings.Contains(screen, "NATS ●") })
	alice.Say("is anybody there")
	time.Sleep(considers) // a shorter absence is not told
	h.start(t, "run")
	x.waitFor("NATS ●", "CyTube ●", "is anybody there", "offline")

	// Evidence, another theme, good night.
	x.send("\x1be") // alt+e
	var saved []string
	waitUntil(t, "the evidence", func() bool {
		saved, _ = filepath.Glob(filepath.Join(h.dir, "data", "rosey", "evidence", "*.md"))
		return len(saved) > 0
	})
	if text, err := os.ReadFile(saved[0]); err != nil || !strings.Contains(string(text), "is anybody there") {
		t.Errorf("the evidence lacks the line: %v\n%s", err, text)
	}
	x.send("\x1bt") // alt+t
	x.waitFor("hal9000", "contrast")
	x.send("\x1b[B\r")
	x.waitUntil("the themes gone", func(screen string) bool { return !strings.Contains(screen, "hal9000") })
	x.send("\x03")
	if code := x.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	leftTerminal(t, x)

	for _, want := range []string{"kick bob caps (done)", " mute Alice 10m (done)", " unmute Alice (done)"} {
		waitUntil(t, want+" among the actions", func() bool {
			return strings.Contains(h.run(t, "actions", "--by", "mia").out, want)
		})
	}
}
