package bot

import (
	"context"
	"testing"

	"rosey/bus"
	"rosey/bus/room"
)

// What is asked while the bot is away is answered from what it saw last, and
// says so: the people listed may be long gone.
func TestAnswersFromMemorySaySo(t *testing.T) {
	t.Parallel()
	for verb, warns := range map[string]bool{
		"users": true, "info": true, "playlist": true, "current": true, "motd": true, "votes": true,
		"status": false, "help": false,
	} {
		t.Run(verb, func(t *testing.T) {
			s, board, stop := newStage()
			defer stop()
			ask := func() bus.CommandReply {
				return board.handle(context.Background(), find(t, verb), bus.Command{})
			}
			if r := ask(); r.Warning != "" {
				t.Errorf("in the room: %+v", r)
			}
			s.state = room.Apply(s.state, &room.Connection{State: room.LinkDown, Reason: `kicked: "bye"`})
			s.show(board)
			want := ""
			if warns {
				want = `the bot is not in the room (down): kicked: "bye": this is what it saw last`
			}
			if r := ask(); r.Warning != want {
				t.Errorf("away: %+v", r)
			}
		})
	}
}
