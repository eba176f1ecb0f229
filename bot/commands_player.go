package bot

import (
	"errors"
	"fmt"
	"time"

	"rosey/bus/room"
)

func planLock(locked bool) func(*request) (*plan, error) {
	did, back := "locked", "unlock"
	if !locked {
		did, back = "unlocked", "lock"
	}
	return func(r *request) (*plan, error) {
		return &plan{does: r.cmd.Name + " the queue", undo: back, run: func(d *deed, _ []int) outcome {
			return d.emit(emission{name: "togglePlaylistLock", alone: "lock", done: "The queue is " + did + " now",
				unless: func(s *room.State) string {
					if s.Locked == locked {
						return "the queue is " + did + " already"
					}
					return ""
				},
				seen: func(_ *room.State, e room.Event) (outcome, bool) {
					l, ok := e.(*room.PlaylistLock)
					return done(""), ok && l.Locked == locked
				}})
		}}, nil
	}
}

type updateArg struct {
	ID       string  `json:"id"`
	Position float64 `json:"currentTime"`
	Paused   bool    `json:"paused"`
	Type     string  `json:"type"`
}

func planPause(paused bool) func(*request) (*plan, error) {
	return func(r *request) (*plan, error) {
		if r.state.Leader == "" || room.Fold(r.state.Leader) != room.Fold(r.state.Self.Name) {
			return nil, fmt.Errorf("can not %s: not a leader", r.cmd.Name)
		}
		now, at, ok := r.state.NowPlaying(time.Now().UnixMilli())
		if !ok {
			return nil, sentence("Nothing is currently playing")
		}
		text := "Paused"
		if !paused {
			text = "Resumed"
		}
		return &plan{does: r.cmd.Name + " " + now.Media.Title, target: now.Media.Title, undo: r.cmd.Inverse, run: func(d *deed, _ []int) outcome {
			return d.emit(emission{name: "mediaUpdate", arg: updateArg{now.Media.ID, at, paused, now.Media.Type}, done: text,
				seen: func(_ *room.State, e room.Event) (outcome, bool) {
					u, ok := e.(*room.MediaUpdate)
					return done(""), ok && u.Paused == paused
				}})
		}}, nil
	}
}

func planVoteskip(r *request) (*plan, error) {
	if r.args["vote"] == "" {
		if err := r.need("viewvoteskip"); err != nil { // CyTube tells nobody else
			return nil, err
		}
		v := r.state.Voteskip
		o := done(fmt.Sprintf("Voteskip: %d/%d", v.Count, v.Need))
		o.data = v
		return answer(o), nil
	}
	if err := r.need("voteskip"); err != nil {
		return nil, err
	}
	if !r.state.Options.AllowVoteskip {
		return nil, errors.New("this channel has no vote to skip")
	}
	if r.state.Media == nil {
		return nil, sentence("Nothing is currently playing")
	}
	before := r.state.Voteskip.Count
	return &plan{does: "vote to skip " + r.state.Media.Media.Title, target: r.state.Media.Media.Title, run: func(d *deed, _ []int) outcome {
		return d.emit(emission{name: "voteskip", alone: "voteskip", silent: "no vote was counted: CyTube takes one from each address",
			seen: func(_ *room.State, e room.Event) (outcome, bool) {
				switch e := e.(type) {
				case *room.Voteskip:
					return done(fmt.Sprintf("Voted. Voteskip: %d/%d", e.Count, e.Need)), e.Count > before
				case *room.Message:
					return done("Voted, and the vote passed"), e.Server && e.User == "[voteskip]"
				}
				return outcome{}, false
			}})
	}}, nil
}
