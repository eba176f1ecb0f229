package room

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestApplyRandom folds random events and holds Apply to what it promises:
// states handed out before stay as they were, a repeated event changes
// nothing, and people and queue are those of a model written another way.
func TestApplyRandom(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 7))
		var held []State
		var looks []string
		s, m := New(), model{users: map[string]float64{}}
		for range 120 {
			e := randomEvent(rng)
			before := look(t, e)
			next := Apply(s, e)
			if look(t, e) != before {
				t.Fatalf("seed %d: Apply changed its event %T", seed, e)
			}
			if again := Apply(next, e); !reflect.DeepEqual(again, next) {
				t.Fatalf("seed %d: %T again gives\n%+v\nwas\n%+v", seed, e, again, next)
			}
			// A branch from the same state must not write where next reads.
			Apply(s, randomEvent(rng))
			held, looks = append(held, next), append(looks, look(t, next))
			s = next
			m.apply(e)
			if got, want := peopleOf(s), m.people(); got != want {
				t.Fatalf("seed %d: after %T people are %s, want %s", seed, e, got, want)
			}
			if got := uids(s); !slices.Equal(got, m.queue) {
				t.Fatalf("seed %d: after %T %s queue is %v, want %v", seed, e, before, got, m.queue)
			}
		}
		for i, old := range held {
			if look(t, old) != looks[i] {
				t.Fatalf("seed %d: state %d changed after it was handed out", seed, i)
			}
		}
	}
}

// look is everything that can be seen of a value.
func look(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("encode %T: %v", v, err)
	}
	return string(data)
}

func peopleOf(s State) string {
	var b strings.Builder
	for _, u := range s.Users {
		fmt.Fprintf(&b, "%s=%v ", strings.ToLower(u.Name), u.Rank)
	}
	return b.String()
}

// model is the slow and plain way to keep people and queue: a map that is
// sorted when looked at, and a list searched from the start each time.
type model struct {
	users map[string]float64
	queue []int
}

func (m *model) people() string {
	var names []string
	for name := range m.users {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "%s=%v ", name, m.users[name])
	}
	return b.String()
}

func (m *model) apply(e Event) {
	switch e := e.(type) {
	case *UserList:
		clear(m.users)
		for _, u := range e.Users {
			m.users[strings.ToLower(u.Name)] = u.Rank
		}
	case *UserJoin:
		m.users[strings.ToLower(e.User)] = e.UserData.Rank
	case *UserLeave:
		delete(m.users, strings.ToLower(e.User))
	case *UserRank:
		if _, here := m.users[strings.ToLower(e.User)]; here {
			m.users[strings.ToLower(e.User)] = e.Rank
		}
	case *Playlist:
		m.queue = nil
		for _, it := range e.Items {
			m.take(it.UID)
			m.queue = append(m.queue, it.UID)
		}
	case *Queued:
		m.take(e.Item.UID)
		if !m.put(e.Item.UID, e.After) {
			m.queue = append(m.queue, e.Item.UID)
		}
	case *Moved:
		old := slices.Clone(m.queue)
		if m.take(e.UID) && !m.put(e.UID, e.After) {
			m.queue = old
		}
	case *Removed:
		m.take(e.UID)
	case *Connection:
		if e.State == LinkConnecting {
			m.queue = nil
		}
	}
}

func (m *model) take(uid int) bool {
	for i, at := range m.queue {
		if at == uid {
			m.queue = append(append([]int{}, m.queue[:i]...), m.queue[i+1:]...)
			return true
		}
	}
	return false
}

func (m *model) put(uid int, after After) bool {
	var out []int
	done := false
	if after.Where == AtStart {
		out, done = append(out, uid), true
	}
	for _, at := range m.queue {
		out = append(out, at)
		if after.Where == AfterUID && at == after.UID {
			out, done = append(out, uid), true
		}
	}
	if after.Where == AtEnd {
		out, done = append(out, uid), true
	}
	if done {
		m.queue = out
	}
	return done
}

// randomEvent draws from few names and UIDs, so that events meet.
func randomEvent(rng *rand.Rand) Event {
	switch rng.IntN(5) {
	case 0, 1:
		return randomPeople(rng)
	case 2, 3:
		return randomQueue(rng)
	}
	emote := func() Emote { return Emote{Name: randomName(rng), Image: randomName(rng)} }
	switch rng.IntN(5) {
	case 0:
		return &PollOpened{Poll: Poll{Title: randomName(rng), Options: []string{"o"}, Counts: []string{"1"}}}
	case 1:
		return &EmoteSet{Old: []string{"", randomName(rng)}[rng.IntN(2)], Emote: emote()}
	case 2:
		return &Emotes{Emotes: []Emote{emote(), emote(), emote()}}
	case 3:
		return &Leader{User: randomName(rng)}
	}
	return &Connection{State: []LinkState{LinkDown, LinkUp, LinkUp, LinkConnecting}[rng.IntN(4)]}
}

func randomPeople(rng *rand.Rand) Event {
	user := func() User {
		meta := Meta{AFK: rng.IntN(2) == 0, Aliases: []string{randomName(rng)}}
		return User{Name: randomName(rng), Rank: float64(rng.IntN(5)), Meta: meta}
	}
	switch rng.IntN(9) {
	case 0:
		e := &UserList{}
		for range rng.IntN(6) {
			e.Users = append(e.Users, user())
		}
		return e
	case 1, 2, 3:
		u := user()
		return &UserJoin{User: u.Name, UserData: u}
	case 4, 5:
		return &UserLeave{User: randomName(rng)}
	case 6:
		return &UserRank{User: randomName(rng), Rank: float64(rng.IntN(4)) / 2}
	case 7:
		return &UserMeta{User: randomName(rng), Meta: user().Meta}
	}
	return &UserAFK{User: randomName(rng), AFK: rng.IntN(2) == 0}
}

func randomQueue(rng *rand.Rand) Event {
	uid := func() int { return rng.IntN(9) }
	after := func() After {
		return After{Where: []AfterWhere{AtStart, AtEnd, AfterUID, AfterUID, ""}[rng.IntN(5)], UID: uid()}
	}
	item := func() Item { return Item{UID: uid(), QueueBy: randomName(rng), Temp: rng.IntN(2) == 0} }
	switch rng.IntN(12) {
	case 0:
		e := &Playlist{}
		for range rng.IntN(7) {
			e.Items = append(e.Items, item())
		}
		return e
	case 1, 2, 3, 4:
		return &Queued{Item: item(), After: after()}
	case 5, 6:
		return &Moved{UID: uid(), After: after()}
	case 7:
		return &Removed{UID: uid()}
	case 8:
		return &TempSet{UID: uid(), Temp: rng.IntN(2) == 0}
	case 9:
		return &Current{UID: uid()}
	case 10:
		return &MediaChange{Media: Media{ID: randomName(rng), Seconds: float64(rng.IntN(100))}, Time: rng.Int64()}
	}
	return &MediaUpdate{Position: rng.Float64() * 100, Time: rng.Int64()}
}

func randomName(rng *rand.Rand) string {
	return []string{"ann", "Ann", "bob", "Cy", "cy", "d_1", "D-2"}[rng.IntN(7)]
}
