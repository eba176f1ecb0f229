package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
)

// odd are texts that have led terminals astray: long, wide, joined, right to
// left, without width, and with marks piled on one another.
var odd = []string{
	strings.Repeat("three hundred letters ", 14)[:300],
	strings.Repeat("日本沈没", 75),
	strings.Repeat("👨‍👩‍👧🎬", 40),
	"👩🏽‍🚀 🏳️‍🌈 ✂️ 🇩🇪 ☺️ ❤️",
	"שלום עולם — سينما الليلة",
	"a\u200bb\u200dc\ufeffd\u2060e",
	"\u200b\u200b\u200b",
	"z̴̢̛a̵͎͠l̶̡͝g̸̨͝o̴͜",
	"\u202etxt.exe\u202c",
	"नमस्ते กำลังดี 한국어 각",
	"",
}

// cut is what stands in a row from one column to another.
func cut(m *model, row string, from, to int) string {
	var b strings.Builder
	for x := 0; row != "" && x < to; {
		cluster, n := ansi.FirstGraphemeCluster(row, m.by)
		if row = row[len(cluster):]; x >= from {
			b.WriteString(cluster)
		}
		x += n
	}
	return b.String()
}

func oddModel(t *testing.T, w, h int, graphemes bool) *model {
	t.Helper()
	o := testOptions()
	o.Rooms = []string{"movienight", "кино 🎬日本", "den"}
	m, _ := testModel(t, o, w, h)
	if graphemes {
		m.Update(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeSet})
	}
	m.Update(scene())
	st := &m.room().state
	st.Playlist, st.Users = nil, nil
	for i, text := range odd {
		st.Playlist = append(st.Playlist, room.Item{UID: i + 1, QueueBy: room.Clean(text), Media: room.Media{Title: room.Clean(text), Seconds: 3661}})
		st.Users = append(st.Users, user(room.Clean("n"+text), 1))
	}
	st.Media = &room.MediaChange{Media: st.Playlist[0].Media}
	m.room().rev++
	return m
}

// Whatever stands in a column, the one after it begins at its cell.
func TestOddTextsLeaveColumnsWhereTheyAre(t *testing.T) {
	for _, graphemes := range []bool{false, true} {
		for _, s := range []struct{ w, h int }{{80, 24}, {160, 50}, {240, 60}} {
			m := oddModel(t, s.w, s.h, graphemes)
			requireShape(t, m, s.w, s.h)
			rows, u := screen(m), m.layout.users
			for i := range u.h {
				row := rows[u.y+i]
				if got := cut(m, row, u.x-1, u.x); got != "│" {
					t.Errorf("%v %dx%d: the divider's cell is %q in %q", graphemes, s.w, s.h, got, row)
				}
				if mark := cut(m, row, u.x, u.x+4); strings.HasPrefix(mark, "  +") && mark != "  + " {
					t.Errorf("%v %dx%d: a user begins as %q", graphemes, s.w, s.h, mark)
				}
			}
			if d := m.layout.detail; d.w > 0 {
				n := 0
				for i := range d.h {
					row := rows[d.y+i]
					if cut(m, row, d.x-1, d.x) != "│" {
						t.Errorf("%v %dx%d: the pane is pushed aside in %q", graphemes, s.w, s.h, row)
					}
					if cut(m, row, d.x+d.w-8, d.x+d.w) == "1:01:01 " {
						n++
					}
				}
				if n != len(odd)-1 { // the first one plays
					t.Errorf("%v %dx%d: %d lengths stand in their column", graphemes, s.w, s.h, n)
				}
			}
			press(t, m, "f3")
			requireShape(t, m, s.w, s.h)
			n := 0
			for _, row := range screen(m) {
				if cut(m, row, s.w-8, s.w) == "1:01:01 " && cut(m, row, s.w-11, s.w-8) == "   " {
					n++
				}
			}
			if n != len(odd) {
				t.Errorf("%v %dx%d: %d of %d lengths stand in their column:\n%s", graphemes, s.w, s.h, n, len(odd), strings.Join(screen(m), "\n"))
			}
		}
	}
}

// Rooms are where the header shows them, whatever they are called.
func TestOddRoomsAreClickedWhereTheyStand(t *testing.T) {
	for _, graphemes := range []bool{false, true} {
		for _, w := range []int{60, 80, 160} {
			m := oddModel(t, w, 24, graphemes)
			_, _, tabs := m.headerParts()
			row := screen(m)[0]
			if got := cut(m, row, tabs[2].x, tabs[2].x+1); got != "3" {
				t.Errorf("%v %d columns: the third room's cell is %q in %q", graphemes, w, got, row)
			}
		}
	}
}
