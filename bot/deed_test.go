package bot

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// furnish gives the stage a queue, a poll and all permissions.
func (s *stage) furnish(b *switchboard) {
	perms := map[string]float64{}
	for _, key := range []string{
		"kick", "mute", "ban", "leaderctl", "chatclear", "playlistadd", "playlistnext", "playlistdelete", "playlistmove", "playlistjump",
		"settemp", "playlistshuffle", "playlistlock", "playlistclear", "pollctl", "motdedit", "voteskip", "viewvoteskip",
	} {
		perms[key] = 2
	}
	perms["chat"] = 0
	item := func(uid int, title string) room.Item {
		return room.Item{UID: uid, Media: room.Media{ID: title, Type: "yt", Title: title, Seconds: 60}, QueueBy: "bob"}
	}
	for _, e := range []room.Event{
		&room.Permissions{Needs: perms}, &room.Options{AllowVoteskip: true}, &room.PlaylistLock{Locked: true}, &room.UserCount{Count: 5},
		&room.Playlist{Items: []room.Item{item(1, "Alien"), item(2, "Brazil"), item(3, "Alien")}}, &room.Current{UID: 1},
		&room.MediaChange{Media: room.Media{ID: "Alien", Type: "yt", Title: "Alien", Seconds: 60}},
		&room.PollOpened{Poll: room.Poll{Title: "?", Options: []string{"a"}, Counts: []string{"0"}}}, &room.Leader{User: "Alice"},
	} {
		s.state = room.Apply(s.state, e)
	}
	s.show(b)
}

// A server that takes everything and does nothing leaves no command hanging.
func TestNoEffect(t *testing.T) {
	for _, line := range []string{
		"kick alice", "kickanons", "mute alice", "mute alice 10m", "smute alice", "unmute alice", "ban bob", "ipban bob range x", "unban bob", "banlist",
		"rank bob 2", "ranks", "leader alice", "unleader", "clear", "afk on", "say hi", "me hi", "pm alice hi", "add yt:x", "addnext yt:x",
		"remove 1", "move 1 2", "jump 2", "next", "settemp 1", "shuffle", "unlock", "clean bob", "cleantitle alien", "duplicates", "clearplaylist",
		"poll a, b", "hpoll a, b", "endpoll", "setmotd x", "chanlog", "voteskip vote",
	} {
		t.Run(line, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, board, stop := newStage()
				defer stop()
				s.said = func(int, string, string) room.Event { return nil }
				s.furnish(board)
				word, rest, _ := strings.Cut(line, " ")
				cmd := find(t, word)
				words, err := cmd.SplitCommand(rest)
				if err != nil {
					t.Fatal(err)
				}
				ask := func(c bus.Command) outcome {
					c.Operator, c.Args = "carol", words
					a := board.begin(cmd, c)
					<-a.done
					return a.outcome
				}
				o := ask(bus.Command{})
				if cmd.Bulk {
					o = ask(bus.Command{Confirm: o.confirm})
				}
				if o.status != bus.StatusNoEffect || o.text == "" || o.undo != "" {
					t.Errorf("%+v", o)
				}
				if len(board.followers.list) > 0 {
					t.Errorf("%d still wait", len(board.followers.list))
				}
			})
		})
	}
}

// The bot is kicked while a command waits: it ends at once.
func TestLostWhileFollowing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, board, stop := newStage()
		defer stop()
		s.furnish(board)
		start := time.Now()
		a := board.begin(find(t, "remove"), bus.Command{Args: []string{"1"}})
		synctest.Wait()
		s.speaker.attach(nil)
		<-a.done
		if a.outcome.status != bus.StatusNoEffect || !strings.Contains(a.outcome.text, "connection to CyTube was lost") || time.Since(start) > 0 {
			t.Errorf("%+v after %v", a.outcome, time.Since(start))
		}
		r := board.handle(context.Background(), find(t, "remove"), bus.Command{Args: []string{"1"}})
		if r.Status != bus.StatusRefused || r.Text != "the bot is not in the room just now" {
			t.Errorf("%+v", r)
		}
	})
}

// A notice ends one command only, and the right one.
func TestNoticesFindTheirCommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, board, stop := newStage()
		defer stop()
		s.said = func(int, string, string) room.Event { return nil }
		s.furnish(board)
		begin := func(verb string, words ...string) *asked {
			a := board.begin(find(t, verb), bus.Command{Args: words})
			synctest.Wait()
			return a
		}
		first, second, lead := begin("add", "yt:one"), begin("add", "yt:two"), begin("leader", "alice")
		rank, kick := begin("rank", "bob", "2"), begin("kick", "alice")
		for _, n := range []room.Notice{
			{Kind: room.NoticeError, Text: "Unexpected error for message queue: Missing key: string:pos"},
			{Kind: room.NoticeQueueFail, Text: "no such film", ID: "two"},
			{Kind: room.NoticeRankFail, Text: "too high"},
			{Kind: room.NoticeError, Text: "Unable to assign leader: could not find user Alice"},
			{Kind: room.NoticeError, Text: "You do not have permission to kick Alice"},
		} {
			board.heard(&s.state, &n)
		}
		for what, a := range map[string]*asked{
			"Missing key": first, "no such film": second, "Unable to assign leader": lead, "too high": rank, "permission to kick": kick,
		} {
			<-a.done
			if a.outcome.status != bus.StatusRefused || !strings.Contains(a.outcome.text, what) {
				t.Errorf("%s: %+v", what, a.outcome)
			}
		}
	})
}

// Who leaves by themselves before a kick holds up nobody for long.
func TestKickOfOneWhoLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, board, stop := newStage()
		defer stop()
		s.said = func(int, string, string) room.Event { return &room.UserLeave{User: "Alice"} }
		s.furnish(board)
		start := time.Now()
		r := board.handle(context.Background(), find(t, "kick"), bus.Command{Args: []string{"alice"}})
		if r.Status != bus.StatusNoEffect || r.Text != "Alice left before the kick came to them" || time.Since(start) > soonTimeout {
			t.Errorf("%+v after %v", r, time.Since(start))
		}
	})
}
