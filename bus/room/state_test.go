package room

import "testing"

func TestNeeds(t *testing.T) {
	t.Parallel()
	locked := fold(&SelfRank{Rank: 1}, &PlaylistLock{Locked: true}, &Permissions{Needs: map[string]float64{
		"chat": 0, "kick": 1.5, "playlistadd": 1.5, "oplaylistadd": -1, "playlistnext": 1, "oplaylistnext": 1.5,
	}})
	open := Apply(locked, &PlaylistLock{Locked: false})
	tests := []struct {
		name    string
		s       State
		key     string
		need    float64
		known   bool
		allowed bool
	}{
		{"below own rank", locked, "chat", 0, true, true},
		{"above", locked, "kick", 1.5, true, false},
		{"locked queue", locked, "playlistadd", 1.5, true, false},
		{"open queue", open, "playlistadd", -1, true, true},
		{"open queue that asks for more", open, "playlistnext", 1, true, true},
		{"fixed", open, "readChanLog", 3, true, false},
		{"fixed, table not yet there", New(), "setOptions", 2, true, false},
		{"unknown", open, "fly", 0, false, false},
		{"table not yet there", New(), "chat", 0, false, false},
	}
	for _, tt := range tests {
		need, known := tt.s.Needs(tt.key)
		if need != tt.need || known != tt.known || tt.s.Allowed(tt.key) != tt.allowed {
			t.Errorf("%s: %s needs %v (%v), allowed %v", tt.name, tt.key, need, known, tt.s.Allowed(tt.key))
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
