package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
)

func TestLookAlikesAreToldApartWhereNamesAreCut(t *testing.T) {
	one, two := strings.Repeat("alice", 6)+"_one", strings.Repeat("alice", 6)+"_two"
	m, _ := operate(t, 80, 24)
	m.Update(updates("movienight",
		event(&room.UserJoin{User: one, UserData: user(one, 1)}), event(&room.UserJoin{User: two, UserData: user(two, 1)}),
	))
	told := func(where string, rows []string) {
		t.Helper()
		text := ansi.Strip(strings.Join(rows, "\n"))
		if !strings.Contains(text, "_one") || !strings.Contains(text, "_two") {
			t.Errorf("%s:\n%s", where, text)
		}
	}
	v := m.room()
	told("users", m.usersRows(v, rect{w: 20, h: 30}))
	told("chat", v.chat.view())
	d := &radarList{room: v.name, verbs: bulkVerbs, reason: newField("reason", "", nil), people: []suspect{{name: one, at: m.now}, {name: two, at: m.now}}}
	told("radar", d.box(m))
	resized, _ := operate(t, 44, 12)
	told("card", append((&card{room: v.name, name: one}).box(resized), (&card{room: v.name, name: two}).box(resized)...))
	told("table", []string{
		m.tableCells([]column{{w: 10, person: true}}, []string{one}, 10), m.tableCells([]column{{w: 10, person: true}}, []string{two}, 10),
	})
}

func TestCuttingANameKeepsItsEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		w    int
		want string
	}{
		{"bob", 8, "bob"}, {"alicealicealice1", 9, "alic…ice1"}, {"alicealicealice1", 4, "ali…"}, {"alicealicealice1", 0, ""},
		{"日本語ユーザー名前", 9, "日本…名前"},
	} {
		if got := cutName(ansi.WcWidth, c.name, c.w); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.name, c.w, got, c.want)
		}
	}
	for w := range 40 {
		for _, name := range []string{"👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", "aé\u0301\u0302\u0303bcdefghijk", strings.Repeat("日本", 20)} {
			for _, by := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
				if n := by.StringWidth(cutName(by, name, w)); n > w {
					t.Fatalf("%q in %d takes %d", name, w, n)
				}
			}
		}
	}
}
