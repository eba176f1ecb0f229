package room

import "testing"

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Alice", "alice", false}, {"Alice", "A1ice", true}, {"bob", "b0b", true}, {"bob", "rob", false},
		{"carol", "caro", true}, {"carol", "karol", true}, {"mod_2", "mod2", true}, {"dave", "erin", false}, {"", "x", false},
	} {
		if Alike(c.a, c.b) != c.want || Alike(c.b, c.a) != c.want {
			t.Errorf("%q and %q: want %v", c.a, c.b, c.want)
		}
	}
}
