package bot

import (
	"slices"
	"testing"

	"rosey/bus/room"
)

func TestUncloak(t *testing.T) {
	for masked, want := range map[string][]string{
		"yFA.j8g.iXh.gvS": {"127.0.0.1"}, "+Jk.prl.R18.QJP": {"10.240.172.38"}, // as v0.5.0 showed them
		"127.0.0.1": nil, "yFA.j8g.iXh.*": nil, "": nil, "yFA.j8g": nil, "aB3d:eF6h:*:*": nil,
	} {
		if got := uncloak(masked); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", masked, got, want)
		}
	}
	u := room.User{Name: "bob", Meta: room.Meta{IP: "yFA.j8g.iXh.gvS", Aliases: []string{"bob", "rob"}}}
	if got := presentLines(u, "")[4:]; !slices.Equal(got, []string{"IP: yFA.j8g.iXh.gvS", "Uncloaked: 127.0.0.1", "Aliases: bob, rob"}) {
		t.Errorf("%q", got)
	}
}
