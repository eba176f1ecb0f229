package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// bigPoll has n options, of which the later ones have more votes, each with
// long texts where long.
func bigPoll(n int, long bool) *room.Poll {
	p := &room.Poll{Title: "What next?", Initiator: "Alice"}
	for i := range n {
		text := fmt.Sprintf("option %d", i+1)
		if long {
			text += " " + strings.Repeat("goes on and on ", 20)
		}
		p.Options, p.Counts = append(p.Options, text), append(p.Counts, fmt.Sprint(i))
	}
	return p
}

func openPoll(m *model, p *room.Poll) {
	m.Update(updates("movienight", event(&room.PollOpened{Poll: *p})))
}

// Whatever the poll, the pane and the playlist show the queue under it.
func TestTheQueueKeepsItsRowsUnderAnyPoll(t *testing.T) {
	for _, s := range []struct{ w, h int }{{160, 16}, {160, 50}, {240, 60}, {80, 24}, {100, 16}} {
		for _, p := range []*room.Poll{bigPoll(100, false), bigPoll(100, true), bigPoll(3, true)} {
			m, _ := operate(t, s.w, s.h)
			p.Title = strings.Repeat("a title without an end ", 20)
			openPoll(m, p)
			if s.w >= wideWidth {
				shows(t, m, "UP NEXT")
				shows(t, m, "Metropolis (1927)")
				requireShape(t, m, s.w, s.h)
			}
			press(t, m, "f3")
			shows(t, m, "Metropolis (1927) restored")
			shows(t, m, "24/7 lofi radio")
			requireShape(t, m, s.w, s.h)
		}
	}
}

func TestTheOptionsWithTheMostVotesStandFirst(t *testing.T) {
	m, _ := operate(t, 160, 50)
	openPoll(m, bigPoll(60, false))
	shows(t, m, "59  option 60")
	shows(t, m, "more · F3 shows all")
	hides(t, m, "  option 1 ")
	// Hidden counts are counts, and what is equal stays as it was put.
	o := pollOptions(&room.Poll{Options: []string{"a", "b", "c", "d"}, Counts: []string{"?", "1?", "?", "12"}})
	if got := o[0].text + o[1].text + o[2].text + o[3].text; got != "dbac" {
		t.Errorf("they stand as %s", got)
	}
}

func TestThePollScrollsInThePlaylist(t *testing.T) {
	m, _ := operate(t, 80, 24)
	openPoll(m, bigPoll(60, false))
	press(t, m, "f3")
	shows(t, m, "+ 55 more  ·  [ ] and the wheel scroll the poll")
	chosen := m.views[viewPlaylist].(*playlistPage).items.chosen
	press(t, m, "]", "]")
	shows(t, m, "+ 53 more")
	hides(t, m, "option 60")
	for range 100 {
		press(t, m, "]")
	}
	shows(t, m, "0  option 1 ")
	shows(t, m, "no more")
	press(t, m, "[") // it was not scrolled on past the end
	shows(t, m, "+ 1 more")
	m.Update(tea.MouseWheelMsg{X: 10, Y: 4, Button: tea.MouseWheelUp})
	shows(t, m, "+ 4 more")
	if p := m.views[viewPlaylist].(*playlistPage); p.items.chosen != chosen {
		t.Errorf("the choice went from %q to %q", chosen, p.items.chosen)
	}
	openPoll(m, bigPoll(2, false)) // a shorter one is all there, however far the longer was scrolled
	shows(t, m, "1  option 2")
	requireShape(t, m, 80, 24)
}

func TestTheChatNamesAFewOptionsOfAPoll(t *testing.T) {
	m, _ := operate(t, 120, 40)
	openPoll(m, bigPoll(100, true))
	l := m.room().chat.lines[len(m.room().chat.lines)-1]
	if n := len(l.text()); n > 400 || !strings.HasSuffix(l.text(), " / + 95 more") {
		t.Errorf("%d bytes: %s", n, l.text())
	}
	shows(t, m, "+ 95 more")
	openPoll(m, bigPoll(6, false))
	shows(t, m, "option 5 / option 6")
}
