package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"rosey/bus"
)

// A figure is never cut: its column grows with it.
func TestFiguresAreShownWhole(t *testing.T) {
	m, _ := sceneModel(t, 200, 60)
	p := m.views[viewBus].(*busPage)
	p.services.known, p.services.reply = true, []bus.ServiceStats{{
		Name: "rosey-bot", Version: "0.6.0", Started: evening, Requests: 1_234_567_890, Errors: 9_876_543,
		Endpoints: []bus.EndpointStats{{Subject: "rosey.cmd.a_room_with_a_long_name.state", Requests: 9, Average: 1234567 * time.Microsecond}},
	}}
	for _, w := range []int{99, 160} {
		text := strings.Join(p.serviceRows(m, w), "\n")
		for _, want := range []string{"1,234,567,890", "9,876,543", "1.2s", "cmd.a_room_with_a_long_name.state"} {
			if !strings.Contains(text, want) {
				t.Errorf("%d columns do not show %s:\n%s", w, want, text)
			}
		}
	}
	if text := strings.Join(p.serviceRows(m, 78), "\n"); !strings.Contains(ansi.Strip(text), "rosey-bot 0.6.0 ") {
		t.Errorf("a figure takes the name's room:\n%s", text)
	}
	// What is too long for any column is cut, and takes no more of the row than its share.
	rows := m.tableRows([]column{{title: "name"}, {title: "lang", w: 7}}, [][]string{{"somebody", strings.Repeat("x", 500)}}, 78)
	for _, row := range rows {
		if n := m.by.StringWidth(row); n != 78 {
			t.Errorf("a row of %d cells: %q", n, row)
		}
	}
	if !strings.Contains(rows[1], "somebody") || !strings.Contains(rows[1], "x…") {
		t.Errorf("%q", rows[1])
	}
}
