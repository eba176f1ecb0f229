package tui

import (
	"regexp"
	"strings"
	"testing"

	"rosey/bus/room"
)

func TestNumbersAsPeopleReadThem(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{clockLength(0), "0:00"}, {clockLength(245), "4:05"}, {clockLength(4742), "1:19:02"}, {clockLength(-3), "-0:03"},
		{spoken(300), "a moment"}, {spoken(42_000), "42 s"}, {spoken(180_000), "3 min"}, {spoken(7_500_000), "2 h 5 min"},
		{count(1, "line"), "1 line"}, {count(12_344, "line"), "12,344 lines"}, {grouped(1_002_003), "1,002,003"},
		{milliseconds(0.12), "0.1ms"}, {milliseconds(41.4), "41ms"}, {milliseconds(2300), "2.3s"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// The config's clock is the clock of everything.
func TestOneClock(t *testing.T) {
	for clock, wrong := range map[string]*regexp.Regexp{
		"12h": regexp.MustCompile(`\b(1[3-9]|2[0-3]|00):\d\d\b`),
		"24h": regexp.MustCompile(`\d\d:\d\d[ap]m`),
	} {
		o := testOptions()
		o.TUI.ClockFormat = clock
		m, bot := testModel(t, o, 160, 50)
		bot.db = cardAnswers()
		m.Update(scene())
		m.Update(deeds(2))
		v := m.room()
		v.state.Media = nil // which has a length, and no time of day
		v.state.Playlist, v.state.Length = nil, room.PlaylistMeta{}
		settle(m, press(t, m, "alt+g"))
		for _, keys := range [][]string{{"esc", "k", "k", "k", "k"}, {"enter"}, {"esc", "alt+g"}, {"f7"}, {"enter"}} {
			settle(m, press(t, m, keys...))
			if text := strings.Join(screen(m), "\n"); wrong.MatchString(text) {
				t.Errorf("%s, after %v: %q in\n%s", clock, keys, wrong.FindString(text), text)
			}
		}
	}
}
