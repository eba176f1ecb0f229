package room

import (
	"reflect"
	"slices"
	"testing"
)

// fold applies events in turn to a room of which nothing is known.
func fold(events ...Event) State {
	s := New()
	for _, e := range events {
		s = Apply(s, e)
	}
	return s
}

func join(name string, rank float64) *UserJoin {
	return &UserJoin{User: name, UserData: User{Name: name, Rank: rank}}
}

func uids(s State) []int {
	uids := []int{}
	for _, it := range s.Playlist {
		uids = append(uids, it.UID)
	}
	return uids
}

func queue(uid int, after After) *Queued {
	return &Queued{Item: Item{UID: uid}, After: after}
}

func behind(uid int) After { return After{Where: AfterUID, UID: uid} }

var (
	first = After{Where: AtStart}
	last  = After{Where: AtEnd}
)

func TestPeople(t *testing.T) {
	t.Parallel()
	trio := &UserList{Users: []User{{Name: "carol"}, {Name: "Bob", Rank: 2}, {Name: "alice", Rank: 1}}}
	tests := []struct {
		name   string
		events []Event
		want   []User
	}{
		{"list is sorted by folded name", []Event{trio},
			[]User{{Name: "alice", Rank: 1}, {Name: "Bob", Rank: 2, IsModerator: true}, {Name: "carol"}}},
		{"list replaces", []Event{trio, &UserList{Users: []User{{Name: "dan"}}}}, []User{{Name: "dan"}}},
		{"list with a name twice", []Event{&UserList{Users: []User{{Name: "bob", Rank: 1}, {Name: "BOB", Rank: 3}, {}}}},
			[]User{{Name: "BOB", Rank: 3, IsModerator: true}}},
		{"join goes to its place", []Event{join("b", 0), join("C", 0), join("a", 0)},
			[]User{{Name: "a"}, {Name: "b"}, {Name: "C"}}},
		{"join again updates", []Event{join("Alice", 0), join("alice", 2)},
			[]User{{Name: "alice", Rank: 2, IsModerator: true}}},
		{"join without data", []Event{&UserJoin{User: "a"}, &UserJoin{}}, []User{{Name: "a"}}},
		{"AFK is told in meta", []Event{&UserList{Users: []User{{Name: "a", Meta: Meta{AFK: true}}, {Name: "b", AFK: true}}}},
			[]User{{Name: "a", AFK: true, Meta: Meta{AFK: true}}, {Name: "b"}}},
		{"leave in another case", []Event{join("Alice", 1), join("bob", 1), &UserLeave{User: "ALICE"}}, []User{{Name: "bob", Rank: 1}}},
		{"leave of a stranger", []Event{join("a", 0), &UserLeave{User: "b"}}, []User{{Name: "a"}}},
		{"rank makes a moderator", []Event{join("a", 1), &UserRank{User: "A", Rank: 2}}, []User{{Name: "a", Rank: 2, IsModerator: true}}},
		{"rank unmakes one", []Event{join("a", 3), &UserRank{User: "a", Rank: 1.5}}, []User{{Name: "a", Rank: 1.5}}},
		{"rank of an absent person", []Event{join("a", 0), &UserRank{User: "b", Rank: 3}}, []User{{Name: "a"}}},
		{"meta", []Event{join("a", 0), &UserMeta{User: "A", Meta: Meta{AFK: true, Muted: true, Aliases: []string{"x"}}}},
			[]User{{Name: "a", AFK: true, Meta: Meta{AFK: true, Muted: true, Aliases: []string{"x"}}}}},
		{"meta in a lesser form replaces", []Event{join("a", 0), &UserMeta{User: "a", Meta: Meta{ShadowMuted: true, IP: "x"}}, &UserMeta{User: "a"}},
			[]User{{Name: "a"}}},
		{"meta of an absent person", []Event{&UserMeta{User: "a", Meta: Meta{AFK: true}}}, nil},
		{"AFK keeps the rest of meta", []Event{join("a", 0), &UserMeta{User: "a", Meta: Meta{Muted: true, IP: "x"}}, &UserAFK{User: "a", AFK: true}},
			[]User{{Name: "a", AFK: true, Meta: Meta{AFK: true, Muted: true, IP: "x"}}}},
		{"AFK of an absent person", []Event{&UserAFK{User: "a", AFK: true}}, nil},
		{"profile", []Event{join("a", 0), &UserProfile{User: "A", Profile: Profile{Text: "hi"}}, &UserProfile{User: "b"}},
			[]User{{Name: "a", Profile: Profile{Text: "hi"}}}},
	}
	for _, tt := range tests {
		if got := fold(tt.events...).Users; !slices.EqualFunc(got, tt.want, func(a, b User) bool { return reflect.DeepEqual(a, b) }) {
			t.Errorf("%s: users are %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// TestLeader follows what d-rank-leader-log recorded: taking a leader away is
// told by the rank that falls back, and only then by an empty setLeader, or by
// none when the next leader is absent.
func TestLeader(t *testing.T) {
	t.Parallel()
	bob := []Event{join("Bob", 1), &Leader{User: "Bob"}, &UserRank{User: "Bob", Rank: 1.5}}
	mod := []Event{join("Mod", 2), &Leader{User: "Mod"}}
	tests := []struct {
		name   string
		events []Event
		want   string
	}{
		{"assigned", bob, "Bob"},
		{"taken away", append(slices.Clone(bob), &Leader{}), ""},
		{"rank falls back", append(slices.Clone(bob), &UserRank{User: "bob", Rank: 1}), ""},
		{"leaves", append(slices.Clone(bob), &UserLeave{User: "bob"}), ""},
		{"another leaves", append(slices.Clone(bob), &UserLeave{User: "ann"}), "Bob"},
		{"a moderator leads", append(slices.Clone(mod), &UserRank{User: "Mod", Rank: 3}), "Mod"},
		{"a new join", append(slices.Clone(bob), &Connection{State: LinkConnecting}), ""},
	}
	for _, tt := range tests {
		if got := fold(tt.events...).Leader; got != tt.want {
			t.Errorf("%s: leader is %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestQueue(t *testing.T) {
	t.Parallel()
	five := &Playlist{Items: []Item{{UID: 1}, {UID: 2}, {UID: 3}, {UID: 4}, {UID: 5}}}
	tests := []struct {
		name   string
		events []Event
		want   []int
	}{
		{"prepend", []Event{five, queue(6, first)}, []int{6, 1, 2, 3, 4, 5}},
		{"prepend to nothing", []Event{queue(0, first), queue(1, behind(0))}, []int{0, 1}},
		{"append", []Event{five, queue(6, last)}, []int{1, 2, 3, 4, 5, 6}},
		{"behind another", []Event{five, queue(6, behind(2))}, []int{1, 2, 6, 3, 4, 5}},
		{"behind the last", []Event{five, queue(6, behind(5))}, []int{1, 2, 3, 4, 5, 6}},
		{"behind nobody knows what", []Event{five, queue(6, behind(9)), queue(7, After{Where: "?"})}, []int{1, 2, 3, 4, 5, 6, 7}},
		{"queued twice", []Event{five, queue(2, behind(4))}, []int{1, 3, 4, 2, 5}},
		{"delete", []Event{five, &Removed{UID: 3}}, []int{1, 2, 4, 5}},
		{"delete what is not there", []Event{five, &Removed{UID: 9}}, []int{1, 2, 3, 4, 5}},
		{"move down", []Event{five, &Moved{UID: 2, After: behind(5)}}, []int{1, 3, 4, 5, 2}},
		{"move up", []Event{five, &Moved{UID: 5, After: behind(1)}}, []int{1, 5, 2, 3, 4}},
		{"move to the front", []Event{five, &Moved{UID: 4, After: first}}, []int{4, 1, 2, 3, 5}},
		{"move to the end", []Event{five, &Moved{UID: 1, After: last}}, []int{2, 3, 4, 5, 1}},
		{"move behind itself", []Event{five, &Moved{UID: 3, After: behind(3)}}, []int{1, 2, 3, 4, 5}},
		{"move behind nobody knows what", []Event{five, &Moved{UID: 3, After: behind(9)}}, []int{1, 2, 3, 4, 5}},
		{"move what is not there", []Event{five, &Moved{UID: 9, After: first}}, []int{1, 2, 3, 4, 5}},
		{"shuffle renumbers", []Event{five, &Playlist{Items: []Item{{UID: 8}, {UID: 6}, {UID: 7}}}}, []int{8, 6, 7}},
		{"a UID twice", []Event{&Playlist{Items: []Item{{UID: 1}, {UID: 2}, {UID: 1}}}}, []int{2, 1}},
		{"clear", []Event{five, &Playlist{}}, []int{}},
		{"a new join", []Event{five, &Connection{State: LinkConnecting}}, []int{}},
		{"the link goes", []Event{five, &Connection{State: LinkDown}}, []int{1, 2, 3, 4, 5}},
		{"as in e-playlist-edit", []Event{
			queue(0, first), queue(1, behind(0)), queue(2, behind(0)), queue(3, behind(1)),
			&Moved{UID: 3, After: first}, &Moved{UID: 0, After: last}, &Moved{UID: 2, After: behind(1)},
		}, []int{3, 1, 2, 0}},
	}
	for _, tt := range tests {
		if got := uids(fold(tt.events...)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: queue is %v, want %v", tt.name, got, tt.want)
		}
	}
	s := fold(five, &TempSet{UID: 2, Temp: true}, &TempSet{UID: 9, Temp: true})
	if it, place, ok := s.Item(2); !ok || place != 1 || !it.Temp {
		t.Errorf("item 2 is %+v at %d", it, place)
	}
}

func TestPlayback(t *testing.T) {
	t.Parallel()
	two := &Playlist{Items: []Item{{UID: 1}, {UID: 2}}}
	film := &MediaChange{Media: Media{ID: "f", Seconds: 100}, Position: -3, Paused: true, Time: 1000}
	tick := &MediaUpdate{Position: 10, Time: 50_000}
	live := &MediaChange{Media: Media{ID: "l"}, Time: 1000}
	tests := []struct {
		name    string
		events  []Event
		now     int64
		current int
		playing string
		at      float64
	}{
		{"nothing", nil, 0, -1, "", 0},
		{"lead-in", []Event{two, &Current{UID: 1}, film}, 2000, 1, "f", -3},
		{"between ticks", []Event{two, &Current{UID: 1}, film, tick}, 52_500, 1, "f", 12.5},
		{"clock behind", []Event{film, tick}, 40_000, -1, "f", 10},
		{"past the end", []Event{film, tick}, 500_000, -1, "f", 100},
		{"paused", []Event{film, &MediaUpdate{Position: 10, Paused: true, Time: 50_000}}, 90_000, -1, "f", 10},
		{"live has no end", []Event{live}, 500_000, -1, "l", 499},
		{"tick of nothing", []Event{tick}, 0, -1, "", 0},
		{"current before its item", []Event{&Current{UID: 7}, queue(7, last)}, 0, 7, "", 0},
		{"current removed, others stay", []Event{two, &Current{UID: 1}, film, &Removed{UID: 1}}, 1000, -1, "f", -3},
		{"current removed, unknown to the queue", []Event{&Current{UID: 1}, film, &Removed{UID: 1}}, 1000, -1, "f", -3},
		{"another removed", []Event{two, &Current{UID: 1}, film, &Removed{UID: 2}}, 1000, 1, "f", -3},
		{"last removed", []Event{two, &Current{UID: 1}, film, &Removed{UID: 2}, &Removed{UID: 1}}, 1000, -1, "", 0},
		{"cleared", []Event{two, &Current{UID: 1}, film, &Playlist{}}, 1000, -1, "", 0},
		{"sent again", []Event{two, &Current{UID: 1}, film, two}, 1000, 1, "f", -3},
		{"a new join", []Event{two, &Current{UID: 1}, film, &Connection{State: LinkConnecting}}, 1000, -1, "", 0},
	}
	for _, tt := range tests {
		s := fold(tt.events...)
		m, at, ok := s.NowPlaying(tt.now)
		if s.Current != tt.current || m.Media.ID != tt.playing || at != tt.at || ok != (tt.playing != "") {
			t.Errorf("%s: current %d, %q at %v; want %d, %q at %v", tt.name, s.Current, m.Media.ID, at, tt.current, tt.playing, tt.at)
		}
	}
}

func TestRoom(t *testing.T) {
	t.Parallel()
	poll := Poll{Title: "?", Options: []string{"a", "b"}, Counts: []string{"?", "?"}}
	voted := Poll{Title: "?", Options: []string{"a", "b"}, Counts: []string{"1", "0"}}
	tests := []struct {
		name   string
		events []Event
		want   func(*State)
	}{
		{"the server counts", []Event{&UserCount{Count: 9}, &UserList{Count: 1}}, func(s *State) { s.Count = 9 }},
		{"poll", []Event{&PollOpened{Poll: poll}, &PollUpdated{Poll: voted}}, func(s *State) { s.Poll = &voted }},
		{"poll closes", []Event{&PollOpened{Poll: poll}, &PollClosed{}, &PollClosed{}}, func(*State) {}},
		{"poll of another time", []Event{&PollOpened{Poll: poll}, &Connection{State: LinkConnecting}},
			func(s *State) { s.Connection.State = LinkConnecting }},
		{"voteskip", []Event{&Voteskip{Count: 1, Need: 3}}, func(s *State) { s.Voteskip = Voteskip{1, 3} }},
		{"voteskip ends with the item", []Event{&Voteskip{Count: 1, Need: 3}, &MediaChange{}}, func(s *State) { s.Media = &MediaChange{} }},
		{"login", []Event{&Login{Success: true, Name: "Bot", Guest: true}, &SelfRank{Rank: 3}},
			func(s *State) { s.Self = Self{Name: "Bot", Rank: 3, Guest: true} }},
		{"login refused", []Event{&Login{Error: "no"}}, func(*State) {}},
		{"self is gone at a new try", []Event{&Login{Success: true, Name: "Bot"}, &SelfRank{Rank: 3}, &Connection{State: LinkConnecting}},
			func(s *State) { s.Connection.State = LinkConnecting }},
		{"self stays while down", []Event{&SelfRank{Rank: 3}, &Connection{State: LinkDown, Reason: "x"}},
			func(s *State) { s.Self.Rank = 3; s.Connection = Connection{State: LinkDown, Reason: "x"} }},
		{"the rest", []Event{&Motd{Text: "hi"}, &Drinks{Count: 2}, &PlaylistLock{Locked: true}, &PlaylistMeta{Count: 1, Seconds: 5},
			&Permissions{Needs: map[string]float64{"kick": 1.5}}, &Options{PageTitle: "t"}},
			func(s *State) {
				s.Motd, s.Drinks, s.Locked = Motd{Text: "hi"}, 2, true
				s.Length, s.Options = PlaylistMeta{Count: 1, Seconds: 5}, Options{PageTitle: "t"}
				s.Perms = map[string]float64{"kick": 1.5}
			}},
		{"what only happens", []Event{&Message{User: "a"}, &PM{}, &Notice{}, &ChatCleared{}, &Kicked{}, &Gap{}, &Banlist{}, &Styling{}},
			func(*State) {}},
	}
	for _, tt := range tests {
		want := New()
		tt.want(&want)
		if got := fold(tt.events...); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: state is\n%+v\nwant\n%+v", tt.name, got, want)
		}
	}
}

func TestEmotes(t *testing.T) {
	t.Parallel()
	abc := &Emotes{Emotes: []Emote{{"a", "1"}, {"b", "2"}, {"c", "3"}}}
	tests := []struct {
		name string
		e    Event
		want []Emote
	}{
		{"change", &EmoteSet{Emote: Emote{"b", "9"}}, []Emote{{"a", "1"}, {"b", "9"}, {"c", "3"}}},
		{"add", &EmoteSet{Emote: Emote{"d", "4"}}, []Emote{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}}},
		{"rename", &EmoteSet{Old: "a", Emote: Emote{"z", "1"}}, []Emote{{"z", "1"}, {"b", "2"}, {"c", "3"}}},
		{"rename onto another", &EmoteSet{Old: "c", Emote: Emote{"a", "3"}}, []Emote{{"b", "2"}, {"a", "3"}}},
		{"rename of none", &EmoteSet{Old: "x", Emote: Emote{"y", "5"}}, []Emote{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"y", "5"}}},
		{"remove", &EmoteRemoved{Name: "b"}, []Emote{{"a", "1"}, {"c", "3"}}},
		{"remove none", &EmoteRemoved{Name: "x"}, []Emote{{"a", "1"}, {"b", "2"}, {"c", "3"}}},
		{"twice in a list", &Emotes{Emotes: []Emote{{"a", "1"}, {"b", "2"}, {"a", "3"}}}, []Emote{{"b", "2"}, {"a", "3"}}},
	}
	for _, tt := range tests {
		if got := fold(abc, tt.e).Emotes; !slices.Equal(got, tt.want) {
			t.Errorf("%s: emotes are %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestListsAreBounded(t *testing.T) {
	t.Parallel()
	s := New()
	s.Users = make([]User, MaxEntries)
	for i := range s.Users {
		s.Users[i].Name = string(rune(0x4e00+i%1000)) + string(rune(0x4e00+i/1000))
	}
	s = Apply(s, &UserList{Users: s.Users})
	if s.Full {
		t.Error("a list that just fits is called full")
	}
	if s = Apply(s, join("one more", 0)); len(s.Users) != MaxEntries || !s.Full {
		t.Errorf("%d users, full %v", len(s.Users), s.Full)
	}
	items := make([]Item, MaxEntries+1)
	for i := range items {
		items[i].UID = i
	}
	if s = Apply(New(), &Playlist{Items: items}); len(s.Playlist) != MaxEntries || !s.Full {
		t.Errorf("%d items, full %v", len(s.Playlist), s.Full)
	}
	if s = Apply(s, queue(-1, first)); len(s.Playlist) != MaxEntries {
		t.Errorf("%d items after one more", len(s.Playlist))
	}
}
