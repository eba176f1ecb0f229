package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rosey/bus"
	"rosey/bus/room"
)

func rankCommands() []*command {
	return []*command{
		{CommandInfo: bus.CommandInfo{Name: "rank", Group: groupControl, Help: "Gives a person a rank in the channel: 1 user, 2 moderator, 3 admin, 4 owner.",
			Args: []bus.ArgInfo{nameArg, {Name: "rank", Type: bus.ArgRank}}, Rank: room.RankAdmin, Destructive: true}, plan: planRank},
		{CommandInfo: bus.CommandInfo{Name: "ranks", Group: groupControl, Help: "Lists everyone who has a rank in the channel.",
			Rank: room.RankAdmin, Asks: true}, plan: planRanks},
		{CommandInfo: bus.CommandInfo{Name: "leader", Group: groupControl, Help: "Lets a person steer the playback: what they pause or seek, everybody's player does.",
			Args: []bus.ArgInfo{userArg}, Needs: "leaderctl", Inverse: "unleader"}, plan: planLeader},
		{CommandInfo: bus.CommandInfo{Name: "unleader", Group: groupControl, Help: "Takes the lead away from whoever has it.",
			Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgUser, Optional: true}}, Needs: "leaderctl"}, plan: planUnleader},
	}
}

type nameAndRank struct {
	Name string  `json:"name"`
	Rank float64 `json:"rank"`
}

func planRank(r *request) (*plan, error) {
	name, err := r.named(r.args["user"])
	if err != nil {
		return nil, err
	}
	rank, err := strconv.ParseFloat(r.args["rank"], 64)
	if err != nil || rank != float64(int(rank)) {
		return nil, errors.New("a rank is a number: 1 user, 2 moderator, 3 admin, 4 owner")
	}
	if err := r.mayGive(rank); err != nil {
		return nil, err
	}
	u, here := r.state.User(name)
	p := &plan{does: fmt.Sprintf("give %s rank %.0f", name, rank), target: name, reason: fmt.Sprintf("rank %.0f", rank)}
	if here && u.Rank != rank && r.mayGive(u.Rank) == nil && rank < r.state.Self.Rank { // else it could only be refused
		p.undo = fmt.Sprintf("rank %s %.0f", name, u.Rank)
	}
	p.run = func(d *deed, _ []int) outcome {
		text := fmt.Sprintf("%s has rank %.0f now", name, rank)
		return d.emit(emission{name: "setChannelRank", arg: nameAndRank{name, rank}, alone: "rank", done: text,
			seen: given(name, rank, here && u.Rank < room.RankUser, text)})
	}
	return p, nil
}

// given watches for a new rank. To a guest it is given, and then CyTube
// complains that it does not last (PROTOCOL.md §6).
func given(name string, rank float64, guest bool, text string) watcher {
	has := false
	return func(_ *room.State, e room.Event) (outcome, bool) {
		switch e := e.(type) {
		case *room.UserRank:
			has = has || room.Fold(e.User) == room.Fold(name) && e.Rank == rank
			return done(""), has && !guest
		case *room.Notice:
			if has {
				return done(text + "\nCyTube says: " + e.Text), e.Kind == room.NoticeRankFail
			}
			return refusedWith("CyTube says: " + e.Text), e.Kind == room.NoticeRankFail
		}
		return outcome{}, false
	}
}

// mayGive tells why a rank cannot be given: only what is beneath one's own can,
// and an owner's by owners (PROTOCOL.md §6).
func (r *request) mayGive(rank float64) error {
	own := r.state.Self.Rank
	if rank < 1 || rank >= own && !(own == room.RankOwner && rank == own) {
		return fmt.Errorf("the bot has rank %.1f and can give 1 to less than that", own)
	}
	if asker, ok := r.asker(); ok && rank >= asker.Rank {
		return fmt.Errorf("you have rank %.1f and can give 1 to less than that", asker.Rank)
	}
	return nil
}

func planRanks(r *request) (*plan, error) {
	return &plan{does: "ask for the ranks", run: func(d *deed, _ []int) outcome {
		var ranks []room.RankEntry
		o := d.emit(emission{name: "requestChannelRanks", alone: "ranks", silent: "CyTube did not send the ranks: an unregistered channel has none",
			seen: func(_ *room.State, e room.Event) (outcome, bool) {
				list, ok := e.(*room.Ranks)
				if ok {
					ranks = list.Ranks
				}
				return done(""), ok
			}})
		if o.status != bus.StatusDone {
			return o
		}
		ranks = slices.Clone(ranks)
		slices.SortStableFunc(ranks, func(a, b room.RankEntry) int { return int(b.Rank*2) - int(a.Rank*2) })
		lines := []string{fmt.Sprintf("Ranks (%d):", len(ranks))}
		for _, e := range ranks {
			lines = append(lines, fmt.Sprintf("  [%.1f] %s", e.Rank, e.Name))
		}
		o = done(strings.Join(lines, "\n"))
		o.data = ranks
		return o
	}}, nil
}

func planLeader(r *request) (*plan, error) {
	u, err := r.present(r.args["user"])
	if err != nil {
		return nil, err
	}
	return &plan{does: "make " + u.Name + " the leader", target: u.Name, undo: "unleader " + u.Name, run: func(d *deed, _ []int) outcome {
		return d.lead(u.Name, u.Name+" leads now")
	}}, nil
}

func planUnleader(r *request) (*plan, error) {
	leader := r.state.Leader
	if leader == "" {
		return nil, errors.New("nobody leads")
	}
	if name := r.args["user"]; name != "" && room.Fold(name) != room.Fold(leader) {
		return nil, fmt.Errorf("%s does not lead; %s does", name, leader)
	}
	return &plan{does: "take the lead away from " + leader, target: leader, undo: "leader " + leader, run: func(d *deed, _ []int) outcome {
		return d.lead("", leader+" does not lead any more")
	}}, nil
}

// lead assigns the leader; an empty name takes the lead away.
func (d *deed) lead(name, text string) outcome {
	return d.emit(emission{name: "assignLeader", alone: "leader", done: text, arg: struct {
		Name string `json:"name"`
	}{name}, seen: func(_ *room.State, e room.Event) (outcome, bool) {
		switch e := e.(type) {
		case *room.Leader:
			return done(""), room.Fold(e.User) == room.Fold(name)
		case *room.Notice:
			return refusedWith("CyTube says: " + e.Text), e.Kind == room.NoticeError && strings.HasPrefix(e.Text, "Unable to assign leader")
		}
		return outcome{}, false
	}})
}
