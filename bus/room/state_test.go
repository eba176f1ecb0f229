package room

import "testing"

func TestNeeds(t *testing.T) {
	t.Parallel()
	locked := fold(&SelfRank{Rank: 1}, &PlaylistLock{Locked: true}, &Permissions{Needs: map[string]float64{
		"chat": 0, "kick": 1.5, "playlistadd": 1.5, "oplaylistadd": -1, "playlistnext": 1, "oplaylistnext": 1.5,
	}})
	open := Apply(locked, &PlaylistLock{Locked: false})
	tests := []struct {
		name  string
		s     State
		key   string
		need  float64
		known bool
	}{
		{"below own rank", locked, "chat", 0, true},
		{"above", locked, "kick", 1.5, true},
		{"locked queue", locked, "playlistadd", 1.5, true},
		{"open queue", open, "playlistadd", -1, true},
		{"open queue that asks for more", open, "playlistnext", 1, true},
		{"fixed", open, "readChanLog", 3, true},
		{"fixed, table not yet there", New(), "setOptions", 2, true},
		{"unknown", open, "fly", 0, false},
		{"table not yet there", New(), "chat", 0, false},
	}
	for _, tt := range tests {
		need, known := tt.s.Needs(tt.key)
		if need != tt.need || known != tt.known {
			t.Errorf("%s: %s needs %v (%v)", tt.name, tt.key, need, known)
		}
	}
}

func TestUser(t *testing.T) {
	t.Parallel()
	s := fold(join("Alice", 1), join("bob", 2))
	if u, ok := s.User("BOB"); !ok || u.Name != "bob" {
		t.Errorf("User(BOB) = %+v, %v", u, ok)
	}
	if _, ok := s.User("bo"); ok {
		t.Error("bo is here")
	}
	if _, _, ok := s.Item(0); ok {
		t.Error("an empty queue has an item")
	}
}
