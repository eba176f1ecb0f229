package cytubetest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// demo runs a demo at great pace, with a client watching it.
func demo(t *testing.T, seed uint64, pace float64) (*Server, *client, *client) {
	t.Helper()
	opts := DemoOptions{Seed: seed, Pace: pace}
	s, password, err := NewDemo(opts)
	if err != nil {
		t.Fatal(err)
	}
	// The bot comes first, so that it misses nothing.
	bot := join(t, s, "10.0.0.1", DemoBot, password, "demo")
	watcher := join(t, s, "10.0.0.2", "", "", "demo")
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := Demo(ctx, s, opts); err != context.Canceled {
			t.Errorf("the demo ended with %v", err)
		}
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, bot, watcher
}

// lines takes n lines of chat from a client.
func (c *client) lines(n int) []line {
	c.tb.Helper()
	var all []line
	for len(all) < n {
		var said line
		frame := c.want(`42["chatMsg",`)
		if err := json.Unmarshal([]byte(frame[len(`42["chatMsg",`):len(frame)-1]), &said); err != nil {
			c.tb.Fatal(err)
		}
		all = append(all, said)
	}
	return all
}

func TestDemoIsDeterministic(t *testing.T) {
	const enough = 500
	texts := func(seed uint64) []string {
		_, _, watcher := demo(t, seed, 120000)
		var said []string
		for _, l := range watcher.lines(enough) {
			said = append(said, l.Username+": "+l.Msg)
		}
		return said
	}
	first := texts(7)
	if again := texts(7); !slices.Equal(first, again) {
		for i := range first {
			if first[i] != again[i] {
				t.Fatalf("line %d: %q, then %q", i, first[i], again[i])
			}
		}
	}
	if other := texts(8); slices.Equal(first, other) {
		t.Error("another seed says the same")
	}
	speakers := map[string]bool{}
	for _, l := range first {
		name, _, _ := strings.Cut(l, ":")
		speakers[name] = true
	}
	if len(speakers) < 20 {
		t.Errorf("only %d people speak", len(speakers))
	}
}

func TestDemoPeopleAnswer(t *testing.T) {
	_, bot, _ := demo(t, 1, 600)
	for bot.lines(1)[0].Username == "[server]" { // until the cast is in
	}
	bot.emit("chatMsg", args{"msg": "popcorn_pete, is this any good?"})
	bot.want(`42["chatMsg",{"username":"Rosey"`)
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		l := bot.lines(1)[0]
		asked := slices.ContainsFunc(replyLines, func(r string) bool {
			return strings.ReplaceAll(r, "{you}", "Rosey") == decodeText(l.Msg)
		})
		if l.Username == "popcorn_pete" && asked {
			return
		}
	}
	t.Error("popcorn_pete does not answer when asked")
}

func TestDemoAsksTheBot(t *testing.T) {
	_, bot, _ := demo(t, 3, 6000)
	got := bot.want(`42["pm",{`)
	if !strings.Contains(got, `"to":"Rosey"`) {
		t.Errorf("got %s", got)
	}
}

func TestDemoHasRaidsPollsAndFilms(t *testing.T) {
	s, bot, watcher := demo(t, 5, 20000)
	watcher.want(`42["newPoll"`)
	watcher.want(`42["closePoll"`)
	bot.want(`42["chatMsg",{"username":"[server]","msg":"marlowe namebanned`)
	watcher.want(`42["userLeave",{"name":"p0pc0rn_p3t3_`)
	if _, _, ok := s.Channel("demo").Playing(); !ok {
		t.Error("nothing is playing")
	}
	if titles := s.Channel("demo").Titles(); len(titles) < 25 {
		t.Errorf("only %d on the programme", len(titles))
	}
}
