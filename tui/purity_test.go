package tui

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// A walk is what somebody does and what happens meanwhile: n steps chosen by
// seed.
func walk(seed uint64, n int) []tea.Msg {
	r := rand.New(rand.NewPCG(seed, 1))
	names := []string{"up", "down", "pgup", "pgdown", "home", "end", "enter", "esc", "tab", "j", "k", "g", "G", "l", "h", "s", "r", "t", "f", "a", "]", "[", "m",
		"f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "alt+g", "alt+z", "alt+j", "alt+n", "ctrl+u", "ctrl+p", "ctrl+up", "ctrl+down"}
	sizes := [][2]int{{40, 8}, {80, 24}, {120, 30}, {160, 20}, {240, 60}}
	var out []tea.Msg
	for i := range n {
		switch at := r.IntN(20); {
		case at < 12:
			name := names[r.IntN(len(names))]
			k, ok := keysByName[name]
			if !ok {
				k = tea.KeyPressMsg{Code: rune(name[0]), Text: name}
			}
			out = append(out, slices.Repeat([]tea.Msg{k}, 1+r.IntN(4)*r.IntN(4))...)
		case at < 16:
			b := tea.MouseWheelUp
			if r.IntN(2) == 0 {
				b = tea.MouseWheelDown
			}
			out = append(out, slices.Repeat([]tea.Msg{tea.MouseWheelMsg{X: r.IntN(240), Y: r.IntN(30), Button: b}}, 1+r.IntN(5))...)
		case at < 17:
			s := sizes[r.IntN(len(sizes))]
			out = append(out, tea.WindowSizeMsg{Width: s[0], Height: s[1]})
		case at < 18:
			out = append(out, updates("movienight", event(&room.Removed{UID: r.IntN(40)}), event(&room.UserLeave{User: fmt.Sprint("guest", r.IntN(40))})))
		case at < 19:
			out = append(out, updates("movienight", event(&room.PollOpened{Poll: *bigPoll(r.IntN(60), i%2 == 0)})))
		default:
			out = append(out, updates("movienight", event(message("21:04", "bob", "and what happens meanwhile"))), deeds(3))
		}
	}
	return out
}

func walker(tb testing.TB) *model {
	m, _ := twoRooms(tb, 240, 60)
	press(tb, m, "alt+z")
	m.Update(deeds(80))
	st := &m.room().state
	for i := range 40 {
		st.Playlist = append(st.Playlist, room.Item{UID: 10 + i, QueueBy: "bob", Media: room.Media{Title: fmt.Sprint("film ", i), Seconds: 60}})
		st.Users = append(st.Users, user(fmt.Sprint("guest", i), 0))
	}
	m.room().rev++
	page := bus.TopReply{}
	for i := range 60 {
		page.Users = append(page.Users, bus.UserStats{Username: fmt.Sprint("person", i)})
	}
	m.views[viewPeople].(*peoplePage).seen.known = true
	m.views[viewPeople].(*peoplePage).seen.reply = page
	return m
}

// The terminal may be too slow for every screen to be drawn: what the console
// does must not depend on which were.
func TestDrawingChangesNothing(t *testing.T) {
	walks := uint64(30)
	if testing.Short() {
		walks = 10
	}
	for seed := range walks {
		drawn, blind := walker(t), walker(t)
		drawn.View()
		steps := walk(seed, 30)
		for i, msg := range steps {
			drawn.Update(msg)
			blind.Update(msg)
			drawn.View()
			if i%10 != 9 {
				continue
			}
			now := evening.Add(time.Duration(i) * time.Second) // figures are made anew each second
			drawn.Update(tickMsg(now))
			blind.Update(tickMsg(now))
			a, b := screen(drawn), screen(blind)
			if slices.Equal(a, b) {
				continue
			}
			var diff []string
			for y := range min(len(a), len(b)) {
				if a[y] != b[y] && len(diff) < 12 {
					diff = append(diff, "drawn "+a[y], "blind "+b[y])
				}
			}
			var done []string
			for _, msg := range steps[max(0, i-9) : i+1] {
				done = append(done, fmt.Sprintf("%T %v", msg, msg))
			}
			t.Errorf("walk %d after %d steps, view %d, dialog %T:\n%s\n%s", seed, i, drawn.shown, drawn.dialog(), strings.Join(done, "\n"), strings.Join(diff, "\n"))
			break
		}
	}
}
