package bot

import (
	"slices"
	"strings"
	"testing"

	"rosey/bot/cytube/cytubetest"
	"rosey/bus"
)

// films offers media that can be queued.
func (f *floor) films(titles ...string) {
	for _, title := range titles {
		f.cytube.Offer(cytubetest.Media{ID: strings.ToLower(title) + "-id", Title: title, Seconds: 600, Type: "yt"})
	}
}

func (f *floor) titles(want ...string) {
	f.tb.Helper()
	if got := f.channel.Titles(); !slices.Equal(got, want) {
		f.tb.Errorf("the queue is %q, want %q", got, want)
	}
}

func TestQueue(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	f.films("Alien", "Brazil", "Cube", "Dune")
	f.want("next", bus.StatusRefused, "Nothing is currently playing")
	f.want("current", bus.StatusDone, "Nothing is currently playing")
	f.want("add https://www.youtube.com/watch?v=alien-id", bus.StatusDone, "Added: https://www.youtube.com/watch?v=alien-id (temporary)")
	f.want("add yt:brazil-id no", bus.StatusDone, "(permanent)")
	f.want("add youtu.be/cube-id perm", bus.StatusDone, "(permanent)")
	f.want("addnext yt:dune-id", bus.StatusDone, "Added: ")
	f.titles("Alien", "Dune", "Brazil", "Cube")
	f.want("add yt:brazil-id", bus.StatusRefused, "Failed to add media: This item is already on the playlist")
	f.want("add https://youtu.be/unknown", bus.StatusRefused, "Failed to add media: The YouTube API now requires an API key.")
	f.want("add http://example.com/a.mp4", bus.StatusRefused, `Raw files must begin with "https"`)
	f.want("add", bus.StatusRefused, "Usage: add <url> [temp]")
	f.want("playlist 2", bus.StatusDone, "Playlist (4 items):\n► 1. Alien (10m)\n  2. Dune (10m)\n  ... and 2 more")
	f.want("current", bus.StatusDone, "Title: Alien\nDuration: 10m\nQueued by: Rosey\nURL: https://youtube.com/watch?v=alien-id\nTemporary: Yes\nStatus: P")
	f.want("move 2 4", bus.StatusDone, "Moved Dune from position 2 to 4")
	f.titles("Alien", "Brazil", "Cube", "Dune")
	f.want("move 3 1", bus.StatusDone, "Moved Cube from position 3 to 1")
	f.titles("Cube", "Alien", "Brazil", "Dune")
	f.want("move 1 9", bus.StatusRefused, "To position must be between 1 and 4")
	f.want("move x 1", bus.StatusRefused, "Invalid position numbers")
	f.want("next", bus.StatusDone, "Skipped to: Brazil")
	f.titles("Cube", "Brazil", "Dune") // a temporary one goes when it has played
	f.want("jump 3", bus.StatusDone, "Jumped to: Dune")
	f.want("next", bus.StatusRefused, "Already at last item")
	f.want("jump 5", bus.StatusRefused, "Position must be between 1 and 3")
	f.want("jump x", bus.StatusRefused, "Invalid position number")
	f.want("settemp 1", bus.StatusDone, "Cube is temporary now")
	f.got("Mod", "setTemp", `"temp":true`)
	f.want("settemp 1 no", bus.StatusDone, "Cube is permanent now")
	r := f.want("remove 1", bus.StatusDone, "Removed: Cube")
	if r.Undo != "add yt:cube-id no" {
		t.Errorf("undo %q", r.Undo)
	}
	f.want("remove 0", bus.StatusRefused, "Position must be between 1 and 2")
	f.want("shuffle", bus.StatusDone, "Shuffled the queue")
	f.want("unlock", bus.StatusDone, "The queue is unlocked now")
	f.got("Alice", "setPlaylistLocked", "false")
	f.want("unlock", bus.StatusRefused, "the queue is unlocked already")
	f.want("lock", bus.StatusDone, "The queue is locked now")
	f.want("voteskip", bus.StatusDone, "Voteskip: 0/0")
	f.want("voteskip vote", bus.StatusDone, "Voted")
}

func TestBulk(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	for _, m := range []struct{ title, by string }{{"A", "bob"}, {"B", "Bob"}, {"C", "alice"}, {"D", "bob"}, {"C", "bob"}} {
		f.channel.Inject(cytubetest.Media{ID: m.title, Title: m.title + " film", Seconds: 60, Type: "yt"}, false, m.by)
	}
	eventually(t, "the queue is known", func() bool { return strings.Contains(f.typed("playlist").Text, "(5 items)") })
	f.want("clean nobody", bus.StatusDone, "nothing was done: there is no item queued by nobody")
	r := f.want("clean BOB", bus.StatusPreview, "would remove 4 item(s) queued by BOB")
	if len(r.Targets) != 4 || r.Targets[0] != "1. A film (1m) by bob" || r.Confirm == "" {
		t.Fatalf("%+v", r)
	}
	f.titles("A film", "B film", "C film", "D film", "C film")
	f.channel.Inject(cytubetest.Media{ID: "E", Title: "E film", Seconds: 60, Type: "yt"}, false, "bob") // after the preview: not meant
	if r := f.ask("clean", bus.Command{Args: []string{"BOB"}, Confirm: "wrong"}); r.Status != bus.StatusRefused {
		t.Errorf("a wrong word: %+v", r)
	}
	if r := f.ask("clean", bus.Command{Args: []string{"BOB"}, Confirm: r.Confirm, Operator: "dave"}); r.Status != bus.StatusRefused {
		t.Errorf("another operator: %+v", r)
	}
	again := f.ask("clean", bus.Command{Args: []string{"BOB"}, Confirm: r.Confirm, Only: r.Targets[1:3]})
	if again.Status != bus.StatusDone || again.Text != "Removed 2 item(s)" {
		t.Errorf("%+v", again)
	}
	f.titles("A film", "C film", "C film", "E film")
	if r := f.ask("clean", bus.Command{Args: []string{"BOB"}, Confirm: r.Confirm}); r.Status != bus.StatusRefused {
		t.Errorf("twice: %+v", r)
	}
	r = f.want("duplicates", bus.StatusPreview, "would remove 1 item(s)")
	if r := f.ask("confirm", bus.Command{Args: []string{r.Confirm}}); r.Status != bus.StatusDone {
		t.Errorf("%+v", r)
	}
	f.titles("A film", "C film", "E film")
	r = f.want("cleantitle e FI", bus.StatusPreview, "would remove 1 item(s)")
	if r := f.ask("cleantitle", bus.Command{Args: []string{"e FI"}, DryRun: true}); r.Status != bus.StatusPreview || r.Confirm != "" {
		t.Errorf("dry run %+v", r)
	}
	r = f.want("clearplaylist", bus.StatusPreview, "would clear the queue of 3 item(s)")
	f.ask("clearplaylist", bus.Command{Confirm: r.Confirm})
	f.titles()
}

// A slow add does not hold up a kick, and each answer finds its own question.
func TestSlowAddHoldsUpNobody(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	f.films("Alien")
	frames := make(chan bus.CommandReply, 2)
	for _, url := range []string{"yt:alien-id", "yt:none"} {
		go func() {
			r, err := bus.Request[bus.CommandReply](testContext(t), f.op, bus.CommandSubject("main", "add"), bus.Command{ID: url, Args: []string{url}})
			if err != nil {
				r.Text = err.Error()
			}
			frames <- r
		}()
	}
	f.want("kick alice", bus.StatusDone, "Kicked Alice")
	for range 2 {
		r := <-frames
		if want := map[string]bus.CommandStatus{"yt:alien-id": bus.StatusDone, "yt:none": bus.StatusRefused}[r.ID]; r.Status != want {
			t.Errorf("%s: %+v", r.ID, r)
		}
	}
}

func TestPolls(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	f.want("votes", bus.StatusDone, "No poll is open")
	f.want("endpoll", bus.StatusRefused, "no poll is open")
	f.want("poll What next?", bus.StatusRefused, "a poll needs a title and an option")
	f.want("poll What next?, Alien, Brazil <3", bus.StatusDone, "Opened poll: What next? (Alien, Brazil <3)")
	f.got("Alice", "newPoll", "What next?")
	f.people["Alice"].Vote(1)
	eventually(t, "the vote counts", func() bool { return strings.Contains(f.typed("votes").Text, "Brazil <3: 1") })
	f.want("endpoll", bus.StatusDone, "Closed poll: What next?\n  Alien: 0\n  Brazil <3: 1")
	f.want(`hpoll "Hidden, or not?" yes no`, bus.StatusDone, "Opened poll: Hidden, or not? (yes, no)")
	f.got("Alice", "newPoll", `"counts":["?","?"]`)
	f.want("endpoll", bus.StatusDone, "yes: 0")
	f.want("poll "+strings.Repeat("x", 256)+", a", bus.StatusRefused, "at most 255 characters")
	if r := f.ask("poll", bus.Command{Args: []string{"Two words", "a", "b"}}); r.Status != bus.StatusDone || r.Text != "Opened poll: Two words (a, b)" {
		t.Errorf("%+v", r)
	}
}

func TestMotdLogAndClear(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	f.want("motd", bus.StatusDone, "There is no message of the day")
	f.want("setmotd Film <b>night</b> at 8", bus.StatusDone, "The message of the day is set")
	f.got("Alice", "setMotd", "at 8")
	f.want("motd", bus.StatusDone, "MOTD:\nFilm night at 8")
	f.want("mute alice", bus.StatusDone, "")
	f.want("chanlog 1 muted", bus.StatusDone, "Rosey muted Alice")
	f.want("clear", bus.StatusDone, "Chat cleared")
	f.got("Alice", "clearchat", "Rosey")
	f.want("afk", bus.StatusDone, "Current AFK status: Off")
	f.want("afk on", bus.StatusDone, "AFK status: On")
	f.got("Alice", "setAFK", "true")
	f.want("afk yes", bus.StatusDone, "AFK status: On")
	f.want("afk 0", bus.StatusDone, "AFK status: Off")
	f.want("afk maybe", bus.StatusRefused, "Usage: afk [on|off]")
	f.want("me waves", bus.StatusDone, "Sent: waves")
	f.got("Mod", "chatMsg", `"action"`)
}

func TestWarningAndDryRun(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	if r := f.ask("mute", bus.Command{Args: []string{"alice"}, DryRun: true}); r.Status != bus.StatusPreview || r.Text != "would mute Alice; nothing was done" || !slices.Equal(r.Targets, []string{"Alice"}) {
		t.Errorf("%+v", r)
	}
	f.ask("mute", bus.Command{Args: []string{"alice"}, Operator: "carol"})
	r := f.ask("kick", bus.Command{Args: []string{"alice"}, Operator: "dave"})
	if r.Status != bus.StatusDone || !strings.HasPrefix(r.Warning, "carol did mute on Alice") {
		t.Errorf("%+v", r)
	}
	first := f.ask("say", bus.Command{ID: "once", Args: []string{"once"}})
	second := f.ask("say", bus.Command{ID: "once", Args: []string{"once"}})
	if first.Status != bus.StatusDone || second.Text != first.Text {
		t.Errorf("%+v, %+v", first, second)
	}
	f.witness.sees("once")
}
