package tui

import (
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// What was last known of a room is told as that, by words: whichever link is
// gone, at each width, and the film's clock stands still.
func TestWhatIsNoLongerKnownIsToldAsOfThen(t *testing.T) {
	lost := evening.Add(-2 * time.Minute)
	for name, lose := range map[string]func(m *model){
		"CyTube down": func(m *model) {
			m.Update(updates("movienight", at(event(&room.Connection{State: room.LinkDown, Since: evening.UnixMilli(), Last: lost.UnixMilli()}), evening)))
		},
		"CyTube stopped": func(m *model) {
			m.Update(updates("movienight", at(event(&room.Connection{State: room.LinkStopped, Since: lost.UnixMilli()}), lost)))
		},
		"bot silent": func(m *model) {
			m.room().heard = lost
			m.Update(updates("movienight", bus.Update{Kind: bus.UpdateBotLost}))
		},
		"NATS down": func(m *model) {
			m.Update(tickMsg(lost))
			m.room().heard = lost
			m.Update(linkMsg{bus.Link{State: room.LinkDown, Reason: "refused", Since: lost}})
		},
	} {
		for _, size := range [][2]int{{80, 24}, {120, 40}, {160, 50}} {
			m, _ := sceneModel(t, size[0], size[1])
			hides(t, m, "as of")
			lose(m)
			m.Update(tickMsg(evening))
			asOf := "as of " + clockText(lost.In(m.loc), false)
			before := screen(m)
			if !strings.Contains(before[0], asOf) || !strings.Contains(before[1], asOf) || !strings.Contains(before[1], " ? ") {
				t.Errorf("%s at %v: header and media bar are\n%s\n%s", name, size, before[0], before[1])
			}
			if strings.Contains(before[0], "watching") || strings.Contains(before[1], "▶") {
				t.Errorf("%s at %v: still drawn as live\n%s\n%s", name, size, before[0], before[1])
			}
			if n := strings.Count(strings.Join(before, "\n"), asOf); n < 3 {
				t.Errorf("%s at %v: %q stands there %d times", name, size, asOf, n)
			}
			m.Update(tickMsg(evening.Add(30 * time.Second)))
			if after := screen(m); after[1] != before[1] {
				t.Errorf("%s at %v: the film runs on\n%s\n%s", name, size, before[1], after[1])
			}
			requireShape(t, m, size[0], size[1])
		}
	}
}

func TestAStateIsLiveAgainWhenTheLinkIs(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	m.Update(updates("movienight", at(event(&room.Connection{State: room.LinkDown}), evening)))
	shows(t, m, "as of")
	m.Update(updates("movienight", at(event(&room.Connection{State: room.LinkUp}), evening)))
	hides(t, m, "as of")
}

// While the bot joins anew nobody knows what plays.
func TestWhatPlaysIsNotKnownWhileTheBotJoins(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	m.Update(updates("movienight", at(event(&room.Connection{State: room.LinkConnecting}), evening)))
	shows(t, m, "? what plays is not known")
	hides(t, m, "nothing plays")
}

// A digit more in a round trip changes nothing else in the header.
func TestADigitMoreMovesNothingInTheHeader(t *testing.T) {
	for w := 60; w <= 200; w++ {
		m, _ := sceneModel(t, w, 24)
		shape := func(rtt time.Duration, beat float64) string {
			m.Update(rttMsg{rtt: rtt})
			m.room().beat.RTT = beat
			return strings.NewReplacer("10ms", "XXXX", "9ms ", "XXXX", "0.4ms", "XXXX ", "123ms", "XXXX ").Replace(screen(m)[0])
		}
		a, b, c := shape(9*time.Millisecond, 9), shape(10*time.Millisecond, 123), shape(400*time.Microsecond, 0.4)
		if a != b || b != c {
			t.Errorf("%d cells:\n%s\n%s\n%s", w, a, b, c)
		}
	}
}
